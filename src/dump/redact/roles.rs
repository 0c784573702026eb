//! What each string of a file is used for: to name something, to hold a value, or both.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::task::Task;
use crate::dump::Fault;
use crate::graph::{EdgeKind, NodeKind};
use crate::parse::raw::{Layout, RawFile, RawSection, records};

/// It names something.
const NAME: u8 = 1;
/// It is the value of something.
const VALUE: u8 = 1 << 1;
/// It names something of the engine, or of the file's own making, and not only of the program.
const ENGINE: u8 = 1 << 2;
/// It names a property.
const PROPERTY: u8 = 1 << 3;
/// It names something besides properties.
const OTHER: u8 = 1 << 4;

/// It is one of [`CONSTANTS`].
const CONSTANT: u8 = 1 << 5;
/// It is the name of a script, a module or a symbol, and strings that hold this name stay: all of the text, so that equal strings stay equal.
const FIXED: u8 = 1 << 6;

/// Texts that are the language's own: strings that say `undefined` stay.
const CONSTANTS: [&str; 5] = ["undefined", "null", "true", "false", "hole"];

/// How newer engines call scripts: by this and their names.
const SCRIPT: &[u8] = b"system / Script / ";

/// The strings of some names.
#[derive(Default)]
struct Known {
    name: Option<u64>,
    filename: Option<u64>,
    module: Option<u64>,
}

/// What is found among edges.
#[derive(Default)]
struct OfEdges {
    /// Nodes that are names of something.
    named: Vec<u64>,
    /// Edges called `filename`, and the nodes they lead to.
    files: Vec<(u64, u64)>,
}

/// What is found among nodes.
#[derive(Default)]
struct OfNodes {
    /// The strings of those that are names of something.
    named: Vec<u64>,
    /// The strings of those that may be.
    texts: Vec<(u64, u64)>,
    /// The edges of each object of the class `Module`, counted from the first of the piece.
    modules: Vec<Range<u64>>,
    /// How many edges all of them have.
    edges: u64,
}

/// Uses of the strings of a file.
pub(super) struct Roles {
    of: Vec<AtomicU8>,
    /// Does something refer to a string behind the table's end?
    has_missing: AtomicBool,
}

