//! Distances from the roots.

use crate::base::index::NodeIx;
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::graph::HeapGraph;

/// How a node is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// From the program's own roots: windows, global objects. (Also from the root itself in files that name no user root.)
    User,
    /// From the engine's roots only.
    System,
    /// By no edge that counts.
    Unreachable,
}

/// How far a node is from the roots: the number of edges, and which roots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Distance(u32);

impl Distance {
    /// Not reached.
    pub const NONE: Self = Self(0);

    /// `edges` from a user root.
    pub const fn user(edges: u32) -> Self {
        Self(edges * 2 + 1)
    }

    /// `edges` from the root of the second search.
    pub const fn system(edges: u32) -> Self {
        Self(edges * 2 + 2)
    }

    /// Which roots reach the node.
    pub const fn reach(self) -> Reach {
        match (self.0, self.0 & 1) {
            (0, _) => Reach::Unreachable,
            (_, 1) => Reach::User,
            _ => Reach::System,
        }
    }

    /// How many edges, if the node is reached.
    pub const fn edges(self) -> Option<u32> {
        if self.0 == 0 { None } else { Some((self.0 - 1) / 2) }
    }

    /// The number DevTools sorts by: −5 for unreachable, the edges from a user root, 100 000 000 more from a system root.
    pub fn sort_key(self) -> i64 {
        match (self.reach(), self.edges()) {
            (Reach::User, Some(edges)) => i64::from(edges),
            (Reach::System, Some(edges)) => 100_000_000 + i64::from(edges),
            _ => -5,
        }
    }

    /// The form kept in columns.
    pub const fn raw(self) -> u32 {
        self.0
    }

    /// From the form kept in columns.
    pub const fn from_raw(raw: u32) -> Self {
        Self(raw)
    }
}

impl PartialOrd for Distance {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Distance {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.sort_key().cmp(&other.sort_key())
    }
}

/// The distance of every node.
#[derive(Debug)]
pub struct Distances {
    of: Packed<NodeIx>,
}

impl Distances {
    /// The distance of `node`.
    #[inline]
    pub fn of(&self, node: NodeIx) -> Distance {
        Distance(u32::try_from(self.of.get(node)).unwrap_or_default())
    }

    /// Searches breadth first from the user roots, then from the root.
    pub fn build(_graph: &HeapGraph, _task: &Task) -> Result<Self, Cancelled> {
        unimplemented!()
    }
}
