//! Names of machines, looked up as the system does, with an error that can be told from others: what
//! the system says of a name that it does not know has no kind of its own.

use std::io;

use thiserror::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// A name that stands for no machine: that of the server, or of the proxy on the way.
#[derive(Debug, Error)]
#[error("{0} is not known")]
pub(super) struct UnknownName(pub(super) String);

/// The system's own resolver.
#[derive(Debug, Default)]
pub(super) struct NameResolver(DefaultResolver);

impl Resolver for NameResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let unknown = || {
            let name = uri.host().unwrap_or_default().to_owned();
            ureq::Error::Io(io::Error::new(io::ErrorKind::NotFound, UnknownName(name)))
        };
        match self.0.resolve(uri, config, timeout) {
            Err(ureq::Error::Io(_) | ureq::Error::HostNotFound) => Err(unknown()),
            other => other,
        }
    }
}
