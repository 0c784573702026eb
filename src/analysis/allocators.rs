//! Calls of a recording, chosen by who called whom: what they allocated is a filter.
//!
//! DevTools' rule: a call that the recording counted nothing for is not among those of its function.

use crate::base::task::{Cancelled, Task};
use crate::graph::{HeapGraph, TraceCall};

/// Which calls allocated what is looked at. Calls are named by their places in the file's tree of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Allocator {
    /// The function that is called at `call`, when the `levels` − 1 functions above it are those above that call.
    Function {
        /// One of its calls.
        call: u32,
        /// How many functions must be the same: itself alone, itself and its caller, and so on.
        levels: u32,
        /// Which functions are the same.
        alike: Alike,
    },
    /// That call, and those under it.
    Under(u32),
    /// All calls of functions with the name of the one called there, and those under them.
    UnderNamed(u32),
}

/// Which functions are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alike {
    /// One function of the file.
    Function,
    /// All functions of one name.
    Name,
}

impl Allocator {
    /// For each call of the file whether it is meant. A pass over the calls.
    pub fn calls(self, graph: &HeapGraph, task: &Task) -> Result<Vec<bool>, Cancelled> {
        let calls = graph.traces().calls();
        let mut meant = Vec::with_capacity(calls.len());
        match self {
            Self::Function { call, levels, alike } => {
                let way: Vec<u32> = way_up(calls, call)
                    .take(levels as usize)
                    .map(|call| call.function)
                    .collect();
                let is_alike = |a: u32, b: u32| match alike {
                    Alike::Function => is_same(graph, a, b),
                    Alike::Name => name_of(graph, a) == name_of(graph, b),
                };
                for (at, call) in (0..).zip(calls) {
                    task.check_at(at as usize)?;
                    let mut own = way_up(calls, at).map(|call| call.function);
                    let is_meant = call.count != 0
                        && way.len() == levels as usize
                        && way
                            .iter()
                            .all(|&of| own.next().is_some_and(|own| is_alike(own, of)));
                    meant.push(is_meant);
                }
            }
            Self::Under(_) | Self::UnderNamed(_) => {
                let is_top = |at: u32, of: &TraceCall| match self {
                    Self::UnderNamed(named) => {
                        let named = calls.get(named as usize);
                        named.is_some_and(|named| {
                            name_of(graph, named.function) == name_of(graph, of.function)
                        })
                    }
                    Self::Under(call) | Self::Function { call, .. } => call == at,
                };
                // Callers stand before those they call.
                for (at, call) in (0..).zip(calls) {
                    task.check_at(at as usize)?;
                    let is_under = call.caller.is_some_and(|caller| meant[caller as usize]);
                    meant.push(is_under || is_top(at, call));
                }
            }
        }
        Ok(meant)
    }
}

/// The call at `call`, its caller, and so on.
fn way_up(calls: &[TraceCall], call: u32) -> impl Iterator<Item = &TraceCall> {
    std::iter::successors(calls.get(call as usize), |call| calls.get(call.caller? as usize))
}

/// All functions that the file does not have are one.
fn is_same(graph: &HeapGraph, a: u32, b: u32) -> bool {
    let known = graph.traces().functions().len();
    a == b || (a as usize >= known && b as usize >= known)
}

