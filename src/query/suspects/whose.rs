//! Whose a candidate is: the function or class, the variable, the module; and whose code is in what it holds.

use rustc_hash::FxHashSet;

use super::candidate::{Candidate, Course, PathStep};
use super::survey::Survey;
use crate::analysis::caches::{self, Limit};
use crate::analysis::collections::CollectionKind;
use crate::analysis::holders::{Anchor, Held, Holders};
use crate::analysis::owners::OwnerIx;
use crate::analysis::packages::Package;
use crate::base::index::NodeIx;
use crate::graph::{EdgeKind, NodeKind};

/// Whose a candidate is.
#[derive(Clone, Debug, Default)]
pub(super) struct Whose {
    /// The function or class that holds it.
    pub(super) owner: Option<String>,
    /// The variable or property it hangs from.
    pub(super) binding: Option<String>,
    /// Is the binding the program's name for it, and not made up from the way there?
    pub(super) is_named: bool,
    /// The script or module.
    pub(super) module: Option<OwnerIx>,
    /// Whose code that is.
    pub(super) package: Option<Package>,
    /// The outermost object that serves the holder: the `LRUCache` of a `Map`.
    pub(super) root: Option<NodeIx>,
    /// What keeps it from growing, as far as names tell.
    pub(super) limit: Option<Limit>,
    /// Does it keep what was worked out before?
    pub(super) is_cache: bool,
    /// The program's own code in what is held, where the holder is the runtime's.
    pub(super) inside: Option<Inside>,
}

/// The program's code in something that is held.
#[derive(Clone, Debug)]
pub(super) struct Inside {
    /// The function, if it has a name.
    pub(super) function: Option<String>,
    /// The class of an object of the program's.
    pub(super) class: Option<String>,
    /// The script or module.
    pub(super) module: OwnerIx,
}

impl Whose {
    /// Is it the program's, or of something it installed, by its holder or by what is held?
    pub(super) fn is_programs(&self) -> bool {
        self.inside.is_some() || self.package.as_ref().is_some_and(|package| !package.is_runtime())
    }

    /// Is it the program's own, by its holder or by what is held?
    pub(super) fn is_own(&self) -> bool {
        self.inside.is_some() || self.package == Some(Package::Own)
    }
}

/// Whose `candidate` is.
pub(super) fn of(survey: &Survey<'_>, holders: &Holders<'_>, candidate: &Candidate) -> Whose {
    let holder = candidate.holder().and_then(|step| step.node);
    let entry = candidate.entry();
    // What holds things by number or key has a name itself; else the name is that of the only thing, or the first in a list.
    let named = match entry {
        Some(entry) if !entry.is_slot() => entry.node.or(holder),
        _ => holder,
    };
    if matches!(candidate.course, Course::Repeated { .. }) {
        return Whose::default();
    }
    let mut whose = Whose {
        is_cache: candidate.name.starts_with("Cache of "),
        ..Whose::default()
    };
    if let Some(node) = named {
        let held = holders.of(node);
        whose.fill(survey, candidate, &held);
        let kind = match candidate.holder().map(|holder| holder.class.as_str()) {
            Some("WeakMap" | "WeakSet") => CollectionKind::WeakMap,
            Some("Array") => CollectionKind::Array,
            _ => CollectionKind::Map,
        };
        let outer = (held.root != node).then_some(held.root);
        whose.limit = caches::limit(holders, kind, outer, held.anchor);
    }
    if whose.package.as_ref().is_none_or(Package::is_runtime) {
        whose.inside = inside(survey, holders, candidate);
    }
    if let Some(inside) = &mut whose.inside {
        let class = candidate.entry().map(|entry| entry.class.clone());
        inside.class = inside.class.take().filter(|inner| Some(inner) != class.as_ref());
    }
    let module = match &whose.inside {
        Some(inside) => Some(inside.module),
        None => whose.module.or_else(|| nearest_module(survey, &candidate.path)),
    };
    if module != whose.module {
        // The runtime's own holder: the names that say something are the program's.
        if whose.package.as_ref().is_some_and(Package::is_runtime) {
            whose.owner = whose.inside.as_ref().and_then(|inside| inside.function.clone());
            whose.binding = Some(candidate.name.clone());
        }
        whose.module = module;
        whose.package = module.map(|module| survey.owners.package(module).clone());
    }
    let global = candidate.path.iter().find(|step| is_global_link(&step.edge));
    if let Some(global) = global {
        for name in [&mut whose.owner, &mut whose.binding] {
            if name.as_deref().is_some_and(is_global_link) {
                *name = Some(global.class.clone());
            }
        }
    }
    whose
}

/// Is it how the engine refers to the global object, which people call by its class?
fn is_global_link(edge: &str) -> bool {
    matches!(edge, "global_proxy_object" | "global_object")
}

impl Whose {
    fn fill(&mut self, survey: &Survey<'_>, candidate: &Candidate, held: &Held) {
        let binding = held.binding.to_string();
        self.is_cache |= is_cache_name(&binding);
        self.root = Some(held.root);
        self.module = held.module;
        self.package = held.module.map(|module| survey.owners.package(module).clone());
        self.owner = held.owner.as_ref().map(ToString::to_string);
        let says_nothing = binding.replace("[…]", "").is_empty();
        let by_engine = matches!(held.anchor, Anchor::Engine { .. }) || says_nothing;
        self.is_named = !by_engine;
        self.binding = Some(if by_engine {
            candidate.name.clone()
        } else {
            binding
        });
        if by_engine && let Some((name, context)) = variable(survey, held.root) {
            self.is_named = true;
            self.binding = Some(name);
            self.module = survey.owners.of(context).or(self.module);
            self.package = self.module.map(|module| survey.owners.package(module).clone());
        }
    }
}

