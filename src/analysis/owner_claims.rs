//! What nodes say themselves of the script or module they belong to.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::index::{Ix as _, NodeIx, StringIx};
use crate::base::memory::filled;
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::graph::{EdgeKind, HeapGraph, NodeKind, Place};

use super::classes::ClassTable;
use super::owner_names::path;
use super::string_map::StringSet;

/// In place of an owner's number: there is none.
pub const NOBODY: u32 = 0;
/// In place of an owner while they are looked for: several scripts claim the node.
pub const DISPUTED: u32 = u32::MAX;

/// What nodes say themselves of whose they are. Owners are numbered from 1.
#[derive(Debug)]
pub struct Claims {
    /// The path of each owner, from number 1 on.
    pub paths: Vec<JsString>,
    /// For each node its owner's number, [`NOBODY`] or [`DISPUTED`].
    pub of: Vec<u32>,
    /// For each class the number of the script in which its constructor stands, or [`NOBODY`].
    pub by_class: Vec<u32>,
    /// Global objects, which belong to nobody for their constructor's sake.
    pub globals: FxHashSet<NodeIx>,
}

impl Claims {
    /// Looks at scripts, functions, contexts and module objects; `name` gives a node's displayed name.
    pub fn build(
        graph: &HeapGraph,
        classes: &ClassTable,
        name: impl Fn(NodeIx) -> JsString,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut survey = Survey {
            graph,
            paths: Vec::new(),
            by_path: FxHashMap::default(),
            of: filled(graph.node_count(), NOBODY),
        };
        survey.scripts(task)?;
        survey.functions(task)?;
        let by_class = survey.constructors(classes, task)?;
        survey.modules(name, task)?;
        survey.bundled(task)?;
        Ok(Self {
            by_class,
            globals: globals(graph, task)?,
            paths: survey.paths,
            of: survey.of,
        })
    }
}

/// [`Claims`] in the making.
struct Survey<'a> {
    graph: &'a HeapGraph,
    paths: Vec<JsString>,
    by_path: FxHashMap<JsString, u32>,
    of: Vec<u32>,
}

/// Before a script's name in newer files.
const SCRIPT: &str = "system / Script / ";
/// Names that begin so are those of the engine's own objects.
const SYSTEM: &str = "system / ";

