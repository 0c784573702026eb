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
        let dominators: Vec<NodeIx> = sample.iter().filter_map(|&node| self.dominator(node)).collect();
        let half = sample.len() / 2;
        let most = |nodes: &mut dyn Iterator<Item = NodeIx>| {
            let mut counts: FxHashMap<NodeIx, usize> = FxHashMap::default();
            nodes.for_each(|node| *counts.entry(node).or_default() += 1);
            let most = counts
                .into_iter()
                .max_by_key(|&(node, count)| (count, std::cmp::Reverse(node)))?;
            (most.1 > half).then_some(most.0)
        };
        // What holds them alone, if that is near enough to hold them itself; else a collection that holds them among others.
        let mut containers = sample.iter().flat_map(|&node| {
            let mut all: Vec<NodeIx> = self.holders.containers(node).collect();
            all.sort_unstable();
            all.dedup();
            all
        });
        if let Some(container) = most(&mut containers) {
            return Some(self.called(container));
        }
        let classes = dominators.iter().map(|&node| snapshot.class_of(node));
        let mut counts: FxHashMap<_, usize> = FxHashMap::default();
        classes.for_each(|class| *counts.entry(class).or_default() += 1);
        let most_class = counts
            .into_iter()
            .max_by_key(|&(class, count)| (count, std::cmp::Reverse(class)));
        if let Some((class, _)) = most_class.filter(|&(_, count)| count > half) {
            return Some(snapshot.classes().class(class).name.clone());
        }
        most(&mut dominators.iter().copied()).map(|node| self.called(node))
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
