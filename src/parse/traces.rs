//! Allocation stacks: the sections `trace_function_infos` and `trace_tree`, and which node of the tree allocated which object.
//!
//! Only timelines recorded with stacks have them. Nothing is looked at in other files; in these the nodes are passed over a
//! second time, so that the first time nobody waits for a number that hardly any file has.

use super::columns::{TraceFunction, Traces};
use super::error::Problem;
use super::input::{Input, is_white, shown};
use super::schema::{Fields, Schema};
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
            let ids = ids(input, in_nodes, schema.node_fields.width(), id, nodes)?;
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
        let unknown = tree
            .functions
            .iter()
            .filter(|&&function| function >= count)
            .count();
        if unknown > 0 {
            let what = format!("{unknown} calls are of functions that the file does not have");
            told(in_tree, TREE, what);
        }
        let mut lost = 0;
        for (at, id) in ids.iter().enumerate() {
            input.task.check_at(at)?;
            let is_known = *id == 0 || tree.ids.binary_search_by_key(id, |known| known.0).is_ok();
            lost += usize::from(!is_known);
        }
        if lost > 0 {
            let what = format!("{lost} nodes have allocation stacks that the file does not have");
            told(in_nodes, super::nodes::SECTION, what);
        }
        let of_nodes: Packed<NodeIx> = Packed::build(ids.len(), |at| u64::from(ids[at]), input.task)?;
        Ok(Traces::from_parts(
            of_nodes,
            functions,
            tree.ids,
            tree.callers,
            tree.functions,
        ))
    }
}

/// Why the stacks could not be read.
enum Fault {
    Cancelled(Cancelled),
    /// Section, position, reason.
    At(&'static str, usize, String),
}

impl From<Cancelled> for Fault {
    fn from(cancelled: Cancelled) -> Self {
        Self::Cancelled(cancelled)
    }
}

/// Brackets and numbers of a section; commas and white space between them are passed over.
struct Tokens<'a> {
    input: &'a Input<'a>,
    section: &'static str,
    at: usize,
    count: usize,
}

enum Token {
    Open,
    Close,
    /// Larger ones are as good as this.
    Number(u32),
}

impl<'a> Tokens<'a> {
    fn new(input: &'a Input<'a>, section: &'static str, at: usize) -> Self {
        Self {
            input,
            section,
            at,
            count: 0,
        }
    }

    fn fault(&self, what: impl Into<String>) -> Fault {
        Fault::At(self.section, self.at, what.into())
    }

    fn next(&mut self) -> Result<Token, Fault> {
        self.count += 1;
        self.input.task.check_at(self.count)?;
        let bytes = self.input.bytes;
        while bytes
            .get(self.at)
            .is_some_and(|&byte| byte == b',' || is_white(byte))
        {
            self.at += 1;
        }
        match bytes.get(self.at) {
            Some(b'[') => {
                self.at += 1;
                Ok(Token::Open)
            }
            Some(b']') => {
                self.at += 1;
                Ok(Token::Close)
            }
            Some(b'0'..=b'9') => {
                let mut number = 0_u32;
                while let Some(digit) = bytes.get(self.at).filter(|byte| byte.is_ascii_digit()) {
                    number = number.saturating_mul(10).saturating_add(u32::from(digit - b'0'));
                    self.at += 1;
                }
                Ok(Token::Number(number))
            }
            other => Err(self.fault(format!("expected a number or a bracket, found {}", shown(other)))),
        }
    }

    fn open(&mut self) -> Result<(), Fault> {
        match self.next()? {
            Token::Open => Ok(()),
            _ => Err(self.fault("expected an array")),
        }
    }

    /// Reads an array of records of `width` numbers.
    fn records(&mut self, width: usize, mut each: impl FnMut(&[u32])) -> Result<(), Fault> {
        self.open()?;
        let mut record = Vec::with_capacity(width);
        loop {
            match self.next()? {
                Token::Number(number) => record.push(number),
                Token::Close => return Ok(()),
                Token::Open => return Err(self.fault("expected a number, found an array")),
            }
            if record.len() == width {
                each(&record);
                record.clear();
            }
        }
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
        let [name, script, script_id, line, column] = wanted.map(|at| at.map_or(0, |at| record[at]));
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

/// For each node the id of the call that allocated it.
fn ids(input: &Input<'_>, start: usize, width: usize, id: usize, nodes: usize) -> Result<Vec<u32>, Fault> {
    let mut ids = Vec::with_capacity(nodes);
    let mut tokens = Tokens::new(input, super::nodes::SECTION, start);
    tokens.records(width, |record| {
        if ids.len() < nodes {
            ids.push(record[id]);
        }
    })?;
    Ok(ids)
}

/// The tree of calls.
#[derive(Default)]
struct Tree {
    /// Id and place of each call.
    ids: Vec<(u32, u32)>,
    callers: Vec<u32>,
    functions: Vec<u32>,
}

/// Reads records whose last field is an array of such records, nested to any depth.
fn tree(input: &Input<'_>, start: usize, fields: &Fields) -> Result<Tree, Fault> {
    let mut tokens = Tokens::new(input, TREE, start);
    let wanted = ["id", "function_info_index", "children"].map(|field| fields.position(field));
    let width = fields.width();
    let [Some(id), Some(function), Some(children)] = wanted else {
        return Err(tokens.fault("the header does not tell its fields"));
    };
    if children + 1 != width {
        return Err(tokens.fault("the children of a call are not its last field"));
    }
    let mut tree = Tree::default();
    let mut record: Vec<u32> = Vec::with_capacity(width);
    // The calls whose children are being read.
    let mut open: Vec<u32> = Vec::new();
    tokens.open()?;
    loop {
        match tokens.next()? {
            Token::Number(number) if record.len() < children => record.push(number),
            Token::Open if record.len() == children => {
                let at = to_u32(tree.callers.len());
                tree.ids.push((record[id], at));
                tree.functions.push(record[function]);
                tree.callers
                    .push(open.last().copied().unwrap_or(Traces::NO_CALLER));
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
