//! The plain objects of a heap and the lists of properties they have.

use std::hash::Hasher as _;

use rustc_hash::{FxHashMap, FxHasher};

use crate::base::index::{Ix as _, NodeIx, StringIx, to_u32};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::graph::{EdgeKind, HeapGraph, NodeKind};

use super::interfaces::InterfaceDefinition;
use super::names::{PLAIN_OBJECT, PROTO};
use super::string_map::{StringMap, StringSet};

crate::index! {
    /// A property name that plain objects have: equal texts are one, whatever their string indices.
    PropertyIx
}

/// Plain objects (type `object`, raw name `Object`) in file order, each with its shape: the list of its property names.
///
/// Millions of objects share some thousand shapes, so whatever is to be known of a list of properties is found out once for
/// each shape. Of an object with very many properties (a dictionary) the shape is only the beginning of the list.
#[derive(Debug)]
pub struct PlainObjects<'a> {
    graph: &'a HeapGraph,
    properties: PropertyNames<'a>,
    shapes: Shapes,
    /// The shape of each object.
    shape_of: Vec<u32>,
    /// Objects with more properties than a shape holds, and their positions in `shape_of`.
    long: Vec<(u32, NodeIx)>,
}

/// Properties that a shape holds at most: more than the name of an interface can.
const SHAPE_LIMIT: usize = 64;

impl<'a> PlainObjects<'a> {
    /// Finds the plain objects of `graph` and their shapes: one pass over nodes and over the edges of plain objects.
    /// `foreign` are definitions of another heap that are to be applied to this one.
    pub fn collect(
        graph: &'a HeapGraph,
        foreign: &'a [InterfaceDefinition],
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut properties = PropertyNames::new(graph);
        for name in foreign.iter().flat_map(|definition| &definition.properties) {
            properties.add_text(name.as_js());
        }
        let mut plain = Self {
            graph,
            properties,
            shapes: Shapes::default(),
            shape_of: Vec::new(),
            long: Vec::new(),
        };
        let plain_names = StringSet::equal(graph.strings(), PLAIN_OBJECT);
        let mut list = Vec::with_capacity(SHAPE_LIMIT);
        for node in graph.nodes() {
            task.check_at(node.at())?;
            if graph.kind(node) != NodeKind::Object || !plain_names.contains(graph.name_ix(node)) {
                continue;
            }
            list.clear();
            for edge in graph.edges(node) {
                if graph.head(edge).kind() == EdgeKind::Property
                    && let Some(property) = plain
                        .properties
                        .add(StringIx::from_raw(graph.edge_name_raw(edge)))
                {
                    if list.len() == SHAPE_LIMIT {
                        plain.long.push((to_u32(plain.shape_of.len()), node));
                        break;
                    }
                    list.push(property);
                }
            }
            let shape = plain.shapes.intern(&list);
            plain.shape_of.push(shape);
        }
        Ok(plain)
    }

    /// How many plain objects there are.
    pub fn len(&self) -> usize {
        self.shape_of.len()
    }

    /// Are there no plain objects?
    pub fn is_empty(&self) -> bool {
        self.shape_of.is_empty()
    }

    /// The shape of each plain object in file order; shapes are numbered by first appearance.
    pub fn shape_of(&self) -> &[u32] {
        &self.shape_of
    }

    /// Each shape's properties and how many objects begin with them, in the order of first appearance.
    pub fn shapes(&self) -> impl ExactSizeIterator<Item = (&[PropertyIx], u64)> {
        let shapes = &self.shapes;
        (0..shapes.counts.len()).map(|at| (shapes.list(at), shapes.counts[at]))
    }

    /// The text of a property name.
    pub fn property(&self, property: PropertyIx) -> JsStr<'a> {
        self.properties.texts[property.at()]
    }

    /// The property name of that text, if it is known: if a shape holds it or a foreign definition.
    pub fn find_property(&self, text: JsStr<'_>) -> Option<PropertyIx> {
        self.properties.by_text.get(text.bytes()).copied()
    }

    /// How many property names there are.
    pub fn property_count(&self) -> usize {
        self.properties.texts.len()
    }

    /// Calls `visit` for each object whose shape is only the beginning of its list, with its position among all plain
    /// objects and with those of its property names that [`PlainObjects::find_property`] knows, in edge order.
    pub fn for_each_long(
        &mut self,
        task: &Task,
        mut visit: impl FnMut(usize, &[PropertyIx]),
    ) -> Result<(), Cancelled> {
        let Self {
            graph,
            properties,
            long,
            ..
        } = self;
        let mut known = Vec::new();
        for &(position, node) in &*long {
            known.clear();
            for edge in graph.edges(node) {
                task.check_at(edge.at())?;
                if graph.head(edge).kind() == EdgeKind::Property {
                    known.extend(properties.find(StringIx::from_raw(graph.edge_name_raw(edge))));
                }
            }
            visit(position as usize, &known);
        }
        Ok(())
    }
}

