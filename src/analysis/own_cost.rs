//! What is in a heap only because snapshots of it were taken.
//!
//! Known by structure, never by size or time: streams that a snapshot is read from or written to, sessions of the inspector,
//! modules that write snapshots, the text of a dump that was gathered, and the code of the engine's own library that does all
//! this. What these alone keep alive belongs to them. Nothing a program made for its own ends is among it: a stream counts only
//! if the file it is for is a snapshot, and of functions only those of the library's own modules.

use crate::base::bits::BitSet;
use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::graph::retainers::Retainers;
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind};

use super::dominators::Dominators;
use super::packages::Package;
use super::string_map::StringSet;

/// All nodes of a heap that are there only because snapshots were taken; none if there are none.
pub fn find(
    graph: &HeapGraph,
    retainers: &Retainers,
    dominators: &Dominators,
    task: &Task,
) -> Result<Option<BitSet<NodeIx>>, Cancelled> {
    let survey = Survey {
        graph,
        retainers,
        dominators,
        task,
    };
    let streams = survey.streams()?;
    let mut seeds = survey.sessions()?;
    seeds.extend(survey.modules()?);
    seeds.extend(survey.dumped_text()?);
    seeds.extend(survey.library(!streams.is_empty())?);
    seeds.extend(streams);
    if seeds.is_empty() {
        return Ok(None);
    }
    dominated(graph, dominators, &seeds, task).map(Some)
}

/// Files that hold snapshots, by their names.
fn is_snapshot_file(name: JsStr<'_>) -> bool {
    let name = name.bytes();
    let name = [".gz", ".zst", ".br"]
        .iter()
        .find_map(|packed| name.strip_suffix(packed.as_bytes()))
        .unwrap_or(name);
    [".heapsnapshot", ".heaptimeline"]
        .iter()
        .any(|ending| name.ends_with(ending.as_bytes()))
}

/// Packages whose only purpose is to write snapshots and profiles.
const PACKAGES: [&str; 3] = [
    "/node_modules/heapdump/",
    "/node_modules/v8-profiler-next/",
    "/node_modules/v8-profiler/",
];

/// How every snapshot begins.
const DUMP_BEGINS: &str = "{\"snapshot\":{\"meta\":{\"node_fields\"";

struct Survey<'a> {
    graph: &'a HeapGraph,
    retainers: &'a Retainers,
    dominators: &'a Dominators,
    task: &'a Task,
}