impl Roles {
    /// Gathers them: the strings, the edges and the nodes of the file are gone through once.
    pub(super) fn gather(
        file: &RawFile,
        sections: &[RawSection],
        layout: &Layout,
        task: &Task,
    ) -> Result<Self, Fault> {
        let section = |key: &str| sections.iter().find(|section| section.key == key);
        let (mut count, mut known, mut constants) = (0_u64, Known::default(), Vec::new());
        // Names of scripts, as they are written, that stand in the names of others.
        let mut scripts: FxHashSet<Vec<u8>> = FxHashSet::default();
        if let Some(strings) = section("strings") {
            file.literals(&strings.value, task, |raw| {
                if raw == b"name" {
                    known.name = Some(count);
                } else if raw == b"filename" {
                    known.filename = Some(count);
                } else if raw == b"Module" {
                    known.module = Some(count);
                } else if raw.len() < 10 && CONSTANTS.iter().any(|constant| constant.as_bytes() == raw) {
                    constants.push(count);
                } else if let Some(script) = raw.strip_prefix(SCRIPT) {
                    scripts.insert(script.to_vec());
                }
                count += 1;
                Ok(())
            })?;
        }
        let (mut scripts_texts, mut at) = (FxHashSet::default(), 0_u64);
        if let Some(strings) = section("strings").filter(|_| !scripts.is_empty()) {
            file.literals(&strings.value, task, |raw| {
                if scripts.contains(raw) {
                    scripts_texts.insert(at);
                }
                at += 1;
                Ok(())
            })?;
        }
        let of = std::iter::repeat_with(|| AtomicU8::new(0));
        let mut roles = Self {
            of: of.take(usize::try_from(count).unwrap_or(0)).collect(),
            has_missing: AtomicBool::new(false),
        };
        for constant in constants {
            roles.add(constant, NAME | ENGINE | OTHER | CONSTANT);
        }
        // Nodes whose strings name scripts and symbols, and such as may name modules, by the edges that say so.
        let (mut name_nodes, mut files) = (FxHashSet::default(), Vec::new());
        if let (Some(edges), Some(name)) = (section("edges"), layout.edge_name) {
            let of = |piece: &[u8], row| roles.edges(piece, row, layout, name, &known);
            file.pieces(&edges.value, layout.edge_width, task, of, |some: OfEdges| {
                name_nodes.extend(some.named);
                files.extend(some.files);
                Ok(())
            })?;
        }
        roles.tables(file, sections, layout, task);
        if let (Some(nodes), Some(name)) = (section("nodes"), layout.node_name) {
            let held: FxHashSet<u64> = files.iter().map(|&(_, node)| node).collect();
            let (mut named, mut texts, mut modules) = (Vec::new(), FxHashMap::default(), Vec::new());
            let mut edge = 0;
            let of = |piece: &[u8], row| roles.nodes(piece, row, layout, name, &known, &name_nodes, &held);
            file.pieces(&nodes.value, layout.node_width, task, of, |some: OfNodes| {
                named.extend(some.named);
                texts.extend(some.texts);
                let ranges = some.modules.into_iter();
                modules.extend(ranges.map(|range| edge + range.start..edge + range.end));
                edge += some.edges;
                Ok(())
            })?;
            // The text of a script's name stands in the file anyway if the script is called so; otherwise it is data.
            for string in named {
                let role = match (roles.is(string, NAME), scripts_texts.contains(&string)) {
                    (true, _) => FIXED,
                    (false, true) => NAME | OTHER | FIXED,
                    (false, false) => VALUE,
                };
                roles.add(string, role);
            }
            let is_of_module = |edge: u64| {
                let at = modules.partition_point(|range: &Range<u64>| range.end <= edge);
                modules.get(at).is_some_and(|range| range.contains(&edge))
            };
            let confirmed = files.iter().filter(|&&(edge, _)| is_of_module(edge));
            let confirmed: FxHashSet<u64> = confirmed.map(|&(_, node)| node).collect();
            for node in files.iter().map(|(_, node)| node) {
                if let Some(&string) = texts.get(node) {
                    let is_name = confirmed.contains(node);
                    roles.add(string, if is_name { NAME | OTHER | FIXED } else { VALUE });
                }
            }
        }
        // The tokens behind the table's end would be taken for what is missing there.
        if *roles.has_missing.get_mut() {
            let at = section("strings").map_or(0, |strings| strings.value.end);
            let what = format!("there are names of more than the {count} strings of the table");
            return Err(file.damaged("strings", at, what).into());
        }
        Ok(roles)
    }

    /// How many strings there are.
    pub(super) fn len(&self) -> usize {
        self.of.len()
    }

    fn add(&self, string: u64, role: u8) {
        let slot = usize::try_from(string).ok().and_then(|at| self.of.get(at));
        let Some(slot) = slot else {
            self.has_missing.store(true, Ordering::Relaxed);
            return;
        };
        if slot.load(Ordering::Relaxed) & role != role {
            slot.fetch_or(role, Ordering::Relaxed);
        }
    }

    fn is(&self, string: u64, role: u8) -> bool {
        let slot = usize::try_from(string).ok().and_then(|at| self.of.get(at));
        slot.is_some_and(|slot| slot.load(Ordering::Relaxed) & role != 0)
    }

    /// Does it name something?
    pub(super) fn names(&self, string: u64) -> bool {
        self.is(string, NAME)
    }

    /// Does it name properties and nothing else?
    pub(super) fn is_key(&self, string: u64) -> bool {
        self.is(string, PROPERTY) && !self.is(string, OTHER | ENGINE)
    }

    /// Does it name something that is not of the program's making?
    pub(super) fn is_of_the_engine(&self, string: u64) -> bool {
        self.is(string, ENGINE)
    }