/// What a function of the file's calls is called; nothing if the file does not have it.
fn name_of(graph: &HeapGraph, function: u32) -> Option<crate::base::text::JsStr<'_>> {
    let function = graph.traces().functions().get(function as usize)?;
    Some(graph.strings().get(function.name))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::path::Path;

    use super::*;
    use crate::analysis::testing::Dice;
    use crate::parse;

    /// Functions by number, called `f0`, `f1` and so on; two by two they have one name.
    fn graph(calls: &[(Option<u32>, u32, u64)], functions: u32) -> HeapGraph {
        fn write(calls: &[(Option<u32>, u32, u64)], at: usize, text: &mut String) {
            let (_, function, count) = calls[at];
            let _ = write!(text, "{},{function},{count},{count},[", at + 1);
            let mut is_first = true;
            for (below, call) in calls.iter().enumerate() {
                if call.0 == u32::try_from(at).ok() {
                    if !std::mem::take(&mut is_first) {
                        text.push(',');
                    }
                    write(calls, below, text);
                }
            }
            text.push(']');
        }
        let mut tree = String::new();
        write(calls, 0, &mut tree);
        let infos: Vec<String> = (0..functions)
            .map(|of| format!("{of},{},0,0,0,0", 2 + of / 2))
            .collect();
        let names: Vec<String> = (0..functions).map(|of| format!("\"f{of}\"")).collect();
        let bytes = format!(
            r#"{{"snapshot":{{"meta":{{"node_fields":["type","name","id","self_size","edge_count","trace_node_id"],
            "node_types":[["synthetic"],"string","number","number","number","number"],
            "edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"],"string_or_number","node"],
            "trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],
            "trace_node_fields":["id","function_info_index","count","size","children"]}},
            "node_count":1,"edge_count":0,"trace_function_count":{functions}}},"nodes":[0,0,1,0,0,0],"edges":[],
            "trace_function_infos":[{}],"trace_tree":[{tree}],"samples":[],"strings":["","x",{}]}}"#,
            infos.join(","),
            names.join(",")
        );
        let columns = parse::read_bytes(bytes.as_bytes(), Path::new("t"), &Task::new()).unwrap();
        HeapGraph::new(columns, &Task::new()).unwrap()
    }

    /// Every call of a random tree, chosen in every way, against rules that are read off the functions above each call.
    #[test]
    fn random_trees_agree_with_a_slow_twin() {
        let task = &Task::new();
        for seed in 0..30 {
            let mut dice = Dice::new(seed);
            let mut calls = vec![(None, 0, 0)];
            let mut way = vec![0_u32];
            for at in 1..24_u32 {
                way.truncate(1 + usize::try_from(dice.roll(way.len() as u64)).unwrap());
                // One number more than the file has functions.
                let function = u32::try_from(dice.roll(7)).unwrap();
                calls.push((way.last().copied(), function, dice.roll(3)));
                way.push(at);
            }
            let graph = graph(&calls, 6);
            let calls = graph.traces().calls();
            let functions = |at: usize| {
                let mut all = vec![calls[at].function];
                let mut above = calls[at].caller;
                while let Some(at) = above {
                    all.push(calls[at as usize].function);
                    above = calls[at as usize].caller;
                }
                all
            };
            // Functions 0 and 1 have one name, 2 and 3, 4 and 5; 6 has none.
            let named = |functions: &[u32]| functions.iter().map(|of| of / 2).collect::<Vec<_>>();
            for call in 0..calls.len() {
                let own = functions(call);
                let place = u32::try_from(call).unwrap();
                for levels in 1..=own.len() {
                    for (alike, slow) in [
                        (Alike::Function, own[..levels].to_vec()),
                        (Alike::Name, named(&own[..levels])),
                    ] {
                        let fast = Allocator::Function {
                            call: place,
                            levels: u32::try_from(levels).unwrap(),
                            alike,
                        };
                        let slow: Vec<bool> = (0..calls.len())
                            .map(|at| {
                                let of = functions(at);
                                let of = if alike == Alike::Name { named(&of) } else { of };
                                calls[at].count > 0 && of.starts_with(&slow)
                            })
                            .collect();
                        assert_eq!(fast.calls(&graph, task).unwrap(), slow, "seed {seed}, {fast:?}");
                    }
                }
                let under = |is_top: &dyn Fn(usize) -> bool| {
                    let is_under = |at: usize| {
                        let mut way = vec![at];
                        while let Some(caller) = calls[way[way.len() - 1]].caller {
                            way.push(caller as usize);
                        }
                        way.into_iter().any(is_top)
                    };
                    (0..calls.len()).map(is_under).collect::<Vec<bool>>()
                };
                let exactly = Allocator::Under(place).calls(&graph, task).unwrap();
                assert_eq!(exactly, under(&|at| at == call), "seed {seed}, under {call}");
                let all = Allocator::UnderNamed(place).calls(&graph, task).unwrap();
                let slow = under(&|at| named(&functions(at))[0] == named(&own)[0]);
                assert_eq!(all, slow, "seed {seed}, under all like {call}");
            }
        }
    }
}
