//! What each string of a file is used for: to name something, to hold a value, or both.

use std::sync::atomic::{AtomicU8, Ordering};

use rustc_hash::FxHashSet;

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
/// It is the name of a script or a symbol, and strings that hold this name stay: all of the text, so that equal strings stay equal.
const FIXED: u8 = 1 << 6;

/// Texts that are the language's own: strings that say `undefined` stay.
const CONSTANTS: [&str; 5] = ["undefined", "null", "true", "false", "hole"];

/// Uses of the strings of a file.
pub(super) struct Roles {
    of: Vec<AtomicU8>,
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
        let (mut count, mut name_of_names, mut constants) = (0_u64, None, Vec::new());
        if let Some(strings) = section("strings") {
            file.literals(&strings.value, task, |raw| {
                if raw == b"name" {
                    name_of_names = Some(count);
                } else if raw.len() < 10 && CONSTANTS.iter().any(|constant| constant.as_bytes() == raw) {
                    constants.push(count);
                }
                count += 1;
                Ok(())
            })?;
        }
        let of = std::iter::repeat_with(|| AtomicU8::new(0));
        let roles = Self {
            of: of.take(usize::try_from(count).unwrap_or(0)).collect(),
        };
        for constant in constants {
            roles.add(constant, NAME | ENGINE | OTHER | CONSTANT);
        }
        // Nodes whose strings name scripts and symbols.
        let mut name_nodes = FxHashSet::default();
        if let (Some(edges), Some(name)) = (section("edges"), layout.edge_name) {
            let of = |piece: &[u8], _| roles.edges(piece, layout, name, name_of_names);
            file.pieces(&edges.value, layout.edge_width, task, of, |some: Vec<u64>| {
                name_nodes.extend(some);
                Ok(())
            })?;
        }
        roles.tables(file, sections, layout, task);
        if let (Some(nodes), Some(name)) = (section("nodes"), layout.node_name) {
            let mut named = Vec::new();
            let of = |piece: &[u8], row| roles.nodes(piece, row, layout, name, &name_nodes);
            file.pieces(&nodes.value, layout.node_width, task, of, |some: Vec<u64>| {
                named.extend(some);
                Ok(())
            })?;
            // The text of a script's name stands in the file anyway if the script is called so; otherwise it is data.
            for string in named {
                roles.add(string, if roles.is(string, NAME) { FIXED } else { VALUE });
            }
        }
        Ok(roles)
    }

    /// How many strings there are.
    pub(super) fn len(&self) -> usize {
        self.of.len()
    }

    fn add(&self, string: u64, role: u8) {
        let slot = usize::try_from(string).ok().and_then(|at| self.of.get(at));
        if let Some(slot) = slot
            && slot.load(Ordering::Relaxed) & role != role
        {
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

    /// Of the edges of a piece; returns nodes that are names of something.
    fn edges(&self, piece: &[u8], layout: &Layout, name: usize, name_of_names: Option<u64>) -> Vec<u64> {
        let mut named = Vec::new();
        records(piece, layout.edge_width, |record| {
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
            if kind == EdgeKind::Internal && name_of_names == Some(string) {
                named.push(record.numbers[layout.edge_target] / layout.node_width as u64);
            }
        });
        named
    }

    /// Of the nodes of a piece; returns the strings of those that are names of something.
    fn nodes(
        &self,
        piece: &[u8],
        row: usize,
        layout: &Layout,
        name: usize,
        name_nodes: &FxHashSet<u64>,
    ) -> Vec<u64> {
        let mut named = Vec::new();
        let mut ordinal = row as u64;
        records(piece, layout.node_width, |record| {
            let kind = kind_at(
                &layout.node_kinds,
                record.numbers[layout.node_type],
                NodeKind::Other,
            );
            let string = record.numbers[name];
            if !is_value(kind) {
                self.add(string, NAME | OTHER | if is_engine(kind) { ENGINE } else { 0 });
            } else if name_nodes.contains(&ordinal) {
                named.push(string);
            } else {
                self.add(string, VALUE);
            }
            ordinal += 1;
        });
        named
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
