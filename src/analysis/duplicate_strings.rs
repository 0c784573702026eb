//! Strings that occur more than once.

use std::borrow::Cow;
use std::hash::Hasher as _;

use rustc_hash::{FxHashMap, FxHasher};

use crate::base::bits::BitSet;
use crate::base::csr::Csr;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind, StringTable};

use super::detachedness::DomStates;
use super::names;
use super::ropes::Ropes;
use super::string_map::{StringMap, StringSet};

crate::index! {
    /// A group of [`StringGroups`].
    GroupIx
}

/// The strings of a heap, grouped by text: flat and joined strings with a shallow size, without the joined ones that were
/// flattened (one of their parts is empty, the other the whole text, which is counted itself). Parts of strings (slices) own
/// no text and are left out, and so are those whose text is missing in the file.
///
/// V8 cuts long strings when it writes a snapshot. Newer versions say so, with length and hash of the whole: then strings are
/// of one group only if these agree too. Files of other versions may put long strings that only begin alike into one group.
#[derive(Debug)]
pub struct StringGroups {
    groups: Vec<StringGroup>,
    members: Csr<GroupIx, u32>,
}

/// Strings of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StringGroup {
    /// The first of them in the file; its displayed name is the text.
    pub first: NodeIx,
    /// Sum of their shallow sizes in bytes.
    pub shallow_size: u64,
    /// The length in UTF-16 units of the whole string, if the file says that it was cut.
    pub whole_length: Option<u64>,
}

/// That a string was cut, and what is known of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
struct Cut {
    length: Option<u64>,
    hash: Option<u64>,
}

impl StringGroups {
    /// Groups the strings of `graph`, in the order in which the first of each group stands in the file.
    pub fn build(
        graph: &HeapGraph,
        dom: &DomStates,
        shallow: &Packed<NodeIx>,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let ropes = Ropes::build(graph, dom, task)?;
        let mut grouping = Grouping::new(graph, dom, &ropes);
        let cuts = Cuts::new(graph);
        let mut pairs: Vec<(GroupIx, u32)> = Vec::new();
        let is_missing = |node: NodeIx| graph.name_ix(node).at() >= graph.strings().len();
        let is_partial = !graph.problems().is_empty() && graph.nodes().any(is_missing);
        let is_unknown = |node: NodeIx, is_rope: bool| {
            let text = || names::displayed(graph, dom, &ropes, node);
            is_missing(node) || is_rope && text().as_js().to_string_lossy().contains(StringTable::MISSING)
        };
        for node in graph.nodes() {
            task.check_at(node.at())?;
            let is_rope = match graph.kind(node) {
                NodeKind::String => false,
                NodeKind::ConcatenatedString => true,
                _ => continue,
            };
            let size = shallow.get(node);
            if size == 0 || is_rope && grouping.is_flattened(node) {
                continue;
            }
            if is_partial && is_unknown(node, is_rope) {
                continue;
            }
            let cut = cuts.of(node);
            let group = match (cut, is_rope) {
                (Some(_), _) => grouping.group(node, cut),
                (None, true) => grouping.group_of_rope(node),
                (None, false) => grouping.group_of_flat(node),
            };
            grouping.groups[group.at()].shallow_size += size;
            pairs.push((group, node.raw()));
        }
        let groups = grouping.groups;
        Ok(Self {
            members: Csr::group(groups.len(), pairs.iter().copied()),
            groups,
        })
    }

