//! Which servers are believed: those that the system's certificates vouch for, those of an authority
//! that the user named, and the one whose very certificate the user has.

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error as TlsError, RootCertStore,
    SignatureScheme, StreamOwned,
};
use rustls_platform_verifier::Verifier;
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
    TransportAdapter,
};

use super::error::TrustError;

/// What is believed beside the system's certificates.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    authorities: Vec<CertificateDer<'static>>,
    certificate: Option<CertificateDer<'static>>,
}

impl Trust {
    /// Believes servers that these authorities vouch for, too (PEM, one or several).
    ///
    /// # Errors
    /// When it holds no certificate.
    pub fn add_authorities(&mut self, pem: &[u8]) -> Result<(), TrustError> {
        self.authorities.extend(certificates(pem)?);
        Ok(())
    }

    /// Believes the server that shows this very certificate (PEM, one), whatever its name and its
    /// dates are: some servers made their own.
    ///
    /// # Errors
    /// When it does not hold one certificate.
    pub fn set_certificate(&mut self, pem: &[u8]) -> Result<(), TrustError> {
        let mut found = certificates(pem)?;
        match (found.pop(), found.len()) {
            (Some(only), 0) => self.certificate = Some(only),
            (_, others) => return Err(TrustError::Several(others + 1)),
        }
        Ok(())
    }

    /// The configuration of connections.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, TrustError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Arc::new(self.verifier(&provider)?);
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| TrustError::Platform(error.to_string()))?;
        let config = builder
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        Ok(Arc::new(config))
    }

    fn verifier(&self, provider: &Arc<CryptoProvider>) -> Result<PinnedVerifier, TrustError> {
        let authorities = self.authorities.clone();
        let platform = match Verifier::new_with_extra_roots(authorities, provider.clone()) {
            Ok(verifier) => Some(verifier),
            // A machine without certificates can still know the one it was told.
            Err(TlsError::General(_)) if self.certificate.is_some() => None,
            Err(TlsError::General(reason)) => return Err(TrustError::Platform(reason)),
            Err(reason) => return Err(TrustError::Unusable(reason.to_string())),
        };
        Ok(PinnedVerifier {
            platform,
            certificate: self.certificate.clone(),
            provider: provider.clone(),
        })
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.map_err(|_| TrustError::NotPem)?;
    if found.is_empty() {
        return Err(TrustError::NotPem);
    }
    for certificate in &found {
        let mut store = RootCertStore::empty();
        let added = store.add(certificate.clone());
        added.map_err(|error| TrustError::Unusable(error.to_string()))?;
    }
    Ok(found)
}

/// Asks the system first, and compares with the certificate that was told where it says no.
struct PinnedVerifier {
    platform: Option<Verifier>,
    certificate: Option<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl fmt::Debug for PinnedVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").finish_non_exhaustive()
    }
}

impl ServerCertVerifier for PinnedVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        if self.certificate.as_ref() == Some(end_entity) {
            return Ok(ServerCertVerified::assertion());
        }
        match &self.platform {
            Some(platform) => {
                platform.verify_server_cert(end_entity, intermediates, name, ocsp, now)
            }
            None => Err(TlsError::InvalidCertificate(
                rustls::CertificateError::UnknownIssuer,
            )),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// Puts TLS around a connection: ureq's own connector takes no verifier. Without a configuration it
/// makes no such connection.
pub(super) struct TlsConnector(pub(super) Option<Arc<ClientConfig>>);

impl fmt::Debug for TlsConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsConnector").finish_non_exhaustive()
    }
}

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = Either<In, TlsTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let transport = chained.ok_or(Error::ConnectionFailed)?;
        if !details.needs_tls() || transport.is_tls() {
            return Ok(Some(Either::A(transport)));
        }
        let host = details.uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_owned());
        let name =
            name.map_err(|_| Error::Tls("the host has no name that a certificate can bear"))?;
        let config = self.0.clone().ok_or(Error::TlsRequired)?;
        let mut conn = ClientConnection::new(config, name)?;
        let mut sock = TransportAdapter::new(transport.boxed(), details.current_time.clone());
        sock.set_timeout(details.timeout);
        conn.complete_io(&mut sock)?;
        let config = details.config;
        let buffers = LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size());
        let stream = StreamOwned { conn, sock };
        Ok(Some(Either::B(TlsTransport { buffers, stream })))
    }
}

/// A connection inside of TLS.
pub(super) struct TlsTransport {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl fmt::Debug for TlsTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsTransport").finish_non_exhaustive()
    }
}

impl Transport for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        self.stream.write_all(output)?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.get_mut().set_timeout(timeout);
        let input = self.buffers.input_append_buf();
        let amount = self.stream.read(input)?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}
