//! The change between two snapshots as a tree: what the bytes that came or went hang from.
//!
//! Every object of either snapshot is put at one place of one tree, so that its shallow size counts there, for what was or for
//! what is. Whatever the places are, the changes of a place and of all below it sum exactly to those of the place above, and
//! those of the top to the change of total size. There are two ways of placing: by owner, along the dominator tree
//! ([`owner`]), and by retaining path, along the shortest ways from the roots ([`path`]).
//!
//! Objects that are alike share a place: those of one class under one place, told apart further by what they are called there
//! or, if ids are comparable, each large object by itself. Steps that repeat (a list's `next`) share one place, however long.

pub mod owner;
pub mod path;

use rustc_hash::FxHashMap;

use super::comparison::{Comparison, InBase, InCurrent, RowIx, Sum, delta};
use crate::base::index::{Ix as _, NodeIx, to_u32};
use crate::base::text::{JsStr, JsString};

crate::index! {
    /// A place of a [`DeltaTree`].
    PlaceIx
}

crate::index! {
    /// A text of a [`DeltaTree`].
    TextIx
}

/// The change between two snapshots as a tree. Places without any change, on them or below, are left out.
#[derive(Debug)]
pub struct DeltaTree {
    places: Vec<DeltaPlace>,
    /// Under each place those right below it, largest change first.
    children: Vec<Vec<PlaceIx>>,
    texts: Vec<JsString>,
}

/// A place of a [`DeltaTree`].
#[derive(Clone, Debug)]
pub struct DeltaPlace {
    /// The place above; the top is its own.
    pub parent: PlaceIx,
    /// What it is.
    pub label: DeltaLabel,
    /// What was there and below in the base.
    pub base: Sum,
    /// What is there and below in the current snapshot.
    pub current: Sum,
    /// What was there itself.
    pub own_base: Sum,
    /// What is there itself.
    pub own_current: Sum,
    /// One of the objects there in the base.
    pub in_base: Option<InBase>,
    /// One of the objects there in the current snapshot.
    pub in_current: Option<InCurrent>,
}

/// What a place stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeltaLabel {
    /// Everything.
    Total,
    /// Objects that belong together: a package, a module, what only the engine holds.
    Group(TextIx),
    /// Objects of a class.
    Step {
        /// What they are called where they hang, if they have one name.
        edge: Option<TextIx>,
        /// Their class.
        row: RowIx,
        /// The id, if it is one object that both snapshots have.
        id: Option<u64>,
    },
    /// Memory without objects.
    WithoutNodes,
    /// What is there because snapshots were taken.
    OwnCost,
}

impl DeltaPlace {
    /// The change of size there and below, in bytes.
    pub fn size_delta(&self) -> i64 {
        delta(self.base.size, self.current.size)
    }

    /// The change of how many objects there are, there and below.
    pub fn count_delta(&self) -> i64 {
        delta(self.base.count, self.current.count)
    }
}

impl DeltaTree {
    /// The top.
    pub const TOP: PlaceIx = PlaceIx::from_raw(0);

    /// The place `ix`.
    pub fn place(&self, ix: PlaceIx) -> &DeltaPlace {
        &self.places[ix.at()]
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Are there no places?
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The places right below `ix`, largest change of size first.
    pub fn children(&self, ix: PlaceIx) -> &[PlaceIx] {
        &self.children[ix.at()]
    }

    /// A text.
    pub fn text(&self, ix: TextIx) -> JsStr<'_> {
        self.texts[ix.at()].as_js()
    }
}

/// Places below that depth share the one above.
const DEEPEST: u16 = 96;

/// A [`DeltaTree`] in the making.
struct Planting {
    places: Vec<DeltaPlace>,
    depths: Vec<u16>,
    by_label: FxHashMap<(PlaceIx, DeltaLabel), PlaceIx>,
    /// Places of objects of a class that have no name and no id: most objects have no others.
    by_row: FxHashMap<(PlaceIx, RowIx), PlaceIx>,
    /// Places of single objects that both snapshots have.
    by_id: FxHashMap<(PlaceIx, u64), PlaceIx>,
    texts: Vec<JsString>,
    by_text: FxHashMap<Box<[u8]>, TextIx>,
}

/// Of which snapshot an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Base,
    Current,
}

impl Planting {
    fn new() -> Self {
        let mut planting = Self {
            places: Vec::new(),
            depths: Vec::new(),
            by_label: FxHashMap::default(),
            by_row: FxHashMap::default(),
            by_id: FxHashMap::default(),
            texts: Vec::new(),
            by_text: FxHashMap::default(),
        };
        planting.push(DeltaTree::TOP, DeltaLabel::Total, 0);
        planting
    }

