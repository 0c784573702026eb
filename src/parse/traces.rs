//! Allocation stacks: the sections `trace_function_infos` and `trace_tree`, and which node of the tree allocated which object.
//!
//! Only timelines recorded with stacks have them. Nothing is looked at in other files; in these the nodes are passed over a
//! second time, so that the first time nobody waits for a number that hardly any file has.

use super::columns::{TraceCall, TraceFunction, Traces};
use super::error::Problem;
use super::input::Input;
use super::schema::{Fields, Schema};
use super::tokens::{Fault, Token, Tokens};
use super::trace_ids;
use crate::base::index::{NodeIx, StringIx, to_u32};
use crate::base::packed::Packed;
use crate::base::task::Cancelled;

const FUNCTIONS: &str = "trace_function_infos";
const TREE: &str = "trace_tree";

/// Where the sections stand.
#[derive(Debug, Default)]
pub(super) struct Sites {
    nodes: Option<usize>,
    functions: Option<usize>,
    tree: Option<usize>,
}

impl Sites {
    /// Takes note of the member `key`, whose value begins at `value`; of several with one key of the first.
    pub(super) fn note(&mut self, key: &str, value: usize) {
        let site = match key {
            super::nodes::SECTION => &mut self.nodes,
            FUNCTIONS => &mut self.functions,
            TREE => &mut self.tree,
            _ => return,
        };
        site.get_or_insert(value);
    }

    /// Reads the stacks of a file of `nodes` nodes, if it has any. What is wrong with them costs them alone.
    pub(super) fn read(
        &self,
        input: &Input<'_>,
        schema: &Schema,
        nodes: usize,
        problems: &mut Vec<Problem>,
    ) -> Result<Traces, Cancelled> {
        let id = schema.node_fields.position("trace_node_id");
        let (Some(in_nodes), Some(in_functions), Some(in_tree), Some(id), 1..) = (
            self.nodes,
            self.functions,
            self.tree,
            id,
            schema.header.trace_function_count,
        ) else {
            return Ok(Traces::default());
        };
        let traces = functions(input, in_functions, &schema.trace_function_fields).and_then(|functions| {
            let mut tree = tree(input, in_tree, &schema.trace_node_fields)?;
            tree.ids.sort_unstable();
            let ids = trace_ids::read(input, in_nodes, schema.node_fields.width(), id, nodes)?;
            Ok((functions, tree, ids))
        });
        let (functions, tree, ids) = match traces {
            Ok(read) => read,
            Err(Fault::Cancelled(cancelled)) => return Err(cancelled),
            Err(Fault::At(section, at, what)) => {
                problems.push(Problem {
                    section: section.to_owned(),
                    offset: Some(at as u64),
                    what: format!("{what}: allocation stacks are left out"),
                });
                return Ok(Traces::default());
            }
        };
        let mut told = |at: usize, section: &str, what: String| {
            problems.push(Problem {
                section: section.to_owned(),
                offset: Some(at as u64),
                what,
            });
        };
        let count = to_u32(functions.len());
        let said = schema.header.trace_function_count;
        // Files recorded from within the process hold more: nothing is lost by that.
        if u64::from(count) < said {
            let what = format!("the header says {said} functions, the file holds only {count}");
            told(in_functions, FUNCTIONS, what);
        }
        let unknown = tree.calls.iter().filter(|call| call.function >= count).count();
        if unknown > 0 {
            let what = format!("{unknown} calls are of functions that the file does not have");
            told(in_tree, TREE, what);
        }
        let finder = Finder::new(&tree.ids);
        let mut lost = 0;
        // Ids become one more than places.
        let mut places = ids;
        for (at, id) in places.iter_mut().enumerate().filter(|(_, id)| **id != 0) {
            input.task.check_at(at)?;
            let place = finder.place(*id).map(|place| place + 1);
            lost += usize::from(place.is_none());
            *id = place.unwrap_or(0);
        }
        let of_nodes: Packed<NodeIx> = Packed::build(places.len(), |at| u64::from(places[at]), input.task)?;
        if lost > 0 {
            let what = format!("{lost} nodes have allocation stacks that the file does not have");
            told(in_nodes, super::nodes::SECTION, what);
        }
        Ok(Traces::from_parts(of_nodes, functions, tree.calls))
    }
}

/// Finds calls by their ids, which V8 hands out one after the other.
struct Finder<'t> {
    ids: &'t [(u32, u32)],
    first: u32,
}

impl<'t> Finder<'t> {
    /// `ids` and places, ascending.
    fn new(ids: &'t [(u32, u32)]) -> Self {
        let first = ids.first().map_or(0, |first| first.0);
        Self { ids, first }
    }

    fn place(&self, id: u32) -> Option<u32> {
        let guess = self.ids.get(id.wrapping_sub(self.first) as usize);
        if let Some(&(_, place)) = guess.filter(|known| known.0 == id) {
            return Some(place);
        }
        let found = self.ids.binary_search_by_key(&id, |known| known.0);
        found.ok().map(|at| self.ids[at].1)
    }
}

fn functions(input: &Input<'_>, start: usize, fields: &Fields) -> Result<Vec<TraceFunction>, Fault> {
    let mut tokens = Tokens::new(input, FUNCTIONS, start);
    let wanted = ["name", "script_name", "script_id", "line", "column"].map(|field| fields.position(field));
    if fields.width() == 0 {
        return Err(tokens.fault("the header does not tell its fields"));
    }
    let mut functions = Vec::new();
    tokens.records(fields.width(), |record| {
        let [name, script, script_id, line, column] = wanted.map(|at| at.map_or(0, |at| clipped(record[at])));
        functions.push(TraceFunction {
            name: StringIx::from_raw(name),
            script: StringIx::from_raw(script),
            script_id,
            line,
            column,
        });
    })?;
    Ok(functions)
}

/// The tree of calls.
#[derive(Default)]
struct Tree {
    /// Id and place of each call.
    ids: Vec<(u32, u32)>,
    calls: Vec<TraceCall>,
}

/// Reads records whose last field is an array of such records, nested to any depth.
fn tree(input: &Input<'_>, start: usize, fields: &Fields) -> Result<Tree, Fault> {
    let mut tokens = Tokens::new(input, TREE, start);
    let wanted = ["id", "function_info_index", "children"].map(|field| fields.position(field));
    let sums = ["count", "size"].map(|field| fields.position(field));
    let width = fields.width();
    let [Some(id), Some(function), Some(children)] = wanted else {
        return Err(tokens.fault("the header does not tell its fields"));
    };
    if children + 1 != width {
        return Err(tokens.fault("the children of a call are not its last field"));
    }
    let mut tree = Tree::default();
    let mut record: Vec<u64> = Vec::with_capacity(width);
    // The calls whose children are being read.
    let mut open: Vec<u32> = Vec::new();
    tokens.open()?;
    loop {
        match tokens.next()? {
            Token::Number(number) if record.len() < children => record.push(number),
            Token::Open if record.len() == children => {
                let at = to_u32(tree.calls.len());
                let [count, size] = sums.map(|sum| sum.map_or(0, |sum| record[sum]));
                tree.ids.push((clipped(record[id]), at));
                tree.calls.push(TraceCall {
                    caller: open.last().copied(),
                    function: clipped(record[function]),
                    count,
                    size,
                });
                open.push(at);
                record.clear();
            }
            Token::Close if record.is_empty() => {
                if open.pop().is_none() {
                    return Ok(tree);
                }
            }
            _ => return Err(tokens.fault("expected another field of a call")),
        }
    }
}

/// Numbers that are too large are as good as the greatest.
fn clipped(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
