//! Which object of the base is which of the current snapshot, and what became of each.

use rustc_hash::{FxHashMap, FxHashSet};

use super::changes::Changes;
use super::{ComparedClass, Comparison, InBase, InCurrent, RowIx, Side, Subject, pairing};
use crate::analysis::id_index::IdIndex;
use crate::analysis::names::PLAIN_OBJECT;
use crate::base::bits::BitSet;
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};

impl Comparison {
    /// Matches objects by id within their row.
    pub(super) fn match_objects(
        &mut self,
        base: Side<'_>,
        current: Side<'_>,
        base_ids: &IdIndex,
        task: &Task,
    ) -> Result<(), Cancelled> {
        let mut changes = vec![[Changes::default(); 2]; self.rows.len()];
        let mut survivors = BitSet::new(base.graph.node_count());
        for node in current.graph.nodes() {
            task.check_at(node.at())?;
            let size = current.shallow.get(node);
            let Some(row) = self.row_of_current[current.classes.of(node).at()].filter(|_| size > 0) else {
                continue;
            };
            let before = base_ids
                .find(current.graph.id(node))
                .filter(|&before| base.shallow.get(before) > 0);
            let is_cost = current.is_cost(node);
            let [all, cost] = &mut changes[row.at()];
            let all_and_cost = [Some(all), is_cost.then_some(cost)];
            match before {
                Some(before)
                    if self.row_of_base[self.base_classes.of(before).at()] == Some(row)
                        && survivors.insert(before) =>
                {
                    let size_before = base.shallow.get(before);
                    if size != size_before {
                        self.resized.push((InCurrent(node), InBase(before)));
                        for changes in all_and_cost.into_iter().flatten() {
                            changes.change(size_before, size);
                        }
                    }
                }
                _ => {
                    if let Some(before) = before
                        && base.graph.kind(before) == current.graph.kind(node)
                    {
                        self.reclassed.push((InCurrent(node), InBase(before)));
                    }
                    for changes in all_and_cost.into_iter().flatten() {
                        changes.added.add(size);
                    }
                    self.added.insert(node);
                }
            }
        }
        self.follow_renamed(base, current);
        for node in base.graph.nodes() {
            task.check_at(node.at())?;
            let size = base.shallow.get(node);
            if size > 0
                && !survivors.contains(node)
                && let Some(row) = self.row_of_base(InBase(node))
            {
                let [all, cost] = &mut changes[row.at()];
                all.removed.add(size);
                if base.is_cost(node) {
                    cost.removed.add(size);
                }
                self.removed.insert(node);
            }
        }
        for (row, [all, cost]) in self.rows.iter_mut().zip(changes) {
            row.sums.changes = Some(all);
            row.cost.changes = Some(cost);
        }
        Ok(())
    }

    /// Of interfaces that are new, and most of whose objects were there before: takes those to have been of the class then.
    fn follow_renamed(&mut self, base: Side<'_>, current: Side<'_>) {
        let mut flows: FxHashMap<(RowIx, RowIx), u64> = FxHashMap::default();
        let ways: Vec<Option<(RowIx, RowIx)>> = self
            .reclassed
            .iter()
            .map(|&(now, before)| {
                let from = self.row_of_base(before)?;
                let to = self.row_of_current[current.classes.of(now.0).at()]?;
                let is_new = |row: RowIx| self.rows[row.at()].sums.base.count == 0;
                let follows = from != to && self.is_of(from, pairing::is_plain) && is_new(to);
                (follows && self.is_of(to, pairing::is_interface)).then_some((from, to))
            })
            .collect();
        for way in ways.iter().flatten() {
            *flows.entry(*way).or_default() += 1;
        }
        flows.retain(|&(_, to), count| *count * 2 >= self.rows[to.at()].sums.current.count);
        let mut moved = Vec::new();
        for (way, &(_, InBase(before))) in ways.iter().zip(&self.reclassed) {
            if let Some(way @ (_, to)) = way
                && flows.contains_key(way)
            {
                moved.push((before, *to));
            }
        }
        self.take_over(base, moved);
    }