    fn push(&mut self, parent: PlaceIx, label: DeltaLabel, depth: u16) -> PlaceIx {
        self.places.push(DeltaPlace {
            parent,
            label,
            base: Sum::default(),
            current: Sum::default(),
            own_base: Sum::default(),
            own_current: Sum::default(),
            in_base: None,
            in_current: None,
        });
        self.depths.push(depth);
        PlaceIx::new(self.places.len() - 1)
    }

    fn text(&mut self, text: JsStr<'_>) -> TextIx {
        if let Some(&known) = self.by_text.get(text.bytes()) {
            return known;
        }
        let ix = TextIx::new(self.texts.len());
        self.texts.push(text.to_owned());
        self.by_text.insert(text.bytes().into(), ix);
        ix
    }

    /// The place of that label under `parent`.
    fn under(&mut self, parent: PlaceIx, label: DeltaLabel) -> PlaceIx {
        if let Some(&known) = self.by_label.get(&(parent, label)) {
            return known;
        }
        let depth = self.depths[parent.at()];
        if depth == DEEPEST {
            return parent;
        }
        let place = self.push(parent, label, depth + 1);
        self.by_label.insert((parent, label), place);
        place
    }

    /// The place of objects of a class under `parent`: `parent` itself if it stands for the like.
    fn step(&mut self, parent: PlaceIx, edge: Option<TextIx>, row: RowIx, id: Option<u64>) -> PlaceIx {
        if let DeltaLabel::Step {
            edge: above, row: of, ..
        } = self.places[parent.at()].label
            && (above, of) == (edge, row)
        {
            return parent;
        }
        self.under(parent, DeltaLabel::Step { edge, row, id })
    }

    /// [`Planting::step`] for objects without a name and an id.
    fn unnamed_step(&mut self, parent: PlaceIx, row: RowIx) -> PlaceIx {
        if let Some(&known) = self.by_row.get(&(parent, row)) {
            return known;
        }
        let place = self.step(parent, None, row, None);
        self.by_row.insert((parent, row), place);
        place
    }

    /// Counts an object of `size` bytes at `place`.
    fn put(&mut self, place: PlaceIx, which: Which, node: NodeIx, size: u64) {
        let place = &mut self.places[place.at()];
        match which {
            Which::Base => {
                place.own_base = place.own_base.and(Sum { count: 1, size });
                place.in_base.get_or_insert(InBase(node));
            }
            Which::Current => {
                place.own_current = place.own_current.and(Sum { count: 1, size });
                place.in_current.get_or_insert(InCurrent(node));
            }
        }
    }

    /// Memory that no object has.
    fn put_without_nodes(&mut self, base: u64, current: u64) {
        if base + current > 0 {
            let place = self.under(DeltaTree::TOP, DeltaLabel::WithoutNodes);
            let place = &mut self.places[place.at()];
            place.own_base.size = base;
            place.own_current.size = current;
        }
    }

    /// Sums up, and leaves out what did not change.
    fn grow(mut self, comparison: &Comparison) -> DeltaTree {
        let mut changed = vec![false; self.places.len()];
        for at in (0..self.places.len()).rev() {
            let place = &mut self.places[at];
            place.base = place.base.and(place.own_base);
            place.current = place.current.and(place.own_current);
            changed[at] |= place.own_base != place.own_current || at == 0;
            let (parent, base, current, has_changed) =
                (place.parent.at(), place.base, place.current, changed[at]);
            if at != parent {
                let above = &mut self.places[parent];
                above.base = above.base.and(base);
                above.current = above.current.and(current);
                changed[parent] |= has_changed;
            }
        }
        let mut new_ix = vec![DeltaTree::TOP; self.places.len()];
        let mut places = Vec::new();
        for (at, mut place) in self.places.into_iter().enumerate() {
            if changed[at] {
                new_ix[at] = PlaceIx::from_raw(to_u32(places.len()));
                place.parent = new_ix[place.parent.at()];
                places.push(place);
            }
        }
        let mut children = vec![Vec::new(); places.len()];
        for (at, place) in places.iter().enumerate().skip(1) {
            children[place.parent.at()].push(PlaceIx::new(at));
        }
        let mut tree = DeltaTree {
            places,
            children,
            texts: self.texts,
        };
        let mut children = std::mem::take(&mut tree.children);
        for list in &mut children {
            list.sort_by_cached_key(|&ix| {
                let place = tree.place(ix);
                let size = place.size_delta();
                let text = match place.label {
                    DeltaLabel::Step { edge, row, .. } => {
                        let edge = edge.map(|edge| tree.text(edge).to_string()).unwrap_or_default();
                        (comparison.row(row).name().to_string(), edge)
                    }
                    DeltaLabel::Group(text) => (tree.text(text).to_string(), String::new()),
                    _ => (String::new(), String::new()),
                };
                (std::cmp::Reverse(size.unsigned_abs()), size < 0, text, ix)
            });
        }
        tree.children = children;
        tree
    }
}

#[cfg(test)]
mod tests;
