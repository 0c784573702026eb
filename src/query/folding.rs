//! Steps through the engine's own objects, folded into what the program did.
//!
//! `Map → table → [4099]` reads `value of Map entry 1365`, `array → elements → [7]` reads `[7]`, a function's way through its
//! contexts reads as the variable. One place decides this for every view that shows edges.

use super::edges::edge_name;
use crate::analysis::hash_tables::{Layout, Part, TableKind, slot};
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::text::JsString;
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind};
use crate::snapshot::Snapshot;

/// How a folded step is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// As the edge is.
    Edge(EdgeIx),
    /// By the number of an element.
    Element(u32),
    /// By the key of a property: the node of its name.
    Property(NodeIx),
    /// As a part of an entry of a collection.
    Entry {
        /// What the table is for.
        table: TableKind,
        /// Which part.
        part: Part,
        /// The number of the entry in its table, from 0, if the file tells.
        entry: Option<u32>,
    },
}

impl Label {
    /// The text that is shown.
    pub fn text(self, snapshot: &Snapshot) -> JsString {
        match self {
            Self::Edge(edge) if snapshot.graph().head(edge).kind() == EdgeKind::Element => {
                format!("[{}]", snapshot.graph().edge_name(edge)).into()
            }
            Self::Edge(edge) => edge_name(snapshot, edge),
            Self::Element(number) => format!("[{number}]").into(),
            Self::Property(name) => snapshot.name(name),
            Self::Entry { table, part, entry } => {
                let what = match (table, part) {
                    (TableKind::Set, _) => "Set entry",
                    (TableKind::Map, Part::Key) => "key of Map entry",
                    (TableKind::Map, Part::Value) => "value of Map entry",
                    (TableKind::Weak, Part::Key) => "key of WeakMap entry",
                    (TableKind::Weak, Part::Value) => "value of WeakMap entry",
                    (TableKind::Properties, Part::Key) => "name of property",
                    (TableKind::Properties, Part::Value) => "value of property",
                };
                match entry {
                    Some(entry) => format!("{what} {entry}").into(),
                    None => what.into(),
                }
            }
        }
    }
}

/// One or more steps as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    /// How it is called; nothing for the first node of a path.
    pub label: Option<Label>,
    /// Where it leads.
    pub node: NodeIx,
    /// The first of the steps that it stands for.
    pub first: usize,
    /// How many they are.
    pub count: usize,
}

/// Folds the steps of a path: of each the edge that leads to it (the first may have none) and its node.
pub fn folded(snapshot: &Snapshot, steps: &[(Option<EdgeIx>, NodeIx)]) -> Vec<Folded> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&(edge, node)) = steps.get(at) {
        let after = &steps[at..];
        let (label, count) = match edge {
            None => (None, 1),
            Some(edge) => {
                let (label, count) = by_store(snapshot, after)
                    .map(|label| (label, 2))
                    .or_else(|| by_contexts(snapshot.graph(), after))
                    .unwrap_or((alone(snapshot, edge), 1));
                (Some(label), count)
            }
        };
        let node = steps.get(at + count - 1).map_or(node, |&(_, last)| last);
        found.push(Folded {
            label,
            node,
            first: at,
            count,
        });
        at += count;
    }
    found
}

/// A retaining edge seen from beyond the engine's own object it leaves, if it leaves one that a single object has for its
/// parts: the object, and how the edge is called as its.
pub fn beyond(snapshot: &Snapshot, edge: EdgeIx) -> Option<(Label, NodeIx)> {
    let graph = snapshot.graph();
    let store = graph.source(edge);
    if !may_be_store(graph, store) {
        return None;
    }
    let mut owner = None;
    for head in snapshot
        .retainers()
        .heads(store)
        .iter()
        .filter(|head| !head.is_weak())
    {
        if owner
            .replace(head.target())
            .is_some_and(|before| before != head.target())
        {
            return None;
        }
    }
    let owner = owner?;
    let to_store = graph
        .edges(owner)
        .find(|&edge| graph.head(edge).target() == store && store_of(graph, edge).is_some())?;
    Some((label(snapshot, to_store, edge)?, owner))
}

/// How `edge` is called by itself.
fn alone(snapshot: &Snapshot, edge: EdgeIx) -> Label {
    match snapshot.ephemerons().pair(edge) {
        Some(_) => WEAK_VALUE,
        None => Label::Edge(edge),
    }
}

const WEAK_VALUE: Label = Label::Entry {
    table: TableKind::Weak,
    part: Part::Value,
    entry: None,
};

/// What an object keeps in an object of the engine's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Store {
    Table,
    Elements,
    Properties,
}

/// Can `node` be one? (Asked before its retainers are looked through.)
fn may_be_store(graph: &HeapGraph, node: NodeIx) -> bool {
    graph.kind(node) == NodeKind::Array || graph.raw_name(node) == "system / PropertyArray"
}

