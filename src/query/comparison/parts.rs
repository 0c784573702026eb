//! What changed in an object that both snapshots have: its properties, entries, elements and variables set against each other.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::{Compared, Pair};
use crate::analysis::comparison::{InBase, InCurrent, delta};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::{EdgeKind, NodeKind, ObjectId};
use crate::query::Query;
use crate::query::edges::edge_name;
use crate::query::inspect::{Inspect, InspectRow, Inspected, SectionKind};
use crate::snapshot::Snapshot;

/// Asks what changed in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedParts {
    /// The object now.
    pub now: InCurrent,
    /// The same in the base.
    pub before: InBase,
}

/// A part of an object of which something became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedPart {
    /// Of which sort it is.
    pub kind: SectionKind,
    /// The part in the base, if it was there.
    pub before: Option<InspectRow>,
    /// The part in the current snapshot, if it is there.
    pub now: Option<InspectRow>,
    /// What became of it.
    pub change: PartChange,
    /// By how many bytes more is retained through it.
    pub retained_delta: i64,
}

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartChange {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It holds another object now.
    Replaced,
    /// It holds the same object, which retains more or less.
    Resized,
}

impl ChangedPart {
    /// The part as it is now, or else as it was.
    pub fn row(&self) -> Option<InspectRow> {
        self.now.or(self.before)
    }

    /// What it holds in both snapshots, if that is the same object.
    pub fn both(&self) -> Option<(InCurrent, InBase)> {
        let same = self.change == PartChange::Resized;
        let now = InCurrent(self.now?.node?);
        same.then_some((now, InBase(self.before?.node?)))
    }

    /// What it is called.
    pub fn label(&self, pair: &Pair) -> JsString {
        let snapshot = if self.now.is_some() {
            &pair.current
        } else {
            &pair.base
        };
        let Some(row) = self.row() else {
            return JsString::new();
        };
        match (self.kind, row.key) {
            (SectionKind::Entries, Some(key)) => {
                let name = snapshot.name(key);
                let key = match snapshot.graph().kind(key) {
                    NodeKind::String | NodeKind::ConcatenatedString | NodeKind::SlicedString => {
                        format!("{:?}", name.as_js().to_string_lossy())
                    }
                    _ => format!("{name} {}", snapshot.id(key)),
                };
                format!("entry {key}").into()
            }
            (SectionKind::Entries, None) => "entry".into(),
            (SectionKind::Elements, _) => format!("[{}]", edge_name(snapshot, row.edge)).into(),
            _ => edge_name(snapshot, row.edge),
        }
    }
}

/// A way to know a part.
type KeyOf = fn(&Snapshot, SectionKind, &InspectRow) -> Option<Key>;

/// By what parts of both snapshots are known to be the same.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    /// The object it holds.
    Held(ObjectId),
    /// The object by which it is found.
    Id(ObjectId),
    /// What it is called, or the text by which it is found.
    Text(JsString),
    /// Its number.
    Number(u32),
}

impl Query for ChangedParts {
    type Over = Compared;
    type Answer = Vec<ChangedPart>;

    /// The largest change first.
    fn run(&self, over: &Compared, task: &Task) -> Result<Vec<ChangedPart>, Cancelled> {
        let Pair { base, current } = &over.pair;
        let before = Inspect { node: self.before.0 }.run(base, task)?;
        let now = Inspect { node: self.now.0 }.run(current, task)?;
        let mut changes = Vec::new();
        for kind in [
            SectionKind::Properties,
            SectionKind::Entries,
            SectionKind::Elements,
            SectionKind::Variables,
            SectionKind::Internals,
        ] {
            let rows = |of: &Inspected| {
                let sections = of.sections.iter().filter(|section| section.kind == kind);
                sections
                    .flat_map(|section| section.rows.clone())
                    .collect::<Vec<_>>()
            };
            set_against(over, kind, rows(&before), rows(&now), &mut changes, task)?;
        }
        let mut at: Vec<(u64, usize)> = changes
            .iter()
            .enumerate()
            .map(|(at, part)| (part.retained_delta.unsigned_abs(), at))
            .collect();
        at.sort_unstable_by_key(|&(size, at)| (Reverse(size), at));
        task.check()?;
        Ok(at.into_iter().map(|(_, at)| changes[at]).collect())
    }
}

