//! Looks through a heap for what is to be called. No sorting here.

use rustc_hash::FxHashMap;

use super::{CallbackKind, CallbackRow};
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::owner_claims::follow;
use crate::analysis::owners::{OwnerIx, Owners};
use crate::analysis::string_map::StringSet;
use crate::analysis::topmost;
use crate::base::index::{ClassIx, Ix as _, NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::graph::node_ref::NodeRef;
use crate::graph::{EdgeKind, HeapGraph, NodeKind};
use crate::query::entries;
use crate::snapshot::Snapshot;

/// A function that is there once only is no pattern.
const LEAST_FUNCTIONS: usize = 2;
/// What a scope alone keeps of fewer bytes is not told.
const LEAST_VARIABLE: u64 = 1024;
/// So many wrappers around a function are opened.
const MOST_WRAPPERS: usize = 4;
/// So many edges of a scope are looked at for what waits in it.
const MOST_EDGES: usize = 16;

/// What makes callbacks alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// An emitter, and the event.
    Listener(NodeIx, StringIx),
    /// The code of a listener of a page.
    PageListener(NodeIx),
    /// The class of the timer, and the code of its function.
    Timer(StringIx, NodeIx),
    /// The code that goes on, and whether it awaits.
    Reaction(NodeIx, bool),
    /// The code.
    Function(NodeIx),
    /// The name, the script, the class of what it holds.
    Variable(StringIx, Option<OwnerIx>, ClassIx),
}

struct Group {
    key: Key,
    function: Option<NodeIx>,
    members: Vec<NodeIx>,
}

/// What the parts are known by: the names of links and of the engine's objects.
#[derive(Clone, Copy)]
enum Name {
    Events,
    TargetEvents,
    OnTimeout,
    OnImmediate,
    Timers,
    Contexts,
    Reaction,
    PageListener,
    Shared,
    Listener,
    Callback,
    Bound,
    Proto,
    Next,
    Context,
    Fulfill,
}

/// How many of them there are.
const NAMES: usize = Name::Fulfill as usize + 1;

/// The strings of a file that are those names.
struct Names([StringSet; NAMES]);

impl Names {
    fn find(graph: &HeapGraph) -> Self {
        let named = |text: JsStr<'_>| {
            Some(match text.bytes() {
                b"_events" => Name::Events,
                b"<symbol kEvents>" => Name::TargetEvents,
                b"_onTimeout" => Name::OnTimeout,
                b"_onImmediate" => Name::OnImmediate,
                b"Timeout" | b"Immediate" => Name::Timers,
                b"system / Context" => Name::Contexts,
                b"system / PromiseReaction" => Name::Reaction,
                b"V8EventListener" => Name::PageListener,
                b"shared" => Name::Shared,
                b"listener" => Name::Listener,
                b"callback" => Name::Callback,
                b"bound_function" => Name::Bound,
                b"__proto__" => Name::Proto,
                b"next" => Name::Next,
                b"context" => Name::Context,
                b"fulfill_handler" => Name::Fulfill,
                name if name.starts_with(b"system / Context / ") => Name::Contexts,
                _ => return None,
            })
        };
        Self(StringSet::each_matching(graph.strings(), |text| {
            named(text).map(|name| name as usize)
        }))
    }

    /// The strings that are `name`.
    const fn of(&self, name: Name) -> &StringSet {
        &self.0[name as usize]
    }

    fn is(&self, name: Name, text: StringIx) -> bool {
        self.of(name).contains(text)
    }
}

/// Callbacks in the making.
struct Survey<'a> {
    snapshot: &'a Snapshot,
    graph: &'a HeapGraph,
    owners: &'a Owners,
    names: Names,
    groups: Vec<Group>,
    by_key: FxHashMap<Key, usize>,
    steps: usize,
}