/// The store that `edge` leads to, if it leads to one.
fn store_of(graph: &HeapGraph, edge: EdgeIx) -> Option<Store> {
    let head = graph.head(edge);
    if head.kind() != EdgeKind::Internal || !may_be_store(graph, head.target()) {
        return None;
    }
    let EdgeName::Text(name) = graph.edge_name(edge) else {
        return None;
    };
    [
        ("table", Store::Table),
        ("elements", Store::Elements),
        ("properties", Store::Properties),
    ]
    .into_iter()
    .find_map(|(known, store)| (name == known).then_some(store))
}

/// Is `node` where `owner` keeps its properties or its elements?
pub(super) fn is_own_store(graph: &HeapGraph, owner: NodeIx, node: NodeIx) -> bool {
    let leads_there = |&edge: &EdgeIx| graph.head(edge).target() == node;
    let mut edges = graph.edges(owner).filter(leads_there);
    edges.any(|edge| matches!(store_of(graph, edge), Some(Store::Properties | Store::Elements)))
}

/// Folds an object's store and the step out of it.
fn by_store(snapshot: &Snapshot, steps: &[(Option<EdgeIx>, NodeIx)]) -> Option<Label> {
    let [(Some(to_store), _), (Some(edge), _), ..] = *steps else {
        return None;
    };
    label(snapshot, to_store, edge)
}

/// How `edge` is called as an edge of the object whose edge `to_store` leads to its source.
fn label(snapshot: &Snapshot, to_store: EdgeIx, edge: EdgeIx) -> Option<Label> {
    let graph = snapshot.graph();
    let store = graph.head(to_store).target();
    let target = graph.head(edge).target();
    let own = |kind| {
        let owner = graph.source(to_store);
        let heads = graph.edges(owner).zip(graph.heads(owner));
        heads.filter(move |(_, head)| head.kind() == kind && head.target() == target)
    };
    match store_of(graph, to_store)? {
        Store::Table => {
            if snapshot.ephemerons().pair(edge).is_some() {
                return Some(WEAK_VALUE);
            }
            let layout = Layout::of_collection(graph, store)?;
            let (entry, part) = layout.place(slot(graph, edge)?)?;
            Some(Label::Entry {
                table: layout.kind,
                part,
                entry: Some(entry),
            })
        }
        Store::Elements => {
            // In a sparse array's store, which is a hash table, slots are no indices: the array's own edges are right.
            let slot = slot(graph, edge)?;
            let mut numbers = own(EdgeKind::Element).map(|(edge, _)| graph.edge_name_raw(edge));
            let first = numbers.next();
            let same = first == Some(slot) || numbers.any(|number| number == slot);
            let number = first.filter(|_| !same).unwrap_or(slot);
            Some(Label::Element(number))
        }
        Store::Properties => {
            if let Some((edge, _)) = own(EdgeKind::Property).next() {
                return Some(Label::Edge(edge));
            }
            let layout = Layout::of_properties(graph, store)?;
            let slot_of_value = slot(graph, edge)?;
            let (entry, part) = layout.place(slot_of_value)?;
            let is_key = |&other: &EdgeIx| slot(graph, other).is_some_and(|slot| slot + 1 == slot_of_value);
            if part == Part::Value
                && let Some(key) = graph.edges(store).find(is_key)
            {
                return Some(Label::Property(graph.head(key).target()));
            }
            Some(Label::Entry {
                table: layout.kind,
                part,
                entry: Some(entry),
            })
        }
    }
}

/// Folds the way of a function through its contexts to a variable: the label, and how many steps.
fn by_contexts(graph: &HeapGraph, steps: &[(Option<EdgeIx>, NodeIx)]) -> Option<(Label, usize)> {
    let named = |step: Option<&(Option<EdgeIx>, NodeIx)>, name: &str| {
        let edge = step.and_then(|step| step.0);
        edge.is_some_and(|edge| {
            graph.head(edge).kind() == EdgeKind::Internal
                && graph.edge_name(edge) == EdgeName::Text(name.into())
        })
    };
    if !named(steps.first(), "context") {
        return None;
    }
    let mut count = 1;
    while named(steps.get(count), "previous") {
        count += 1;
    }
    let variable = steps.get(count)?.0?;
    let is_variable = graph.head(variable).kind() == EdgeKind::Context;
    is_variable.then_some((Label::Edge(variable), count + 1))
}

