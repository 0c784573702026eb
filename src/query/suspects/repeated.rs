//! Texts of which many strings are copies.

use std::cmp::Reverse;

use super::candidate::{Candidate, Course, PathStep};
use crate::analysis::duplicate_strings::{GroupIx, StringGroups};
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::query::string_holders::most_frequent;
use crate::snapshot::Snapshot;

/// Copies that waste less than this part of the heap, one of so many, are no candidate.
const SMALL_PART: u64 = 200;
/// So many texts at most.
const MOST: usize = 3;
/// Copies that are kept as samples.
const SAMPLES: usize = 20;
/// Copies that are asked by what they are held.
const SAMPLED: usize = 8;

/// Texts whose copies take a good part of the heap.
pub(super) fn find(snapshot: &Snapshot, task: &Task) -> Result<Vec<Candidate>, Cancelled> {
    let texts = StringGroups::build(snapshot.graph(), snapshot.dom(), snapshot.shallow_sizes(), task)?;
    let least = snapshot.total_size() / SMALL_PART;
    let mut large: Vec<(u64, GroupIx)> = Vec::new();
    for (text, group) in texts.groups() {
        task.check_at(text.at())?;
        if texts.count(text) > 1 && group.shallow_size >= least {
            let sizes = texts.members(text).map(|node| snapshot.shallow_size(node));
            let wasted = group.shallow_size - sizes.max().unwrap_or(0);
            large.extend((wasted >= least.max(1)).then_some((wasted, text)));
        }
    }
    large.sort_unstable_by_key(|&(wasted, text)| (Reverse(wasted), text));
    let mut found = Vec::new();
    for (wasted, text) in large.into_iter().take(MOST) {
        let (members, group) = (texts.members(text), texts.group(text));
        let count = members.len();
        let sample: Vec<NodeIx> = members.clone().step_by(count.div_ceil(SAMPLED)).collect();
        let held_by = most_frequent(snapshot, &sample).map(|hold| hold.text(snapshot).to_string());
        // The texts of scripts are the engine's to keep.
        if held_by
            .as_ref()
            .is_some_and(|held_by| held_by.contains("(compiled code)"))
        {
            continue;
        }
        let samples = members
            .skip(count.saturating_sub(SAMPLES))
            .collect::<Vec<NodeIx>>()
            .into_iter()
            .rev()
            .collect();
        found.push(Candidate {
            course: Course::Repeated { wasted },
            name: snapshot.name(group.first).to_string(),
            path: vec![PathStep {
                edge: held_by.unwrap_or_default(),
                class: "(string)".to_owned(),
                node: Some(group.first),
            }],
            ends_in_entry: true,
            holders: count as u64,
            counts: vec![count as u64],
            sizes: vec![group.shallow_size],
            growth: None,
            samples,
        });
    }
    Ok(found)
}
