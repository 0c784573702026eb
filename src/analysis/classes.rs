//! Classes: what the rows of the Summary stand for.

use rustc_hash::FxHashMap;

use crate::base::index::{ClassIx, Ix as _, NodeIx, StringIx, to_u32};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::graph::{HeapGraph, NodeKind, NodeTag, Place};

use super::class_names;
use super::detachedness::DomStates;
use super::interfaces::{self, InterfaceDefinition};
use super::names::PLAIN_OBJECT;
use super::plain_objects::PlainObjects;
use super::string_map::StringMap;

/// A class: nodes of one class name, and for objects one constructor's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// The class name: `Map`, `(string)`, `{id, name}`.
    pub name: JsString,
    /// Where the constructor stands, for objects of which the file tells.
    pub place: Option<Place>,
}

impl Class {
    /// The key that tells rows of equal name apart: `scriptId,line,column,name`, or `,name` without a place.
    pub fn key(&self) -> JsString {
        let mut key = match self.place {
            Some(Place {
                script_id,
                line,
                column,
            }) => JsString::from(format!("{script_id},{line},{column},")),
            None => JsString::from(","),
        };
        key.push(self.name.as_js());
        key
    }
}

/// The class of every node (also of those with shallow size 0, which no row counts).
///
/// Nodes of equal class name and equal place are one class, always. DevTools tells classes without a place apart by where
/// their name stands in the string table, and of two classes whose names are equal but stand in two places (say an object
/// whose constructor is called `Function` beside the functions) it shows only one; here they are one row.
#[derive(Clone, Debug)]
pub struct ClassTable {
    classes: Vec<Class>,
    of: Packed<NodeIx>,
    interfaces: Vec<InterfaceDefinition>,
}

impl ClassTable {
    /// Names every node's class, inferring interfaces for plain objects from their properties. Classes are numbered in the
    /// order in which their first nodes stand in the file.
    pub fn build(graph: &HeapGraph, dom: &DomStates, task: &Task) -> Result<Self, Cancelled> {
        let mut plain = PlainObjects::collect(graph, &[], task)?;
        let interfaces = interfaces::infer(&plain);
        let applied = interfaces::apply(&mut plain, &interfaces, task)?;
        drop(plain);
        Self::assemble(graph, dom, interfaces, &applied, task)
    }

    /// As [`ClassTable::build`], with the interfaces of another heap in place of those this one suggests: so are two
    /// snapshots' classes made comparable.
    pub fn build_with(
        graph: &HeapGraph,
        dom: &DomStates,
        interfaces: &[InterfaceDefinition],
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut plain = PlainObjects::collect(graph, interfaces, task)?;
        let applied = interfaces::apply(&mut plain, interfaces, task)?;
        drop(plain);
        Self::assemble(graph, dom, interfaces.to_vec(), &applied, task)
    }

    /// These classes with `interfaces` of another heap: [`ClassTable::build_with`], which is spared if they are the same.
    pub fn by_interfaces(
        &self,
        interfaces: &[InterfaceDefinition],
        graph: &HeapGraph,
        dom: &DomStates,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        if self.interfaces == interfaces {
            return Ok(self.clone());
        }
        Self::build_with(graph, dom, interfaces, task)
    }

    fn assemble(
        graph: &HeapGraph,
        dom: &DomStates,
        interfaces: Vec<InterfaceDefinition>,
        applied: &[Option<u32>],
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut namer = Namer::new(graph, dom, &interfaces);
        let mut classes = Classes::default();
        let mut applied = applied.iter().copied();
        let mut locations = graph.locations().iter().peekable();
        let mut of = Vec::with_capacity(graph.node_count());
        for node in graph.nodes() {
            task.check_at(node.at())?;
            let mut name = namer.name(node);
            if name == PLAIN {
                name = namer.plain(applied.next().flatten());
            }
            let place = locations
                .next_if(|&(located, _)| located == node)
                .map(|(_, place)| place)
                .filter(|_| graph.kind(node) == NodeKind::Object);
            of.push(classes.intern(name, place).raw());
        }
        let places = graph.locations().places();
        let classes = classes.keys.iter().map(|&(name, place)| Class {
            name: namer.names[name as usize].clone(),
            place: place.map(|at| places[at as usize]),
        });
        Ok(Self {
            classes: classes.collect(),
            of: Packed::build(of.len(), |at| u64::from(of[at]), task)?,
            interfaces,
        })
    }

    /// How many classes there are.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Are there no classes?
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The class `ix`.
    pub fn class(&self, ix: ClassIx) -> &Class {
        &self.classes[ix.at()]
    }

    /// All classes, in the order in which their first nodes stand in the file.
    pub fn all(&self) -> &[Class] {
        &self.classes
    }

    /// The class of `node`.
    #[inline]
    pub fn of(&self, node: NodeIx) -> ClassIx {
        ClassIx::from_raw(u32::try_from(self.of.get(node)).unwrap_or_default())
    }

    /// Brings the class of `node` near.
    #[inline]
    pub fn prefetch(&self, node: NodeIx) {
        self.of.prefetch(node);
    }

    /// The interfaces by which plain objects were classed.
    pub fn interfaces(&self) -> &[InterfaceDefinition] {
        &self.interfaces
    }
}

/// Class names by number, each text once.
struct Namer<'a> {
    graph: &'a HeapGraph,
    dom: &'a DomStates,
    names: Vec<JsString>,
    by_text: FxHashMap<JsString, u32>,
    /// For each code of a node type the class name, if it decides.
    by_kind: [u32; NodeTag::CODES as usize],
    /// For each name of an object or native node the class name.
    by_name: StringMap<u32>,
    /// The same for native nodes whose name gained a prefix.
    by_detached_name: FxHashMap<StringIx, u32>,
    by_interface: Vec<u32>,
    without_interface: u32,
}

