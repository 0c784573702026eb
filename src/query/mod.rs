//! Floor 5: questions a person asks, one a file; answers are plain rows of indices and numbers.
//!
//! Nothing is printed and nothing painted here: the command line and the window put the same questions and write the answers
//! each in its own way, through [`Column`].

pub mod allocation_stack;
pub mod allocations;
pub mod biggest;
pub mod caches;
pub mod callbacks;
pub mod chain;
pub mod column;
pub mod comparison;
pub mod counterpart;
pub mod dominated_classes;
pub mod dominators;
pub mod duplicates;
pub mod edges;
mod entries;
mod filtered;
pub mod folded_retainers;
pub mod folding;
pub mod full_text;
pub mod groups;
pub mod inspect;
pub mod instances;
pub mod made_of;
mod name_key;
pub mod nodes;
pub mod object;
pub mod object_set;
pub mod order;
pub mod owners;
pub mod passing;
pub mod paths;
pub mod pattern;
pub mod places;
pub mod provenance;
pub mod report;
pub mod retainers;
pub mod search;
pub mod secrets;
mod sort;
pub mod stats;
pub mod string_holders;
pub mod strings;
pub mod subject;
pub mod summary;
pub mod suspects;
#[cfg(test)]
mod testing;
pub mod tiles;
pub mod timeline;
pub mod times;
pub mod together;
pub mod trend;

pub use column::{Cell, Column};
pub use order::{Direction, Order};

use crate::base::task::{Cancelled, Task};

/// A question. Its fields are its identity: equal questions over the same thing have equal answers, so whoever asks every
/// frame asks in vain until something changes.
pub trait Query: Clone + PartialEq + Send + Sync + 'static {
    /// What is asked about: a snapshot, a pair of them, or another answer.
    type Over: Send + Sync + 'static;
    /// The answer.
    type Answer: Send + Sync + 'static;

    /// Answers; long work asks `task` whether to go on.
    fn run(&self, over: &Self::Over, task: &Task) -> Result<Self::Answer, Cancelled>;

    /// What a person reads while it is worked on, if that takes long enough to be seen; none if it is said elsewhere.
    fn doing(&self) -> Option<&'static str> {
        Some("Working")
    }
}
