//! How places are called.

use std::sync::Arc;

use super::Series;
use super::holders::PARTS;
use crate::analysis::owners::Owners;
use crate::analysis::path_tree::Family;
use crate::analysis::path_tree::labels::is_slot;
use crate::analysis::path_tree::merged::{MergedIx, MergedTrees};
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::NodeKind;
use crate::query::Query as _;
use crate::query::owners::FindOwners;

/// Names of places.
pub(in crate::query) struct Naming<'a> {
    pub(super) merged: &'a MergedTrees<'a>,
    /// For each place of the last heap one of its objects.
    firsts: Vec<Option<NodeIx>>,
    /// Whose each object of the last heap is.
    pub(in crate::query) owners: Arc<Owners>,
}

/// What parts of objects are called together.
const PARTS_NAME: &str = "Entries, elements and tables";

/// Names of properties that say how a collection is built, not what it is for.
const BUILDING: [&str; 14] = [
    "__data__", "value", "elements", "map", "string", "hash", "table", "items", "list", "head", "tail",
    "first", "last", "next",
];
/// Names of properties and variables that hold what was worked out before.
const CACHES: [&str; 4] = ["cache", "_cache", "memo", "memoized"];

impl<'a> Naming<'a> {
    pub(in crate::query) fn new(
        series: &Series,
        merged: &'a MergedTrees<'a>,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let Some(last) = series.snapshots.last() else {
            return Err(Cancelled);
        };
        Self::with_owners(series, merged, FindOwners.run(last, task)?, task)
    }

    /// The same, where it is known whose the objects of the last heap are.
    pub(in crate::query) fn with_owners(
        series: &Series,
        merged: &'a MergedTrees<'a>,
        owners: Arc<Owners>,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let Some((last, tree)) = series.snapshots.last().zip(merged.trees().last()) else {
            return Err(Cancelled);
        };
        let mut firsts = vec![None; tree.len()];
        for node in last.graph().nodes() {
            task.check_at(node.at())?;
            if let Some(place) = tree.of(node)
                && !tree.is_part(node)
            {
                firsts[place.at()].get_or_insert(node);
            }
        }
        Ok(Self {
            merged,
            firsts,
            owners,
        })
    }

    /// An object of the place in the last heap.
    pub(in crate::query) fn sample(&self, place: MergedIx) -> Option<NodeIx> {
        let mut members = self.merged.members(place, self.merged.heaps() - 1);
        members.find_map(|member| self.firsts[member.at()])
    }

    /// The script or module that the place belongs to: that of what its variable or property is of, or of the nearest above
    /// that has one.
    pub(super) fn owner(&self, place: MergedIx) -> Option<JsString> {
        // Whoever has the variable or property owns what hangs from it, wherever that was made.
        let mut place = self.merged.place(self.binding(place)).parent;
        loop {
            if let Some(owner) = self.sample(place).and_then(|node| self.owners.of(node)) {
                return Some(self.owners.name(owner).to_owned());
            }
            let parent = self.merged.place(place).parent;
            if parent == place {
                return None;
            }
            place = parent;
        }
    }

    /// The kind that the place is marked with.
    pub(super) fn kind(&self, place: MergedIx) -> NodeKind {
        kind_of_class(&self.text(self.merged.place(place).class))
    }

    /// The name and the kind of a class among what a holder keeps.
    pub(super) fn class(&self, class: u32) -> (JsString, NodeKind) {
        if class == PARTS {
            return (PARTS_NAME.into(), NodeKind::Array);
        }
        let text = self.text(class);
        (self.merged.text(class).to_owned(), kind_of_class(&text))
    }

    fn text(&self, number: u32) -> String {
        self.merged.text(number).to_string_lossy().into_owned()
    }