/// In place of a class name's number: not looked up so far.
const UNSEEN: u32 = u32::MAX;
/// In place of a class name's number: the node is a plain object, its properties decide.
const PLAIN: u32 = u32::MAX - 1;

impl<'a> Namer<'a> {
    fn new(graph: &'a HeapGraph, dom: &'a DomStates, interfaces: &[InterfaceDefinition]) -> Self {
        let mut namer = Self {
            graph,
            dom,
            names: Vec::new(),
            by_text: FxHashMap::default(),
            by_kind: [UNSEEN; NodeTag::CODES as usize],
            by_name: StringMap::filled(graph.strings(), UNSEEN),
            by_detached_name: FxHashMap::default(),
            by_interface: Vec::new(),
            without_interface: 0,
        };
        namer.without_interface = namer.number(PLAIN_OBJECT.into());
        namer.by_interface = interfaces
            .iter()
            .map(|interface| namer.number(interface.name.as_js()))
            .collect();
        namer
    }

    fn number(&mut self, name: JsStr<'_>) -> u32 {
        *self.by_text.entry(name.to_owned()).or_insert_with_key(|name| {
            self.names.push(name.clone());
            to_u32(self.names.len() - 1)
        })
    }

    /// The number of the class name of `node`, or [`PLAIN`].
    #[inline]
    fn name(&mut self, node: NodeIx) -> u32 {
        let tag = self.graph.tag(node);
        let known = match tag.kind() {
            NodeKind::Object => self.by_name.get(self.graph.name_ix(node)),
            NodeKind::Native if self.dom.is_renamed(node) => UNSEEN,
            NodeKind::Native => match self.by_name.get(self.graph.name_ix(node)) {
                PLAIN => self.without_interface,
                known => known,
            },
            _ => self.by_kind[usize::from(tag.code())],
        };
        if known == UNSEEN {
            self.first_of_its_name(node)
        } else {
            known
        }
    }

    #[cold]
    fn first_of_its_name(&mut self, node: NodeIx) -> u32 {
        let tag = self.graph.tag(node);
        if let Some(name) = class_names::of_kind(tag.kind(), self.graph.kind_name(node)) {
            let number = self.number(name.as_js());
            self.by_kind[usize::from(tag.code())] = number;
            return number;
        }
        let ix = self.graph.name_ix(node);
        if self.dom.is_renamed(node) {
            if let Some(&number) = self.by_detached_name.get(&ix) {
                return number;
            }
            let name = self.dom.name(self.graph, node);
            let number = self.number(JsStr::from_wtf8(&class_names::of_name(JsStr::from_wtf8(&name))));
            self.by_detached_name.insert(ix, number);
            return number;
        }
        let name = self.graph.raw_name(node);
        if name == PLAIN_OBJECT {
            self.by_name.set(ix, PLAIN);
            return if tag.kind() == NodeKind::Object {
                PLAIN
            } else {
                self.without_interface
            };
        }
        let number = self.number(JsStr::from_wtf8(&class_names::of_name(name)));
        self.by_name.set(ix, number);
        number
    }

    /// The number of the class name of a plain object with that interface.
    fn plain(&self, interface: Option<u32>) -> u32 {
        interface.map_or(self.without_interface, |at| self.by_interface[at as usize])
    }
}

/// Classes by class name and place, numbered by first appearance.
#[derive(Default)]
struct Classes {
    keys: Vec<(u32, Option<u32>)>,
    /// For each class name the class without a place.
    by_name: Vec<Option<ClassIx>>,
    by_place: FxHashMap<(u32, u32), ClassIx>,
}

impl Classes {
    #[inline]
    fn intern(&mut self, name: u32, place: Option<u32>) -> ClassIx {
        let known = match place {
            None => self.by_name.get(name as usize).copied().flatten(),
            Some(place) => self.by_place.get(&(name, place)).copied(),
        };
        known.unwrap_or_else(|| self.add(name, place))
    }

    #[cold]
    fn add(&mut self, name: u32, place: Option<u32>) -> ClassIx {
        let class = ClassIx::new(self.keys.len());
        self.keys.push((name, place));
        match place {
            None => {
                let needed = self.by_name.len().max(name as usize + 1);
                self.by_name.resize(needed, None);
                self.by_name[name as usize] = Some(class);
            }
            Some(place) => {
                self.by_place.insert((name, place), class);
            }
        }
        class
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::testing::Heap;

    #[test]
    fn classes_are_numbered_by_first_appearance() {
        let heap = Heap::of(
            "root:synthetic -e-> f:closure @1:2:3 -e-> a=Map:object @1:2:3 -e-> b=Map:object @1:2:4 -e-> c=Map:object\n\
             c -e-> d=Map:object @1:2:3 -e-> e=Function:object -e-> g=Map:native @1:2:3 -e-> o:odd_type\n\
             o -e-> n=\"<p id>\":native !detached -e-> p=Object:object -e-> q=Object:native -e-> s=f:synthetic",
        );
        let keys: Vec<String> = heap
            .classes
            .all()
            .iter()
            .map(|class| class.key().to_string())
            .collect();
        assert_eq!(
            keys,
            [
                ",(synthetic)",
                ",Function",
                "1,2,3,Map",
                "1,2,4,Map",
                ",Map",
                ",(odd type)",
                ",Detached <p>",
                ",Object"
            ]
        );
        let of: Vec<u32> = heap
            .graph
            .nodes()
            .map(|node| heap.classes.of(node).raw())
            .collect();
        assert_eq!(of, [0, 1, 2, 3, 4, 2, 1, 4, 5, 6, 7, 7, 0]);
    }
}
