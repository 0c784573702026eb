//! Background work: questions asked every frame and answered off it.
//!
//! [`Jobs`] is the pool of threads, [`Slot`] one question with its answer. Whoever shows an answer calls [`Slot::ask`] each
//! time it paints and is told at once what is known. Loading a file is asked in the same way. No toolkit may be named here:
//! all that is known of a window is the callback that wakes it.

mod open;
mod pool;
mod slot;
mod work;

pub use open::{Content, Open, Source};
pub use pool::{Jobs, Lane};
pub use slot::{CALLED_OFF, Poll, Slot};
pub use work::{Beside, Work};
