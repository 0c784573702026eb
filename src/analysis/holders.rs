//! By what name a program holds an object, and whose name that is: `cache` of `titleFor`, `byId` of `Repository`.
//!
//! From the object one goes from holder to holder towards the roots, each time by the reference that says most: a variable,
//! a property, an element. The way ends at what has a name of its own in the program's text: a variable, a function, an object
//! of a class, a module, a global object. Classes and functions of packages that serve others (an `LRUCache`, a `memoized()`)
//! are passed on the way to whoever uses them.

use rustc_hash::FxHashSet;

use super::distances::{Distances, Reach};
use super::dominators::Dominators;
use super::owners::{OwnerIx, Owners};
use super::packages::Package;
use super::string_map::StringSet;
use crate::base::index::{EdgeIx, NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::graph::retainers::Retainers;
use crate::graph::{EdgeHead, EdgeKind, HeapGraph, NodeKind};

/// What finds holders in one heap.
#[derive(Debug)]
pub struct Holders<'a> {
    graph: &'a HeapGraph,
    retainers: &'a Retainers,
    distances: &'a Distances,
    dominators: &'a Dominators,
    owners: &'a Owners,
    globals: FxHashSet<NodeIx>,
    names: Names,
}

/// Strings that are looked for.
#[derive(Debug)]
struct Names {
    contexts: StringSet,
    native_contexts: StringSet,
    context: StringSet,
    previous: StringSet,
    proto: StringSet,
    constructor: StringSet,
    /// Variables in which memoizers keep the function they are for.
    functions: StringSet,
    /// Variables that only a module's outermost context has.
    module_variables: StringSet,
    /// Classes of the language, whose objects say nothing of their makers.
    plain: StringSet,
    module: StringSet,
    /// The property under which parts of a lodash collection keep what they are made of.
    data: StringSet,
}

/// By what an object is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// A variable.
    Variable(StringIx),
    /// A property.
    Property(StringIx),
    /// An element, or an entry of a collection.
    Entry,
    /// A reference of the engine's.
    Internal,
}

/// A step from an object to the one that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is held.
    pub held: NodeIx,
    /// What holds it.
    pub holder: NodeIx,
    /// By what.
    pub label: Label,
}

/// Where the way ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At a variable of this context.
    Variable(NodeIx),
    /// At a property of this function.
    Function(NodeIx),
    /// At a property of this object of a class.
    Instance(NodeIx),
    /// At this module object.
    Module(NodeIx),
    /// At this global object.
    Global(NodeIx),
    /// At the engine, or nowhere.
    Engine,
}

/// Who holds an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The outermost object that serves the one asked for: the `LRUCache` of a `Map`.
    pub root: NodeIx,
    /// The variable or property by which the root is held, with what leads there: `priceFor.cache`, `keep.byName`.
    pub binding: JsString,
    /// The function or class that holds it.
    pub owner: Option<JsString>,
    /// The script or module whose it is.
    pub module: Option<OwnerIx>,
    /// Where the way ended.
    pub anchor: Anchor,
}

/// Steps from an object that are followed at most.
const MOST_STEPS: usize = 12;
/// How many references to an object, and how many edges of its holder are looked at.
const REFERENCES: usize = 64;
const EDGES: usize = 4096;
/// An object of more properties is used as a map: their names are keys.
const MOST_PROPERTIES: usize = 200;
/// A context of more variables is a module's.
const MOST_VARIABLES: usize = 24;

