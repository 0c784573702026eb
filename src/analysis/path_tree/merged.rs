//! The places of several heaps laid over each other.
//!
//! The same steps from the root are one place, whatever the heap. Where an object serves as a table — the names of its
//! properties come and go from heap to heap — the names are folded, so that its entries are one place. Places of which no
//! heap has much to tell are left out; their objects are counted where the merged places above them say *beyond*.

use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::labels::{SLOT, is_slot};
use super::{Family, PathTree, Place, PlaceIx};
use crate::base::csr::Csr;
use crate::base::index::{Ix as _, to_u32};
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};

crate::index! {
    /// A place of [`MergedTrees`]; 0 is the root's.
    MergedIx
}

/// Fewer objects and fewer bytes beyond a place, in every heap, and it is left out.
const FEW_OBJECTS: u64 = 4;
const FEW_BYTES: u64 = 8_192;
/// So many names that not all heaps have, at least, make a table of an object.
const CHANGING_NAMES: usize = 8;

/// The places of several heaps. Parents have smaller numbers than their children, and the children of one stand together.
#[derive(Debug)]
pub struct MergedTrees<'a> {
    trees: &'a [PathTree],
    texts: Vec<JsString>,
    text_numbers: Vec<Vec<u32>>,
    places: Vec<MergedPlace>,
    /// For each merged place and each heap the end of its places in `members`.
    ends: Vec<u32>,
    members: Vec<u32>,
    numbers: Vec<Numbers>,
}

/// What a place is in all heaps.
#[derive(Clone, Copy, Debug)]
pub struct MergedPlace {
    /// The place before the last step; the root's is its own.
    pub parent: MergedIx,
    /// The last step's edge: a text of the trees together, or one of the labels' constants.
    pub edge: u32,
    /// The class of its objects: a text of the trees together.
    pub class: u32,
    /// Whose they are.
    pub family: Family,
    /// Is it the rest of a list whose first link stands before it?
    pub is_chain: bool,
    children: (u32, u32),
}

/// What a place is in one heap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// How many objects.
    pub count: u64,
    /// How many with all links of the lists that begin there.
    pub chained: u64,
    /// Their bytes with all their parts.
    pub size: u64,
    /// Entries that their hash tables have room for, where these leave no edges; pieces of joined strings.
    pub capacity: u64,
    /// Entries of their tables and arrays that leave edges.
    pub entries: u64,
    /// Bytes of those tables and arrays.
    pub tables: u64,
    /// Objects of the place and all beyond it.
    pub count_beyond: u64,
    /// Bytes of the place and all beyond it.
    pub size_beyond: u64,
}

/// A child of one heap's place, as it is sorted among all children.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Child {
    class: u32,
    edge: u32,
    heap: u32,
    place: u32,
}

/// What is known of a heap's tree while it is laid over the others.
struct Layer<'a> {
    tree: &'a PathTree,
    /// For each text of the tree its number among those of all.
    texts: &'a [u32],
    children: Csr<PlaceIx, u32>,
    counts: Vec<u64>,
    sizes: Vec<u64>,
}

impl<'a> MergedTrees<'a> {
    /// Lays the trees over each other.
    pub fn build(trees: &'a [PathTree], task: &Task) -> Result<Self, Cancelled> {
        let mut by_text: FxHashMap<JsStr<'a>, u32> = FxHashMap::default();
        let mut texts: Vec<JsString> = Vec::new();
        let mut numbered = Vec::new();
        for tree in trees {
            task.check()?;
            let of_tree = tree.texts().iter().map(|text| {
                *by_text.entry(text.as_js()).or_insert_with(|| {
                    texts.push(text.clone());
                    to_u32(texts.len() - 1)
                })
            });
            numbered.push(of_tree.collect::<Vec<u32>>());
        }
        let layers: Vec<Layer<'_>> = trees
            .par_iter()
            .zip(&numbered)
            .map(|(tree, texts)| Layer {
                tree,
                texts,
                children: tree.children(),
                counts: tree.beyond(|place| place.count),
                sizes: tree.beyond(|place| place.size),
            })
            .collect();
        let mut merged = Self {
            trees,
            texts,
            text_numbers: Vec::new(),
            places: Vec::new(),
            ends: vec![0],
            members: Vec::new(),
            numbers: Vec::new(),
        };
        let root = trees.first().map_or((SLOT, 0), |tree| {
            let place = tree.place(PlaceIx::new(0));
            (place.edge, layers[0].texts[place.class as usize])
        });
        let roots: Vec<Child> = (0..to_u32(trees.len()))
            .map(|heap| Child {
                class: root.1,
                edge: root.0,
                heap,
                place: 0,
            })
            .collect();
        merged.add(MergedIx::new(0), &roots, &layers);
        let mut at = 0;
        let mut children = Vec::new();
        while at < merged.places.len() {
            task.check()?;
            merged.lay_over(MergedIx::new(at), &layers, &mut children);
            at += 1;
        }
        drop(layers);
        merged.text_numbers = numbered;
        Ok(merged)
    }