impl Survey<'_> {
    /// Streams that V8 writes a snapshot to, and those whose file is one.
    fn streams(&self) -> Result<Vec<NodeIx>, Cancelled> {
        let mut found = self.objects_named("HeapSnapshotStream")?;
        found.extend(self.holders("path", is_snapshot_file, |holder| {
            ["_writableState", "_readableState"]
                .iter()
                .any(|state| self.has_property(holder, |name| name == *state))
        })?);
        Ok(found)
    }

    /// Sessions of the inspector that the program has opened.
    fn sessions(&self) -> Result<Vec<NodeIx>, Cancelled> {
        let mut found = self.objects_named("Session")?;
        found.retain(|&session| {
            let has = |part: &str| self.has_property(session, |name| name.to_string().contains(part));
            has("onnection") && has("essageCallbacks")
        });
        Ok(found)
    }

    /// Modules of packages that write snapshots.
    fn modules(&self) -> Result<Vec<NodeIx>, Cancelled> {
        let is_of_package = |name: JsStr<'_>| {
            let name = name.bytes();
            PACKAGES
                .iter()
                .any(|package| memchr::memmem::find(name, package.as_bytes()).is_some())
        };
        self.holders("filename", is_of_package, |holder| {
            self.graph.raw_name(holder) == "Module"
        })
    }

    /// The text of a dump in the pieces in which it came.
    fn dumped_text(&self) -> Result<Vec<NodeIx>, Cancelled> {
        let graph = self.graph;
        let mut found = Vec::new();
        let mut lists = Vec::new();
        for first in self.strings(|text| text.bytes().starts_with(DUMP_BEGINS.as_bytes()))? {
            let mut top = first;
            while graph.kind(self.dominators.of(top)) == NodeKind::ConcatenatedString {
                top = self.dominators.of(top);
            }
            found.push(top);
            let list = self.dominators.of(top);
            let is_list = match graph.kind(list) {
                NodeKind::Array => true,
                NodeKind::Object => graph.raw_name(list) == "Array",
                _ => false,
            };
            if is_list {
                lists.push(list);
            }
        }
        if !lists.is_empty() {
            for node in graph.nodes() {
                self.task.check_at(node.at())?;
                if is_text(graph.kind(node)) && lists.contains(&self.dominators.of(node)) {
                    found.push(node);
                }
            }
        }
        Ok(found)
    }

    /// The code of the library's functions that take snapshots. If streams are read, of all its functions: what they need is
    /// compiled when they are first used, and of code that was there before nothing changes.
    fn library(&self, is_any: bool) -> Result<Vec<NodeIx>, Cancelled> {
        let graph = self.graph;
        let strings = graph.strings();
        let scripts = StringSet::matching(strings, |name| is_library(name, is_any));
        if scripts.is_empty() {
            return Ok(Vec::new());
        }
        let links = StringSet::matching(strings, |name| name == "script" || name == "script_or_debug_info");
        let links = graph.internal_edges_named(|name| links.contains(name), self.task)?;
        let is_of_library = |edge: &&EdgeIx| {
            let script = graph.head(**edge).target();
            graph.kind(script) == NodeKind::Code && scripts.contains(graph.name_ix(script))
        };
        let sources = links.iter().filter(is_of_library).map(|&edge| graph.source(edge));
        let mut found: Vec<NodeIx> = sources
            .filter(|&node| graph.kind(node) == NodeKind::Code)
            .collect();
        let mut is_function = BitSet::new(graph.node_count());
        for &function in &found {
            is_function.insert(function);
        }
        // What V8 learned of them belongs to the closures.
        let shared = StringSet::equal(strings, "shared");
        let cells = StringSet::equal(strings, "feedback_cell");
        let cells = graph.internal_edges_named(|name| cells.contains(name), self.task)?;
        for (nth, &edge) in cells.iter().enumerate() {
            self.task.check_at(nth)?;
            let (closure, cell) = (graph.source(edge), graph.head(edge).target());
            let is_of_library = graph.edges(closure).any(|edge| {
                let is_shared = |name| shared.contains(name);
                graph.edge_name_ix(edge).is_some_and(is_shared)
                    && is_function.contains(graph.head(edge).target())
            });
            if is_of_library && graph.kind(cell) == NodeKind::Code {
                found.push(cell);
            }
        }
        Ok(found)
    }

    fn objects_named(&self, name: &str) -> Result<Vec<NodeIx>, Cancelled> {
        let names = StringSet::equal(self.graph.strings(), name);
        self.nodes(&names, |kind| kind == NodeKind::Object)
    }

    fn strings(&self, wanted: impl Fn(JsStr<'_>) -> bool) -> Result<Vec<NodeIx>, Cancelled> {
        let names = StringSet::matching(self.graph.strings(), wanted);
        self.nodes(&names, is_text)
    }

    fn nodes(
        &self,
        names: &StringSet,
        is_wanted: impl Fn(NodeKind) -> bool,
    ) -> Result<Vec<NodeIx>, Cancelled> {
        let mut found = Vec::new();
        if names.is_empty() {
            return Ok(found);
        }
        for node in self.graph.nodes() {
            self.task.check_at(node.at())?;
            if names.contains(self.graph.name_ix(node)) && is_wanted(self.graph.kind(node)) {
                found.push(node);
            }
        }
        Ok(found)
    }

    /// Objects whose property `property` is a text that is `wanted`.
    fn holders(
        &self,
        property: &str,
        wanted: impl Fn(JsStr<'_>) -> bool,
        is_holder: impl Fn(NodeIx) -> bool,
    ) -> Result<Vec<NodeIx>, Cancelled> {
        let graph = self.graph;
        let mut found = Vec::new();
        for text in self.strings(wanted)? {
            for (source, edge) in self.retainers.of(graph, text) {
                self.task.check()?;
                if graph.kind(source) == NodeKind::Object
                    && graph.head(edge).kind() == EdgeKind::Property
                    && graph.edge_name(edge) == EdgeName::Text(property.into())
                    && is_holder(source)
                {
                    found.push(source);
                }
            }
        }
        Ok(found)
    }

    fn has_property(&self, node: NodeIx, wanted: impl Fn(JsStr<'_>) -> bool) -> bool {
        let graph = self.graph;
        graph.edges(node).any(|edge| {
            graph.head(edge).kind() == EdgeKind::Property
                && matches!(graph.edge_name(edge), EdgeName::Text(name) if wanted(name))
        })
    }
}

fn is_text(kind: NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::String | NodeKind::ConcatenatedString | NodeKind::SlicedString
    )
}

/// Is that the script of a module of the runtime's library that is there for snapshots, or of any if asked for?
fn is_library(name: JsStr<'_>, is_any: bool) -> bool {
    let Some(name) = name.as_str() else { return false };
    let name = name.strip_prefix("system / Script / ").unwrap_or(name);
    if is_any && !name.starts_with("system") && Package::of(name).is_runtime() {
        return true;
    }
    let name = name.strip_prefix("node:").unwrap_or(name);
    let name = name.strip_suffix(".js").unwrap_or(name);
    matches!(
        name,
        "v8" | "inspector" | "inspector/promises" | "internal/heap_utils" | "internal/util/inspector"
    )
}

/// `seeds` with all that they dominate.
fn dominated(
    graph: &HeapGraph,
    dominators: &Dominators,
    seeds: &[NodeIx],
    task: &Task,
) -> Result<BitSet<NodeIx>, Cancelled> {
    let (mut inside, mut outside) = (BitSet::new(graph.node_count()), BitSet::new(graph.node_count()));
    for &seed in seeds {
        inside.insert(seed);
    }
    outside.insert(graph.root());
    let mut way = Vec::new();
    for node in graph.nodes() {
        task.check_at(node.at())?;
        let mut at = node;
        while !inside.contains(at) && !outside.contains(at) {
            way.push(at);
            at = dominators.of(at);
        }
        let set = if inside.contains(at) {
            &mut inside
        } else {
            &mut outside
        };
        for node in way.drain(..) {
            set.insert(node);
        }
    }
    Ok(inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Heap;

    fn cost(text: &str) -> String {
        let heap = Heap::of(text);
        let found = find(&heap.graph, &heap.retainers, &heap.dominators, &Task::new()).unwrap();
        let Some(found) = found else {
            return "none".to_owned();
        };
        heap.named(|node| found.contains(node)).join(" ")
    }

    #[test]
    fn streams_for_snapshots_and_what_they_alone_keep() {
        assert_eq!(
            cost(
                "root:synthetic/0 -shortcut:w-> window:object -a-> HeapSnapshotStream:object -buffer-> chunk:object\n\
                 HeapSnapshotStream -shared-> shared:object\nwindow -shared-> shared\n\
                 window -b-> WriteStream:object -path-> \"/tmp/a.heapsnapshot.gz\":string\n\
                 WriteStream -_writableState-> state:object\n\
                 window -c-> other=WriteStream:object -path-> \"/tmp/a.log\":string\n\
                 other -_writableState-> s2:object\n\
                 window -d-> Report:object -path-> \"/tmp/b.heapsnapshot\":string"
            ),
            "HeapSnapshotStream chunk WriteStream /tmp/a.heapsnapshot.gz state"
        );
    }

    #[test]
    fn sessions_of_the_inspector_and_no_other() {
        assert_eq!(
            cost(
                "root:synthetic/0 -shortcut:w-> window:object -a-> Session:object -#connection-> Connection:object\n\
                 Session -#messageCallbacks-> Map:object\n\
                 window -b-> mine=Session:object -user-> user:object"
            ),
            "Session Connection Map"
        );
    }

    #[test]
    fn the_text_of_a_dump_in_pieces() {
        let begin = "{\\\"snapshot\\\":{\\\"meta\\\":{\\\"node_fields\\\":[";
        assert_eq!(
            cost(&format!(
                "root:synthetic/0 -shortcut:w-> window:object -a-> list=Array:object -internal:elements-> store:array\n\
                 store -element:0-> a=\"{begin}\":string\nstore -element:1-> more:string\nstore -element:2-> kept:object\n\
                 list -element:0-> a\nlist -element:1-> more\n\
                 window -b-> texts=Array:object -internal:elements-> other:array -element:0-> mine:string"
            )),
            "{\"snapshot\":{\"meta\":{\"node_fields\":[ more"
        );
    }

    #[test]
    fn code_of_the_library_that_takes_snapshots() {
        let heap = |more: &str| {
            cost(&format!(
                "root:synthetic/0 -shortcut:w-> window:object -f-> f:closure -internal:shared-> write:code\n\
                 write -internal:script-> \"node:internal/heap_utils\":code\nwrite -internal:function_data-> bytecode:code\n\
                 window -g-> g:closure -internal:shared-> pipe:code -internal:script-> \"node:internal/streams/readable\":code\n\
                 window -h-> h:closure -internal:shared-> mine:code -internal:script-> \"/app/v8.js\":code\n{more}"
            ))
        };
        assert_eq!(heap(""), "write node:internal/heap_utils bytecode");
        assert_eq!(
            heap("window -s-> HeapSnapshotStream:object"),
            "write node:internal/heap_utils bytecode pipe node:internal/streams/readable HeapSnapshotStream"
        );
        assert_eq!(cost("root:synthetic/0 -shortcut:w-> window:object"), "none");
    }
}