impl<'a> Holders<'a> {
    /// Looks up the names that matter.
    pub fn new(
        graph: &'a HeapGraph,
        retainers: &'a Retainers,
        distances: &'a Distances,
        dominators: &'a Dominators,
        owners: &'a Owners,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let any = |wanted: &[&str]| {
            StringSet::matching(graph.strings(), |name| wanted.iter().any(|wanted| name == *wanted))
        };
        let beginning = |prefix: &str| {
            let more = format!("{prefix} / ");
            StringSet::matching(graph.strings(), |name| name == prefix || name.starts_with(&more))
        };
        let names = Names {
            contexts: beginning("system / Context"),
            native_contexts: beginning("system / NativeContext"),
            context: any(&["context"]),
            previous: any(&["previous"]),
            proto: any(&["__proto__"]),
            constructor: any(&["constructor"]),
            functions: any(&[
                "func", "fn", "f", "function", "callback", "cb", "method", "original", "orig", "target",
                "loader", "fetcher", "compute", "factory", "producer", "resultFunc", "memoizedFn", "userFn",
                "wrapped", "inner",
            ]),
            module_variables: any(&[
                "module", "exports", "require", "__filename", "__dirname", "__webpack_require__",
                "__webpack_exports__", "__unused_webpack_module", "__webpack_module_cache__",
                "__webpack_modules__",
            ]),
            plain: any(&[
                "Object", "Array", "Map", "Set", "WeakMap", "WeakSet", "Promise", "Generator", "Proxy", "",
            ]),
            module: any(&["Module"]),
            data: any(&["__data__"]),
        };
        Ok(Self {
            graph,
            retainers,
            distances,
            dominators,
            owners,
            globals: super::owner_claims::globals(graph, task)?,
            names,
        })
    }

    /// Who holds `node`.
    pub fn of(&self, node: NodeIx) -> Held {
        let (steps, anchor) = self.way(node);
        let (inner, end, anchor) = self.passed(&steps, anchor);
        let root = steps.get(inner).map_or(node, |step| step.held);
        let path = self.path(&steps[inner..end]);
        match anchor {
            Anchor::Function(function) => self.of_function(root, path, function, anchor),
            Anchor::Variable(context) => self.of_variable(root, path, context),
            Anchor::Instance(instance) => Held {
                root,
                binding: path,
                owner: Some(self.graph.raw_name(instance).to_owned()),
                module: self.first_own(&[Some(instance), self.constructor(instance)]),
                anchor,
            },
            Anchor::Module(at) | Anchor::Global(at) => Held {
                root,
                binding: path,
                owner: None,
                module: self.first_own(&[Some(root), Some(at)]),
                anchor,
            },
            Anchor::Engine => Held {
                root,
                binding: path,
                owner: None,
                module: self.owners.of(root),
                anchor,
            },
        }
    }

    /// What is held by a property of a function: mostly a memoizing one, which knows the function it is for.
    fn of_function(&self, root: NodeIx, path: JsString, function: NodeIx, anchor: Anchor) -> Held {
        let captured = self.context_of(function).and_then(|context| self.captured(context));
        let (name, holder) = self.called(function);
        let mut binding = name.clone().unwrap_or_else(|| self.graph.raw_name(function).to_owned());
        if !path.as_js().starts_with("[") {
            binding.push_str(".");
        }
        binding.push(path.as_js());
        Held {
            root,
            binding,
            owner: self.name_of(captured).or(name).or_else(|| self.name_of(Some(function))),
            module: self.first_own(&[captured, holder, Some(function)]),
            anchor,
        }
    }

    /// What is held by a variable: of a module, or of the call that made a function.
    fn of_variable(&self, root: NodeIx, path: JsString, context: NodeIx) -> Held {
        let mut held = Held {
            root,
            binding: path,
            owner: None,
            module: self.first_own(&[Some(context)]),
            anchor: Anchor::Variable(context),
        };
        if self.is_modules(context) {
            return held;
        }
        let captured = self.captured(context);
        let user = self.user(context);
        let (name, holder) = user.map_or((None, None), |user| self.called(user));
        held.owner = self.name_of(captured).or(name).or_else(|| self.name_of(user));
        held.module = self.first_own(&[captured, holder, user, Some(context)]);
        held
    }

    /// The steps from `node` to where they end.
    fn way(&self, node: NodeIx) -> (Vec<Step>, Anchor) {
        let mut steps: Vec<Step> = Vec::new();
        let mut at = node;
        while steps.len() < MOST_STEPS {
            let Some(step) = self.step(at) else { break };
            if steps.iter().any(|before| before.held == step.holder) {
                break;
            }
            steps.push(step);
            if let Some(anchor) = self.anchor(&step) {
                return (steps, anchor);
            }
            at = step.holder;
        }
        (steps, Anchor::Engine)
    }

    /// Does the way end with `step`? Objects of classes of packages are only passed.
    fn anchor(&self, step: &Step) -> Option<Anchor> {
        let holder = step.holder;
        if matches!(step.label, Label::Variable(_)) {
            return Some(Anchor::Variable(holder));
        }
        if self.globals.contains(&holder) {
            return Some(Anchor::Global(holder));
        }
        match self.graph.kind(holder) {
            NodeKind::Closure => Some(Anchor::Function(holder)),
            NodeKind::Object if self.names.module.contains(self.graph.name_ix(holder)) => {
                Some(Anchor::Module(holder))
            }
            NodeKind::Object => {
                let is_served = self.is_plain(holder) || self.serves(holder, step.label);
                (!is_served).then_some(Anchor::Instance(holder))
            }
            NodeKind::Synthetic | NodeKind::Hidden | NodeKind::Code | NodeKind::ObjectShape => {
                Some(Anchor::Engine)
            }
            _ => None,
        }
    }

    /// How many steps lead only through objects that serve the one who holds them; how many there are up to where the way
    /// ends then, and there: an object of a package's class is served itself if the way goes on within the package or ends
    /// nowhere.
    fn passed(&self, steps: &[Step], anchor: Anchor) -> (usize, usize, Anchor) {
        let user = self.package_of(match anchor {
            Anchor::Variable(at) | Anchor::Function(at) | Anchor::Instance(at) => Some(at),
            Anchor::Module(at) | Anchor::Global(at) => Some(at),
            Anchor::Engine => None,
        });
        let mut passed = 0;
        for (nth, step) in steps.iter().enumerate() {
            let holder = step.holder;
            if self.is_data(step.label) {
                passed = nth + 1;
                continue;
            }
            let is_instance = self.graph.kind(holder) == NodeKind::Object
                && !self.is_plain(holder)
                && !self.globals.contains(&holder)
                && !matches!(anchor, Anchor::Module(at) | Anchor::Instance(at) if at == holder);
            if !is_instance {
                continue;
            }
            let own = self.package_of(self.constructor(holder));
            let is_served_elsewhere = anchor != Anchor::Engine && user != own;
            if is_served_elsewhere {
                passed = nth + 1;
            } else {
                return (passed, nth + 1, Anchor::Instance(holder));
            }
        }
        // What is reached by the last step is the anchor itself.
        (passed.min(steps.len().saturating_sub(1)), steps.len(), anchor)
    }

    /// Is that object made to serve whoever holds it: is its class a package's?
    fn serves(&self, instance: NodeIx, label: Label) -> bool {
        self.is_data(label)
            || self
                .package_of(self.constructor(instance))
                .is_some_and(|package| *package != Package::Own)
    }

    fn is_data(&self, label: Label) -> bool {
        matches!(label, Label::Property(name) if self.names.data.contains(name))
    }

    fn is_plain(&self, node: NodeIx) -> bool {
        let name = self.graph.name_ix(node);
        self.names.plain.contains(name) || self.graph.raw_name(node).starts_with("system / ")
    }

    /// The step from `node` to its holder; past the array in which a collection keeps its entries.
    fn step(&self, node: NodeIx) -> Option<Step> {
        let (source, kind) = self.best(node)?;
        if self.graph.kind(source) != NodeKind::Array {
            let label = self.label(source, kind, node);
            return Some(Step {
                held: node,
                holder: source,
                label,
            });
        }
        let holder = self.owner_of_store(source)?;
        Some(Step {
            held: node,
            holder,
            label: Label::Entry,
        })
    }

    /// The object whose entries stand in `store`; the array that holds it if it is no object's.
    fn owner_of_store(&self, store: NodeIx) -> Option<NodeIx> {
        let heads = self.retainers.heads(store).iter().take(REFERENCES);
        let strong = heads.filter(|head| !head.is_weak());
        let mut sources = strong.map(|head| head.target());
        let is_owner = |&node: &NodeIx| {
            self.graph.kind(node) == NodeKind::Object && !self.graph.raw_name(node).ends_with("Iterator")
        };
        let first = sources.clone().find(is_owner);
        first.or_else(|| sources.next())
    }

    /// The reference to `node` that says most: its source and kind.
    fn best(&self, node: NodeIx) -> Option<(NodeIx, EdgeKind)> {
        let (graph, far) = (self.graph, self.distances.of(node));
        let dominator = self.dominators.of(node);
        let heads = self.retainers.heads(node).iter().take(REFERENCES);
        let ranked = heads.filter_map(|head| {
            let (source, kind) = (head.target(), head.kind());
            let distance = self.distances.of(source);
            // What is farther from the roots than the node hangs from it.
            if source == node || (far.reach() != Reach::Unreachable && distance > far) {
                return None;
            }
            let rank = match (kind, graph.kind(source)) {
                (EdgeKind::Weak | EdgeKind::Shortcut, _) => return None,
                (EdgeKind::Context, _) => 0,
                (EdgeKind::Property, _) => 1,
                (EdgeKind::Element, NodeKind::Object) => 2,
                (_, NodeKind::Array) => 3,
                (EdgeKind::Internal, NodeKind::Object | NodeKind::Closure) => 4,
                (_, NodeKind::Synthetic) => 6,
                _ => 5,
            };
            Some((rank, source != dominator, distance, source, kind))
        });
        let best = ranked.min_by_key(|&(rank, is_other, distance, source, _)| (rank, is_other, distance, source))?;
        Some((best.3, best.4))
    }

    /// How `source` calls its reference of that kind to `node`.
    fn label(&self, source: NodeIx, kind: EdgeKind, node: NodeIx) -> Label {
        let graph = self.graph;
        let limit = match kind {
            EdgeKind::Context => EDGES,
            EdgeKind::Property if graph.edge_range(source).len() <= MOST_PROPERTIES => MOST_PROPERTIES,
            EdgeKind::Property | EdgeKind::Element => return Label::Entry,
            _ => return Label::Internal,
        };
        let wanted = EdgeHead::new(kind, node.raw());
        let heads = graph.edges(source).zip(graph.heads(source)).take(limit);
        let mut edges = heads.filter(|(_, head)| **head == wanted).map(|(edge, _)| edge);
        let name = |edge: EdgeIx| graph.edge_name_ix(edge);
        match edges.find_map(name) {
            Some(name) if kind == EdgeKind::Context => Label::Variable(name),
            Some(name) => Label::Property(name),
            None => Label::Entry,
        }
    }

    /// Names along `steps`, the outermost first: `keep.byName`, `caches[…]`.
    fn path(&self, steps: &[Step]) -> JsString {
        let mut path = JsString::new();
        for step in steps.iter().rev() {
            match step.label {
                Label::Variable(name) | Label::Property(name) => {
                    if !path.as_js().is_empty() {
                        path.push_str(".");
                    }
                    path.push(self.graph.strings().get(name));
                }
                Label::Entry => path.push_str("[…]"),
                Label::Internal => {}
            }
        }
        path
    }

    /// How a function is called where it is held, and what holds it: `priceFor`, `formatters[…]`.
    fn called(&self, function: NodeIx) -> (Option<JsString>, Option<NodeIx>) {
        let (steps, anchor) = self.way(function);
        let holder = steps.last().map(|step| step.holder);
        if anchor == Anchor::Engine {
            return (None, holder);
        }
        let path = self.path(&steps);
        (Some(path).filter(|path| !path.as_js().is_empty()), holder)
    }

    /// The name that a function has itself.
    fn name_of(&self, function: Option<NodeIx>) -> Option<JsString> {
        let name = self.graph.raw_name(function?);
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn context_of(&self, function: NodeIx) -> Option<NodeIx> {
        super::owner_claims::follow(self.graph, function, EdgeKind::Internal, &self.names.context)
    }

    /// Are the variables of `context` those of a module, and not of a call?
    fn is_modules(&self, context: NodeIx) -> bool {
        let graph = self.graph;
        let outer = super::owner_claims::follow(graph, context, EdgeKind::Internal, &self.names.previous);
        if outer.is_none_or(|outer| self.names.native_contexts.contains(graph.name_ix(outer))) {
            return true;
        }
        let mut variables = 0;
        for edge in graph.edges(context) {
            if graph.head(edge).kind() != EdgeKind::Context {
                continue;
            }
            variables += 1;
            let is_sign = graph.edge_name_ix(edge).is_some_and(|name| self.names.module_variables.contains(name));
            if is_sign || variables > MOST_VARIABLES {
                return true;
            }
        }
        false
    }

    /// The function that was handed to the call whose variables `context` holds: the one that does what is memoized.
    fn captured(&self, context: NodeIx) -> Option<NodeIx> {
        let graph = self.graph;
        if !self.names.contexts.contains(graph.name_ix(context)) || self.is_modules(context) {
            return None;
        }
        let mut found: Option<NodeIx> = None;
        let mut count = 0;
        for edge in graph.edges(context) {
            let head = graph.head(edge);
            let function = head.target();
            if head.kind() != EdgeKind::Context
                || graph.kind(function) != NodeKind::Closure
                || self.context_of(function) == Some(context)
            {
                continue;
            }
            if graph.edge_name_ix(edge).is_some_and(|name| self.names.functions.contains(name)) {
                return Some(function);
            }
            count += 1;
            found = Some(function);
        }
        found.filter(|_| count == 1)
    }

    /// The first function in the file that was made with the variables of `context`.
    fn user(&self, context: NodeIx) -> Option<NodeIx> {
        let heads = self.retainers.heads(context).iter();
        let inner = heads.filter(|head| head.kind() == EdgeKind::Internal);
        let mut functions = inner
            .map(|head| head.target())
            .filter(|&node| self.graph.kind(node) == NodeKind::Closure);
        functions.next_back()
    }

    /// The function that made an object, by way of its prototype.
    fn constructor(&self, instance: NodeIx) -> Option<NodeIx> {
        let follow = |node, name| super::owner_claims::follow(self.graph, node, EdgeKind::Property, name);
        let prototype = follow(instance, &self.names.proto)?;
        follow(prototype, &self.names.constructor).filter(|&made| self.graph.kind(made) == NodeKind::Closure)
    }

    /// The script or module in which the class of `instance` stands, if the function that made it is in the heap.
    pub fn home(&self, instance: NodeIx) -> Option<OwnerIx> {
        if self.is_plain(instance) {
            return None;
        }
        self.owners.of(self.constructor(instance)?)
    }

    fn package_of(&self, node: Option<NodeIx>) -> Option<&Package> {
        Some(self.owners.package(self.owners.of(node?)?))
    }

    /// Whose the first of these is that is the program's own; else whose the first is that is somebody's.
    fn first_own(&self, nodes: &[Option<NodeIx>]) -> Option<OwnerIx> {
        let mut owners = nodes.iter().filter_map(|node| self.owners.of((*node)?));
        let own = owners.clone().find(|&owner| *self.owners.package(owner) == Package::Own);
        own.or_else(|| owners.next())
    }

    /// Does an object have a property of one of those names, whatever its value? Small integers leave no edge, but the names
    /// stand in the object's hidden class. Names are compared without underscores, `#` and case.
    pub fn property_among(&self, object: NodeIx, is_wanted: impl Fn(&str) -> bool) -> Option<JsString> {
        let graph = self.graph;
        let cursor = graph.node(object);
        let plain = |name: JsStr<'_>| {
            let text = name.to_string_lossy();
            let text = text.strip_prefix("<symbol ").and_then(|rest| rest.strip_suffix('>')).unwrap_or(&text);
            let letters = text.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect::<String>()
        };
        for edge in cursor.edges().take(MOST_PROPERTIES) {
            if edge.kind() == EdgeKind::Property
                && let crate::graph::EdgeName::Text(name) = edge.name()
                && is_wanted(&plain(name))
            {
                // A number that is no small integer may be infinite: no limit then.
                let is_boxed = matches!(edge.target().kind(), NodeKind::Number | NodeKind::Hidden);
                return (!is_boxed).then(|| name.to_owned());
            }
        }
        let class = cursor.follow(EdgeKind::Internal, "map")?;
        let descriptors = class.follow(EdgeKind::Internal, "descriptors")?;
        let names = descriptors.edges().take(MOST_PROPERTIES).map(|edge| edge.target());
        let mut names = names.filter_map(|node| match node.kind() {
            NodeKind::String => Some(node.raw_name()),
            NodeKind::Symbol => {
                let name = node.follow(EdgeKind::Internal, "name")?;
                Some(name.raw_name())
            }
            _ => None,
        });
        names.find(|&name| is_wanted(&plain(name))).map(JsStr::to_owned)
    }
}