/// Adds to `changes` what became of the parts of one sort.
fn set_against(
    over: &Compared,
    kind: SectionKind,
    mut before: Vec<InspectRow>,
    mut now: Vec<InspectRow>,
    changes: &mut Vec<ChangedPart>,
    task: &Task,
) -> Result<(), Cancelled> {
    let Pair { base, current } = &over.pair;
    if kind == SectionKind::Internals {
        before.retain(|row| is_told(base, row));
        now.retain(|row| is_told(current, row));
    }
    // What a list holds may stand elsewhere in it: objects first, then places.
    let rounds: &[KeyOf] = match kind {
        SectionKind::Elements => &[by_held, by_name],
        SectionKind::Entries => &[by_key, by_held],
        _ => &[by_name],
    };
    for key in rounds {
        let mut known: FxHashMap<Key, Vec<InspectRow>> = FxHashMap::default();
        let mut left = Vec::new();
        // From the last on, so that the first is taken first.
        for (nth, row) in before.drain(..).rev().enumerate() {
            task.check_at(nth)?;
            match key(base, kind, &row) {
                Some(key) => known.entry(key).or_default().push(row),
                None => left.push(row),
            }
        }
        let mut open = Vec::new();
        for (nth, row) in now.drain(..).enumerate() {
            task.check_at(nth)?;
            let same = key(current, kind, &row).and_then(|key| known.get_mut(&key)?.pop());
            match same {
                Some(same) => changes.extend(compared(over, kind, same, row)),
                None => open.push(row),
            }
        }
        left.extend(known.into_values().flatten());
        left.sort_unstable_by_key(|row| row.edge);
        (before, now) = (left, open);
    }
    let retained = |snapshot: &Snapshot, row: &InspectRow| {
        let held = row.node.or(row.key);
        held.map_or(0, |node| snapshot.retained_size(node))
    };
    changes.extend(now.into_iter().map(|row| ChangedPart {
        kind,
        before: None,
        now: Some(row),
        change: PartChange::Added,
        retained_delta: delta(0, retained(current, &row)),
    }));
    changes.extend(before.into_iter().map(|row| ChangedPart {
        kind,
        before: Some(row),
        now: None,
        change: PartChange::Removed,
        retained_delta: delta(retained(base, &row), 0),
    }));
    Ok(())
}

/// What became of a part that both have, if something did.
fn compared(over: &Compared, kind: SectionKind, before: InspectRow, now: InspectRow) -> Option<ChangedPart> {
    let Pair { base, current } = &over.pair;
    let retained =
        |snapshot: &Snapshot, node: Option<NodeIx>| node.map_or(0, |node| snapshot.retained_size(node));
    let retained_delta = delta(retained(base, before.node), retained(current, now.node));
    let is_same = match (before.node, now.node) {
        (Some(was), Some(is)) => {
            (over.is_matched() && base.id(was) == current.id(is)) || is_same_value(base, was, current, is)
        }
        (was, is) => was.is_none() && is.is_none(),
    };
    let change = match is_same {
        true if retained_delta == 0 => return None,
        true => PartChange::Resized,
        false => PartChange::Replaced,
    };
    Some(ChangedPart {
        kind,
        before: Some(before),
        now: Some(now),
        change,
        retained_delta,
    })
}

/// Is it a value that is no object, and the same one?
fn is_same_value(base: &Snapshot, was: NodeIx, current: &Snapshot, is: NodeIx) -> bool {
    let kind = current.graph().kind(is);
    let is_value = matches!(
        kind,
        NodeKind::String | NodeKind::ConcatenatedString | NodeKind::Symbol | NodeKind::BigInt
    );
    is_value && base.graph().kind(was) == kind && base.name(was) == current.name(is)
}

/// Links of the engine that are told: not those to parts of the object itself, which other rows show.
fn is_told(snapshot: &Snapshot, row: &InspectRow) -> bool {
    let graph = snapshot.graph();
    let is_part = [
        "map",
        "table",
        "elements",
        "properties",
        "shared",
        "feedback_cell",
        "code",
    ]
    .iter()
    .any(|name| edge_name(snapshot, row.edge).as_js() == **name);
    graph.head(row.edge).kind() == EdgeKind::Internal && !is_part
}

