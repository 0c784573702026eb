//! What is inside an object, as a person who wrote the program sees it?
//!
//! Where [`Object`](super::object::Object) lists an object's edges, this sorts them out: properties, what a collection holds,
//! elements in the order of their numbers, variables, the chain of prototypes; what only the engine cares about at the end.

use super::Query;
use super::entries;
use crate::analysis::hash_tables::slot;
use crate::analysis::names::PROTO;
use crate::analysis::values;
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::node_ref::{EdgeRef, NodeRef};
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind, Place};
use crate::snapshot::Snapshot;

/// Asks what is inside an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inspect {
    /// The object.
    pub node: NodeIx,
}

/// What is inside an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspected {
    /// What there is of each sort, in the order of [`SectionKind`]; sections without rows are left out.
    pub sections: Vec<Section>,
    /// Where a function stands, or the constructor of an object, if the file tells.
    pub source: Option<Source>,
}

/// A place with the name of its script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The script's name, often an address or a path; none if the file does not tell.
    pub script: Option<JsString>,
    /// The place.
    pub place: Place,
}

/// Rows of one sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Which sort.
    pub kind: SectionKind,
    /// The rows.
    pub rows: Vec<InspectRow>,
}

/// What rows tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionKind {
    /// Properties but the prototype, in the order of the file.
    Properties,
    /// What a `Map`, `Set`, `WeakMap` or `WeakSet` holds, in the order of its table.
    Entries,
    /// Elements, by their numbers. Also the slots of an array of the engine.
    Elements,
    /// Variables of a context; of a function those it sees next.
    Variables,
    /// The prototype, its prototype, and so on.
    Prototypes,
    /// Links of the engine: internal, hidden, weak ones and shortcuts.
    Internals,
}

/// Something an object holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InspectRow {
    /// The edge that leads to [`node`](Self::node), or to the key if there is no node.
    pub edge: EdgeIx,
    /// What is held; of an entry the value, none if that is a small integer or the like, which leaves no trace in the file.
    pub node: Option<NodeIx>,
    /// The key of an entry of a `Map` or `WeakMap`; none if that left no trace.
    pub key: Option<NodeIx>,
}

impl InspectRow {
    /// Is what is held called by a name or a number of its own, and not by its place in a table of the engine's?
    pub fn edge_is_named(self, snapshot: &Snapshot) -> bool {
        let kind = snapshot.graph().head(self.edge).kind();
        matches!(kind, EdgeKind::Property | EdgeKind::Element)
    }
}

/// Prototypes that are followed at most.
const MOST_PROTOTYPES: usize = 32;

impl Query for Inspect {
    type Over = Snapshot;
    type Answer = Inspected;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Inspected, Cancelled> {
        let graph = snapshot.graph();
        let mut sorted = Sorted::default();
        for (nth, edge) in graph.edges(self.node).enumerate() {
            task.check_at(nth)?;
            sorted.add(graph, self.node, edge);
        }
        sorted.elements.sort_by_key(|&(number, edge)| (number, edge));
        if graph.kind(self.node) == NodeKind::Closure
            && let Some(context) = graph.node(self.node).follow(EdgeKind::Internal, "context")
        {
            let variables = context.edges().filter(|edge| edge.kind() == EdgeKind::Context);
            sorted.variables.extend(variables.map(EdgeRef::ix));
        }
        task.check()?;
        let plain = |edges: Vec<EdgeIx>| edges.into_iter().map(|edge| row(graph, edge)).collect();
        let elements = sorted.elements.into_iter().map(|(_, edge)| edge).collect();
        let sections = [
            (SectionKind::Properties, plain(sorted.properties)),
            (
                SectionKind::Entries,
                entries::of(graph, snapshot.ephemerons(), self.node, task)?,
            ),
            (SectionKind::Elements, plain(elements)),
            (SectionKind::Variables, plain(sorted.variables)),
            (SectionKind::Prototypes, prototypes(graph, self.node)),
            (SectionKind::Internals, plain(sorted.internals)),
        ];
        Ok(Inspected {
            sections: sections
                .into_iter()
                .filter(|(_, rows)| !rows.is_empty())
                .map(|(kind, rows)| Section { kind, rows })
                .collect(),
            source: source(graph, self.node),
        })
    }
}