    /// Is it both a name and a value, so that the values need a string of their own?
    pub(super) fn is_split(&self, string: u64) -> bool {
        self.is(string, NAME) && self.is(string, VALUE) && !self.is(string, CONSTANT | FIXED)
    }

    /// Of the edges of a piece, whose first is the edge `row`.
    fn edges(&self, piece: &[u8], row: usize, layout: &Layout, name: usize, known: &Known) -> OfEdges {
        let mut found = OfEdges::default();
        let mut edge = row as u64;
        records(piece, layout.edge_width, |record| {
            edge += 1;
            let kind = kind_at(
                &layout.edge_kinds,
                record.numbers[layout.edge_type],
                EdgeKind::Other,
            );
            let string = record.numbers[name];
            let role = match kind {
                EdgeKind::Element | EdgeKind::Hidden => return,
                EdgeKind::Property => NAME | PROPERTY,
                EdgeKind::Context => NAME | OTHER,
                _ => NAME | OTHER | ENGINE,
            };
            self.add(string, role);
            let target = || record.numbers[layout.edge_target] / layout.node_width as u64;
            if kind == EdgeKind::Internal && known.name == Some(string) {
                found.named.push(target());
            } else if kind == EdgeKind::Property && known.filename == Some(string) {
                found.files.push((edge - 1, target()));
            }
        });
        found
    }

    /// Of the nodes of a piece, whose first is the node `row`; `name_nodes` are names of something, and `held` may be.
    fn nodes(
        &self,
        piece: &[u8],
        row: usize,
        layout: &Layout,
        name: usize,
        known: &Known,
        name_nodes: &FxHashSet<u64>,
        held: &FxHashSet<u64>,
    ) -> OfNodes {
        let mut found = OfNodes::default();
        let mut ordinal = row as u64;
        records(piece, layout.node_width, |record| {
            let kind = kind_at(
                &layout.node_kinds,
                record.numbers[layout.node_type],
                NodeKind::Other,
            );
            let (string, first) = (record.numbers[name], found.edges);
            found.edges = found.edges.saturating_add(record.numbers[layout.node_edges]);
            if !is_value(kind) {
                self.add(string, NAME | OTHER | if is_engine(kind) { ENGINE } else { 0 });
                if known.module == Some(string) && kind == NodeKind::Object {
                    found.modules.push(first..found.edges);
                }
            } else if name_nodes.contains(&ordinal) {
                found.named.push(string);
            } else if held.contains(&ordinal) {
                found.texts.push((ordinal, string));
            } else {
                self.add(string, VALUE);
            }
            ordinal += 1;
        });
        found
    }

    /// Of the tables of functions and scopes, which are small.
    fn tables(&self, file: &RawFile, sections: &[RawSection], layout: &Layout, task: &Task) {
        let tables: [(&str, usize, &[usize]); 2] = [
            (
                "trace_function_infos",
                layout.function_width,
                &layout.function_texts,
            ),
            ("scope_context_vars", 1, &[0]),
        ];
        for (key, width, texts) in tables {
            let Some(section) = sections.iter().find(|section| section.key == key) else {
                continue;
            };
            if width == 0 || section.value.len() < 2 {
                continue;
            }
            let inside = section.value.start + 1..section.value.end - 1;
            records(&file.bytes(task)[inside], width, |record| {
                for &text in texts {
                    self.add(record.numbers[text], NAME | OTHER);
                }
            });
        }
    }
}

/// Do nodes of the kind hold, as their name, what the program computed?
pub(super) const fn is_value(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::String | NodeKind::RegExp)
}

/// Are nodes of the kind named by the engine?
const fn is_engine(kind: NodeKind) -> bool {
    !matches!(
        kind,
        NodeKind::Object
            | NodeKind::Closure
            | NodeKind::Native
            | NodeKind::Code
            | NodeKind::Symbol
            | NodeKind::Other
    )
}

/// The kind of that number.
pub(super) fn kind_at<K: Copy>(kinds: &[K], number: u64, other: K) -> K {
    let at = usize::try_from(number).unwrap_or(usize::MAX);
    kinds.get(at).copied().unwrap_or(other)
}
