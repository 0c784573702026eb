//! Allocations as an icicle of boxes: one for each call, as wide as what was allocated under it, callers above those they call;
//! or, from the bottom up, one for each function, as wide as what it allocated itself, with its callers below.

use rustc_hash::FxHashMap;

use super::Of;
use crate::analysis::call_tree::{CallTree, Sums};
use crate::base::index::to_u32;
use crate::base::task::{Cancelled, Task};
use crate::query::Query;

/// Asks for the boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct Flame {
    /// What takes the whole width: all calls, one call with all under it, all functions, or one way up from a function.
    pub of: Of,
    /// What is measured.
    pub by: Measure,
    /// Boxes that are narrower, as a share of the whole, are left out.
    pub least_share: f64,
}

/// What makes a box wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Bytes that are alive.
    LiveSize,
    /// Bytes that were allocated.
    Size,
}

impl Measure {
    /// That of `sums`.
    pub const fn of(self, sums: &Sums) -> u64 {
        match self {
            Self::LiveSize => sums.live_size,
            Self::Size => sums.size,
        }
    }
}

/// A box of the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlameBox {
    /// The function.
    pub function: u32,
    /// The call, in the tree from the top.
    pub call: Option<u32>,
    /// The box above it: one before it in the list.
    pub parent: Option<u32>,
    /// Its level, from 0.
    pub depth: u32,
    /// Where it begins: 0 to 1.
    pub start: f64,
    /// How wide it is: 0 to 1.
    pub width: f64,
    /// Its bytes.
    pub size: u64,
}

impl Query for Flame {
    type Over = CallTree;
    /// Level after level, each from the left; boxes below one stand widest first.
    type Answer = Vec<FlameBox>;

    fn run(&self, tree: &CallTree, task: &Task) -> Result<Vec<FlameBox>, Cancelled> {
        let of = match &self.of {
            Of::Calls(call) => down(tree, *call, self.by, task)?,
            Of::Functions => all_up(tree, self.by, task)?,
            Of::Callers(path) => vec![along(tree, path, self.by, task)?],
        };
        let whole: u64 = of.iter().map(|group| group.size).sum();
        let inner = Inner::of(tree, task)?;
        let mut boxes: Vec<FlameBox> = Vec::new();
        let mut groups: Vec<Group> = Vec::new();
        let put = |level: Vec<Group>, above: Option<(u32, &FlameBox)>, groups: &mut Vec<Group>| {
            let mut placed: Vec<FlameBox> = Vec::new();
            let mut start = above.map_or(0.0, |(_, above)| above.start);
            for group in level {
                let width = share(group.size, whole);
                if group.size == 0 || width < self.least_share {
                    break;
                }
                placed.push(FlameBox {
                    function: group.function,
                    call: group.call,
                    parent: above.map(|(at, _)| at),
                    depth: above.map_or(0, |(_, above)| above.depth + 1),
                    start,
                    width,
                    size: group.size,
                });
                groups.push(group);
                start += width;
            }
            placed
        };
        boxes.extend(put(sorted(of), None, &mut groups));
        let mut at = 0;
        while let Some(above) = boxes.get(at).copied() {
            task.check_at(at)?;
            // What was looked into is not kept.
            let group = std::mem::take(&mut groups[at]);
            let level = match group.call {
                Some(call) => inner.below(tree, call, self.by),
                None => callers(tree, &group),
            };
            boxes.extend(put(sorted(level), Some((to_u32(at), &above)), &mut groups));
            at += 1;
        }
        Ok(boxes)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Laying out calls")
    }
}

/// What becomes a box.
#[derive(Clone, Debug, Default)]
struct Group {
    function: u32,
    call: Option<u32>,
    size: u64,
    /// From the bottom up: calls of the function, and what was allocated through each.
    calls: Vec<(u32, u64)>,
}

#[expect(clippy::cast_precision_loss, reason = "shares need no more")]
fn share(size: u64, whole: u64) -> f64 {
    size as f64 / whole.max(1) as f64
}

