//! Joined strings (V8: cons strings, ropes) put together.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind};

use super::detachedness::DomStates;

/// UTF-16 units after which a joined string is long enough to be shown: it ends with the part that reaches them.
pub const LIMIT: usize = 1024;

/// Which joined strings have the text of a string inside them.
///
/// A program that appends to a string in a loop leaves one joined string inside the other a million deep, and each of them is
/// a node with a name. All long ones begin alike: if the first part alone is long enough, the whole has the text of its first
/// part. So each is told once which inner string it *stands for*, and naming any one of them takes no more steps than the
/// [`LIMIT`] has units.
#[derive(Debug, Default)]
pub struct Ropes {
    /// By the outer string.
    standing: FxHashMap<NodeIx, NodeIx>,
    /// Is there one that contains itself? No real one does, but a damaged file may say so.
    has_rings: bool,
}

/// How many joined strings are opened where some contain themselves: more than any other string needs.
const MOST_OPENED: usize = 8 * LIMIT;

/// Strings that stand for one no further away are not worth an entry.
const FAR: u32 = 2;

impl Ropes {
    /// Looks at all joined strings of `graph` that are inside another, and at those: inner ones before outer ones, linear
    /// in their number.
    pub fn build(graph: &HeapGraph, dom: &DomStates, task: &Task) -> Result<Self, Cancelled> {
        let ropes = nested(graph, task)?;
        let mut survey = Survey {
            graph,
            dom,
            known: vec![Known::default(); ropes.len()],
            ropes,
            has_rings: false,
        };
        for at in 0..survey.ropes.len() {
            task.check_at(at)?;
            survey.look_at(at, task)?;
        }
        let known = survey.ropes.iter().zip(&survey.known);
        let far = known.filter(|(_, known)| known.hops >= FAR);
        Ok(Self {
            standing: far
                .filter_map(|(&rope, known)| Some((rope, known.stands_for?)))
                .collect(),
            has_rings: survey.has_rings,
        })
    }

    /// The string that has the same text as `node`: one inside it, or itself.
    pub fn standing_for(&self, node: NodeIx) -> NodeIx {
        self.standing.get(&node).copied().unwrap_or(node)
    }

    /// The text of `rope`, or of any other node its name: its parts, first before second, until [`LIMIT`] units are there.
    ///
    /// A part that is met again before anything was added since is left out: it contains itself.
    pub fn text(&self, graph: &HeapGraph, dom: &DomStates, rope: NodeIx) -> JsString {
        let mut text = JsString::new();
        let mut units = 0;
        let mut stack = vec![rope];
        let mut opened = 0;
        let mut entered = FxHashMap::default();
        while units < LIMIT
            && opened < MOST_OPENED
            && let Some(part) = stack.pop()
        {
            let part = self.standing_for(part);
            if !is_rope(graph, part) {
                let name = dom.name(graph, part);
                let name = JsStr::from_wtf8(&name);
                units += name.utf16_len();
                text.push(name);
            } else if !self.has_rings || entered.insert(part, units) != Some(units) {
                opened += usize::from(self.has_rings);
                let [first, second] = parts(graph, part);
                stack.push(second);
                stack.push(first);
            }
        }
        text
    }

    /// Is the text of `rope` empty? Finds out without putting a long one together.
    pub fn is_empty(&self, graph: &HeapGraph, dom: &DomStates, rope: NodeIx) -> bool {
        let mut stack = vec![rope];
        let mut entered = FxHashSet::default();
        while let Some(part) = stack.pop() {
            let part = self.standing_for(part);
            if !is_rope(graph, part) {
                if !dom.name(graph, part).is_empty() {
                    return false;
                }
            } else if !self.has_rings || entered.len() < MOST_OPENED && entered.insert(part) {
                // What is no joined string comes first: mostly it tells at once.
                let [first, second] = parts(graph, part);
                let inner = if is_rope(graph, first) {
                    [first, second]
                } else {
                    [second, first]
                };
                stack.extend(inner);
            }
        }
        true
    }
}

/// Joined strings that lead to one, and those they lead to, ascending: few, as most are made of two plain strings.
fn nested(graph: &HeapGraph, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
    let mut nested = Vec::new();
    for node in graph.nodes() {
        task.check_at(node.at())?;
        if !is_rope(graph, node) {
            continue;
        }
        let heads = graph.heads(node).iter();
        let before = nested.len();
        nested.extend(
            heads
                .map(|head| head.target())
                .filter(|&part| is_rope(graph, part)),
        );
        if nested.len() > before {
            nested.push(node);
        }
    }
    nested.sort_unstable();
    nested.dedup();
    Ok(nested)
}

