//! The tree of calls as a flame chart: a box for each call, as wide as what was allocated under it, callers above those they call.

use crate::analysis::call_tree::{Call, CallTree};
use crate::base::index::to_u32;
use crate::base::task::{Cancelled, Task};
use crate::query::Query;

/// Asks for the boxes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flame {
    /// What is measured.
    pub by: Measure,
    /// The call that takes the whole width, with all under it; all calls if there is none.
    pub of: Option<u32>,
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
    /// That of a call and all under it.
    pub fn of(self, call: &Call) -> u64 {
        match self {
            Self::LiveSize => call.total.live_size,
            Self::Size => call.total.size,
        }
    }
}

/// A box of the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlameBox {
    /// The call.
    pub call: u32,
    /// Its level, from 0.
    pub depth: u32,
    /// Where it begins: 0 to 1.
    pub start: f64,
    /// How wide it is: 0 to 1.
    pub width: f64,
}

impl Query for Flame {
    type Over = CallTree;
    /// Level after level, each from the left.
    type Answer = Vec<FlameBox>;

    /// Calls of one caller stand widest first.
    fn run(&self, tree: &CallTree, task: &Task) -> Result<Vec<FlameBox>, Cancelled> {
        let calls = tree.calls();
        let mut inner: Vec<(u32, u32)> = Vec::with_capacity(calls.len());
        for (at, call) in calls.iter().enumerate() {
            task.check_at(at)?;
            if let Some(caller) = call.caller {
                inner.push((caller, to_u32(at)));
            }
        }
        inner.sort_unstable();
        let below = |caller: u32| {
            let start = inner.partition_point(|pair| pair.0 < caller);
            let mut below: Vec<u32> = inner[start..]
                .iter()
                .take_while(|pair| pair.0 == caller)
                .map(|pair| pair.1)
                .collect();
            below.sort_by_key(|&call| std::cmp::Reverse(self.by.of(&calls[call as usize])));
            below
        };
        let top = match self.of {
            Some(call) => vec![call],
            // The beginning is no function.
            None if calls.first().is_some_and(|first| first.caller.is_none()) => below(0),
            None => Vec::new(),
        };
        let whole: u64 = top.iter().map(|&call| self.by.of(&calls[call as usize])).sum();
        #[expect(clippy::cast_precision_loss, reason = "shares need no more")]
        let share = |call: u32| self.by.of(&calls[call as usize]) as f64 / whole.max(1) as f64;
        let mut boxes: Vec<FlameBox> = Vec::new();
        let put = |calls: Vec<u32>, depth: u32, mut start: f64, boxes: &mut Vec<FlameBox>| {
            for call in calls {
                let width = share(call);
                if width < self.least_share || width == 0.0 {
                    break;
                }
                boxes.push(FlameBox {
                    call,
                    depth,
                    start,
                    width,
                });
                start += width;
            }
        };
        put(top, 0, 0.0, &mut boxes);
        let mut at = 0;
        while let Some(&FlameBox {
            call, depth, start, ..
        }) = boxes.get(at)
        {
            task.check_at(at)?;
            put(below(call), depth + 1, start, &mut boxes);
            at += 1;
        }
        Ok(boxes)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Laying out calls")
    }
}