    /// All groups, also those of one string.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = (GroupIx, &StringGroup)> {
        let groups = self.groups.iter().enumerate();
        groups.map(|(at, group)| (GroupIx::new(at), group))
    }

    /// What `ix` is.
    pub fn group(&self, ix: GroupIx) -> &StringGroup {
        &self.groups[ix.at()]
    }

    /// How many strings are in `group`.
    pub fn count(&self, group: GroupIx) -> usize {
        self.members.range(group).len()
    }

    /// The strings in `group`, in file order.
    pub fn members(&self, group: GroupIx) -> impl ExactSizeIterator<Item = NodeIx> + Clone + '_ {
        self.members.row(group).iter().map(|&raw| NodeIx::from_raw(raw))
    }

    /// The same of those strings alone that `passes`; what no such string has is no group.
    pub fn of_some(
        &self,
        passes: impl Fn(NodeIx) -> bool,
        shallow: &Packed<NodeIx>,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut groups: Vec<StringGroup> = Vec::new();
        let mut pairs: Vec<(GroupIx, u32)> = Vec::new();
        for (ix, group) in self.groups() {
            task.check_at(ix.at())?;
            let members = || self.members(ix).filter(|&node| passes(node));
            let Some(first) = members().next() else { continue };
            let to = GroupIx::new(groups.len());
            pairs.extend(members().map(|node| (to, node.raw())));
            groups.push(StringGroup {
                first,
                shallow_size: members().map(|node| shallow.get(node)).sum(),
                ..*group
            });
        }
        Ok(Self {
            members: Csr::group(groups.len(), pairs.iter().copied()),
            groups,
        })
    }

    /// The strings of all groups that have more than one.
    pub fn duplicates(&self, graph: &HeapGraph) -> BitSet<NodeIx> {
        let mut nodes = BitSet::new(graph.node_count());
        for (group, _) in self.groups().filter(|&(group, _)| self.count(group) > 1) {
            for node in self.members(group) {
                nodes.insert(node);
            }
        }
        nodes
    }
}

/// The groups in the making. Texts stay where they are in the file; only those of joined strings are kept here.
struct Grouping<'a> {
    graph: &'a HeapGraph,
    dom: &'a DomStates,
    ropes: &'a Ropes,
    groups: Vec<StringGroup>,
    /// The last group of each hash, and of each group the one before it with the same hash.
    by_hash: FxHashMap<u64, GroupIx>,
    same_hash: Vec<Option<GroupIx>>,
    joined: FxHashMap<GroupIx, Vec<u8>>,
    cuts: FxHashMap<GroupIx, Cut>,
    /// The group of each flat string's name that is not cut.
    by_name: StringMap<Option<GroupIx>>,
    /// The group of each joined string that is not cut, and of those that have its text.
    by_rope: FxHashMap<NodeIx, GroupIx>,
}

impl<'a> Grouping<'a> {
    fn new(graph: &'a HeapGraph, dom: &'a DomStates, ropes: &'a Ropes) -> Self {
        Self {
            graph,
            dom,
            ropes,
            groups: Vec::new(),
            by_hash: FxHashMap::default(),
            same_hash: Vec::new(),
            joined: FxHashMap::default(),
            cuts: FxHashMap::default(),
            by_name: StringMap::filled(graph.strings(), None),
            by_rope: FxHashMap::default(),
        }
    }

    /// Is one of the parts that the joined string `rope` has empty?
    fn is_flattened(&self, rope: NodeIx) -> bool {
        let graph = self.graph;
        graph.edges(rope).any(|edge| {
            let head = graph.head(edge);
            let is_part = match graph.edge_name(edge) {
                EdgeName::Text(name) => name == "first" || name == "second",
                EdgeName::Index(_) => false,
            };
            is_part
                && head.kind() == EdgeKind::Internal
                && names::is_empty(graph, self.dom, self.ropes, head.target())
        })
    }

    /// The group of a flat string that is not cut: looked up once for each name.
    fn group_of_flat(&mut self, node: NodeIx) -> GroupIx {
        let name = self.graph.name_ix(node);
        self.by_name.get(name).unwrap_or_else(|| {
            let group = self.group(node, None);
            self.by_name.set(name, Some(group));
            group
        })
    }

    /// The group of a joined string that is not cut: looked up once for all that have the text of one.
    fn group_of_rope(&mut self, node: NodeIx) -> GroupIx {
        let inner = self.ropes.standing_for(node);
        self.by_rope.get(&inner).copied().unwrap_or_else(|| {
            let group = self.group(node, None);
            self.by_rope.insert(inner, group);
            group
        })
    }

    fn group(&mut self, node: NodeIx, cut: Option<Cut>) -> GroupIx {
        let text = names::read(self.graph, self.dom, self.ropes, node);
        let mut hasher = FxHasher::default();
        hasher.write(&text);
        let hash = hasher.finish();
        let before = self.by_hash.get(&hash).copied();
        let mut next = before;
        while let Some(group) = next {
            if self.text(group) == &*text && self.cuts.get(&group) == cut.as_ref() {
                return group;
            }
            next = self.same_hash[group.at()];
        }
        let group = GroupIx::new(self.groups.len());
        self.groups.push(StringGroup {
            first: node,
            shallow_size: 0,
            whole_length: cut.and_then(|cut| cut.length),
        });
        self.by_hash.insert(hash, group);
        self.same_hash.push(before);
        if let Cow::Owned(text) = text {
            self.joined.insert(group, text);
        }
        if let Some(cut) = cut {
            self.cuts.insert(group, cut);
        }
        group
    }