/// The first node of the file is none, whatever a damaged file says: it stands for parts that are missing, its own as well.
fn is_rope(graph: &HeapGraph, node: NodeIx) -> bool {
    graph.kind(node) == NodeKind::ConcatenatedString && node.at() != 0
}

/// The two parts of a joined string; the first node of the file (the root, which has no name) stands for one that is missing.
fn parts(graph: &HeapGraph, rope: NodeIx) -> [NodeIx; 2] {
    let mut parts = [None, None];
    for edge in graph.edges(rope) {
        let head = graph.head(edge);
        if head.kind() != EdgeKind::Internal {
            continue;
        }
        let EdgeName::Text(name) = graph.edge_name(edge) else {
            continue;
        };
        if name == "first" {
            parts[0].get_or_insert(head.target());
        } else if name == "second" {
            parts[1].get_or_insert(head.target());
        }
        if parts.iter().all(Option::is_some) {
            break;
        }
    }
    parts.map(|part| part.unwrap_or_else(|| NodeIx::new(0)))
}

/// [`Ropes`] in the making.
struct Survey<'a> {
    graph: &'a HeapGraph,
    dom: &'a DomStates,
    /// The joined strings that are looked at, ascending, and what is known of each.
    ropes: Vec<NodeIx>,
    known: Vec<Known>,
    has_rings: bool,
}

#[derive(Clone, Copy, Default)]
struct Known {
    state: State,
    /// At least so many units, [`LIMIT`] if there are more.
    units: usize,
    /// Are there no more than that?
    exact: bool,
    stands_for: Option<NodeIx>,
    /// How many strings inside each other lie between it and the one it stands for.
    hops: u32,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    New,
    Open,
    Done,
}