/// All callbacks of `snapshot`, in the order in which the first of each stands in the file.
pub(super) fn find(
    snapshot: &Snapshot,
    order: &DominatorOrder,
    owners: &Owners,
    task: &Task,
) -> Result<Vec<CallbackRow>, Cancelled> {
    let graph = snapshot.graph();
    let mut survey = Survey {
        snapshot,
        graph,
        owners,
        names: Names::find(graph),
        groups: Vec::new(),
        by_key: FxHashMap::default(),
        steps: 0,
    };
    for node in graph.nodes() {
        task.check_at(node.at())?;
        survey.node(node, task)?;
    }
    let mut groups = survey.groups;
    groups.retain(|group| !matches!(group.key, Key::Function(_)) || group.members.len() >= LEAST_FUNCTIONS);
    let sizes = sizes(snapshot, order, &groups, task)?;
    let rows = groups
        .into_iter()
        .zip(sizes)
        .map(|(group, size)| row(snapshot, owners, group, size));
    Ok(rows.collect())
}

impl Survey<'_> {
    fn node(&mut self, node: NodeIx, task: &Task) -> Result<(), Cancelled> {
        let (graph, name) = (self.graph, self.graph.name_ix(node));
        match graph.kind(node) {
            NodeKind::Closure => {
                let code = self.code(node);
                self.add(Key::Function(code), Some(node), node);
            }
            _ if self.names.is(Name::Contexts, name) => self.variables(node, task)?,
            _ if self.names.is(Name::Reaction, name) => self.reaction(node),
            NodeKind::Object => {
                if self.names.is(Name::Timers, name) {
                    self.timer(node, name);
                }
                self.emitter(node, task)?;
            }
            NodeKind::Native if self.names.is(Name::PageListener, name) => self.page_listener(node),
            _ => {}
        }
        Ok(())
    }

    fn add(&mut self, key: Key, function: Option<NodeIx>, member: NodeIx) {
        let groups = &mut self.groups;
        let at = *self.by_key.entry(key).or_insert_with(|| {
            groups.push(Group {
                key,
                function,
                members: Vec::new(),
            });
            groups.len() - 1
        });
        groups[at].members.push(member);
    }

    /// The code of a function: functions of one place share it.
    fn code(&self, function: NodeIx) -> NodeIx {
        follow(
            self.graph,
            function,
            EdgeKind::Internal,
            self.names.of(Name::Shared),
        )
        .unwrap_or(function)
    }

    /// The program's function inside the wrappers around it: bound ones, and Node's for what listens once.
    fn inner(&self, function: NodeIx) -> NodeIx {
        let mut inner = function;
        for _ in 0..MOST_WRAPPERS {
            let wrapped = follow(
                self.graph,
                inner,
                EdgeKind::Property,
                self.names.of(Name::Listener),
            )
            .or_else(|| follow(self.graph, inner, EdgeKind::Internal, self.names.of(Name::Bound)));
            match wrapped.filter(|&wrapped| self.is_function(wrapped)) {
                Some(wrapped) => inner = wrapped,
                None => break,
            }
        }
        inner
    }

    fn is_function(&self, node: NodeIx) -> bool {
        self.graph.kind(node) == NodeKind::Closure
            || follow(self.graph, node, EdgeKind::Internal, self.names.of(Name::Bound)).is_some()
    }

    fn timer(&mut self, timer: NodeIx, class: StringIx) {
        let called = |names| follow(self.graph, timer, EdgeKind::Property, names);
        let function =
            called(self.names.of(Name::OnTimeout)).or_else(|| called(self.names.of(Name::OnImmediate)));
        if let Some(function) = function.filter(|&function| self.is_function(function)) {
            let function = self.inner(function);
            self.add(Key::Timer(class, self.code(function)), Some(function), timer);
        }
    }

    /// What listens to `emitter`, if it is one: of Node's `EventEmitter` or of its `EventTarget`.
    fn emitter(&mut self, emitter: NodeIx, task: &Task) -> Result<(), Cancelled> {
        let graph = self.graph;
        for edge in graph.edges(emitter) {
            let Some(name) = graph
                .edge_name_ix(edge)
                .filter(|_| graph.head(edge).kind() == EdgeKind::Property)
            else {
                continue;
            };
            let table = graph.head(edge).target();
            if self.names.is(Name::Events, name) {
                self.events(emitter, table, task)?;
            } else if self.names.is(Name::TargetEvents, name) {
                self.target_events(emitter, table, task)?;
            }
        }
        Ok(())
    }

    /// A table of events: under each a function, or an array of them.
    fn events(&mut self, emitter: NodeIx, table: NodeIx, task: &Task) -> Result<(), Cancelled> {
        let graph = self.graph;
        for edge in graph.edges(table) {
            let head = graph.head(edge);
            let Some(event) = graph.edge_name_ix(edge) else {
                continue;
            };
            if head.kind() != EdgeKind::Property || self.names.is(Name::Proto, event) {
                continue;
            }
            let key = Key::Listener(emitter, event);
            let target = head.target();
            if self.is_function(target) {
                self.add(key, Some(self.inner(target)), target);
                continue;
            }
            for element in graph.heads(target) {
                self.steps += 1;
                task.check_at(self.steps)?;
                let listener = element.target();
                if element.kind() == EdgeKind::Element && self.is_function(listener) {
                    self.add(key, Some(self.inner(listener)), listener);
                }
            }
        }
        Ok(())
    }

    /// A map from events to lists of listeners.
    fn target_events(&mut self, emitter: NodeIx, map: NodeIx, task: &Task) -> Result<(), Cancelled> {
        let graph = self.graph;
        for row in entries::of(graph, self.snapshot.ephemerons(), map, task)? {
            let (Some(event), Some(first)) = (row.key, row.node) else {
                continue;
            };
            let key = Key::Listener(emitter, graph.name_ix(event));
            let next = |node| follow(graph, node, EdgeKind::Property, self.names.of(Name::Next));
            let mut listeners = Vec::new();
            let mut listener = next(first);
            // The last one leads to nothing: `undefined`. No list is longer than there are nodes, whatever a damaged file says.
            while let Some(node) = listener.filter(|&node| graph.kind(node) == NodeKind::Object)
                && listeners.len() < graph.node_count()
            {
                task.check_at(listeners.len())?;
                listeners.push(node);
                listener = next(node);
            }
            for node in listeners {
                let function = self.listener_function(node).map(|function| self.inner(function));
                self.add(key, function, node);
            }
        }
        Ok(())
    }

    /// What an `EventTarget`'s listener calls.
    fn listener_function(&self, listener: NodeIx) -> Option<NodeIx> {
        let called = |names| follow(self.graph, listener, EdgeKind::Property, names);
        let function =
            called(self.names.of(Name::Callback)).or_else(|| called(self.names.of(Name::Listener)));
        function.filter(|&function| self.is_function(function))
    }

    /// What listens in a page: the first function behind it.
    fn page_listener(&mut self, listener: NodeIx) {
        let mut targets = self.graph.heads(listener).iter().map(|head| head.target());
        if let Some(function) = targets.find(|&target| self.is_function(target)) {
            let function = self.inner(function);
            self.add(Key::PageListener(self.code(function)), Some(function), listener);
        }
    }

    /// What goes on when a promise is settled: the handler, or the function that awaits behind it.
    fn reaction(&mut self, reaction: NodeIx) {
        let graph = self.graph;
        let handler = follow(graph, reaction, EdgeKind::Internal, self.names.of(Name::Fulfill));
        let Some(handler) = handler.filter(|&handler| self.is_function(handler)) else {
            return;
        };
        let scope = follow(graph, handler, EdgeKind::Internal, self.names.of(Name::Context));
        let waiting = scope.and_then(|scope| {
            let mut kept = graph
                .heads(scope)
                .iter()
                .take(MOST_EDGES)
                .map(|head| head.target());
            kept.find_map(|node| {
                let node = graph.node(node);
                node.follow(EdgeKind::Internal, "parameters_and_registers")?;
                node.follow(EdgeKind::Internal, "function")
            })
        });
        let awaits = waiting.is_some();
        let function = waiting.map_or_else(|| self.inner(handler), NodeRef::ix);
        self.add(
            Key::Reaction(self.code(function), awaits),
            Some(function),
            reaction,
        );
    }

    /// The variables of a scope of which nothing else keeps what they hold.
    fn variables(&mut self, scope: NodeIx, task: &Task) -> Result<(), Cancelled> {
        let (graph, snapshot) = (self.graph, self.snapshot);
        for edge in graph.edges(scope) {
            self.steps += 1;
            task.check_at(self.steps)?;
            let held = graph.head(edge).target();
            let is_variable = graph.head(edge).kind() == EdgeKind::Context;
            if is_variable
                && snapshot.dominator(held) == scope
                && snapshot.retained_size(held) >= LEAST_VARIABLE
                && let Some(name) = graph.edge_name_ix(edge)
            {
                let key = Key::Variable(name, self.owners.of(scope), snapshot.class_of(held));
                self.add(key, None, held);
            }
        }
        Ok(())
    }
}