    fn text(&self, group: GroupIx) -> &[u8] {
        match self.joined.get(&group) {
            Some(text) => text,
            None => self.graph.raw_name(self.groups[group.at()].first).bytes(),
        }
    }
}

/// Which strings were cut: the names of the edges that say so.
struct Cuts<'a> {
    graph: &'a HeapGraph,
    truncated: StringSet,
    is_told: bool,
}

impl<'a> Cuts<'a> {
    fn new(graph: &'a HeapGraph) -> Self {
        let truncated = StringSet::equal(graph.strings(), "truncated");
        Self {
            graph,
            is_told: !truncated.is_empty(),
            truncated,
        }
    }

    /// What is known of the whole string, if `node` is a part of it.
    fn of(&self, node: NodeIx) -> Option<Cut> {
        let is_truncated = |edge| {
            let name = self.graph.edge_name_ix(edge);
            name.is_some_and(|name| self.truncated.contains(name))
        };
        if !self.is_told || !self.graph.edges(node).any(is_truncated) {
            return None;
        }
        let node = self.graph.node(node);
        let value = |name: &str, boxed_as: &str| {
            let number = node.follow(EdgeKind::Internal, name)?;
            let value = number.follow(EdgeKind::Internal, "value")?;
            (number.raw_name() == boxed_as).then(|| value.raw_name())
        };
        let number = |name| value(name, "int")?.as_str()?.parse().ok();
        (value("truncated", "bool")? == "true").then(|| Cut {
            length: number("length"),
            hash: number("hash"),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::analysis::testing::Heap;

    /// Ids of the strings in each group, and the length that is told.
    fn groups(text: &str) -> Vec<(Vec<u64>, Option<u64>)> {
        let heap = Heap::of(&format!("root=\"\":synthetic -shortcut:g-> g:object\n{text}"));
        let groups = StringGroups::build(&heap.graph, &heap.dom, &heap.shallow, &Task::new()).unwrap();
        let ids = |group| groups.members(group).map(|node| heap.graph.id(node).0).collect();
        groups
            .groups()
            .map(|(ix, group)| (ids(ix), group.whole_length))
            .collect()
    }

    #[test]
    fn equal_texts_are_one_group() {
        let found = groups(
            "a=x:string/8 #11\nb=y:string/8 #13\nc=x:string/8 #15\nd=x:string/0 #17\ne=x:sliced_string/8 #19\n\
             f=\"\\u0078\":string/8 #21",
        );
        assert_eq!(found, [(vec![11, 15, 21], None), (vec![13], None)]);
    }

    #[test]
    fn joined_strings_count_unless_flattened() {
        let found = groups(
            "a=x:string/8 #11\nb=xx:string/8 #13\nempty=\"\":string/8 #15\n\
             r=1:concatenated_string/8 #17 -internal:first-> a\nr -internal:second-> a\n\
             s=2:concatenated_string/8 #19 -internal:first-> b\ns -internal:second-> empty\n\
             t=3:concatenated_string/8 #21 -internal:first-> e2=4:concatenated_string/8 #23 -internal:first-> empty\n\
             t -internal:second-> b",
        );
        assert_eq!(found, [(vec![11], None), (vec![13, 17], None), (vec![15], None)]);
    }

    #[test]
    fn cut_strings_must_agree_in_length_and_hash() {
        let mut text = String::new();
        for (id, length, hash) in [(11, 5000, 1), (13, 5000, 1), (15, 6000, 1), (17, 5000, 2)] {
            writeln!(
                text,
                "s{id}=x:string/8 #{id} -internal:truncated-> b{id}=bool:number -internal:value-> true:string/0\n\
                 s{id} -internal:length-> l{id}=int:number -internal:value-> \"{length}\":string/0\n\
                 s{id} -internal:hash-> h{id}=int:number -internal:value-> \"{hash}\":string/0"
            )
            .unwrap();
        }
        let found = groups(&(text + "u=x:string/8 #19\nv=x:string/8 #21"));
        assert_eq!(
            found,
            [
                (vec![11, 13], Some(5000)),
                (vec![15], Some(6000)),
                (vec![17], Some(5000)),
                (vec![19, 21], None)
            ]
        );
    }
}