/// Is `node` the engine's own: something a program's writer has not made and cannot name?
pub fn is_internal(graph: &HeapGraph, node: NodeIx) -> bool {
    match graph.kind(node) {
        NodeKind::Synthetic | NodeKind::Hidden | NodeKind::Code | NodeKind::Array | NodeKind::ObjectShape => {
            true
        }
        NodeKind::Object | NodeKind::Native => graph.raw_name(node).starts_with("system / "),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{named, snapshot};

    /// The folded steps of the way along these nodes.
    fn way(snapshot: &Snapshot, names: &[&str]) -> String {
        let graph = snapshot.graph();
        let mut before: Option<NodeIx> = None;
        let mut steps = Vec::new();
        for name in names {
            let node = named(snapshot, name);
            let edge = before.map(|before| {
                graph
                    .edges(before)
                    .find(|&edge| graph.head(edge).target() == node)
                    .unwrap()
            });
            steps.push((edge, node));
            before = Some(node);
        }
        let folded = folded(snapshot, &steps);
        assert_eq!(folded.iter().map(|step| step.count).sum::<usize>(), steps.len());
        let text = |step: &Folded| {
            let label = step
                .label
                .map_or_else(String::new, |label| format!("-{}-> ", label.text(snapshot)));
            format!("{label}{}", graph.raw_name(step.node))
        };
        folded.iter().map(text).collect::<Vec<_>>().join(" ")
    }

    const HEAP: &str = r#"
        root:synthetic/0 -shortcut:w-> window:object/8 -map-> Map:object/32 -internal:table-> t:array/152
        t -internal:8-> key
        t -internal:9-> value
        window -set-> Set:object/32 -internal:table-> s:array/120 -internal:7-> member
        window -list-> Array:object/32 -internal:elements-> e:array/64 -internal:3-> third
        window -sparse-> Sparse:object/32 -internal:elements-> d:array/64 -internal:5-> far
        Sparse -element:90001-> far
        window -dict-> Dict:object/32 -internal:properties-> p:array/112 -internal:7-> pv
        p -internal:6-> name:string
        window -fast-> Fast:object/32 -internal:properties-> q="system / PropertyArray":hidden -hidden:2-> fv
        Fast -colour-> fv
        window -f-> f:closure -internal:context-> c1="system / Context":object -internal:previous-> c2="other context":object
        c2 -context:cache-> kept
        window -k-> k #21 -internal:"4 / part of key (k @21) -> value (v @23) pair in WeakMap (table @91)"-> v #23
        window -weak-> WeakMap:object/32 -internal:table-> u:array/104 #91
        u -internal:"1 / part of key (k @21) -> value (v @23) pair in WeakMap (table @91)"-> v
    "#;

    #[test]
    fn steps_through_stores_read_as_the_program_wrote_them() {
        let snapshot = snapshot(HEAP);
        let from = |names: &[&str]| way(&snapshot, &[&["window"], names].concat());
        assert_eq!(
            from(&["Map", "t", "value"]),
            "window -map-> Map -value of Map entry 1-> value"
        );
        assert_eq!(
            from(&["Map", "t", "key"]),
            "window -map-> Map -key of Map entry 1-> key"
        );
        assert_eq!(
            from(&["Set", "s", "member"]),
            "window -set-> Set -Set entry 1-> member"
        );
        assert_eq!(
            from(&["Array", "e", "third"]),
            "window -list-> Array -[3]-> third"
        );
        assert_eq!(
            from(&["Sparse", "d", "far"]),
            "window -sparse-> Sparse -[90001]-> far"
        );
        assert_eq!(from(&["Dict", "p", "pv"]), "window -dict-> Dict -name-> pv");
        assert_eq!(from(&["k", "v"]), "window -k-> k -value of WeakMap entry-> v");
        assert_eq!(
            from(&["WeakMap", "u", "v"]),
            "window -weak-> WeakMap -value of WeakMap entry-> v"
        );
        assert_eq!(
            from(&["Fast", "system / PropertyArray", "fv"]),
            "window -fast-> Fast -colour-> fv"
        );
        assert_eq!(
            from(&["f", "system / Context", "other context", "kept"]),
            "window -f-> f -cache-> kept"
        );
        assert_eq!(
            from(&["f", "system / Context"]),
            "window -f-> f -context-> system / Context"
        );
        assert_eq!(from(&["Map", "t"]), "window -map-> Map -table-> t");
    }

    #[test]
    fn retaining_edges_are_seen_from_their_owner() {
        let snapshot = snapshot(&format!(
            "{HEAP}
            window -one-> One:object/32 -internal:elements-> shared:array/64 -internal:0-> zero
            window -two-> Two:object/32 -internal:elements-> shared"
        ));
        let graph = snapshot.graph();
        let seen = |name| {
            let node = named(&snapshot, name);
            let (_, edge) = snapshot.retainers().of(graph, node).last().unwrap();
            let (label, owner) = beyond(&snapshot, edge)?;
            Some(format!("{} in {}", label.text(&snapshot), graph.raw_name(owner)))
        };
        assert_eq!(seen("value").as_deref(), Some("value of Map entry 1 in Map"));
        assert_eq!(seen("third").as_deref(), Some("[3] in Array"));
        assert_eq!(seen("zero"), None);
        assert_eq!(seen("kept"), None);
        assert_eq!(seen("Map"), None);
    }

    #[test]
    fn the_engines_own_is_told_from_the_programs() {
        let snapshot = snapshot(HEAP);
        let internal = |name| is_internal(snapshot.graph(), named(&snapshot, name));
        assert!(internal("root") && internal("t") && internal("system / Context"));
        assert!(!internal("Map") && !internal("f") && !internal("name"));
    }
}
