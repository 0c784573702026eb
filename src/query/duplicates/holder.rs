//! By what objects that are alike are held.

use rustc_hash::FxHashMap;

use super::Survey;
use crate::base::index::NodeIx;
use crate::base::text::JsString;
use crate::query::folding::is_internal;

impl Survey<'_> {
    /// The nearest dominator of `node` that a program's writer knows; none if only the engine's are there.
    fn dominator(&self, node: NodeIx) -> Option<NodeIx> {
        let graph = self.snapshot.graph();
        let mut at = self.snapshot.dominator(node);
        while at != graph.root() && is_internal(graph, at) {
            at = self.snapshot.dominator(at);
        }
        (at != graph.root()).then_some(at)
    }

    /// An object of which at least half of `sample` are a part, each of one of its own.
    pub(super) fn whole(&self, sample: &[NodeIx]) -> Option<NodeIx> {
        let shapes = |node: NodeIx| (self.snapshot.class_of(node), self.snapshot.distance(node));
        let wholes: Vec<NodeIx> = sample.iter().filter_map(|&node| self.dominator(node)).collect();
        let mut counts: FxHashMap<_, (usize, NodeIx)> = FxHashMap::default();
        for &whole in &wholes {
            counts.entry(shapes(whole)).or_insert((0, whole)).0 += 1;
        }
        let most = counts
            .into_values()
            .max_by_key(|&(count, first)| (count, std::cmp::Reverse(first)));
        most.filter(|&(count, _)| 2 * count >= sample.len())
            .map(|(_, first)| first)
    }

    /// By what most of `sample` are held: the name of a collection or a variable with its module, or a class if each is held
    /// by another object of it.
    pub(super) fn held_by(&self, sample: &[NodeIx]) -> Option<JsString> {
        let snapshot = self.snapshot;
        let mut nodes: FxHashMap<NodeIx, usize> = FxHashMap::default();
        let mut classes: FxHashMap<_, usize> = FxHashMap::default();
        for &node in sample {
            let Some(dominator) = self.dominator(node) else {
                continue;
            };
            *nodes.entry(dominator).or_default() += 1;
            *classes.entry(snapshot.class_of(dominator)).or_default() += 1;
        }
        let is_most = |count: usize| 2 * count > sample.len();
        if let Some((&node, _)) = nodes.iter().find(|&(_, &count)| is_most(count)) {
            return Some(self.called(node));
        }
        let class = classes
            .iter()
            .find(|&(_, &count)| is_most(count))
            .map(|(&class, _)| class);
        if let Some(class) = class {
            return Some(snapshot.classes().class(class).name.clone());
        }
        // Nothing holds most of them alone: how is the first one held?
        let held = self.holders.of(*sample.first()?);
        Some(held.binding).filter(|binding| !binding.as_js().is_empty())
    }

    /// What `node` is called by who wrote the program: `fetchRegistry in ssr.cjs`.
    fn called(&self, node: NodeIx) -> JsString {
        let held = self.holders.of(node);
        let mut text = if held.binding.as_js().is_empty() {
            self.snapshot.name(node)
        } else {
            held.binding
        };
        // `priceFor.cache` says it already.
        if let Some(owner) = held.owner
            && !text.as_js().starts_with(&owner.as_js().to_string_lossy())
        {
            text.push_str(" of ");
            text.push(owner.as_js());
        }
        if let Some(module) = held.module {
            text.push_str(" in ");
            text.push(self.owners.name(module));
        }
        text
    }
}
