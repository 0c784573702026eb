//! What is in a heap only because snapshots of it were taken.
//!
//! Known by structure, never by size or time: streams that a snapshot is read from or written to, sessions of the inspector,
//! modules that write snapshots, the text of a dump that was gathered, and the code of the engine's own library that does all
//! this. What these alone keep alive belongs to them. Nothing a program made for its own ends is among it: a stream counts only
//! if the file it is for is a snapshot, and of functions only those of the library's own modules.

use rustc_hash::FxHashMap;

use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::graph::retainers::Retainers;
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind};

use super::dominators::Dominators;
use super::owner_claims::follow;
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
    let found = survey.candidates()?;
    let streams = survey.streams(&found)?;
    let mut seeds = survey.sessions(&found);
    seeds.extend(survey.modules(&found));
    seeds.extend(survey.dumped_text(&found)?);
    seeds.extend(survey.library(&found, !streams.is_empty())?);
    seeds.extend(streams);
    if seeds.is_empty() {
        return Ok(None);
    }
    dominated(graph, dominators, &seeds, task).map(Some)
}

/// Files that hold snapshots, by their names.
fn is_snapshot_file(name: &[u8]) -> bool {
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
const DUMP_BEGINS: &[u8] = b"{\"snapshot\":{\"meta\":{\"node_fields\"";

/// What is to be looked at more closely.
#[derive(Default)]
struct Candidates {
    /// Objects of the classes of a stream, a session and a module.
    streams: Vec<NodeIx>,
    sessions: Vec<NodeIx>,
    modules: Vec<NodeIx>,
    /// Texts that are names of snapshots, and such as begin one.
    files: Vec<NodeIx>,
    dumps: Vec<NodeIx>,
    /// Functions as they are compiled, with the node of their script.
    functions: Vec<(NodeIx, NodeIx)>,
}

struct Survey<'a> {
    graph: &'a HeapGraph,
    retainers: &'a Retainers,
    dominators: &'a Dominators,
    task: &'a Task,
}

