//! The rows of the Caches: caches, under one of several its collections, under each collection its entries.

use std::sync::Arc;

use crate::analysis::caches::Instance;
use crate::analysis::collections::Collection;
use crate::base::index::EdgeIx;
use crate::gui::cx::Asker;
use crate::gui::widgets::outline::{Asked, Branches};
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::caches::contents::CacheEntries;
use crate::query::caches::series::{CacheColumn, CacheIx, CacheRow, Caches, Series, Whose};
use crate::query::inspect::InspectRow;
use crate::query::pattern::Pattern;

/// The tree of a frame: who is asked, and for what.
#[derive(Clone)]
pub(super) struct CacheTree {
    pub(super) asker: Asker,
    /// None while caches are looked for.
    pub(super) series: Option<Arc<Series>>,
    pub(super) whose: Whose,
    pub(super) pattern: Option<Pattern>,
    pub(super) order: Order<CacheColumn>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Row {
    Cache(CacheIx),
    /// One of the collections of a cache.
    Instance(CacheIx, usize),
    /// One of the parts of a collection.
    Part(CacheIx, usize, usize),
    /// An entry; one of a `Map` or `WeakMap` `has_key`, whether or not that left a trace.
    Entry {
        row: InspectRow,
        has_key: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    Cache(CacheIx),
    Instance(usize),
    Part(usize),
    Entry(EdgeIx),
}

pub(super) enum Level {
    Caches(Slot<Caches>),
    Instances(CacheIx, usize),
    Parts(CacheIx, usize, usize),
    Entries(CacheEntries, Slot<CacheEntries>),
    /// Rows under which nothing can be.
    None,
}

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn caches() -> Self {
        Self::Caches(Slot::new(Lane::Frame))
    }

    /// The caches, if this is their level and they are known.
    pub(super) fn answer(&self) -> Option<&[CacheIx]> {
        match self {
            Self::Caches(slot) => slot.latest().map(Vec::as_slice),
            _ => None,
        }
    }

    fn entries(part: &Collection) -> Self {
        let question = CacheEntries {
            node: part.node,
            kind: part.kind,
        };
        Self::Entries(question, Slot::new(Lane::Frame))
    }
}

impl CacheTree {
    /// What is known of a cache.
    pub(super) fn cache(&self, cache: CacheIx) -> Option<CacheRow> {
        self.series.as_ref()?.row(cache)
    }

    /// One of the collections of a cache.
    pub(super) fn instance(&self, cache: CacheIx, at: usize) -> Option<Instance> {
        self.cache(cache)?.now.cache.instances.get(at).cloned()
    }

    /// What is under a collection: its parts, or if it has but one the entries of that.
    fn under(&self, cache: CacheIx, at: usize) -> Level {
        match self.instance(cache, at) {
            Some(instance) if instance.parts.len() > 1 => Level::Parts(cache, at, instance.parts.len()),
            Some(instance) => Level::entries(&instance.parts[0]),
            None => Level::None,
        }
    }
}

impl Branches for CacheTree {
    type Row = Row;
    type Key = Key;
    type Level = Level;

    fn key(&self, row: &Row) -> Key {
        match *row {
            Row::Cache(cache) => Key::Cache(cache),
            Row::Instance(_, at) => Key::Instance(at),
            Row::Part(_, _, at) => Key::Part(at),
            Row::Entry { row, .. } => Key::Entry(row.edge),
        }
    }

    fn can_open(&self, row: &Row) -> bool {
        !matches!(row, Row::Entry { .. })
    }

    fn repeats(&self, _row: &Row, _ancestors: &[Row]) -> bool {
        false
    }

    fn open(&self, row: &Row) -> Level {
        match *row {
            Row::Cache(cache) => {
                let instances = self.cache(cache).map_or(0, |row| row.now.cache.instances.len());
                if instances > 1 {
                    Level::Instances(cache, instances)
                } else {
                    self.under(cache, 0)
                }
            }
            Row::Instance(cache, at) => self.under(cache, at),
            Row::Part(cache, at, part) => {
                let instance = self.instance(cache, at);
                let part = instance.as_ref().and_then(|instance| instance.parts.get(part));
                part.map_or(Level::None, Level::entries)
            }
            Row::Entry { .. } => Level::None,
        }
    }

    fn ask(&self, level: &mut Level) -> Asked {
        match level {
            Level::Caches(slot) => {
                let Some(series) = &self.series else {
                    return Asked {
                        is_waiting: true,
                        ..Asked::default()
                    };
                };
                let question = Caches {
                    pattern: self.pattern.clone(),
                    whose: self.whose,
                    order: self.order,
                };
                self.asker.ask_about(series, slot, &question)
            }
            Level::Entries(question, slot) => self.asker.ask(slot, question),
            Level::Instances(..) | Level::Parts(..) | Level::None => Asked::default(),
        }
    }

    fn len(&self, level: &Level) -> u64 {
        let len = match level {
            Level::Caches(slot) => slot.latest().map(Vec::len),
            Level::Instances(_, count) | Level::Parts(.., count) => Some(*count),
            Level::Entries(_, slot) => slot.latest().map(Vec::len),
            Level::None => None,
        };
        len.unwrap_or(0) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match level {
            Level::Caches(slot) => slot.latest()?.get(at).copied().map(Row::Cache),
            Level::Instances(cache, count) => (at < *count).then_some(Row::Instance(*cache, at)),
            Level::Parts(cache, instance, count) => (at < *count).then_some(Row::Part(*cache, *instance, at)),
            Level::Entries(question, slot) => {
                let row = slot.latest()?.get(at).copied()?;
                let has_key = question.kind.has_keys();
                Some(Row::Entry { row, has_key })
            }
            Level::None => None,
        }
    }

    fn find(&self, level: &Level, key: Key) -> Option<u64> {
        let at = match (level, key) {
            (Level::Caches(slot), Key::Cache(cache)) => {
                slot.latest()?.iter().position(|&known| known == cache)
            }
            (Level::Instances(_, count), Key::Instance(at)) | (Level::Parts(.., count), Key::Part(at)) => {
                (at < *count).then_some(at)
            }
            (Level::Entries(_, slot), Key::Entry(edge)) => {
                slot.latest()?.iter().position(|row| row.edge == edge)
            }
            _ => None,
        };
        at.map(|at| at as u64)
    }

    fn nothing(&self, level: &Level) -> &'static str {
        match level {
            Level::Caches(_) if self.pattern.is_some() => "No cache has that in its names",
            Level::Caches(_) => "No collections of this kind",
            _ => "No entry left a trace in the file: small integers leave none",
        }
    }

    fn page(&self, level: &Level) -> u64 {
        match level {
            Level::Caches(_) => u64::MAX,
            _ => 100,
        }
    }
}