    /// Where objects are not matched: takes an interface that is gone and one that is new for the same if most of their
    /// properties are.
    pub(super) fn match_interfaces(
        &mut self,
        base: Side<'_>,
        current: Side<'_>,
        task: &Task,
    ) -> Result<(), Cancelled> {
        let new: Vec<RowIx> = (0..self.rows.len())
            .map(RowIx::new)
            .filter(|&row| self.rows[row.at()].sums.base.count == 0 && self.is_of(row, pairing::is_interface))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let kept: Vec<JsStr<'_>> = self
            .rows
            .iter()
            .filter(|row| row.sums.current.count > 0)
            .map(ComparedClass::name)
            .collect();
        let all = base.classes.all().iter();
        let gone: Vec<ClassIx> = all
            .enumerate()
            .filter(|(_, class)| {
                pairing::is_interface(class.name.as_js()) && !kept.contains(&class.name.as_js())
            })
            .map(|(at, _)| ClassIx::new(at))
            .collect();
        let names = |rows: &[RowIx]| {
            rows.iter()
                .map(|row| self.rows[row.at()].name().to_owned())
                .collect()
        };
        let new_names: Vec<JsString> = names(&new);
        let pairs = pairing::renamed(
            (
                &gone
                    .iter()
                    .map(|&class| base.classes.class(class).name.as_js())
                    .collect::<Vec<_>>(),
                base.classes.interfaces(),
            ),
            (
                &new_names.iter().map(JsString::as_js).collect::<Vec<_>>(),
                current.classes.interfaces(),
            ),
        );
        let goes_to: FxHashMap<ClassIx, RowIx> = pairs
            .into_iter()
            .map(|(before, now)| (gone[before], new[now]))
            .collect();
        if goes_to.is_empty() {
            return Ok(());
        }
        let mut moved = Vec::new();
        for node in base.graph.nodes() {
            task.check_at(node.at())?;
            if base.shallow.get(node) > 0
                && let Some(&to) = goes_to.get(&base.classes.of(node))
                && self.base_classes.class(self.base_classes.of(node)).name.as_js() == PLAIN_OBJECT
            {
                moved.push((node, to));
            }
        }
        self.take_over(base, moved);
        Ok(())
    }

    /// Counts objects of the base for other rows than those of their classes.
    fn take_over(&mut self, base: Side<'_>, mut moved: Vec<(NodeIx, RowIx)>) {
        moved.sort_unstable();
        for &(node, to) in &moved {
            let size = base.shallow.get(node);
            let class = self.base_classes.of(node);
            let Some(from) = self.row_of_base[class.at()] else {
                continue;
            };
            let is_cost = base.is_cost(node);
            self.rows[to.at()].take(from, size, is_cost, self.is_matched);
            let from = &mut self.rows[from.at()];
            from.sums.base.take(size);
            if is_cost {
                from.cost.base.take(size);
            }
            let to = &mut self.rows[to.at()];
            to.sums.base.add(size);
            if is_cost {
                to.cost.base.add(size);
            }
            let own = &base.classes.class(base.classes.of(node)).name;
            if to.former.is_none() && own.as_js() != to.name() {
                to.former = Some(own.clone());
            }
        }
        self.moved = moved;
    }

    fn is_of(&self, row: RowIx, is: impl Fn(JsStr<'_>) -> bool) -> bool {
        matches!(&self.rows[row.at()].subject, Subject::Class(class) if class.place.is_none() && is(class.name.as_js()))
    }
}

/// Takes an object that both snapshots have, and that only one of them knows to be there for the snapshots' sake, to be so in
/// both. Returns the sets of base and current; none if neither knows of such.
pub(super) fn agree_on_cost(
    base: Side<'_>,
    current: Side<'_>,
    base_ids: &IdIndex,
    task: &Task,
) -> Result<[Option<BitSet<NodeIx>>; 2], Cancelled> {
    if base.own_cost.is_none() && current.own_cost.is_none() {
        return Ok([None, None]);
    }
    let own = |side: Side<'_>| {
        side.own_cost
            .cloned()
            .unwrap_or_else(|| BitSet::new(side.graph.node_count()))
    };
    let (mut before, mut now) = (own(base), own(current));
    let ids: FxHashSet<u64> = before.iter().map(|node| base.graph.id(node).0).collect();
    for node in now.iter() {
        if let Some(same) = base_ids.find(current.graph.id(node)) {
            before.insert(same);
        }
    }
    if !ids.is_empty() {
        for node in current.graph.nodes() {
            task.check_at(node.at())?;
            let id = current.graph.id(node);
            if ids.contains(&id.0) {
                now.insert(node);
            }
        }
    }
    Ok([Some(before), Some(now)])
}
