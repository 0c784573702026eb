//! Who holds an object, seen past the engine's own objects: the `Map` and not its table, the array and not its elements.

use super::edges::{EdgeColumn, EdgeRow, EdgeSort};
use super::folding::{self, Label};
use super::retainers::Retainers;
use super::{Direction, Query};
use crate::analysis::distances::Distance;
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// Asks as [`Retainers`] does, and steps over what a single object has only for its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldedRetainers {
    /// The question.
    pub retainers: Retainers,
    /// Is anything stepped over at all?
    pub folds: bool,
}

/// A retaining edge, or several folded into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoldedRow {
    /// The edge that leads to the object, and who holds it: beyond the engine's own.
    pub row: EdgeRow,
    /// How the fold is called; none if the edge stands for itself.
    pub label: Option<Label>,
}

impl Query for FoldedRetainers {
    type Over = Snapshot;
    type Answer = Vec<FoldedRow>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<FoldedRow>, Cancelled> {
        let Self { retainers, folds } = self;
        let mut rows = retainers.run(snapshot, task)?;
        if !folds {
            let as_it_is = |row| FoldedRow { row, label: None };
            return Ok(rows.into_iter().map(as_it_is).collect());
        }
        let distance = |node: NodeIx| match &retainers.ignoring {
            Some(ignoring) => ignoring.distance(node),
            None => snapshot.distance(node),
        };
        let mut has_folds = false;
        for (nth, row) in rows.iter_mut().enumerate() {
            task.check_at(nth)?;
            // What cannot be reached that way (a broken pair of a WeakMap) stays where it was.
            if let Some((_, owner)) = folding::beyond(snapshot, row.edge)
                && row.distance != Distance::NONE
            {
                row.node = owner;
                row.distance = distance(owner);
                has_folds = true;
            }
        }
        // In their first order rows are as they came, if none moved.
        if has_folds || retainers.order.by != EdgeColumn::Distance {
            let sort = EdgeSort {
                snapshot,
                distance: &|row| row.distance.sort_key(),
                tie: Direction::Descending,
            };
            sort.sort(&mut rows, retainers.order);
        }
        task.check()?;
        let with_label = |row: EdgeRow| FoldedRow {
            row,
            label: folding::beyond(snapshot, row.edge)
                .filter(|(_, owner)| *owner == row.node)
                .map(|(label, _)| label),
        };
        Ok(rows.into_iter().map(with_label).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{ask, named, snapshot};

    #[test]
    fn elements_are_held_by_their_array() {
        let snapshot = snapshot(
            r#"
            root:synthetic/0 -shortcut:w-> window:object/8 -list-> list=Array:object/16
            list -internal:elements-> store="(object elements)":array/64 -element:3-> item:object/8
            window -also-> item
        "#,
        );
        let item = named(&snapshot, "item");
        let rows = |folds| {
            let retainers = Retainers::of(item);
            ask(&FoldedRetainers { retainers, folds }, &snapshot)
        };
        let said = |row: &FoldedRow| {
            let label = row.label.map(|label| label.text(&snapshot).to_string());
            format!("{label:?} in {}", snapshot.name(row.row.node))
        };
        let said = |rows: Vec<FoldedRow>| rows.iter().map(said).collect::<Vec<String>>();
        assert_eq!(said(rows(true)), ["None in window", "Some(\"[3]\") in Array"]);
        assert_eq!(said(rows(false)), ["None in window", "None in (object elements)"]);
    }
}