/// An object's edges by sort.
#[derive(Default)]
struct Sorted {
    properties: Vec<EdgeIx>,
    /// With their numbers.
    elements: Vec<(u32, EdgeIx)>,
    variables: Vec<EdgeIx>,
    internals: Vec<EdgeIx>,
}

impl Sorted {
    fn add(&mut self, graph: &HeapGraph, node: NodeIx, edge: EdgeIx) {
        let kind = graph.head(edge).kind();
        match kind {
            EdgeKind::Property if graph.edge_name(edge) == EdgeName::Text(PROTO.into()) => {}
            EdgeKind::Property => self.properties.push(edge),
            EdgeKind::Element => self.elements.push((graph.edge_name_raw(edge), edge)),
            EdgeKind::Context => self.variables.push(edge),
            EdgeKind::Internal if graph.kind(node) == NodeKind::Array => match slot(graph, edge) {
                Some(slot) => self.elements.push((slot, edge)),
                None => self.internals.push(edge),
            },
            _ => self.internals.push(edge),
        }
    }
}

fn row(graph: &HeapGraph, edge: EdgeIx) -> InspectRow {
    InspectRow {
        edge,
        node: Some(graph.head(edge).target()),
        key: None,
    }
}

/// The prototypes of `node`, up to one that was there before.
fn prototypes(graph: &HeapGraph, node: NodeIx) -> Vec<InspectRow> {
    let mut rows: Vec<InspectRow> = Vec::new();
    let mut at = node;
    while rows.len() < MOST_PROTOTYPES {
        let mut edges = graph.node(at).edges();
        let is_proto = |edge: &EdgeRef<'_>| {
            edge.kind() == EdgeKind::Property && edge.name() == EdgeName::Text(PROTO.into())
        };
        let Some(edge) = edges.find(is_proto) else {
            break;
        };
        let next = edge.target().ix();
        if next == node || rows.iter().any(|row| row.node == Some(next)) {
            break;
        }
        rows.push(row(graph, edge.ix()));
        at = next;
    }
    rows
}