fn by_held(snapshot: &Snapshot, _: SectionKind, row: &InspectRow) -> Option<Key> {
    row.node.map(|node| Key::Held(snapshot.id(node)))
}

fn by_key(snapshot: &Snapshot, kind: SectionKind, row: &InspectRow) -> Option<Key> {
    let Some(key) = row.key else {
        return by_held(snapshot, kind, row);
    };
    let is_text = matches!(
        snapshot.graph().kind(key),
        NodeKind::String | NodeKind::ConcatenatedString | NodeKind::SlicedString
    );
    Some(if is_text {
        Key::Text(snapshot.name(key))
    } else {
        Key::Id(snapshot.id(key))
    })
}

#[expect(clippy::unnecessary_wraps, reason = "one of several ways to know a part")]
fn by_name(snapshot: &Snapshot, kind: SectionKind, row: &InspectRow) -> Option<Key> {
    Some(match kind {
        SectionKind::Elements => Key::Number(snapshot.graph().edge_name_raw(row.edge)),
        _ => Key::Text(edge_name(snapshot, row.edge)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::comparison::tests::compared;
    use crate::query::testing::{ask, named};

    /// What changed in the object `name`, a line a part: `+a 8`.
    fn parts(base: &str, current: &str, name: &str) -> Vec<String> {
        let over = compared(base, current);
        let Pair { base, current } = &over.pair;
        let question = ChangedParts {
            now: InCurrent(named(current, name)),
            before: InBase(named(base, name)),
        };
        let line = |part: &ChangedPart| {
            let sign = match part.change {
                PartChange::Added => '+',
                PartChange::Removed => '-',
                PartChange::Replaced => '!',
                PartChange::Resized => '~',
            };
            format!("{sign}{} {:+}", part.label(&over.pair), part.retained_delta)
        };
        ask(&question, &over).iter().map(line).collect()
    }

    #[test]
    fn properties_come_go_and_hold_other_objects() {
        let base = r#"root:synthetic/0 #1 -shortcut:w-> o:object/8 #3 -kept-> kept:object/8 #5
            o -grows-> grows:object/8 #7
            o -gone-> gone:object/16 #9
            o -other-> a:object/8 #11
            o -text-> "same":string/8 #13"#;
        let current = r#"root:synthetic/0 #1 -shortcut:w-> o:object/8 #3 -kept-> kept:object/8 #5
            o -grows-> grows:object/8 #7 -more-> more:object/100 #21
            o -new-> new:object/32 #23
            o -other-> b:object/12 #25
            o -text-> "same":string/8 #27"#;
        assert_eq!(
            parts(base, current, "o"),
            ["~grows +100", "+new +32", "-gone -16", "!other +4"]
        );
    }

    #[test]
    fn entries_are_known_by_their_keys_and_elements_by_what_they_hold() {
        let base = r#"root:synthetic/0 #1 -shortcut:w-> m=Map:object/8 #3 -internal:table-> t:array/152 #5
            t -internal:5-> k1:object/8 #7
            t -internal:6-> v1:object/8 #9
            t -internal:8-> "name":string/8 #11
            t -internal:9-> v2:object/8 #13
            root -element:2-> list:object/8 #15 -element:0-> x:object/8 #17
            list -element:1-> y:object/8 #19"#;
        let current = r#"root:synthetic/0 #1 -shortcut:w-> m=Map:object/8 #3 -internal:table-> t:array/152 #31
            t -internal:5-> "name":string/8 #33
            t -internal:6-> v3:object/16 #35
            t -internal:8-> k1:object/8 #7
            t -internal:9-> v1:object/8 #9
            t -internal:11-> k3:object/8 #37
            t -internal:12-> v4:object/64 #39
            root -element:2-> list:object/8 #15 -element:0-> y:object/8 #19
            list -element:1-> z:object/24 #41"#;
        assert_eq!(
            parts(base, current, "Map"),
            ["+entry k3 @37 +64", "!entry \"name\" +8"]
        );
        assert_eq!(parts(base, current, "list"), ["+[1] +24", "-[0] -8"]);
    }
}