/// What would go with each group: the retained sizes of the members that no other of the group dominates.
fn sizes(
    snapshot: &Snapshot,
    order: &DominatorOrder,
    groups: &[Group],
    task: &Task,
) -> Result<Vec<u64>, Cancelled> {
    let mut sizes = vec![0; groups.len()];
    for kind in CallbackKind::ALL {
        let mut group_of: FxHashMap<NodeIx, usize> = FxHashMap::default();
        for (at, group) in groups
            .iter()
            .enumerate()
            .filter(|(_, group)| group.key.kind() == kind)
        {
            task.check_at(at)?;
            for &member in &group.members {
                group_of.entry(member).or_insert(at);
            }
        }
        if !group_of.is_empty() {
            let of = |node| group_of.get(&node).copied();
            let sum = |group: usize, node| sizes[group] += snapshot.retained_size(node);
            topmost::each(order, groups.len(), of, |_| (), sum, task)?;
        }
    }
    Ok(sizes)
}

impl Key {
    const fn kind(self) -> CallbackKind {
        match self {
            Self::Listener(..) | Self::PageListener(_) => CallbackKind::Listener,
            Self::Timer(..) => CallbackKind::Timer,
            Self::Reaction(..) => CallbackKind::Reaction,
            Self::Function(_) => CallbackKind::Function,
            Self::Variable(..) => CallbackKind::Variable,
        }
    }
}

