//! How the rows of the Caches are written.

use super::rows::{CacheTree, Row};
use crate::analysis::caches::Instance;
use crate::analysis::collections::Entries;
use crate::base::index::NodeIx;
use crate::base::units::grouped;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::value_text::{spoken_value, write_value};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::query::caches::contents::{CacheEntries, EntryObjects};
use crate::query::caches::series::{CacheColumn, CacheRow};
use crate::query::inspect::InspectRow;
use crate::query::object_set::ObjectSet;
use crate::query::subject::What;

/// The columns.
pub(super) const HEADS: &[Head<CacheColumn>] = &[
    Head::new(CacheColumn::Binding, "Cache", "What it hangs from", 0.0),
    Head::new(
        CacheColumn::Owner,
        "Owner",
        "Function or class that holds it",
        112.0,
    ),
    Head::new(CacheColumn::Module, "Module", "Script or module", 136.0),
    Head::new(CacheColumn::Entries, "Entries", "Number of entries", 96.0),
    Head::new(CacheColumn::Growth, "Growth", "Entries gained", 80.0),
    Head::new(CacheColumn::Verdict, "Verdict", "Verdict", 136.0),
    Head::new(
        CacheColumn::RetainedSize,
        "Retained, B",
        "Retained size in bytes",
        104.0,
    ),
    Head::new(
        CacheColumn::RetainedSize,
        "% of heap",
        "Retained size as a share of the heap",
        96.0,
    )
    .extra(),
    Head::new(
        CacheColumn::Capacity,
        "Room for",
        "Entries there is room for",
        80.0,
    ),
];

impl CacheTree {
    fn object(&self, row: &Row) -> Option<NodeIx> {
        match *row {
            Row::Cache(cache) => Some(self.instance(cache, 0)?.node),
            Row::Instance(cache, at) => Some(self.instance(cache, at)?.node),
            Row::Part(cache, at, part) => Some(self.instance(cache, at)?.parts.get(part)?.node),
            Row::Entry { row, .. } => row.node.or(row.key),
        }
    }

    fn write_entry(&self, strip: &mut Strip<'_>, row: InspectRow, has_key: bool, tokens: &Tokens) {
        let snapshot = &*self.asker.snapshot;
        if has_key {
            write_value(strip, snapshot, row.key, tokens);
            strip
                .space(6.0)
                .icon(Icon::ARROW_RIGHT, 12.0, tokens.text_subdued)
                .space(6.0);
        } else if row.edge_is_named(snapshot) {
            node_text::write_edge(strip, snapshot, row.edge, false, tokens);
            strip.text(" : ", fonts::code(), tokens.text_subdued);
        }
        write_value(strip, snapshot, row.node, tokens);
    }

    fn write_cache(strip: &mut Strip<'_>, row: &CacheRow, tokens: &Tokens) {
        let key = row.key();
        strip.icon(Icon::STACK, 14.0, tokens.kinds.collection).space(6.0);
        if !key.binding.as_js().is_empty() {
            strip
                .text(&key.binding.to_string(), fonts::code(), tokens.text_strong)
                .space(6.0);
        }
        strip.text(&key.kind.to_string(), fonts::body(), tokens.text_subdued);
        let instances = row.now.cache.instances.len() as u64;
        if instances > 1 {
            strip.space(6.0).text(
                &format!("×{}", grouped(instances)),
                fonts::number(),
                tokens.text_subdued,
            );
        }
    }

    /// Its entries and room as cells show them.
    fn counted(entries: Entries, capacity: u64, by: CacheColumn) -> Option<Value> {
        match by {
            CacheColumn::Entries if entries.is_exact() => Some(Value::Number(entries.least)),
            CacheColumn::Entries => Some(Value::Range(entries.least, entries.most)),
            CacheColumn::Capacity => Some(Value::Number(capacity)),
            _ => None,
        }
    }

    fn spoken_entries(entries: Entries) -> String {
        if entries.is_exact() {
            let noun = if entries.least == 1 { "entry" } else { "entries" };
            format!("{} {noun}", grouped(entries.least))
        } else {
            format!("{} to {} entries", grouped(entries.least), grouped(entries.most))
        }
    }
}

impl Face for CacheTree {
    type Column = CacheColumn;