/// Widest first; equal ones keep the order of the file.
fn sorted(mut groups: Vec<Group>) -> Vec<Group> {
    groups.sort_by_key(|group| std::cmp::Reverse(group.size));
    groups
}

/// Calls by their callers.
struct Inner(Vec<(u32, u32)>);

impl Inner {
    fn of(tree: &CallTree, task: &Task) -> Result<Self, Cancelled> {
        let mut inner = Vec::with_capacity(tree.calls().len());
        for (at, call) in tree.calls().iter().enumerate() {
            task.check_at(at)?;
            inner.extend(call.caller.map(|caller| (caller, to_u32(at))));
        }
        inner.sort_unstable();
        Ok(Self(inner))
    }

    fn below(&self, tree: &CallTree, caller: u32, by: Measure) -> Vec<Group> {
        let start = self.0.partition_point(|pair| pair.0 < caller);
        let below = self.0[start..].iter().take_while(|pair| pair.0 == caller);
        below.map(|pair| of_call(tree, pair.1, by)).collect()
    }
}

fn of_call(tree: &CallTree, at: u32, by: Measure) -> Group {
    let call = &tree.calls()[at as usize];
    Group {
        function: call.function,
        call: Some(at),
        size: by.of(&call.total),
        calls: Vec::new(),
    }
}

fn down(tree: &CallTree, call: Option<u32>, by: Measure, task: &Task) -> Result<Vec<Group>, Cancelled> {
    match call {
        Some(call) => Ok(vec![of_call(tree, call, by)]),
        // The beginning is no function.
        None => Ok(Inner::of(tree, task)?.below(tree, 0, by)),
    }
}

/// Adds what was allocated through `call` to the group of its function.
fn add(tree: &CallTree, groups: &mut Vec<Group>, places: &mut FxHashMap<u32, usize>, call: u32, size: u64) {
    let function = tree.calls()[call as usize].function;
    let place = *places.entry(function).or_insert_with(|| {
        groups.push(Group {
            function,
            ..Group::default()
        });
        groups.len() - 1
    });
    groups[place].size += size;
    groups[place].calls.push((call, size));
}

fn all_up(tree: &CallTree, by: Measure, task: &Task) -> Result<Vec<Group>, Cancelled> {
    let (mut groups, mut places) = (Vec::new(), FxHashMap::default());
    for (at, call) in tree.calls().iter().enumerate() {
        task.check_at(at)?;
        if tree.counts(&call.own) {
            add(tree, &mut groups, &mut places, to_u32(at), by.of(&call.own));
        }
    }
    Ok(groups)
}

/// What the first function of `path` allocated when it was called by the second, and so on: as a box of the last.
fn along(tree: &CallTree, path: &[u32], by: Measure, task: &Task) -> Result<Group, Cancelled> {
    let mut group = Group {
        function: path.last().copied().unwrap_or(0),
        ..Group::default()
    };
    for (at, call) in tree.calls().iter().enumerate() {
        task.check_at(at)?;
        if !tree.counts(&call.own) {
            continue;
        }
        let mut here = Some(to_u32(at));
        let mut end = None;
        let is_on_path = path.iter().all(|&function| {
            end = here.filter(|&at| tree.calls()[at as usize].function == function);
            here = end.and_then(|at| tree.calls()[at as usize].caller);
            end.is_some()
        });
        if let (true, Some(end)) = (is_on_path, end) {
            let size = by.of(&call.own);
            group.size += size;
            group.calls.push((end, size));
        }
    }
    Ok(group)
}

/// Who called the calls of `group`; the beginning is nobody.
fn callers(tree: &CallTree, group: &Group) -> Vec<Group> {
    let (mut groups, mut places) = (Vec::new(), FxHashMap::default());
    for &(call, size) in &group.calls {
        let caller = tree.calls()[call as usize].caller;
        if let Some(caller) = caller.filter(|&at| tree.calls()[at as usize].caller.is_some()) {
            add(tree, &mut groups, &mut places, caller, size);
        }
    }
    groups
}