fn row(snapshot: &Snapshot, owners: &Owners, group: Group, retained_size: u64) -> CallbackRow {
    let graph = snapshot.graph();
    let class = |node| snapshot.classes().class(snapshot.class_of(node)).name.clone();
    let text = |name| graph.strings().get(name).to_owned();
    let function = group.function.map(|function| graph.raw_name(function).to_owned());
    let function = function.filter(|name| !name.as_js().is_empty());
    let (name, of) = match group.key {
        Key::Listener(emitter, event) => (text(event), Some(class(emitter))),
        Key::PageListener(_) => ("event".into(), None),
        Key::Timer(class, _) => (text(class), None),
        Key::Reaction(_, awaits) => (if awaits { "await" } else { "then" }.into(), None),
        Key::Function(_) => (
            function.clone().unwrap_or_else(|| JsString::from("(anonymous)")),
            None,
        ),
        Key::Variable(name, _, class) => (text(name), Some(snapshot.classes().class(class).name.clone())),
    };
    let owner = match (group.key, group.function) {
        (Key::Variable(_, owner, _), _) => owner,
        (_, Some(function)) => owners.of(function),
        (_, None) => None,
    };
    let mut members = group.members;
    members.sort_unstable();
    CallbackRow {
        kind: group.key.kind(),
        name,
        of,
        function,
        module: owner.map(|owner| owners.name(owner).to_owned()),
        package: owner.map(|owner| owners.package(owner).clone()),
        members: members.into(),
        retained_size,
    }
}