    fn heads(&self) -> &'static [Head<CacheColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, _repeats: bool, tokens: &Tokens) {
        let snapshot = &*self.asker.snapshot;
        match *row {
            Row::Cache(cache) => {
                if let Some(row) = self.cache(cache) {
                    Self::write_cache(strip, &row, tokens);
                }
            }
            Row::Entry { row, has_key } => self.write_entry(strip, row, has_key, tokens),
            Row::Instance(..) | Row::Part(..) => {
                if let Some(node) = self.object(row) {
                    node_text::write_node(strip, snapshot, node, tokens);
                }
            }
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let snapshot = &*self.asker.snapshot;
        let (by, is_extra) = (HEADS[at].by, HEADS[at].is_extra);
        let text = |text: Option<String>| text.map_or(Value::None, Value::Text);
        let size = |size: u64| match (by, is_extra) {
            (CacheColumn::RetainedSize, true) => Value::Share(size, snapshot.total_size()),
            (CacheColumn::RetainedSize, false) => Value::Number(size),
            _ => Value::None,
        };
        match *row {
            Row::Cache(cache) => {
                let Some(row) = self.cache(cache) else {
                    return Value::None;
                };
                let key = row.key();
                match by {
                    CacheColumn::Owner => text(key.owner.as_ref().map(ToString::to_string)),
                    CacheColumn::Module => text(key.module.as_ref().map(ToString::to_string)),
                    CacheColumn::Growth => row.growth().map_or(Value::None, Value::Delta),
                    CacheColumn::Verdict => Value::Text(row.verdict.word().to_owned()),
                    _ => Self::counted(row.now.cache.entries, row.now.cache.capacity, by)
                        .unwrap_or_else(|| size(row.now.retained_size)),
                }
            }
            Row::Instance(cache, at) => {
                let Some(one) = self.instance(cache, at) else {
                    return Value::None;
                };
                Self::counted(one.entries, one.capacity, by)
                    .unwrap_or_else(|| size(snapshot.retained_size(one.node)))
            }
            Row::Part(cache, at, part) => {
                let instance = self.instance(cache, at);
                let Some(part) = instance.as_ref().and_then(|instance| instance.parts.get(part)) else {
                    return Value::None;
                };
                Self::counted(part.entries, part.capacity, by)
                    .unwrap_or_else(|| size(snapshot.retained_size(part.node)))
            }
            Row::Entry { .. } => {
                let node = self.object(row);
                node.map_or(Value::None, |node| size(snapshot.retained_size(node)))
            }
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        let snapshot = &*self.asker.snapshot;
        let object = || {
            self.object(row)
                .map_or_else(String::new, |node| node_text::spoken_node(snapshot, node))
        };
        match *row {
            Row::Cache(cache) => {
                let Some(row) = self.cache(cache) else {
                    return Default::default();
                };
                let key = row.key();
                let mut name = format!("{} {}", key.binding, key.kind).trim_start().to_owned();
                if let Some(owner) = &key.owner {
                    name = format!("{name} of {owner}");
                }
                let entries = Self::spoken_entries(row.now.cache.entries);
                let retained = grouped(row.now.retained_size);
                (
                    name,
                    format!("{entries}, retained {retained} bytes, {}", row.verdict.word()),
                )
            }
            Row::Instance(cache, at) => {
                let entries = self
                    .instance(cache, at)
                    .map(|one| Self::spoken_entries(one.entries));
                (object(), entries.unwrap_or_default())
            }
            Row::Part(cache, at, part) => {
                let instance = self.instance(cache, at);
                let part = instance.as_ref().and_then(|instance| instance.parts.get(part));
                (
                    object(),
                    part.map(|part| Self::spoken_entries(part.entries))
                        .unwrap_or_default(),
                )
            }
            Row::Entry { row, has_key } => {
                let name = if has_key {
                    format!(
                        "{} → {}",
                        spoken_value(snapshot, row.key),
                        spoken_value(snapshot, row.node)
                    )
                } else if row.edge_is_named(snapshot) {
                    let edge = node_text::edge_text(snapshot, row.edge, false);
                    format!("{edge}: {}", spoken_value(snapshot, row.node))
                } else {
                    spoken_value(snapshot, row.node)
                };
                let retained = row.node.map_or(0, |node| snapshot.retained_size(node));
                (name, format!("retained {} bytes", grouped(retained)))
            }
        }
    }

    fn copied(&self, row: &Row) -> String {
        match (row, self.object(row)) {
            (Row::Cache(_), _) | (_, None) => self.spoken(row).0,
            (_, Some(node)) => self.asker.snapshot.id(node).to_string(),
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for CacheTree {
    fn what(&self, row: &Row) -> Option<What> {
        self.object(row).map(What::Object)
    }

    fn has_many(&self, row: &Row) -> bool {
        !matches!(row, Row::Entry { .. })
    }

    fn many(&self, row: &Row) -> Option<ObjectSet> {
        let entries = |instance: &Instance| {
            let parts = instance.parts.iter().map(|part| CacheEntries {
                node: part.node,
                kind: part.kind,
            });
            parts.collect::<Vec<_>>()
        };
        let of = match *row {
            Row::Cache(cache) => self
                .cache(cache)?
                .now
                .cache
                .instances
                .iter()
                .flat_map(entries)
                .collect(),
            Row::Instance(cache, at) => entries(&self.instance(cache, at)?),
            Row::Part(cache, at, part) => vec![*entries(&self.instance(cache, at)?).get(part)?],
            Row::Entry { .. } => return Some(ObjectSet::of([self.object(row)?].into())),
        };
        Some(ObjectSet::found_by(EntryObjects { of }))
    }

    fn copying(&self, row: &Row) -> &'static str {
        match row {
            Row::Cache(_) => "Copy name",
            Row::Instance(..) | Row::Part(..) | Row::Entry { .. } => "Copy @id",
        }
    }
}