/// Property names by string index and by text.
#[derive(Debug)]
struct PropertyNames<'a> {
    graph: &'a HeapGraph,
    by_string: StringMap<u32>,
    by_text: FxHashMap<&'a [u8], PropertyIx>,
    texts: Vec<JsStr<'a>>,
}

/// Entries of `by_string`; others are a property name's index.
const UNSEEN: u32 = u32::MAX;
const NOT_SHOWN: u32 = u32::MAX - 1;
const NOT_KNOWN: u32 = u32::MAX - 2;

impl<'a> PropertyNames<'a> {
    fn new(graph: &'a HeapGraph) -> Self {
        Self {
            graph,
            by_string: StringMap::filled(graph.strings(), UNSEEN),
            by_text: FxHashMap::default(),
            texts: Vec::new(),
        }
    }

    /// The property name of string `ix`, which becomes known; none for `__proto__`.
    #[inline]
    fn add(&mut self, ix: StringIx) -> Option<PropertyIx> {
        match self.by_string.get(ix) {
            UNSEEN => self.add_string(ix),
            NOT_SHOWN => None,
            known => Some(PropertyIx::from_raw(known)),
        }
    }

    fn add_string(&mut self, ix: StringIx) -> Option<PropertyIx> {
        let text = self.graph.strings().get(ix);
        if text == PROTO {
            self.by_string.set(ix, NOT_SHOWN);
            return None;
        }
        let property = self.add_text(text);
        self.by_string.set(ix, property.raw());
        Some(property)
    }

    fn add_text(&mut self, text: JsStr<'a>) -> PropertyIx {
        *self.by_text.entry(text.bytes()).or_insert_with(|| {
            self.texts.push(text);
            PropertyIx::new(self.texts.len() - 1)
        })
    }

    /// The property name of string `ix`, if it is known.
    #[inline]
    fn find(&mut self, ix: StringIx) -> Option<PropertyIx> {
        match self.by_string.get(ix) {
            UNSEEN => {
                let text = self.graph.strings().get(ix);
                let found = self.by_text.get(text.bytes()).copied();
                self.by_string.set(ix, found.map_or(NOT_KNOWN, PropertyIx::raw));
                found
            }
            NOT_SHOWN | NOT_KNOWN => None,
            known => Some(PropertyIx::from_raw(known)),
        }
    }
}

/// Distinct lists of property names, end to end, found again by a hash.
#[derive(Debug, Default)]
struct Shapes {
    names: Vec<PropertyIx>,
    ends: Vec<usize>,
    counts: Vec<u64>,
    /// The last shape of each hash, and of each shape the one before it with the same hash.
    by_hash: FxHashMap<u64, u32>,
    same_hash: Vec<Option<u32>>,
}

impl Shapes {
    fn list(&self, shape: usize) -> &[PropertyIx] {
        let start = if shape == 0 { 0 } else { self.ends[shape - 1] };
        &self.names[start..self.ends[shape]]
    }

    fn intern(&mut self, list: &[PropertyIx]) -> u32 {
        let mut hasher = FxHasher::default();
        for property in list {
            hasher.write_u32(property.raw());
        }
        let hash = hasher.finish();
        let before = self.by_hash.get(&hash).copied();
        let mut next = before;
        while let Some(shape) = next {
            if self.list(shape as usize) == list {
                self.counts[shape as usize] += 1;
                return shape;
            }
            next = self.same_hash[shape as usize];
        }
        let shape = to_u32(self.counts.len());
        self.names.extend_from_slice(list);
        self.ends.push(self.names.len());
        self.counts.push(1);
        self.same_hash.push(before);
        self.by_hash.insert(hash, shape);
        shape
    }
}