impl Survey<'_> {
    /// Finds out about the joined string at `start` and all in it.
    fn look_at(&mut self, start: usize, task: &Task) -> Result<(), Cancelled> {
        let mut stack = vec![start];
        let mut steps = 0;
        while let Some(&at) = stack.last() {
            steps += 1;
            task.check_at(steps)?;
            match self.known[at].state {
                State::New => {
                    self.known[at].state = State::Open;
                    for part in parts(self.graph, self.ropes[at]) {
                        if let Ok(inner) = self.ropes.binary_search(&part)
                            && self.known[inner].state == State::New
                        {
                            stack.push(inner);
                        }
                    }
                }
                State::Open => self.known[at] = self.conclude(at),
                State::Done => {
                    stack.pop();
                }
            }
        }
        Ok(())
    }

    /// What follows from what is known of the parts.
    fn conclude(&mut self, at: usize) -> Known {
        let parts = parts(self.graph, self.ropes[at]);
        let [first, second] = parts.map(|part| self.of(part));
        self.has_rings |= first.state == State::Open || second.state == State::Open;
        let same = if first.units >= LIMIT || second.exact && second.units == 0 {
            Some((parts[0], first))
        } else if first.exact && first.units == 0 {
            Some((parts[1], second))
        } else {
            None
        };
        Known {
            state: State::Done,
            units: LIMIT.min(first.units + second.units),
            exact: first.exact && second.exact,
            stands_for: same.map(|(part, known)| known.stands_for.unwrap_or(part)),
            hops: same.map_or(0, |(_, known)| known.hops + 1),
        }
    }

    /// What is known of a part. Of one that contains the whole, nothing is.
    fn of(&self, part: NodeIx) -> Known {
        if let Ok(at) = self.ropes.binary_search(&part) {
            return self.known[at];
        }
        let name = self.dom.name(self.graph, part);
        Known {
            units: JsStr::from_wtf8(&name).utf16_len().min(LIMIT),
            exact: true,
            ..Known::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::analysis::testing::{Dice, Heap};

    fn ropes(heap: &Heap) -> Ropes {
        Ropes::build(&heap.graph, &heap.dom, &Task::new()).unwrap()
    }

    /// The slow and obvious way; none if it takes too long (empty strings joined with themselves over and over).
    fn walked(heap: &Heap, rope: NodeIx) -> Option<String> {
        let mut text = String::new();
        let mut units = 0;
        let mut stack = vec![rope];
        let mut steps = 0;
        while units < LIMIT
            && let Some(part) = stack.pop()
        {
            steps += 1;
            if steps > 100_000 {
                return None;
            }
            if is_rope(&heap.graph, part) {
                let [first, second] = parts(&heap.graph, part);
                stack.extend([second, first]);
            } else {
                let name = heap.graph.raw_name(part);
                units += name.utf16_len();
                text.push_str(&name.to_string());
            }
        }
        Some(text)
    }

    /// Returns how many joined strings were compared.
    fn assert_as_walked(heap: &Heap) -> usize {
        let ropes = ropes(heap);
        let mut compared = 0;
        for node in heap.graph.nodes().filter(|&node| is_rope(&heap.graph, node)) {
            let Some(slow) = walked(heap, node) else {
                continue;
            };
            compared += 1;
            assert_eq!(
                ropes.text(&heap.graph, &heap.dom, node).to_string(),
                slow,
                "{node:?}"
            );
            assert_eq!(
                ropes.is_empty(&heap.graph, &heap.dom, node),
                slow.is_empty(),
                "{node:?}"
            );
        }
        compared
    }

    /// A heap of joined strings `r0`, `r1`, … with the given parts, beside the strings `e` (empty), `x`, `ab` and `long`.
    fn heap_of(parts: impl Iterator<Item = [String; 2]>) -> Heap {
        let mut text = format!(
            "\"\":synthetic\ne=\"\":string\nx:string\nab=\"ab\":string\nlong=\"{}\":string\n",
            "é".repeat(700)
        );
        for (at, [first, second]) in parts.enumerate() {
            writeln!(
                text,
                "r{at}=\"\":concatenated_string -internal:first-> {first}\nr{at} -internal:second-> {second}"
            )
            .unwrap();
        }
        Heap::of(&text)
    }

    #[test]
    fn a_first_node_that_says_it_is_a_joined_string_is_none() {
        let heap = Heap::of("root=odd:concatenated_string -e-> r=1:concatenated_string");
        let ropes = Ropes::build(&heap.graph, &heap.dom, &Task::new()).unwrap();
        for node in heap.graph.nodes() {
            let text = ropes.text(&heap.graph, &heap.dom, node);
            assert!(["odd", "oddodd"].contains(&text.to_string().as_str()), "{text}");
            assert!(!ropes.is_empty(&heap.graph, &heap.dom, node));
        }
    }

    #[test]
    fn joined_strings_of_any_shape_agree_with_the_slow_twin() {
        let mut dice = Dice::new(11);
        let mut compared = 0;
        for round in 0..60 {
            let count = if round % 10 == 0 { 1500 } else { 60 };
            // Few, some, or mostly long and deep ones.
            let sides = 3 + round % 5;
            let mut part = |at: u64| match dice.roll(sides) {
                0 => dice.pick(&["e", "x", "ab", "long"]).to_owned(),
                1 => dice.pick(&["e", "x", "ab"]).to_owned(),
                2 if at > 0 => format!("r{}", dice.roll(at)),
                _ if at > 0 => format!("r{}", at - 1),
                _ => "x".to_owned(),
            };
            let flat = |at: u64| match at % 3 {
                0 => "e".to_owned(),
                1 => "x".to_owned(),
                _ => "ab".to_owned(),
            };
            let parts: Vec<[String; 2]> = (0..count)
                .map(|at| match round % 3 {
                    0 => [part(at), part(at)],
                    1 => [part(at), flat(at)],
                    _ => [flat(at), part(at)],
                })
                .collect();
            compared += assert_as_walked(&heap_of(parts.into_iter()));
        }
        assert!(compared > 10_000, "{compared}");
    }

    #[test]
    fn each_of_many_strings_inside_each_other_takes_few_steps() {
        let depth = 60_000;
        let inner = |at: usize| {
            at.checked_sub(1)
                .map_or_else(|| "x".to_owned(), |at| format!("r{at}"))
        };
        let shapes: [&dyn Fn(usize) -> [String; 2]; 4] = [
            &|at| [inner(at), "x".to_owned()],
            &|at| ["x".to_owned(), inner(at)],
            &|at| ["e".to_owned(), inner(at)],
            // Each has something of its own before what they have in common.
            &|at| match at.checked_sub(30_000) {
                None => [inner(at), "x".to_owned()],
                Some(_) => ["x".to_owned(), "r29999".to_owned()],
            },
        ];
        for shape in shapes {
            let heap = heap_of((0..depth).map(shape));
            let ropes = ropes(&heap);
            for node in heap.graph.nodes().skip(5).step_by(5) {
                let length = ropes.text(&heap.graph, &heap.dom, node).as_js().utf16_len();
                assert!((1..=LIMIT).contains(&length), "{length}");
                assert!(!ropes.is_empty(&heap.graph, &heap.dom, node));
            }
        }
    }

    #[test]
    fn a_ring_of_strings_ends() {
        let ring = |with: &str| {
            let count = 3000;
            let heap = heap_of((0..count).map(|at| [format!("r{}", (at + 1) % count), with.to_owned()]));
            let last = heap.graph.nodes().next_back().unwrap();
            let ropes = ropes(&heap);
            let text = ropes.text(&heap.graph, &heap.dom, last);
            (
                text.as_js().utf16_len() > 0,
                ropes.is_empty(&heap.graph, &heap.dom, last),
            )
        };
        assert_eq!(ring("x"), (true, false));
        assert_eq!(ring("e"), (false, true));
    }
}