impl Survey<'_> {
    /// One pass over the strings, one over the nodes and the links of compiled code.
    fn candidates(&self) -> Result<Candidates, Cancelled> {
        let graph = self.graph;
        let [streams, sessions, modules, files, dumps, scripts] =
            StringSet::each_matching(graph.strings(), |text| match text.bytes() {
                b"HeapSnapshotStream" => Some(0),
                b"Session" => Some(1),
                b"Module" => Some(2),
                b"script" | b"script_or_debug_info" => Some(5),
                text if text.starts_with(DUMP_BEGINS) => Some(4),
                text if is_snapshot_file(text) => Some(3),
                _ => None,
            });
        let mut found = Candidates::default();
        for node in graph.nodes() {
            self.task.check_at(node.at())?;
            let kind = graph.kind(node);
            let name = graph.name_ix(node);
            if kind == NodeKind::Object {
                for (names, list) in [
                    (&streams, &mut found.streams),
                    (&sessions, &mut found.sessions),
                    (&modules, &mut found.modules),
                ] {
                    if names.contains(name) {
                        list.push(node);
                    }
                }
            } else if is_text(kind) {
                for (names, list) in [(&files, &mut found.files), (&dumps, &mut found.dumps)] {
                    if names.contains(name) {
                        list.push(node);
                    }
                }
            } else if kind == NodeKind::Code {
                let script = follow(graph, node, EdgeKind::Internal, &scripts);
                let script = script.filter(|&script| graph.kind(script) == NodeKind::Code);
                found.functions.extend(script.map(|script| (node, script)));
            }
        }
        Ok(found)
    }

    /// Streams that V8 writes a snapshot to, and those whose file is one.
    fn streams(&self, found: &Candidates) -> Result<Vec<NodeIx>, Cancelled> {
        let graph = self.graph;
        let mut streams = found.streams.clone();
        for &text in &found.files {
            for (source, edge) in self.retainers.of(graph, text) {
                self.task.check()?;
                let is_path = graph.head(edge).kind() == EdgeKind::Property
                    && graph.edge_name(edge) == EdgeName::Text("path".into());
                let is_state = |name: JsStr<'_>| name == "_writableState" || name == "_readableState";
                if is_path && graph.kind(source) == NodeKind::Object && self.has_property(source, is_state) {
                    streams.push(source);
                }
            }
        }
        Ok(streams)
    }

    /// Sessions of the inspector that the program has opened.
    fn sessions(&self, found: &Candidates) -> Vec<NodeIx> {
        let has = |session, part: &str| {
            self.has_property(session, |name| {
                memchr::memmem::find(name.bytes(), part.as_bytes()).is_some()
            })
        };
        let sessions = found.sessions.iter().copied();
        sessions
            .filter(|&session| has(session, "onnection") && has(session, "essageCallbacks"))
            .collect()
    }

    /// Modules of packages that write snapshots.
    fn modules(&self, found: &Candidates) -> Vec<NodeIx> {
        let graph = self.graph;
        let is_of_package = |name: JsStr<'_>| {
            PACKAGES
                .iter()
                .any(|package| memchr::memmem::find(name.bytes(), package.as_bytes()).is_some())
        };
        let is_wanted = |&module: &NodeIx| {
            graph.edges(module).any(|edge| {
                let file = graph.head(edge).target();
                graph.head(edge).kind() == EdgeKind::Property
                    && graph.edge_name(edge) == EdgeName::Text("filename".into())
                    && is_text(graph.kind(file))
                    && is_of_package(graph.raw_name(file))
            })
        };
        found.modules.iter().copied().filter(is_wanted).collect()
    }

    /// The text of a dump in the pieces in which it came.
    fn dumped_text(&self, found: &Candidates) -> Result<Vec<NodeIx>, Cancelled> {
        let graph = self.graph;
        let mut texts = Vec::new();
        let mut lists = Vec::new();
        for &first in &found.dumps {
            let mut top = first;
            while graph.kind(self.dominators.of(top)) == NodeKind::ConcatenatedString {
                top = self.dominators.of(top);
            }
            texts.push(top);
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
                    texts.push(node);
                }
            }
        }
        Ok(texts)
    }

    /// The code of the library's functions that take snapshots. If streams are read, of all its functions: what they need is
    /// compiled when they are first used, and of code that was there before nothing changes.
    fn library(&self, found: &Candidates, is_any: bool) -> Result<Vec<NodeIx>, Cancelled> {
        let graph = self.graph;
        let mut known: FxHashMap<StringIx, bool> = FxHashMap::default();
        let mut is_of_library = |script: NodeIx| {
            let is_wanted = || is_library(graph.raw_name(script), is_any);
            *known.entry(graph.name_ix(script)).or_insert_with(is_wanted)
        };
        let functions = found.functions.iter();
        let mut code: Vec<NodeIx> = functions
            .filter(|&&(_, script)| is_of_library(script))
            .map(|&(function, _)| function)
            .collect();
        if code.is_empty() {
            return Ok(code);
        }
        let mut is_function = BitSet::new(graph.node_count());
        for &function in &code {
            is_function.insert(function);
        }
        // What V8 learned of them belongs to the closures.
        let [shared, cells] = StringSet::each_of(graph.strings(), [&["shared"], &["feedback_cell"]]);
        for closure in graph.nodes() {
            self.task.check_at(closure.at())?;
            if graph.kind(closure) != NodeKind::Closure {
                continue;
            }
            let link = |names| follow(graph, closure, EdgeKind::Internal, names);
            if link(&shared).is_some_and(|function| is_function.contains(function))
                && let Some(cell) = link(&cells)
                && graph.kind(cell) == NodeKind::Code
            {
                code.push(cell);
            }
        }
        Ok(code)
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

/// `seeds` with all that they dominate. Whatever way leads from a node to one that it dominates passes that one's immediate
/// dominator before, so a search from the seeds that enters what is dominated by what it has been at finds them all.
fn dominated(
    graph: &HeapGraph,
    dominators: &Dominators,
    seeds: &[NodeIx],
    task: &Task,
) -> Result<BitSet<NodeIx>, Cancelled> {
    let mut inside = BitSet::new(graph.node_count());
    let mut open: Vec<NodeIx> = seeds
        .iter()
        .copied()
        .filter(|&seed| inside.insert(seed))
        .collect();
    let mut steps = 0;
    while let Some(node) = open.pop() {
        for head in graph.heads(node) {
            steps += 1;
            task.check_at(steps)?;
            let target = head.target();
            if target != graph.root() && inside.contains(dominators.of(target)) && inside.insert(target) {
                open.push(target);
            }
        }
    }
    Ok(inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Dice, Heap, random_heap};

    #[test]
    fn what_seeds_dominate_is_found_from_them() {
        for seed in 0..60 {
            let mut dice = Dice::new(seed);
            let nodes = 2 + dice.roll(40);
            let heap = Heap::of(&random_heap(&mut dice, nodes));
            let seeds = [0, 1].map(|_| NodeIx::from_raw(u32::try_from(1 + dice.roll(nodes - 1)).unwrap()));
            let found = dominated(&heap.graph, &heap.dominators, &seeds, &Task::new()).unwrap();
            for node in heap.graph.nodes() {
                let mut at = node;
                while !seeds.contains(&at) && at != heap.graph.root() {
                    at = heap.dominators.of(at);
                }
                assert_eq!(found.contains(node), seeds.contains(&at), "seed {seed}: {node:?}");
            }
        }
    }

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
