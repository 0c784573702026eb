//! The heap as a tree of places: sets of objects that the same steps lead to.
//!
//! From the roots on, breadth first, each object is counted once: where it is met first, by a shortest way. A place is a
//! sequence of steps, a step an edge's name and a class ([`labels`]); so the thousand sessions of a list are one place, `list →
//! Array → [x] → Session`, and two heaps of one program have the same places, whatever ids their objects have.
//!
//! * Ways of the program come first: from its own roots over its own references; then what only the engine's structures
//!   lead to (code, hidden classes); then the engine's roots, those that say least (handles, stack, tables of strings) last.
//! * What an object keeps in arrays of the engine (elements, tables, variables of a function, the memory of a buffer, the
//!   halves of a joined string) is no place of its own: its bytes count for the object's place, and the steps out of it are
//!   the object's own.
//! * A list linked through one name (`next → Link → next → Link …`) is one place, not one for each link.
//!
//! After the growth detector of Shark (part of `LeakCanary`), whose trees serve to find what grows without any ids; the rules for V8
//! are this program's own.

mod exports;
pub mod labels;
pub mod merged;
mod search;

use crate::analysis::ephemerons::Ephemerons;
use crate::base::bits::BitSet;
use crate::base::csr::Csr;
use crate::base::index::{Ix as _, NodeIx, to_u32};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::graph::HeapGraph;

crate::index! {
    /// A place of a [`PathTree`]; 0 is the root's.
    PlaceIx
}

/// What a path tree is made of.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The graph.
    pub graph: &'a HeapGraph,
    /// Its `WeakMap` edges.
    pub ephemerons: &'a Ephemerons,
    /// Its shallow sizes in bytes.
    pub shallow: &'a Packed<NodeIx>,
}

/// Whose a place's objects are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// The program's.
    Program,
    /// The engine's: code, hidden classes, tables.
    Engine,
    /// Made up for the snapshot: roots.
    Root,
}

/// A place: objects that the same steps lead to.
#[derive(Clone, Debug)]
pub struct Place {
    /// The place before the last step; the root's is its own.
    pub parent: PlaceIx,
    /// The last step's edge: a text of the tree, or one of [`labels`]' constants.
    pub edge: u32,
    /// The class of its objects: a text of the tree.
    pub class: u32,
    /// Whose they are.
    pub family: Family,
    /// Do further links of a list count for it?
    pub is_chain: bool,
    /// How many objects.
    pub count: u64,
    /// How many objects the rest of a list has that begins here.
    pub chained: u64,
    /// Bytes of the objects with all their parts.
    pub size: u64,
    /// Of hash tables whose entries leave no edges (small integers): entries that they have room for. Of joined strings: the
    /// pieces that they are made of.
    pub capacity: u64,
    /// Of tables and arrays whose entries leave edges: how many entries do.
    pub entries: u64,
    /// The bytes of those tables and arrays: their room says less than their entries.
    pub tables: u64,
}

/// The places of a heap. Parents have smaller numbers than their children.
#[derive(Debug)]
pub struct PathTree {
    places: Vec<Place>,
    /// The place of every node, or [`NOWHERE`].
    of: Vec<u32>,
    parts: BitSet<NodeIx>,
    texts: Vec<JsString>,
}

/// In place of a place: no way leads to the node that counts.
const NOWHERE: u32 = u32::MAX;

impl PathTree {
    /// Finds the places of all nodes that a way leads to.
    pub fn build(source: Source<'_>, task: &Task) -> Result<Self, Cancelled> {
        search::run(source, task)
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Is there no place? (There is always the root's.)
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The place `ix`.
    pub fn place(&self, ix: PlaceIx) -> &Place {
        &self.places[ix.at()]
    }

    /// All places.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Where `node` is counted, or the object whose part it is; none if no way that counts leads to it.
    #[inline]
    pub fn of(&self, node: NodeIx) -> Option<PlaceIx> {
        let place = self.of[node.at()];
        (place != NOWHERE).then(|| PlaceIx::from_raw(place))
    }

    /// Is `node` a part of an object, and not counted itself?
    #[inline]
    pub fn is_part(&self, node: NodeIx) -> bool {
        self.parts.contains(node)
    }

    /// The text of that number.
    pub fn text(&self, number: u32) -> JsStr<'_> {
        self.texts[number as usize].as_js()
    }

    /// All texts.
    pub fn texts(&self) -> &[JsString] {
        &self.texts
    }

    /// The places one step further than each.
    pub fn children(&self) -> Csr<PlaceIx, u32> {
        let pairs = self.places.iter().enumerate().skip(1);
        Csr::group(
            self.places.len(),
            pairs.map(|(at, place)| (place.parent, to_u32(at))),
        )
    }

    /// Sums `of` over each place and all beyond it.
    pub fn beyond(&self, of: impl Fn(&Place) -> u64) -> Vec<u64> {
        let mut sums: Vec<u64> = self.places.iter().map(of).collect();
        for at in (1..sums.len()).rev() {
            sums[self.places[at].parent.at()] += sums[at];
        }
        sums
    }
}

#[cfg(test)]
mod tests;
