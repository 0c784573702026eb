//! Writes a heap, or a part of one, as V8 writes snapshots.

use std::io::{self, Write};

use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx, StringIx};
use crate::base::json_text::push_quoted;
use crate::base::task::Task;
use crate::graph::{EdgeKind, HeapGraph, NodeKind, StringTable};

use super::Fault;

/// The node, one of the program's roots, that holds what is written without what it refers to.
const KEEPER: &str = "(referred to by what was extracted)";

/// Which nodes are written.
pub(super) struct Part {
    /// These, with their edges to any that is written. The root is among them.
    pub(super) members: BitSet<NodeIx>,
    /// These without edges; none of them is a member.
    pub(super) leaves: BitSet<NodeIx>,
    /// Leaves that a node of their own holds, so that no member alone does.
    pub(super) held: BitSet<NodeIx>,
}

impl Part {
    /// A part of `graph` without nodes.
    pub(super) fn nothing(graph: &HeapGraph) -> Self {
        let none = || BitSet::new(graph.node_count());
        Self {
            members: none(),
            leaves: none(),
            held: none(),
        }
    }

    /// All of `graph`.
    pub(super) fn all(graph: &HeapGraph) -> Self {
        let mut part = Self::nothing(graph);
        for node in graph.nodes() {
            part.members.insert(node);
        }
        part
    }
}

/// How much was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Nodes.
    pub nodes: u64,
    /// Edges.
    pub edges: u64,
    /// Strings.
    pub strings: u64,
}

/// Writes `part` of `graph`. Allocation stacks are left out.
pub(super) fn write(
    graph: &HeapGraph,
    part: &Part,
    out: &mut impl Write,
    task: &Task,
) -> Result<Written, Fault> {
    let writer = Writer {
        graph,
        part,
        keeps: !part.held.is_empty(),
        width: if graph.header().has_detachedness { 6 } else { 5 },
    };
    writer.all(out, task)
}

struct Writer<'a> {
    graph: &'a HeapGraph,
    part: &'a Part,
    /// Is there a node that holds leaves?
    keeps: bool,
    width: usize,
}

/// New numbers of strings: 0 is the dummy, then come those that are used, in the order of the table.
struct Names {
    new: Vec<u32>,
    missing: u32,
    keeper: u32,
    count: u32,
}

impl Names {
    fn of(&self, string: StringIx) -> u32 {
        self.new.get(string.at()).copied().unwrap_or(self.missing)
    }
}

