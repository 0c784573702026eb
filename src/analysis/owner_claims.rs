//! What nodes say themselves of the script or module they belong to.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::index::{EdgeIx, Ix as _, NodeIx, StringIx};
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
        let names = Names::find(graph);
        // One pass over the names of all edges for both sorts of links.
        let is_link = |name| names.script.contains(name) || names.global.contains(name);
        let links = graph.internal_edges_named(is_link, task)?;
        let is_of_script = |&edge: &EdgeIx| {
            let name = graph.edge_name_ix(edge);
            name.is_some_and(|name| names.script.contains(name))
        };
        let (scripts, others): (Vec<EdgeIx>, Vec<EdgeIx>) = links.into_iter().partition(is_of_script);
        let mut survey = Survey {
            graph,
            names,
            paths: Vec::new(),
            by_path: FxHashMap::default(),
            of: filled(graph.node_count(), NOBODY),
        };
        survey.scripts(&scripts, task)?;
        let modules = survey.functions(task)?;
        let by_class = survey.constructors(classes, task)?;
        survey.modules(&modules, name, task)?;
        Ok(Self {
            by_class,
            globals: with_shortcuts(graph, &others),
            paths: survey.paths,
            of: survey.of,
        })
    }
}

/// Names by which things that claim something are known: of links, of contexts, of module objects and their properties.
struct Names {
    script: StringSet,
    global: StringSet,
    shared: StringSet,
    context: StringSet,
    previous: StringSet,
    contexts: StringSet,
    module: StringSet,
    exports: StringSet,
    filename: StringSet,
    id: StringSet,
}

impl Names {
    /// One pass over all strings.
    fn find(graph: &HeapGraph) -> Self {
        let [
            script,
            global,
            shared,
            context,
            previous,
            contexts,
            module,
            exports,
            filename,
            id,
        ] = StringSet::each_matching(graph.strings(), |text| match text.bytes() {
            b"script" | b"script_or_debug_info" => Some(0),
            name if is_global_link(name) => Some(1),
            b"shared" => Some(2),
            b"context" => Some(3),
            b"previous" => Some(4),
            b"system / Context" => Some(5),
            b"Module" => Some(6),
            b"exports" => Some(7),
            b"filename" => Some(8),
            b"id" => Some(9),
            name if name.starts_with(b"system / Context / ") => Some(5),
            _ => None,
        });
        Self {
            script,
            global,
            shared,
            context,
            previous,
            contexts,
            module,
            exports,
            filename,
            id,
        }
    }
}

/// [`Claims`] in the making.
struct Survey<'a> {
    graph: &'a HeapGraph,
    names: Names,
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
    fn scripts(&mut self, links: &[EdgeIx], task: &Task) -> Result<(), Cancelled> {
        let graph = self.graph;
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

    /// Functions, by their code, and the contexts in which they run. Returns objects that may be modules, met on the way.
    fn functions(&mut self, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let graph = self.graph;
        let mut modules = Vec::new();
        let mut steps = 0;
        for function in graph.nodes() {
            task.check_at(function.at())?;
            let kind = graph.kind(function);
            if kind == NodeKind::Object && self.names.module.contains(graph.name_ix(function)) {
                modules.push(function);
            }
            if kind != NodeKind::Closure {
                continue;
            }
            let code = follow(graph, function, EdgeKind::Internal, &self.names.shared);
            let owner = code.map_or(NOBODY, |code| self.of[code.at()]);
            if owner == NOBODY {
                continue;
            }
            self.of[function.at()] = owner;
            // Contexts inside each other are of one script; one that is known has told those it is in.
            let mut inner = follow(graph, function, EdgeKind::Internal, &self.names.context);
            while let Some(node) = inner.filter(|&node| self.names.contexts.contains(graph.name_ix(node))) {
                steps += 1;
                task.check_at(steps)?;
                let known = &mut self.of[node.at()];
                if *known == owner || *known == DISPUTED {
                    break;
                }
                *known = if *known == NOBODY { owner } else { DISPUTED };
                inner = follow(graph, node, EdgeKind::Internal, &self.names.previous);
            }
        }
        Ok(modules)
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

    /// Node's module objects, by the file they name.
    fn modules(
        &mut self,
        modules: &[NodeIx],
        name: impl Fn(NodeIx) -> JsString,
        task: &Task,
    ) -> Result<(), Cancelled> {
        let graph = self.graph;
        for (nth, &node) in modules.iter().enumerate() {
            task.check_at(nth)?;
            let property = |name: &StringSet| follow(graph, node, EdgeKind::Property, name);
            let is_text =
                |node: &NodeIx| matches!(graph.kind(*node), NodeKind::String | NodeKind::ConcatenatedString);
            let file = property(&self.names.filename)
                .filter(is_text)
                .or_else(|| property(&self.names.id).filter(is_text));
            if let Some(file) = file
                && property(&self.names.exports).is_some()
                && let Some(owner) = self.number(name(file).as_js())
            {
                self.of[node.at()] = owner;
            }
        }
        Ok(())
    }
}

/// Global objects: everyone's things hang in them.
pub fn globals(graph: &HeapGraph, task: &Task) -> Result<FxHashSet<NodeIx>, Cancelled> {
    let links = StringSet::matching(graph.strings(), |name| is_global_link(name.bytes()));
    let links = graph.internal_edges_named(|name| links.contains(name), task)?;
    Ok(with_shortcuts(graph, &links))
}

/// Is a link of that name one to a global object?
fn is_global_link(name: &[u8]) -> bool {
    matches!(name, b"global_object" | b"global_proxy_object" | b"extension")
}

/// What `links` lead to, and the root's shortcuts.
fn with_shortcuts(graph: &HeapGraph, links: &[EdgeIx]) -> FxHashSet<NodeIx> {
    let shortcuts = graph.heads(graph.root()).iter().filter(|head| head.is_shortcut());
    let linked = links.iter().map(|&edge| graph.head(edge).target());
    linked.chain(shortcuts.map(|head| head.target())).collect()
}

/// The target of the first edge of `node` of that kind with a name of `names`.
pub fn follow(graph: &HeapGraph, node: NodeIx, kind: EdgeKind, names: &StringSet) -> Option<NodeIx> {
    let mut edges = graph.edges(node);
    let is_wanted = |name| names.contains(StringIx::from_raw(name));
    let edge = edges.find(|&edge| graph.head(edge).kind() == kind && is_wanted(graph.edge_name_raw(edge)))?;
    Some(graph.head(edge).target())
}
