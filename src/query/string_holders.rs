//! Who holds strings of one text, grouped by the name by which and the class in which they are held.

use rustc_hash::FxHashMap;

use super::name_key::NameKey;
use super::strings::Texts;
use super::{Cell, Direction, Order, Query, sort};
use crate::analysis::duplicate_strings::GroupIx;
use crate::base::bits::BitSet;
use crate::base::index::{ClassIx, EdgeIx, NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::columns;
use crate::graph::{EdgeHead, EdgeKind, HeapGraph, NodeKind};
use crate::snapshot::Snapshot;

/// Asks who holds the strings that have a text. Of the references to a string those count that a program made
/// (properties, elements, variables); the engine's own only if there are no others. Weak ones never do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringHolders {
    /// All texts.
    pub texts: Texts,
    /// One of them.
    pub text: GroupIx,
    /// How the rows are sorted; equal ones by place in the file.
    pub order: Order<HolderColumn>,
}

/// References of one name from objects of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HolderRow {
    /// Their name and class.
    pub hold: Hold,
    /// How many references.
    pub count: u64,
    /// The first of them in the file.
    pub sample: EdgeIx,
}

/// By what name, and in an object of what class something is held. An array of the engine (elements, a hash table) counts as
/// the object it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hold {
    /// The name.
    pub name: HoldName,
    /// The class.
    pub class: ClassIx,
}

/// A reference's name, without what differs from one element to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoldName {
    /// A property.
    Property(StringIx),
    /// An element, or an entry of a table.
    Entry,
    /// A variable, or a link of the engine.
    Other(StringIx),
}

columns! {
    /// Columns of who holds strings.
    pub enum HolderColumn: |snapshot: Snapshot, row: HolderRow| {
        /// What the references are called.
        EdgeName: Text "edge_name" "Reference" = Cell::Text(row.hold.name.text(snapshot.graph()));
        /// The class of those that hold.
        Class: Text "class" "Class" = Cell::Text(snapshot.classes().class(row.hold.class).name.clone());
        /// How many references.
        Count: Number "count" "References" = Cell::Count(row.count);
        /// One that holds.
        Sample: Number "sample_id" "For example" = Cell::Id(snapshot.id(snapshot.graph().source(row.sample)));
    }
}

impl StringHolders {
    /// The most frequent first.
    pub const DEFAULT_ORDER: Order<HolderColumn> = Order::descending(HolderColumn::Count);

    /// Asks who holds the strings that have `text`.
    pub const fn of(texts: Texts, text: GroupIx) -> Self {
        Self {
            texts,
            text,
            order: Self::DEFAULT_ORDER,
        }
    }
}

impl HoldName {
    /// As people read it: `.url`, `[]`, `url`.
    pub fn text(self, graph: &HeapGraph) -> JsString {
        match self {
            Self::Property(name) => {
                let mut text = JsString::from(".");
                text.push(graph.strings().get(name));
                text
            }
            Self::Entry => JsString::from("[]"),
            Self::Other(name) => graph.strings().get(name).to_owned(),
        }
    }
}

impl Hold {
    /// As people read it: `.url of Request`.
    pub fn text(self, snapshot: &Snapshot) -> JsString {
        let mut text = self.name.text(snapshot.graph());
        text.push_str(" of ");
        text.push(snapshot.classes().class(self.class).name.as_js());
        text
    }

    /// What the edge of that kind and name from `source` says.
    fn of(snapshot: &Snapshot, source: NodeIx, kind: EdgeKind, name: Option<StringIx>) -> Self {
        let graph = snapshot.graph();
        let is_array = |node| graph.kind(node) == NodeKind::Array;
        let mut owner = source;
        while is_array(owner) && owner != graph.root() {
            owner = snapshot.dominator(owner);
        }
        if graph.kind(owner) == NodeKind::Synthetic {
            owner = source;
        }
        let name = match (kind, name.filter(|_| !is_array(source))) {
            (_, None) => HoldName::Entry,
            (EdgeKind::Property, Some(name)) => HoldName::Property(name),
            (_, Some(name)) => HoldName::Other(name),
        };
        Self {
            name,
            class: snapshot.class_of(owner),
        }
    }
}