    /// Adds the places one step on from `at`.
    fn lay_over(&mut self, at: MergedIx, layers: &[Layer<'_>], children: &mut Vec<Child>) {
        children.clear();
        for (heap, layer) in layers.iter().enumerate() {
            for place in self.members(at, heap) {
                for &child in layer.children.row(place) {
                    let Place { edge, class, .. } = *layer.tree.place(PlaceIx::from_raw(child));
                    children.push(Child {
                        class: layer.texts[class as usize],
                        edge: if is_slot(edge) {
                            edge
                        } else {
                            layer.texts[edge as usize]
                        },
                        heap: to_u32(heap),
                        place: child,
                    });
                }
            }
        }
        children.sort_unstable();
        for class in children.chunk_by_mut(|a, b| a.class == b.class) {
            if serves_as_table(class, layers.len()) {
                class
                    .iter_mut()
                    .filter(|child| !is_slot(child.edge))
                    .for_each(|child| child.edge = SLOT);
                class.sort_unstable();
            }
        }
        let start = to_u32(self.places.len());
        for child in children.chunk_by(|a, b| (a.class, a.edge) == (b.class, b.edge)) {
            if tells_something(child, layers) {
                self.add(at, child, layers);
            }
        }
        self.places[at.at()].children = (start, to_u32(self.places.len()));
    }

    fn add(&mut self, parent: MergedIx, members: &[Child], layers: &[Layer<'_>]) {
        let mut numbers = vec![Numbers::default(); layers.len()];
        let mut is_chain = false;
        let mut family = Family::Root;
        for (heap, numbers) in numbers.iter_mut().enumerate() {
            let layer = &layers[heap];
            for member in members.iter().filter(|member| member.heap as usize == heap) {
                let at = member.place as usize;
                let place = layer.tree.place(PlaceIx::from_raw(member.place));
                is_chain |= place.is_chain;
                family = family.min(place.family);
                numbers.count += place.count;
                numbers.chained += place.count + place.chained;
                numbers.size += place.size;
                numbers.capacity += place.capacity;
                numbers.entries += place.entries;
                numbers.tables += place.tables;
                numbers.count_beyond += layer.counts[at];
                numbers.size_beyond += layer.sizes[at];
                self.members.push(member.place);
            }
            self.ends.push(to_u32(self.members.len()));
        }
        self.numbers.append(&mut numbers);
        let (edge, class) = members
            .first()
            .map_or((SLOT, 0), |child| (child.edge, child.class));
        self.places.push(MergedPlace {
            parent,
            edge,
            class,
            family,
            is_chain,
            children: (0, 0),
        });
    }

    /// How many heaps there are.
    pub fn heaps(&self) -> usize {
        self.trees.len()
    }

    /// The trees.
    pub fn trees(&self) -> &'a [PathTree] {
        self.trees
    }

    /// All places.
    pub fn all(&self) -> impl ExactSizeIterator<Item = MergedIx> + DoubleEndedIterator + use<> {
        (0..self.places.len()).map(MergedIx::new)
    }

    /// The place `ix`.
    pub fn place(&self, ix: MergedIx) -> &MergedPlace {
        &self.places[ix.at()]
    }

    /// The places one step on from `ix`.
    pub fn children(&self, ix: MergedIx) -> impl ExactSizeIterator<Item = MergedIx> + Clone + use<> {
        let (start, end) = self.places[ix.at()].children;
        (start..end).map(MergedIx::from_raw)
    }

    /// What `ix` is in each heap.
    pub fn numbers(&self, ix: MergedIx) -> &[Numbers] {
        let heaps = self.heaps();
        &self.numbers[ix.at() * heaps..][..heaps]
    }

    /// The places of the heap number `heap` that `ix` stands for.
    pub fn members(&self, ix: MergedIx, heap: usize) -> impl Iterator<Item = PlaceIx> + Clone + use<> {
        let at = ix.at() * self.heaps() + heap;
        let members = self.members[self.ends[at] as usize..self.ends[at + 1] as usize].to_vec();
        members.into_iter().map(PlaceIx::from_raw)
    }

    /// The text of that number.
    pub fn text(&self, number: u32) -> JsStr<'_> {
        self.texts[number as usize].as_js()
    }

    /// For each text of a heap's tree its number among those of all.
    pub fn numbers_of_texts(&self, heap: usize) -> &[u32] {
        &self.text_numbers[heap]
    }
}

/// Are the names by which a place's objects hold these children of one class entries of a table: some come and go?
fn serves_as_table(children: &[Child], heaps: usize) -> bool {
    let names = || {
        children
            .chunk_by(|a, b| a.edge == b.edge)
            .filter(|name| !is_slot(name[0].edge))
    };
    let count = names().count();
    let is_everywhere = |name: &[Child]| name.chunk_by(|a, b| a.heap == b.heap).count() == heaps;
    let changing = names().filter(|name| !is_everywhere(name)).count();
    let folded = children.iter().any(|child| child.edge == SLOT);
    changing >= CHANGING_NAMES.max(count / 4) || (folded && changing > 0 && changing * 2 >= count)
}

/// Is there enough of a place for it to be looked at?
fn tells_something(members: &[Child], layers: &[Layer<'_>]) -> bool {
    members.chunk_by(|a, b| a.heap == b.heap).any(|members| {
        let layer = &layers[members[0].heap as usize];
        let sum = |of: &[u64]| {
            members
                .iter()
                .map(|member| of[member.place as usize])
                .sum::<u64>()
        };
        sum(&layer.counts) >= FEW_OBJECTS || sum(&layer.sizes) >= FEW_BYTES
    })
}