    /// The steps to the place, and to what it holds: `global`, `fetchRegistry: Array`, `[x]: FetchMetadata`.
    pub(in crate::query) fn path(&self, place: MergedIx, entry: Option<MergedIx>) -> Vec<JsString> {
        let steps = self.steps(place);
        let named = |at: MergedIx| {
            let step = self.merged.place(at);
            let class = self.text(step.class);
            let is_first = step.parent.at() == 0;
            if is_first {
                return JsString::from(class);
            }
            JsString::from(format!("{} → {class}", self.text(step.edge)))
        };
        steps.into_iter().chain(entry).map(named).collect()
    }

    /// For each step of the path to the place, and to what it holds, one of its objects in the last heap.
    pub(in crate::query) fn nodes(&self, place: MergedIx, entry: Option<MergedIx>) -> Vec<Option<NodeIx>> {
        let steps = self.steps(place).into_iter().chain(entry);
        steps.map(|at| self.sample(at)).collect()
    }

    /// The path in one line.
    #[expect(clippy::unused_self, reason = "beside the other names")]
    pub(super) fn key(&self, path: &[JsString]) -> JsString {
        let mut key = JsString::default();
        for (nth, step) in path.iter().enumerate() {
            if nth > 0 {
                key.push_str(" → ");
            }
            key.push(step.as_js());
        }
        key
    }

    /// The places from the first below the root to `place`.
    fn steps(&self, place: MergedIx) -> Vec<MergedIx> {
        let mut steps = Vec::new();
        let mut at = place;
        while at.at() != 0 {
            steps.push(at);
            at = self.merged.place(at).parent;
        }
        steps.reverse();
        steps
    }

    /// The place of the variable or property that says what the holder is for.
    fn binding(&self, place: MergedIx) -> MergedIx {
        let mut at = place;
        while at.at() != 0 {
            let step = self.merged.place(at);
            let edge = self.text(step.edge);
            let says_nothing = is_slot(step.edge)
                || self.merged.place(step.parent).family == Family::Root
                || BUILDING.contains(&edge.as_str())
                || CACHES.contains(&edge.as_str());
            if !says_nothing {
                return at;
            }
            at = step.parent;
        }
        place
    }

    /// What people call the holder: by the variable or property that says what it is for.
    pub(in crate::query) fn name(&self, place: MergedIx) -> JsString {
        let mut is_cache = false;
        let mut at = place;
        while at.at() != 0 {
            let step = *self.merged.place(at);
            let edge = self.text(step.edge);
            let class = self.text(step.class);
            let above = self.merged.place(step.parent);
            let says_nothing =
                is_slot(step.edge) || above.family == Family::Root || BUILDING.contains(&edge.as_str());
            if is_cache && class.ends_with("()") {
                let owner = if says_nothing || edge == "exports" {
                    class
                } else {
                    format!("{edge}()")
                };
                return JsString::from(format!("Cache of {owner}"));
            }
            if CACHES.contains(&edge.as_str()) {
                is_cache = true;
            } else if !says_nothing && !is_cache {
                return JsString::from(edge);
            } else if !says_nothing {
                return JsString::from(format!("Cache of {edge}"));
            }
            at = step.parent;
        }
        let class = self.merged.place(place).class;
        self.merged.text(class).to_owned()
    }
}

/// The kind that a place is marked with, from a class's name and how it is held.
pub(super) fn kind_of_class(class: &str) -> NodeKind {
    match class {
        "(string)" => NodeKind::String,
        "(number)" => NodeKind::Number,
        "(symbol)" => NodeKind::Symbol,
        "(bigint)" => NodeKind::BigInt,
        "(compiled code)" => NodeKind::Code,
        "(object shape)" => NodeKind::ObjectShape,
        "(system)" => NodeKind::Hidden,
        "RegExp" => NodeKind::RegExp,
        "(array)" => NodeKind::Array,
        _ if class.ends_with("()") => NodeKind::Closure,
        _ if class.starts_with('<') => NodeKind::Native,
        _ if class.starts_with("system / JSArrayBufferData") => NodeKind::Native,
        _ if class.starts_with('(') => NodeKind::Synthetic,
        _ if class.starts_with("system / ") => NodeKind::Hidden,
        _ => NodeKind::Object,
    }
}
