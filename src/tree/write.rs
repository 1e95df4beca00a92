//! Makes changes real on disk: all of them or none.

use thiserror::Error;

/// Why changes were not written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The operating system said no.
    #[error("cannot be written")]
    Io,
}

/// Writes.
///
/// # Errors
/// Never yet.
pub fn write_changes() -> Result<(), WriteError> {
    Ok(())
}
