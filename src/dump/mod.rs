//! Floor 5: snapshot files made of snapshot files: without their secrets, whole again, or of a part.
//!
//! What is written is as V8 writes it, so that other programs open it too. Nothing is printed and no question is answered
//! here.

pub mod extract;
pub mod redact;
pub mod repair;
mod writer;

use crate::base::task::Cancelled;
use crate::parse::error::LoadError;
pub use writer::Written;

/// Why there is no new file.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The file cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The new one cannot be written.
    #[error(transparent)]
    Write(#[from] std::io::Error),
}

impl From<Cancelled> for Fault {
    fn from(cancelled: Cancelled) -> Self {
        Self::Load(cancelled.into())
    }
}
