//! What was allocated by which function, called from where: the tree of calls of a recording, with sums.
//!
//! DevTools' rules: a call that allocated nothing itself adds nothing to its function; what is alive is known from the nodes of
//! the snapshot, with their shallow sizes. What a call and those it made allocated is summed up from the leaves.

use std::ops::AddAssign;

use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx, to_u32};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::{HeapGraph, Place};

/// A tree of calls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallTree {
    functions: Vec<Function>,
    calls: Vec<Call>,
    known: Known,
}

/// What is known of calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known {
    /// All objects that were allocated, and those of them that are alive.
    #[default]
    All,
    /// Some of the objects that are alive. Of those that are gone nobody can tell whether they would be among them.
    Alive,
    /// Estimated sizes, from samples.
    Sampled,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name; empty if it has none.
    pub name: JsString,
    /// The address of its script; empty if it has none.
    pub script: JsString,
    /// Where it stands, counted from 0; none if that is not known.
    pub place: Option<Place>,
}

/// A call: one way to a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The place of its caller, which is less than its own; none at the beginning.
    pub caller: Option<u32>,
    /// Its function: a place in [`CallTree::functions`].
    pub function: u32,
    /// What it allocated itself.
    pub own: Sums,
    /// What it and the calls under it allocated.
    pub total: Sums,
}

/// Allocations, in objects and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Objects that were allocated.
    pub count: u64,
    /// Their bytes.
    pub size: u64,
    /// Those of them that are in the snapshot.
    pub live_count: u64,
    /// Their bytes there.
    pub live_size: u64,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.size = self.size.saturating_add(other.size);
        self.live_count += other.live_count;
        self.live_size += other.live_size;
    }
}

/// What calls of functions that the file does not have are gathered under.
const UNKNOWN: &str = "(not in the file)";

impl CallTree {
    /// The tree of a snapshot; empty if the file was not recorded with stacks. With `only`, what is alive of these alone is
    /// summed up.
    pub fn of_snapshot(
        graph: &HeapGraph,
        shallow: &Packed<NodeIx>,
        only: Option<&BitSet<NodeIx>>,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let traces = graph.traces();
        let strings = graph.strings();
        let mut functions: Vec<Function> = traces
            .functions()
            .iter()
            .map(|function| Function {
                name: strings.get(function.name).to_owned(),
                script: strings.get(function.script).to_owned(),
                place: function.place(),
            })
            .collect();
        let known = to_u32(functions.len());
        if traces.calls().iter().any(|call| call.function >= known) {
            functions.push(Function {
                name: UNKNOWN.into(),
                script: JsString::default(),
                place: None,
            });
        }
        let mut calls: Vec<Call> = traces
            .calls()
            .iter()
            .map(|call| Call {
                caller: call.caller,
                function: call.function.min(known),
                own: Sums {
                    count: call.count,
                    size: call.size,
                    ..Sums::default()
                },
                total: Sums::default(),
            })
            .collect();
        for node in graph.nodes() {
            task.check_at(node.at())?;
            if only.is_some_and(|only| !only.contains(node)) {
                continue;
            }
            if let Some(call) = traces.call_of(node) {
                let own = &mut calls[call as usize].own;
                own.live_count += 1;
                own.live_size += shallow.get(node);
            }
        }
        if only.is_none() {
            return Ok(Self::new(functions, calls, Known::All));
        }
        for call in &mut calls {
            // A call that was not counted counts for nobody.
            call.own = Sums {
                live_count: call.own.live_count * u64::from(call.own.count != 0),
                live_size: call.own.live_size * u64::from(call.own.count != 0),
                ..Sums::default()
            };
        }
        Ok(Self::new(functions, calls, Known::Alive))
    }

    /// The tree of `calls`, each behind its caller; totals are computed.
    pub fn new(functions: Vec<Function>, mut calls: Vec<Call>, known: Known) -> Self {
        for call in &mut calls {
            call.total = call.own;
        }
        for at in (0..calls.len()).rev() {
            let Call { caller, total, .. } = calls[at];
            if let Some(caller) = caller {
                calls[caller as usize].total += total;
            }
        }
        Self {
            functions,
            calls,
            known,
        }
    }

    /// Was nothing recorded?
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// What is known of the calls.
    pub const fn known(&self) -> Known {
        self.known
    }

    /// The functions.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// The calls, callers before those they call.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// The function of the call at `call`.
    pub fn function_of(&self, call: u32) -> &Function {
        &self.functions[self.calls[call as usize].function as usize]
    }

    /// Everything that was allocated.
    pub fn total(&self) -> Sums {
        let mut total = Sums::default();
        for call in self.calls.iter().filter(|call| call.caller.is_none()) {
            total += call.total;
        }
        total
    }