impl Survey<'_> {
    /// Scripts and the functions' code that refers to them.
    fn scripts(&mut self, task: &Task) -> Result<(), Cancelled> {
        let graph = self.graph;
        let links = StringSet::matching(graph.strings(), |name| {
            name == "script" || name == "script_or_debug_info"
        });
        let links = graph.internal_edges_named(|name| links.contains(name), task)?;
        for (nth, &edge) in links.iter().enumerate() {
            task.check_at(nth)?;
            let script = graph.head(edge).target();
            if graph.kind(script) == NodeKind::Code
                && let Some(owner) = self.of_script(script)
            {
                self.of[graph.source(edge).at()] = owner;
            }
        }
        Ok(())
    }

    /// The owner that the script is, if it has a name.
    fn of_script(&mut self, script: NodeIx) -> Option<u32> {
        if self.of[script.at()] == NOBODY {
            let name = self.graph.raw_name(script);
            let name = match name.bytes().strip_prefix(SCRIPT.as_bytes()) {
                Some(rest) => JsStr::from_wtf8(rest),
                None if name.starts_with(SYSTEM) || name == SYSTEM.trim_end_matches(" / ") => {
                    return None;
                }
                None => name,
            };
            self.of[script.at()] = self.number(name)?;
        }
        Some(self.of[script.at()])
    }

    /// The number of the owner of that name, if it is one.
    fn number(&mut self, name: JsStr<'_>) -> Option<u32> {
        let path = match name.as_str() {
            Some(text) => JsStr::from(path(text)),
            None => name,
        };
        if path.is_empty() {
            return None;
        }
        let next = u32::try_from(self.paths.len() + 1).ok()?;
        let number = *self.by_path.entry(path.to_owned()).or_insert(next);
        if number == next {
            self.paths.push(path.to_owned());
        }
        Some(number)
    }

    /// Functions, by their code, and the contexts in which they run.
    fn functions(&mut self, task: &Task) -> Result<(), Cancelled> {
        let graph = self.graph;
        let [shared, context, previous] =
            ["shared", "context", "previous"].map(|name| StringSet::equal(graph.strings(), name));
        let contexts = StringSet::matching(graph.strings(), |name| {
            name == "system / Context" || name.starts_with("system / Context / ")
        });
        let mut steps = 0;
        for function in graph.nodes() {
            task.check_at(function.at())?;
            if graph.kind(function) != NodeKind::Closure {
                continue;
            }
            let code = follow(graph, function, EdgeKind::Internal, &shared);
            let owner = code.map_or(NOBODY, |code| self.of[code.at()]);
            if owner == NOBODY {
                continue;
            }
            self.of[function.at()] = owner;
            // Contexts inside each other are of one script; one that is known has told those it is in.
            let mut inner = follow(graph, function, EdgeKind::Internal, &context);
            while let Some(node) = inner.filter(|&node| contexts.contains(graph.name_ix(node))) {
                steps += 1;
                task.check_at(steps)?;
                let known = &mut self.of[node.at()];
                if *known == owner || *known == DISPUTED {
                    break;
                }
                *known = if *known == NOBODY { owner } else { DISPUTED };
                inner = follow(graph, node, EdgeKind::Internal, &previous);
            }
        }
        Ok(())
    }

    /// For each class the script of its constructor, known from the places of functions.
    fn constructors(&self, classes: &ClassTable, task: &Task) -> Result<Vec<u32>, Cancelled> {
        let mut scripts: FxHashMap<u32, u32> = FxHashMap::default();
        let locations = self.graph.locations();
        for (nth, (node, place)) in locations.iter().enumerate() {
            task.check_at(nth)?;
            let owner = self.of[node.at()];
            if owner != NOBODY && self.graph.kind(node) == NodeKind::Closure {
                scripts
                    .entry(locations.places()[place as usize].script_id)
                    .or_insert(owner);
            }
        }
        let owner = |place: Place| scripts.get(&place.script_id).copied();
        let all = classes.all().iter();
        Ok(all
            .map(|class| class.place.and_then(owner).unwrap_or(NOBODY))
            .collect())
    }

    /// Modules in the registry of a bundle, by the path under which the registry has them: webpack keeps what `./src/cache.js`
    /// exports in an object with `exports` under that name.
    fn bundled(&mut self, task: &Task) -> Result<(), Cancelled> {
        let graph = self.graph;
        let files = StringSet::matching(graph.strings(), is_bundled_file);
        let exports = StringSet::equal(graph.strings(), "exports");
        if files.is_empty() || exports.is_empty() {
            return Ok(());
        }
        for node in graph.nodes() {
            task.check_at(node.at())?;
            if graph.kind(node) != NodeKind::Object {
                continue;
            }
            for edge in graph.edges(node) {
                let head = graph.head(edge);
                let Some(name) = graph.edge_name_ix(edge).filter(|name| files.contains(*name)) else {
                    continue;
                };
                let module = head.target();
                if head.kind() == EdgeKind::Property
                    && self.of[module.at()] == NOBODY
                    && follow(graph, module, EdgeKind::Property, &exports).is_some()
                    && let Some(owner) = self.number(graph.strings().get(name))
                {
                    self.of[module.at()] = owner;
                }
            }
        }
        Ok(())
    }

    /// Node's module objects, by the file they name.
    fn modules(&mut self, name: impl Fn(NodeIx) -> JsString, task: &Task) -> Result<(), Cancelled> {
        let graph = self.graph;
        let [module, exports, filename, id] =
            ["Module", "exports", "filename", "id"].map(|name| StringSet::equal(graph.strings(), name));
        for node in graph.nodes() {
            task.check_at(node.at())?;
            if graph.kind(node) != NodeKind::Object || !module.contains(graph.name_ix(node)) {
                continue;
            }
            let property = |name: &StringSet| follow(graph, node, EdgeKind::Property, name);
            let is_text =
                |node: &NodeIx| matches!(graph.kind(*node), NodeKind::String | NodeKind::ConcatenatedString);
            let file = property(&filename)
                .filter(is_text)
                .or_else(|| property(&id).filter(is_text));
            if let Some(file) = file
                && property(&exports).is_some()
                && let Some(owner) = self.number(name(file).as_js())
            {
                self.of[node.at()] = owner;
            }
        }
        Ok(())
    }
}

/// How the files of scripts end.
const SCRIPTS: [&str; 9] = [
    ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx", ".vue",
];

/// Is it what a bundler calls a file of a program: its path from the program's directory?
fn is_bundled_file(name: JsStr<'_>) -> bool {
    name.as_str().is_some_and(|name| {
        let is_relative = name.starts_with("./") || name.starts_with("../");
        is_relative && SCRIPTS.iter().any(|end| name.ends_with(end))
    })
}

/// Global objects: everyone's things hang in them.
pub fn globals(graph: &HeapGraph, task: &Task) -> Result<FxHashSet<NodeIx>, Cancelled> {
    let links = StringSet::matching(graph.strings(), |name| {
        ["global_object", "global_proxy_object", "extension"]
            .iter()
            .any(|link| name == *link)
    });
    let links = graph.internal_edges_named(|name| links.contains(name), task)?;
    let shortcuts = graph.heads(graph.root()).iter().filter(|head| head.is_shortcut());
    let linked = links.iter().map(|&edge| graph.head(edge).target());
    Ok(linked.chain(shortcuts.map(|head| head.target())).collect())
}

/// The target of the first edge of `node` of that kind with a name of `names`.
pub fn follow(graph: &HeapGraph, node: NodeIx, kind: EdgeKind, names: &StringSet) -> Option<NodeIx> {
    let mut edges = graph.edges(node);
    let is_wanted = |name| names.contains(StringIx::from_raw(name));
    let edge = edges.find(|&edge| graph.head(edge).kind() == kind && is_wanted(graph.edge_name_raw(edge)))?;
    Some(graph.head(edge).target())
}