/// How much an edge of that kind from `source` says of who holds: 0 the most, none if nothing.
fn rank(graph: &HeapGraph, kind: EdgeKind, source: NodeIx) -> Option<u8> {
    if source == graph.root() {
        return None;
    }
    let is_made = matches!(kind, EdgeKind::Property | EdgeKind::Element | EdgeKind::Context);
    match graph.kind(source) {
        _ if matches!(kind, EdgeKind::Weak | EdgeKind::Shortcut) => None,
        NodeKind::Object | NodeKind::Closure | NodeKind::Native if is_made => Some(0),
        NodeKind::Synthetic => Some(2),
        _ => Some(1),
    }
}

/// How many of a string's references, and how many of an object's edges, [`most_frequent`] looks at: it is asked in a frame.
const REFERENCES: usize = 32;
const EDGES: usize = 4096;

/// By what most of `strings`, a few, are held; the first found of several.
pub(super) fn most_frequent(snapshot: &Snapshot, strings: &[NodeIx]) -> Option<Hold> {
    let graph = snapshot.graph();
    let mut found: Vec<(Hold, usize)> = Vec::new();
    for &string in strings {
        let heads = &snapshot.retainers().heads(string);
        let heads = heads.iter().take(REFERENCES);
        let ranked = heads.filter_map(|head| Some((rank(graph, head.kind(), head.target())?, head)));
        let Some((_, head)) = ranked.min_by_key(|&(rank, _)| rank) else {
            continue;
        };
        let (kind, source) = (head.kind(), head.target());
        let wanted = EdgeHead::new(kind, string.raw());
        let has_name = !kind.is_indexed() && graph.kind(source) != NodeKind::Array;
        let looked_at = if has_name { EDGES } else { 0 };
        let edge = graph
            .edges(source)
            .take(looked_at)
            .find(|&edge| graph.head(edge) == wanted);
        let name = edge.and_then(|edge| graph.edge_name_ix(edge));
        let hold = Hold::of(snapshot, source, kind, name);
        match found.iter_mut().find(|(known, _)| *known == hold) {
            Some((_, count)) => *count += 1,
            None => found.push((hold, 1)),
        }
    }
    let most = found.iter().map(|&(_, count)| count).max()?;
    found
        .into_iter()
        .find(|&(_, count)| count == most)
        .map(|(hold, _)| hold)
}