/// So many references to an object are looked at.
const REFERENCES: usize = 64;

/// The variable that refers to an object, if only the stack and the like hold it by a shorter way; and whose it is.
fn variable(survey: &Survey<'_>, node: NodeIx) -> Option<(String, NodeIx)> {
    let graph = survey.snapshot.graph();
    let heads = survey.snapshot.retainers().heads(node).iter().take(REFERENCES);
    let mut contexts = heads.filter(|head| head.kind() == EdgeKind::Context);
    contexts.find_map(|head| {
        let context = head.target();
        let mut edges = graph.edges(context);
        let is_it = |&edge: &crate::base::index::EdgeIx| {
            let head = graph.head(edge);
            head.kind() == EdgeKind::Context && head.target() == node
        };
        match graph.edge_name(edges.find(is_it)?) {
            crate::graph::EdgeName::Text(name) => Some((name.to_string_lossy().into_owned(), context)),
            crate::graph::EdgeName::Index(_) => None,
        }
    })
}

/// Is that what people call a place for things worked out before?
fn is_cache_name(binding: &str) -> bool {
    let last = binding.rsplit('.').next().unwrap_or(binding).to_lowercase();
    ["cache", "memo"].iter().any(|word| last.contains(word))
}

/// The module of the nearest step of the way that the program wrote or installed.
fn nearest_module(survey: &Survey<'_>, path: &[PathStep]) -> Option<OwnerIx> {
    let nodes = path.iter().rev().filter_map(|step| step.node);
    let mut owners = nodes.filter_map(|node| survey.owners.of(node));
    owners.find(|&owner| !survey.owners.package(owner).is_runtime())
}

/// So many objects are looked at for code of the program's.
const MOST: usize = 400;
/// So many things held are asked; most must agree on nothing: the first answer counts.
const ASKED: usize = 3;

/// The program's own code in what a candidate holds.
fn inside(survey: &Survey<'_>, holders: &Holders<'_>, candidate: &Candidate) -> Option<Inside> {
    let entry = candidate.entry().and_then(|step| step.node);
    let samples = candidate.samples.iter().copied().take(ASKED).chain(entry);
    samples
        .into_iter()
        .find_map(|node| inside_one(survey, holders, node))
}

/// The first function or object of the program's that is reached from `start` without leaving by its prototype or the engine's
/// structures.
fn inside_one(survey: &Survey<'_>, holders: &Holders<'_>, start: NodeIx) -> Option<Inside> {
    let graph = survey.snapshot.graph();
    let own = |node| {
        let owner = survey.owners.of(node)?;
        (!survey.owners.package(owner).is_runtime()).then_some(owner)
    };
    let mut seen: FxHashSet<NodeIx> = FxHashSet::default();
    let mut queue = vec![start];
    seen.insert(start);
    let mut found: Option<Inside> = None;
    let mut at = 0;
    while at < queue.len() && at < MOST {
        let node = queue[at];
        at += 1;
        let name = graph.raw_name(node).to_string_lossy().into_owned();
        match graph.kind(node) {
            NodeKind::Closure => {
                if let Some(module) = own(node) {
                    let function = (!name.is_empty()).then_some(name);
                    match &mut found {
                        Some(found) => {
                            found.function = found.function.take().or(function);
                        }
                        None => {
                            found = Some(Inside {
                                function,
                                class: None,
                                module,
                            });
                        }
                    }
                } else if found.is_none() {
                    // What a function of the runtime's reaches is the runtime's.
                    continue;
                }
            }
            NodeKind::Object => {
                let home = holders.home(node);
                if let Some(module) = home.filter(|&home| !survey.owners.package(home).is_runtime()) {
                    let mut inside = found.unwrap_or(Inside {
                        function: None,
                        class: None,
                        module,
                    });
                    inside.class = Some(name);
                    return Some(inside);
                }
            }
            _ => {}
        }
        for (nth, edge) in graph.edges(node).enumerate() {
            let head = graph.head(edge);
            let is_followed = match head.kind() {
                EdgeKind::Property => {
                    graph.edge_name(edge) != crate::graph::EdgeName::Text("__proto__".into())
                }
                EdgeKind::Context | EdgeKind::Element => true,
                EdgeKind::Internal => leads_on(survey, node, edge),
                _ => false,
            };
            if nth > MOST {
                break;
            }
            if is_followed && seen.insert(head.target()) {
                queue.push(head.target());
            }
        }
    }
    found
}

/// Does an edge of the engine's lead to what the object keeps, and not to how it is built?
fn leads_on(survey: &Survey<'_>, node: NodeIx, edge: crate::base::index::EdgeIx) -> bool {
    let graph = survey.snapshot.graph();
    let crate::graph::EdgeName::Text(name) = graph.edge_name(edge) else {
        return graph.kind(node) == NodeKind::Array;
    };
    let name = name.to_string_lossy();
    matches!(
        &*name,
        "context"
            | "elements"
            | "properties"
            | "table"
            | "reactions_or_result"
            | "fulfill_handler"
            | "promise_or_capability"
            | "promise"
            | "bound_function"
            | "bound_this"
            | "bound_argument_0"
    ) || graph.kind(node) == NodeKind::Array && name.bytes().all(|byte| byte.is_ascii_digit())
}
