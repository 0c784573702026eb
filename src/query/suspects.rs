//! What is wrong with this heap?
//!
//! The answer is one ranked list over everything that can be suspected: what grows, caches, duplicates, large things, strings,
//! listeners, timers, detached DOM. It is made of [`Suspect`]s, which say in plain words what they are, why and what next.

mod suspect;

pub use suspect::{Kind, Part, Phrase, Severity, Step, Suspect, Suspects};
