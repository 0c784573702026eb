//! Texts of which many strings are copies.

use super::candidate::{Candidate, Course, PathStep};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::query::Query as _;
use crate::query::strings::{GroupStrings, Strings, Which};
use crate::snapshot::Snapshot;

/// Copies that waste less than this part of the heap, one of so many, are no candidate.
const SMALL_PART: u64 = 200;
/// So many texts at most.
const MOST: usize = 3;
/// Copies that are kept as samples.
const SAMPLES: usize = 20;

/// Texts whose copies take a good part of the heap.
pub(super) fn find(snapshot: &Snapshot, task: &Task) -> Result<Vec<Candidate>, Cancelled> {
    let texts = GroupStrings.run(snapshot, task)?;
    let least = snapshot.total_size() / SMALL_PART;
    let answer = Strings::of(texts.clone(), Which::Duplicates).run(snapshot, task)?;
    let mut found = Vec::new();
    for &text in answer.rows.iter().take(MOST) {
        let row = texts.row(text);
        if row.wasted_size < least.max(1) {
            break;
        }
        let held_by = row.hold(snapshot).map(|hold| hold.text(snapshot).to_string());
        // The texts of scripts are the engine's to keep.
        if held_by
            .as_ref()
            .is_some_and(|held_by| held_by.contains("(compiled code)"))
        {
            continue;
        }
        let samples: Vec<NodeIx> = texts.members(text).into_iter().rev().take(SAMPLES).collect();
        found.push(Candidate {
            course: Course::Repeated {
                wasted: row.wasted_size,
            },
            name: snapshot.name(row.first).to_string(),
            path: vec![PathStep {
                edge: held_by.unwrap_or_default(),
                class: "(string)".to_owned(),
                node: Some(row.first),
            }],
            ends_in_entry: true,
            holders: row.count,
            counts: vec![row.count],
            sizes: vec![row.shallow_size],
            growth: None,
            samples,
        });
    }
    Ok(found)
}