impl Writer<'_> {
    fn is_written(&self, node: NodeIx) -> bool {
        self.part.members.contains(node) || self.part.leaves.contains(node)
    }

    fn nodes(&self) -> impl Iterator<Item = NodeIx> + '_ {
        self.graph.nodes().filter(|&node| self.is_written(node))
    }

    /// How many edges of `node` are written.
    fn edge_count(&self, node: NodeIx) -> usize {
        if !self.part.members.contains(node) {
            return 0;
        }
        let heads = self.graph.heads(node).iter();
        let own = heads.filter(|head| self.is_written(head.target())).count();
        own + usize::from(self.keeps && node == self.graph.root())
    }

    fn all(&self, out: &mut impl Write, task: &Task) -> Result<Written, Fault> {
        let mut ordinals = vec![u32::MAX; self.graph.node_count()];
        let (mut nodes, mut edges) = (0_u32, 0_u64);
        for node in self.nodes() {
            task.check_at(node.at())?;
            ordinals[node.at()] = nodes;
            nodes += 1;
            edges += self.edge_count(node) as u64;
        }
        let keeper = nodes;
        if self.keeps {
            nodes += 1;
            edges += self.part.held.count() as u64;
        }
        let names = self.names(task)?;
        self.header(nodes, edges, ordinals[self.graph.root().at()], out)?;
        out.write_all(b",\n\"nodes\":[")?;
        let mut before = "";
        for node in self.nodes() {
            task.check_at(node.at())?;
            let tag = self.graph.tag(node);
            let (name, id) = (names.of(self.graph.name_ix(node)), self.graph.id(node).0);
            let (size, count) = (self.graph.self_size(node), self.edge_count(node));
            write!(out, "{before}{},{name},{id},{size},{count}", tag.code())?;
            if self.width == 6 {
                write!(out, ",{}", tag.detachedness() as u8)?;
            }
            before = ",\n";
        }
        if self.keeps {
            let (kind, name, count) = (NodeKind::Native as u8, names.keeper, self.part.held.count());
            // No node of the heap has that id: those of what is not JavaScript's are even.
            let id = self
                .graph
                .nodes()
                .map(|node| self.graph.id(node).0)
                .max()
                .unwrap_or(0)
                / 2
                * 2
                + 2;
            let last = if self.width == 6 { ",0" } else { "" };
            write!(out, ",\n{kind},{name},{id},0,{count}{last}")?;
        }
        self.edges(&ordinals, keeper, &names, out, task)?;
        self.small_sections(&ordinals, out)?;
        self.strings(&names, out)?;
        out.write_all(b"}\n")?;
        Ok(Written {
            nodes: u64::from(nodes),
            edges,
            strings: u64::from(names.count),
        })
    }

    fn header(&self, nodes: u32, edges: u64, root: u32, out: &mut impl Write) -> io::Result<()> {
        let header = self.graph.header();
        let mut fields = vec!["type", "name", "id", "self_size", "edge_count"];
        if self.width == 6 {
            fields.push("detachedness");
        }
        let mut kinds: Vec<&str> = NodeKind::ALL.iter().map(|kind| kind.name()).collect();
        kinds.truncate(NodeKind::Other as usize);
        kinds.extend(header.other_kinds.iter().map(String::as_str));
        if header.other_kinds.is_empty() {
            kinds.push(NodeKind::Other.name());
        }
        let edge_kinds: Vec<&str> = EdgeKind::ALL.iter().map(|kind| kind.name()).collect();
        let mut node_types = vec![serde_json::json!(kinds)];
        node_types.extend(fields[1..].iter().map(|_| serde_json::json!("number")));
        let meta = serde_json::json!({
            "node_fields": fields,
            "node_types": node_types,
            "edge_fields": ["type", "name_or_index", "to_node"],
            "edge_types": [edge_kinds, "string_or_number", "node"],
            "trace_function_info_fields": ["function_id", "name", "script_name", "script_id", "line", "column"],
            "trace_node_fields": ["id", "function_info_index", "count", "size", "children"],
            "sample_fields": ["timestamp_us", "last_assigned_id"],
            "location_fields": ["object_index", "script_id", "line", "column"],
        });
        write!(
            out,
            "{{\"snapshot\":{{\"meta\":{meta},\"node_count\":{nodes},\"edge_count\":{edges},\"trace_function_count\":0,\
             \"root_index\":{},\"extra_native_bytes\":{}}}",
            u64::from(root) * self.width as u64,
            header.extra_native_bytes
        )
    }

    fn edges(
        &self,
        ordinals: &[u32],
        keeper: u32,
        names: &Names,
        out: &mut impl Write,
        task: &Task,
    ) -> Result<(), Fault> {
        let index = |ordinal: u32| u64::from(ordinal) * self.width as u64;
        let element = EdgeKind::Element as u8;
        out.write_all(b"],\n\"edges\":[")?;
        let mut before = "";
        for node in self.nodes().filter(|&node| self.part.members.contains(node)) {
            task.check_at(node.at())?;
            for edge in self.graph.edges(node) {
                let head = self.graph.head(edge);
                if !self.is_written(head.target()) {
                    continue;
                }
                let raw = self.graph.edge_name_raw(edge);
                let name = self.graph.edge_name_ix(edge).map_or(raw, |name| names.of(name));
                let target = index(ordinals[head.target().at()]);
                write!(out, "{before}{},{name},{target}", head.kind() as u8)?;
                before = ",\n";
            }
            if self.keeps && node == self.graph.root() {
                let nth = self.graph.heads(node).len() + 1;
                write!(out, "{before}{element},{nth},{}", index(keeper))?;
                before = ",\n";
            }
        }
        for (nth, node) in self.part.held.iter().enumerate() {
            write!(out, "{before}{element},{nth},{}", index(ordinals[node.at()]))?;
            before = ",\n";
        }
        Ok(())
    }

    /// What V8 writes between edges and strings.
    fn small_sections(&self, ordinals: &[u32], out: &mut impl Write) -> io::Result<()> {
        out.write_all(b"],\n\"trace_function_infos\":[],\n\"trace_tree\":[],\n\"samples\":[")?;
        let samples = self.graph.samples();
        let mut before = "";
        for (time, id) in samples.times.iter().zip(&samples.last_ids) {
            write!(out, "{before}{time},{id}")?;
            before = ",";
        }
        out.write_all(b"],\n\"locations\":[")?;
        before = "";
        let locations = self.graph.locations();
        for (node, place) in locations.iter().filter(|&(node, _)| self.is_written(node)) {
            let place = locations.places()[place as usize];
            let index = u64::from(ordinals[node.at()]) * self.width as u64;
            write!(
                out,
                "{before}{index},{},{},{}",
                place.script_id, place.line, place.column
            )?;
            before = ",\n";
        }
        out.write_all(b"]")
    }

    fn names(&self, task: &Task) -> Result<Names, Fault> {
        let strings = self.graph.strings();
        let mut used = BitSet::<StringIx>::new(strings.len());
        let mut mark = |name: StringIx| {
            if name.at() < strings.len() {
                used.insert(name);
            }
        };
        for node in self.nodes() {
            task.check_at(node.at())?;
            mark(self.graph.name_ix(node));
            if self.part.members.contains(node) {
                for edge in self.graph.edges(node) {
                    if let Some(name) = self.graph.edge_name_ix(edge)
                        && self.is_written(self.graph.head(edge).target())
                    {
                        mark(name);
                    }
                }
            }
        }
        let mut new = vec![0; strings.len()];
        let mut count = 1;
        for string in used.iter() {
            new[string.at()] = count;
            count += 1;
        }
        Ok(Names {
            new,
            missing: count,
            keeper: count + 1,
            count: count + 2,
        })
    }

    fn strings(&self, names: &Names, out: &mut impl Write) -> io::Result<()> {
        let strings = self.graph.strings();
        out.write_all(b",\n\"strings\":[\"<dummy>\"")?;
        let mut text = Vec::new();
        for string in strings.indices().filter(|string| names.new[string.at()] != 0) {
            text.clear();
            text.extend_from_slice(b",\n");
            push_quoted(&mut text, strings.get(string));
            out.write_all(&text)?;
        }
        write!(out, ",\n\"{}\",\n\"{KEEPER}\"]", StringTable::MISSING)
    }
}
