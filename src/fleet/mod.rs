//! Many repositories: which there are, which part of them is this machine's, who works on which,
//! what is done. It does not know what is done to one.

mod fingerprint;
pub mod merge;
pub mod state;

pub use fingerprint::fingerprint;