impl Query for StringHolders {
    type Over = Snapshot;
    type Answer = Vec<HolderRow>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<HolderRow>, Cancelled> {
        let mut rows = holders(snapshot, &self.texts.members(self.text), task)?;
        sort_holders(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(rows)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for holders")
    }
}

/// One row for each way in which `strings` are held. Each holder's edges are gone through once.
fn holders(snapshot: &Snapshot, strings: &[NodeIx], task: &Task) -> Result<Vec<HolderRow>, Cancelled> {
    let graph = snapshot.graph();
    let mut wanted = BitSet::new(graph.node_count());
    let mut sources = Vec::new();
    for (nth, &string) in strings.iter().enumerate() {
        task.check_at(nth)?;
        wanted.insert(string);
        let heads = snapshot.retainers().heads(string).iter();
        sources.extend(heads.map(|head| head.target()));
    }
    sources.sort_unstable();
    sources.dedup();
    let mut held: Vec<(u8, NodeIx, EdgeIx)> = Vec::new();
    let mut best: FxHashMap<NodeIx, u8> = FxHashMap::default();
    let mut steps = 0;
    for &source in &sources {
        for edge in graph.edges(source) {
            steps += 1;
            task.check_at(steps)?;
            let head = graph.head(edge);
            let string = head.target();
            if !wanted.contains(string) {
                continue;
            }
            if let Some(rank) = rank(graph, head.kind(), source) {
                held.push((rank, string, edge));
                let best = best.entry(string).or_insert(rank);
                *best = rank.min(*best);
            }
        }
    }
    let mut rows: Vec<HolderRow> = Vec::new();
    let mut row_of: FxHashMap<Hold, usize> = FxHashMap::default();
    for (nth, &(rank, string, edge)) in held.iter().enumerate() {
        task.check_at(nth)?;
        if best.get(&string) != Some(&rank) {
            continue;
        }
        let kind = graph.head(edge).kind();
        let hold = Hold::of(snapshot, graph.source(edge), kind, graph.edge_name_ix(edge));
        let row = *row_of.entry(hold).or_insert_with(|| {
            rows.push(HolderRow {
                hold,
                count: 0,
                sample: edge,
            });
            rows.len() - 1
        });
        rows[row].count += 1;
    }
    Ok(rows)
}

fn sort_holders(snapshot: &Snapshot, rows: &mut [HolderRow], order: Order<HolderColumn>) {
    let by_place = |run: &mut [HolderRow]| {
        sort::by_number(
            run,
            Direction::Ascending,
            |row| u64::from(row.sample.raw()),
            |_| (),
        );
    };
    let way = order.direction;
    match order.by {
        HolderColumn::EdgeName => {
            let name = |row: HolderRow| NameKey::built(row.hold.name.text(snapshot.graph()));
            sort::by_text(rows, way, name, by_place);
        }
        HolderColumn::Class => {
            let class = |row: HolderRow| NameKey::of_class(snapshot, row.hold.class);
            sort::by_text(rows, way, class, by_place);
        }
        HolderColumn::Count => sort::by_number(rows, way, |row| row.count, by_place),
        HolderColumn::Sample => {
            let id = |row: HolderRow| snapshot.id(snapshot.graph().source(row.sample)).0;
            sort::by_number(rows, way, id, by_place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Column as _;
    use crate::query::strings::{GroupStrings, Strings, Which};
    use crate::query::testing::{ask, lines, snapshot};

    const HEAP: &str = "
        root:synthetic/0 -shortcut:w-> window:object/8 -a-> r1=Request:object/16 #101 -url-> s1=\"/x\":string/24
        window -b-> r2=Request:object/16 #103 -url-> s2=\"/x\":string/24
        window -list-> Array:object/16 #105 -internal:elements-> e=\"(object elements)\":array/16 -internal:0-> s2
        Array -element:0-> s2
        window -map-> Map:object/16 #107 -internal:table-> t=\"\":array/16 -internal:4-> s3=\"/x\":string/24
        window -f-> fn:closure/16 -internal:context-> c=\"system / Context\":object/16 #109 -context:url-> s4=\"/x\":string/24
        root -element:1-> gc=\"(GC roots)\":synthetic/0 -element:1-> s4
        window -weak:seen-> s4
    ";

    /// Who holds the text that most strings have.
    fn holders_of_most(snapshot: &Snapshot) -> StringHolders {
        let texts = ask(&GroupStrings, snapshot);
        let rows = ask(&Strings::of(texts.clone(), Which::Duplicates), snapshot).rows;
        StringHolders::of(texts, rows[0])
    }

    #[test]
    fn references_are_grouped_by_name_and_class() {
        let snapshot = snapshot(HEAP);
        let rows = ask(&holders_of_most(&snapshot), &snapshot);
        assert_eq!(
            lines(&snapshot, &rows, HolderColumn::ALL),
            [
                ".url Request 2 @101",
                "[] Array 1 @105",
                "[] Map 1 @19",
                "url system / Context 1 @109"
            ]
        );
    }

    #[test]
    fn every_column_sorts() {
        let snapshot = snapshot(HEAP);
        let sorted = |order| {
            let question = StringHolders {
                order,
                ..holders_of_most(&snapshot)
            };
            let rows = ask(&question, &snapshot);
            lines(&snapshot, &rows, &[HolderColumn::Class]).join(" ")
        };
        assert_eq!(
            sorted(Order::ascending(HolderColumn::EdgeName)),
            "Request Array Map system / Context"
        );
        assert_eq!(
            sorted(Order::descending(HolderColumn::Class)),
            "system / Context Request Map Array"
        );
        assert_eq!(
            sorted(Order::descending(HolderColumn::Sample)),
            "system / Context Array Request Map"
        );
    }
}