    /// Does what a call allocated itself count for its function? (One that allocated nothing does not.)
    pub const fn counts(&self, own: &Sums) -> bool {
        match self.known {
            Known::All => own.count != 0,
            Known::Alive => own.live_count != 0,
            Known::Sampled => own.size != 0,
        }
    }

    /// What each function allocated itself, in the order of the functions.
    pub fn by_function(&self, task: &Task) -> Result<Vec<Sums>, Cancelled> {
        let mut sums = vec![Sums::default(); self.functions.len()];
        for (at, call) in self.calls.iter().enumerate() {
            task.check_at(at)?;
            if self.counts(&call.own) {
                sums[call.function as usize] += call.own;
            }
        }
        Ok(sums)
    }

    /// What each function and all it called allocated; what recursion reaches twice counts once.
    pub fn by_function_with_callees(&self, task: &Task) -> Result<Vec<Sums>, Cancelled> {
        let mut sums = vec![Sums::default(); self.functions.len()];
        // The way to the call that is looked at: places, and how often each function is on it.
        let (mut way, mut on_way) = (Vec::<u32>::new(), vec![0_u32; self.functions.len()]);
        for (at, call) in self.calls.iter().enumerate() {
            task.check_at(at)?;
            while way.last().copied() != call.caller {
                let Some(left) = way.pop() else { break };
                on_way[self.calls[left as usize].function as usize] -= 1;
            }
            let function = call.function as usize;
            if on_way[function] == 0 {
                sums[function] += call.total;
            }
            on_way[function] += 1;
            way.push(to_u32(at));
        }
        Ok(sums)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls as (caller, function, count, bytes), of which half the bytes are alive.
    fn tree(calls: &[(i64, u32, u64, u64)]) -> CallTree {
        let most = calls.iter().map(|call| call.1).max().unwrap_or(0);
        let functions = (0..=most).map(|at| Function {
            name: format!("f{at}").into(),
            script: JsString::default(),
            place: None,
        });
        let calls = calls.iter().map(|&(caller, function, count, size)| Call {
            caller: u32::try_from(caller).ok(),
            function,
            own: Sums {
                count,
                size,
                live_count: count / 2,
                live_size: size / 2,
            },
            total: Sums::default(),
        });
        CallTree::new(functions.collect(), calls.collect(), Known::All)
    }

    fn sizes(sums: &[Sums]) -> Vec<u64> {
        sums.iter().map(|sums| sums.size).collect()
    }

    #[test]
    fn calls_sum_up_to_their_callers_and_recursion_counts_once() {
        let task = &Task::new();
        let tree = tree(&[
            (-1, 0, 0, 0),
            (0, 1, 1, 10),
            (1, 2, 2, 20),
            (2, 1, 4, 40),
            (0, 2, 0, 7),
        ]);
        let totals: Vec<u64> = tree.calls().iter().map(|call| call.total.size).collect();
        assert_eq!(totals, [77, 70, 60, 40, 7]);
        assert_eq!(sizes(&tree.by_function(task).unwrap()), [0, 50, 20]);
        assert_eq!(sizes(&tree.by_function_with_callees(task).unwrap()), [77, 70, 67]);
        assert_eq!(tree.total().live_size, 38);
    }

    #[test]
    fn random_trees_agree_with_a_slow_twin() {
        for seed in 0..40 {
            let mut dice = crate::analysis::testing::Dice::new(seed);
            let mut calls: Vec<(i64, u32, u64, u64)> = vec![(-1, 0, 0, 0)];
            // A way down from the last call or one of its callers: the order of files.
            let mut way = vec![0_i64];
            for at in 1..60_i64 {
                way.truncate(1 + usize::try_from(dice.roll(way.len() as u64)).unwrap());
                let function = u32::try_from(dice.roll(6)).unwrap();
                calls.push((way[way.len() - 1], function, dice.roll(3), dice.roll(100)));
                way.push(at);
            }
            let tree = tree(&calls);
            let mut slow = vec![0; tree.functions().len()];
            for call in tree.calls() {
                let mut functions = vec![call.function];
                let mut at = call.caller;
                while let Some(caller) = at {
                    functions.push(tree.calls()[caller as usize].function);
                    at = tree.calls()[caller as usize].caller;
                }
                functions.sort_unstable();
                functions.dedup();
                for function in functions {
                    slow[function as usize] += call.own.size;
                }
            }
            let fast = tree.by_function_with_callees(&Task::new()).unwrap();
            assert_eq!(sizes(&fast), slow, "seed {seed}");
        }
    }
}