/// Where `node` comes from. The script of an object's constructor is looked for by way of its prototype.
pub(super) fn source(graph: &HeapGraph, node: NodeIx) -> Option<Source> {
    let place = graph.locations().of(node)?;
    let function = if graph.kind(node) == NodeKind::Closure {
        Some(node)
    } else {
        let own = graph.node(node);
        let prototype = own.follow(EdgeKind::Property, PROTO);
        let constructor = prototype.and_then(|proto| proto.follow(EdgeKind::Property, "constructor"));
        let constructor = constructor.map(NodeRef::ix);
        constructor.filter(|&function| {
            let there = graph.locations().of(function);
            there.is_some_and(|there| there.script_id == place.script_id)
        })
    };
    Some(Source {
        script: function.and_then(|function| values::script_name(graph, function)),
        place,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{ask, named, snapshot};

    /// The sections of `node` as text: `Kind: key=>value …`.
    fn shown(snapshot: &Snapshot, node: &str) -> Vec<String> {
        let graph = snapshot.graph();
        let name = |node: Option<NodeIx>| {
            node.map_or_else(|| "?".to_owned(), |node| graph.raw_name(node).to_string())
        };
        let answer = ask(
            &Inspect {
                node: named(snapshot, node),
            },
            snapshot,
        );
        let line = |section: &Section| {
            let rows: Vec<String> = section
                .rows
                .iter()
                .map(|row| match (section.kind, row.key) {
                    (SectionKind::Entries, key) => format!("{}=>{}", name(key), name(row.node)),
                    _ => format!("{}:{}", graph.edge_name(row.edge), name(row.node)),
                })
                .collect();
            format!("{:?} {}", section.kind, rows.join(" "))
        };
        answer.sections.iter().map(line).collect()
    }

    #[test]
    fn edges_are_sorted_out() {
        let snapshot = snapshot(
            "root:synthetic/0 -shortcut:w-> o:object/8 -internal:map-> m:hidden
            o -element:10-> ten
            o -element:9-> nine
            o -b-> b
            o -a-> a
            o -__proto__-> p -__proto__-> q -__proto__-> p
            o -weak:w-> b",
        );
        assert_eq!(
            shown(&snapshot, "o"),
            [
                "Properties b:b a:a",
                "Elements 9:nine 10:ten",
                "Prototypes __proto__:p __proto__:q",
                "Internals map:m w:b"
            ]
        );
    }

    #[test]
    fn functions_show_their_variables_and_place() {
        let snapshot = snapshot(
            r#"root:synthetic/0 -shortcut:w-> f:closure @7:3:4 -internal:context-> c -context:x-> ex
            c -internal:previous-> d -context:y-> wai
            f -internal:shared-> s:code -internal:script-> "a.js":code
            root -element:1-> made @7:9:9 -__proto__-> proto -constructor-> f
            root -element:2-> other @8:9:9 -__proto__-> proto"#,
        );
        assert_eq!(shown(&snapshot, "f")[0], "Variables x:ex");
        let source = |name| {
            ask(
                &Inspect {
                    node: named(&snapshot, name),
                },
                &snapshot,
            )
            .source
        };
        let is = |name, script: Option<&str>, line| {
            let source: Source = source(name).unwrap();
            assert_eq!(source.script, script.map(JsString::from));
            assert_eq!(source.place.line, line);
        };
        is("f", Some("a.js"), 3);
        is("made", Some("a.js"), 9);
        is("other", None, 9);
        assert_eq!(source("c"), None);
    }

    #[test]
    fn slots_of_an_engines_array_are_elements() {
        let snapshot = snapshot(
            "root:synthetic/0 -shortcut:w-> t:array/48 -internal:11-> b\nt -internal:2-> a\nt -internal:map-> m:hidden",
        );
        assert_eq!(shown(&snapshot, "t"), ["Elements 2:a 11:b", "Internals map:m"]);
    }

    #[test]
    fn entries_of_maps_and_sets_are_exact() {
        // Two buckets: the entries of a map begin at slot 5 and take three slots each, those of a set two.
        let snapshot = snapshot(
            r#"root:synthetic/0 -shortcut:w-> map:object/32 -internal:table-> t:array/152
            t -internal:5-> k1 #21
            t -internal:6-> v1
            t -internal:9-> v2
            t -internal:11-> k3
            t -internal:14-> hole="system / Hole":native
            t -internal:15-> v1
            t -internal:13-> link
            t -internal:map-> m:hidden
            root -element:1-> set:object/32 -internal:table-> s:array/120
            s -internal:7-> b
            s -internal:5-> a
            s -internal:6-> link"#,
        );
        assert_eq!(shown(&snapshot, "map")[0], "Entries k1=>v1 ?=>v2 k3=>?");
        assert_eq!(shown(&snapshot, "set")[0], "Entries ?=>a ?=>b");
    }

    #[test]
    fn entries_of_weak_maps_come_from_slots_or_from_pairs() {
        let pair = "part of key (k @21) -> value (v @23) pair in WeakMap (table @51)";
        let snapshot = snapshot(&format!(
            r#"root:synthetic/0 -shortcut:w-> old:object/32 -internal:table-> t:array/104
            t -weak:3-> k #21
            t -weak:4-> v #23
            t -internal:"3 / {pair}"-> v
            root -element:1-> new:object/32 -internal:table-> u:array/104 #51
            u -internal:"1 / {pair}"-> v
            root -element:2-> holder -internal:x-> k -internal:"4 / {pair}"-> v"#,
        ));
        assert_eq!(shown(&snapshot, "old")[0], "Entries k=>v");
        assert_eq!(shown(&snapshot, "new")[0], "Entries k=>v");
    }

    #[test]
    fn rows_stay_small() {
        assert!(std::mem::size_of::<InspectRow>() <= 20);
    }
}
