//! Floor 5: snapshot files made of snapshot files: without their secrets, whole again, or of a part.
//!
//! What is written is as V8 writes it, so that other programs open it too. Nothing is printed and no question is answered
//! here.

pub mod redact;
