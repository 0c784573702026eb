//! By what name a program holds an object, and whose name that is: `cache` of `titleFor`, `byId` of `Repository`.
//!
//! From the object one goes from holder to holder towards the roots, each time by the reference that says most: a variable,
//! a property, an element. The way ends at what has a name of its own in the program's text: a variable, a function, an object
//! of a class, a module, a global object. Classes and functions of packages that serve others (an `LRUCache`, a `memoized()`)
//! are passed on the way to whoever uses them.

mod functions;
mod names;
mod references;

use rustc_hash::FxHashSet;

use super::distances::Distances;
use super::dominators::Dominators;
use super::owners::{OwnerIx, Owners};
use super::packages::Package;
use crate::base::index::{NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::retainers::Retainers;
use crate::graph::{HeapGraph, NodeKind};

use self::names::Names;

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

/// By what an object is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    Engine {
        /// Is it held by a running function's variables, or from outside the heap (handles)? Then it is the program's.
        by_stack: bool,
    },
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
        Ok(Self {
            graph,
            retainers,
            distances,
            dominators,
            owners,
            globals: super::owner_claims::globals(graph, task)?,
            names: Names::new(graph),
        })
    }

    /// Who holds `node`.
    pub fn of(&self, node: NodeIx) -> Held {
        let (steps, anchor) = self.way(node);
        let (inner, end, anchor) = self.passed(&steps, anchor);
        let root = steps.get(inner).map_or(node, |step| step.held);
        let path = self.path(&steps[inner..end]);
        match anchor {
            Anchor::Function(function) => self.of_function(root, &path, function),
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
            Anchor::Engine { by_stack } => Held {
                root,
                // A variable of a running function has no name in the file.
                binding: if by_stack && path.as_js().is_empty() {
                    "(local variable)".into()
                } else {
                    path
                },
                owner: None,
                module: self.owners.of(root),
                anchor,
            },
        }
    }

    /// What is held by a property of a function: mostly a memoizing one, which knows the function it is for.
    fn of_function(&self, root: NodeIx, path: &JsString, function: NodeIx) -> Held {
        let captured = self
            .context_of(function)
            .and_then(|context| self.captured(context));
        let (name, holder) = self.called(function);
        let mut binding = name
            .clone()
            .unwrap_or_else(|| self.graph.raw_name(function).to_owned());
        if !path.as_js().starts_with("[") {
            binding.push_str(".");
        }
        binding.push(path.as_js());
        Held {
            root,
            binding,
            owner: self
                .name_of(captured)
                .or(name)
                .or_else(|| self.name_of(Some(function))),
            module: self.first_own(&[captured, holder, Some(function)]),
            anchor: Anchor::Function(function),
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
        (steps, Anchor::Engine { by_stack: false })
    }

    /// Does the way end with `step`? Objects of classes of packages are only passed.
    fn anchor(&self, step: &Step) -> Option<Anchor> {
        let holder = step.holder;
        if self.is_cell(holder) {
            let module = self.exported(holder).map_or(holder, |(_, module)| module);
            return Some(Anchor::Module(module));
        }
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
                let by_stack = self.names.handles.contains(self.graph.name_ix(holder));
                Some(Anchor::Engine { by_stack })
            }
            _ => None,
        }
    }

    /// How many steps lead only through objects that serve the one who holds them; how many there are up to where the way
    /// ends then, and there: an object of a package's class is served itself if the way goes on within the package or ends
    /// nowhere.
    fn passed(&self, steps: &[Step], anchor: Anchor) -> (usize, usize, Anchor) {
        let user = self.package_of(match anchor {
            Anchor::Variable(at)
            | Anchor::Function(at)
            | Anchor::Instance(at)
            | Anchor::Module(at)
            | Anchor::Global(at) => Some(at),
            Anchor::Engine { .. } => None,
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
            let is_served_elsewhere = !matches!(anchor, Anchor::Engine { .. }) && user != own;
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
        if matches!(anchor, Anchor::Engine { .. }) {
            return (None, holder);
        }
        let path = self.path(&steps);
        (Some(path).filter(|path| !path.as_js().is_empty()), holder)
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
        let own = owners
            .clone()
            .find(|&owner| *self.owners.package(owner) == Package::Own);
        own.or_else(|| owners.next())
    }
}
