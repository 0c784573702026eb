//! Caches over one or several snapshots, oldest first: entries in each, how they grew, and what to make of it.

use std::cmp::Reverse;
use std::sync::Arc;

use super::{CacheList, Found};
use crate::analysis::caches::{CacheKey, Limit, Standing};
use crate::analysis::collections::Entries;
use crate::base::index::Ix as _;
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::columns;
use crate::query::name_key::NameKey;
use crate::query::pattern::Pattern;
use crate::query::{Cell, Direction, Order, Query, sort};

/// Caches of snapshots, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Those of each snapshot.
    pub lists: Vec<CacheList>,
}

crate::index! {
    /// A cache: its place among those of the last snapshot of a [`Series`].
    CacheIx
}

/// Asks for the caches that the last snapshot of a [`Series`] has, with what they were in the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caches {
    /// Only those whose kind, owner, module or binding matches.
    pub pattern: Option<Pattern>,
    /// Only those of such code.
    pub whose: Whose,
    /// How they are sorted; equal ones by size.
    pub order: Order<CacheColumn>,
}

/// Whose code uses a cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Anybody's.
    #[default]
    Anybody,
    /// The program's own.
    Own,
    /// That of what it installed.
    Installed,
    /// The runtime's, or the engine's.
    Runtime,
}

/// A cache over the snapshots of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct CacheRow {
    /// The cache in the last snapshot.
    pub now: Arc<Found>,
    /// Its entries in each snapshot; none where there is no such cache.
    pub counts: Vec<Option<Entries>>,
    /// What it retains in each snapshot, in bytes.
    pub sizes: Vec<Option<u64>>,
    /// What to make of it.
    pub verdict: Verdict,
    /// What shares are of, in bytes.
    pub total_size: u64,
}

/// What to make of a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It got more entries from each snapshot to the next.
    Growing,
    /// So it did, but less and less.
    SlowingDown,
    /// It got more entries, but has a limit.
    FillingUp,
    /// It grew, and then no longer.
    LevelledOff,
    /// It has as many entries in each snapshot, or one snapshot tells of a limit.
    Bounded,
    /// It is written round and round.
    Ring,
    /// Its entries go with their keys.
    Weak,
    /// It has much more room than entries.
    MostlyEmpty,
    /// Its entries became more and fewer.
    UpAndDown,
    /// It got fewer entries.
    Shrinking,
    /// It has as many entries in each snapshot.
    Steady,
    /// One snapshot does not tell.
    Unknown,
}

impl Verdict {
    /// What people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Growing => "growing",
            Self::SlowingDown => "growing, slowing down",
            Self::FillingUp => "filling up to its limit",
            Self::LevelledOff => "levelled off",
            Self::Bounded => "bounded",
            Self::Ring => "ring",
            Self::Weak => "weak",
            Self::MostlyEmpty => "mostly empty",
            Self::UpAndDown => "up and down",
            Self::Shrinking => "shrinking",
            Self::Steady => "steady",
            Self::Unknown => "unknown",
        }
    }
}

columns! {
    /// Columns of caches.
    pub enum CacheColumn: |_over: (), row: CacheRow| {
        /// What it is.
        Kind: Text "kind" "Kind" = Cell::Text(row.key().kind.clone());
        /// The function or class that holds it.
        Owner: Text "owner" "Owner" = text(row.key().owner.as_ref());
        /// The script or module whose it is.
        Module: Text "module" "Module" = text(row.key().module.as_ref());
        /// The variable or property that it hangs from.
        Binding: Text "binding" "Binding" = Cell::Text(row.key().binding.clone());
        /// V8's id of it, or of the largest.
        Id: Number "id" "Id" = Cell::Id(row.now.id);
        /// How many entries.
        Entries: Number "entries" "Entries" = entries(row.now.cache.entries);
        /// For how many there is room.
        Capacity: Number "capacity" "Room for" = Cell::Count(row.now.cache.capacity);
        /// What would go with it.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.now.retained_size);
        /// That as a share of the heap.
        RetainedShare: Number "retained_share" "Of the heap" = Cell::Ratio(row.share());
        /// How many entries it gained.
        Growth: Number "growth" "Growth" = Cell::of(row.growth(), Cell::CountDelta);
        /// What to make of it.
        Verdict: Text "verdict" "Verdict" = Cell::Word(row.verdict.word());
        /// How many entries at most, where small integers leave no trace.
        EntriesMost: Program "entries_most" "Entries at most" = Cell::Count(row.now.cache.entries.most);
        /// How much of the room is taken.
        Fill: Program "fill" "Fill" = Cell::of(row.fill(), Cell::Ratio);
        /// How many collections.
        Instances: Program "instances" "Collections" = Cell::Count(row.now.cache.instances.len() as u64);
        /// Whose code uses it.
        Package: Program "package" "Package" = Cell::of(row.now.package.as_ref(), |package| {
            Cell::Text(package.to_string().into())
        });
        /// What keeps it from growing.
        Limit: Program "limit" "Limit" = Cell::of(row.now.cache.limit.as_ref(), limit);
        /// Keys, for example.
        Keys: Program "keys" "Keys" = Cell::List(row.now.keys.iter().cloned().map(Cell::Text).collect());
        /// How many different contents its first keys have, ...
        DifferentKeys: Program "different_keys" "Different keys" = Cell::of(row.now.differing, |of| Cell::Count(of.contents));
        /// ... and how many of them were compared.
        ComparedKeys: Program "compared_keys" "Compared keys" = Cell::of(row.now.differing, |of| Cell::Count(of.keys));
        /// Entries in each snapshot.
        Counts: Program "counts" "Entries in each" = Cell::List(row.counts.iter().map(|&count| Cell::of(count, entries)).collect());
        /// What it retains in each snapshot.
        Sizes: Program "sizes" "Sizes" = Cell::List(row.sizes.iter().map(|&size| Cell::of(size, Cell::Bytes)).collect());
        /// How many bytes more it retains.
        SizeGrowth: Program "size_growth" "Size growth" = Cell::of(row.size_growth(), Cell::BytesDelta);
    }
}

fn text(text: Option<&JsString>) -> Cell {
    Cell::of(text, |text| Cell::Text(text.clone()))
}

fn entries(entries: Entries) -> Cell {
    if entries.is_exact() {
        Cell::Count(entries.least)
    } else {
        Cell::Range(entries.least, entries.most)
    }
}

fn limit(limit: &Limit) -> Cell {
    match limit {
        Limit::Property(name) | Limit::Ring(name) => Cell::Text(name.clone()),
        Limit::Weak => Cell::Word("weak"),
    }
}

impl Caches {
    /// The heaviest first; without a column chosen, the program's stand before the runtime's and the engine's.
    pub const DEFAULT_ORDER: Order<CacheColumn> = Order::descending(CacheColumn::RetainedSize);
}

impl Default for Caches {
    fn default() -> Self {
        Self {
            pattern: None,
            whose: Whose::Anybody,
            order: Self::DEFAULT_ORDER,
        }
    }
}

impl CacheRow {
    /// What the cache is known by.
    pub fn key(&self) -> &CacheKey {
        &self.now.cache.key
    }

    /// The share of the heap that it retains: 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    pub fn share(&self) -> f64 {
        if self.total_size == 0 {
            0.0
        } else {
            self.now.retained_size as f64 / self.total_size as f64
        }
    }

    /// How much of the room is taken, if that is certain: 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    pub fn fill(&self) -> Option<f64> {
        let cache = &self.now.cache;
        (cache.entries.is_exact() && cache.capacity > 0)
            .then(|| cache.entries.least as f64 / cache.capacity as f64)
    }

    /// How many entries it gained from the first snapshot to the last, if there are several.
    pub fn growth(&self) -> Option<i64> {
        let [first, .., last] = &*self.counts else {
            return None;
        };
        let count = |entries: &Option<Entries>| entries.map_or(0, |entries| entries.least);
        Some(count(last).cast_signed() - count(first).cast_signed())
    }

    /// How many bytes more it retains in the last snapshot than in the first.
    pub fn size_growth(&self) -> Option<i64> {
        let [first, .., last] = &*self.sizes else {
            return None;
        };
        Some(last.unwrap_or(0).cast_signed() - first.unwrap_or(0).cast_signed())
    }
}

impl Query for Caches {
    type Over = Series;
    type Answer = Vec<CacheIx>;

    fn run(&self, series: &Series, task: &Task) -> Result<Vec<CacheIx>, Cancelled> {
        let Some(last) = series.lists.last() else {
            return Ok(Vec::new());
        };
        let mut rows = Vec::new();
        for (nth, found) in last.all().iter().enumerate() {
            task.check_at(nth)?;
            if self.shows(found) {
                rows.push((CacheIx::new(nth), row(series, last, found)));
            }
        }
        let sorted = sorted(&rows, self.order);
        task.check()?;
        Ok(sorted)
    }
}

impl Caches {
    fn shows(&self, found: &Found) -> bool {
        use crate::analysis::packages::Package;
        let is_runtimes = found.cache.standing != Standing::Program;
        let is_whose = match self.whose {
            Whose::Anybody => true,
            Whose::Own => !is_runtimes && !matches!(found.package, Some(Package::Installed(_))),
            Whose::Installed => matches!(found.package, Some(Package::Installed(_))),
            Whose::Runtime => is_runtimes,
        };
        let key = &found.cache.key;
        let texts = [
            Some(&key.kind),
            key.owner.as_ref(),
            key.module.as_ref(),
            Some(&key.binding),
        ];
        let matches = |pattern: &Pattern| texts.iter().flatten().any(|text| pattern.matches(text.as_js()));
        is_whose && self.pattern.as_ref().is_none_or(matches)
    }
}

impl Series {
    /// What is known of a cache.
    pub fn row(&self, cache: CacheIx) -> Option<CacheRow> {
        let last = self.lists.last()?;
        Some(row(self, last, last.all().get(cache.at())?))
    }
}

fn row(series: &Series, last: &CacheList, found: &Arc<Found>) -> CacheRow {
    let in_each = || series.lists.iter().map(|list| list.find(&found.cache.key));
    let counts: Vec<_> = in_each()
        .map(|found| found.map(|found| found.cache.entries))
        .collect();
    let rooms: Vec<u64> = in_each()
        .map(|found| found.map_or(0, |found| found.cache.capacity))
        .collect();
    CacheRow {
        verdict: verdict(found, &counts, &rooms),
        sizes: in_each()
            .map(|found| found.map(|found| found.retained_size))
            .collect(),
        counts,
        now: Arc::clone(found),
        total_size: last.total_size(),
    }
}

/// Room below this is no waste, however little of it is taken.
const LEAST_ROOM: u64 = 256;
/// Mostly empty is what has room for so many times its entries.
const EMPTY: u64 = 8;

fn verdict(found: &Found, counts: &[Option<Entries>], rooms: &[u64]) -> Verdict {
    let cache = &found.cache;
    // Where numbers of entries are not certain, the room that the engine made for them is compared.
    let is_exact = counts.iter().flatten().all(|count| count.is_exact());
    let sizes: Vec<u64> = if is_exact {
        counts
            .iter()
            .map(|count| count.map_or(0, |count| count.least))
            .collect()
    } else {
        rooms.to_vec()
    };
    let steps: Vec<i64> = sizes
        .windows(2)
        .map(|pair| pair[1].cast_signed() - pair[0].cast_signed())
        .collect();
    let (Some(&first), Some(&last)) = (steps.first(), steps.last()) else {
        return at_rest(found, Verdict::Unknown);
    };
    let grows = steps.iter().all(|&step| step > 0);
    let has_limit = matches!(cache.limit, Some(Limit::Property(_) | Limit::Ring(_)));
    if steps.iter().all(|&step| step == 0) {
        return at_rest(found, Verdict::Steady);
    }
    let never_shrinks = steps.iter().all(|&step| step >= 0);
    // What is called a limit may be none. (Its value is mostly not in the file.)
    let keeps_pace = grows && steps.len() > 1 && last * 2 >= first;
    if never_shrinks && has_limit && !keeps_pace {
        return if last == 0 {
            Verdict::Bounded
        } else {
            Verdict::FillingUp
        };
    }
    if grows && steps.len() > 1 && last * 4 < first {
        return Verdict::SlowingDown;
    }
    if grows {
        return Verdict::Growing;
    }
    if never_shrinks {
        return if last == 0 {
            Verdict::LevelledOff
        } else {
            Verdict::Growing
        };
    }
    if steps.iter().all(|&step| step <= 0) {
        return Verdict::Shrinking;
    }
    if has_limit {
        Verdict::Bounded
    } else {
        Verdict::UpAndDown
    }
}

/// What is said of a cache that does not change.
fn at_rest(found: &Found, otherwise: Verdict) -> Verdict {
    let cache = &found.cache;
    match cache.limit {
        Some(Limit::Property(_)) => Verdict::Bounded,
        Some(Limit::Ring(_)) => Verdict::Ring,
        Some(Limit::Weak) => Verdict::Weak,
        None if cache.capacity >= LEAST_ROOM && cache.entries.most * EMPTY < cache.capacity => {
            Verdict::MostlyEmpty
        }
        None => otherwise,
    }
}

/// The rows in that order. In the default order the program's come first.
fn sorted(rows: &[(CacheIx, CacheRow)], order: Order<CacheColumn>) -> Vec<CacheIx> {
    let mut places: Vec<usize> = (0..rows.len()).collect();
    let way = order.direction;
    let row = |at: usize| &rows[at].1;
    let by_size = |run: &mut [usize]| {
        sort::by_number(
            run,
            Direction::Descending,
            |at| row(at).now.retained_size,
            |run| {
                sort::by_number(run, Direction::Ascending, |at| at as u64, |_| ());
            },
        );
    };
    let by_text = |places: &mut [usize], of: &dyn Fn(usize) -> JsString| {
        sort::by_text(places, way, |at| NameKey::built(of(at)), by_size);
    };
    let optional = |text: Option<&JsString>| text.cloned().unwrap_or_default();
    let by_number = |places: &mut [usize], of: &dyn Fn(&CacheRow) -> u64| {
        sort::by_number(places, way, |at| of(row(at)), by_size);
    };
    match order.by {
        CacheColumn::Kind => by_text(&mut places, &|at| row(at).key().kind.clone()),
        CacheColumn::Owner => by_text(&mut places, &|at| optional(row(at).key().owner.as_ref())),
        CacheColumn::Module => by_text(&mut places, &|at| optional(row(at).key().module.as_ref())),
        CacheColumn::Binding => by_text(&mut places, &|at| row(at).key().binding.clone()),
        CacheColumn::Package => by_text(&mut places, &|at| {
            row(at)
                .now
                .package
                .as_ref()
                .map_or_else(JsString::new, |package| package.to_string().into())
        }),
        CacheColumn::Id => by_number(&mut places, &|row| row.now.id.0),
        CacheColumn::Entries | CacheColumn::Counts => {
            by_number(&mut places, &|row| row.now.cache.entries.least);
        }
        CacheColumn::EntriesMost => by_number(&mut places, &|row| row.now.cache.entries.most),
        CacheColumn::Capacity => by_number(&mut places, &|row| row.now.cache.capacity),
        CacheColumn::RetainedShare | CacheColumn::Sizes => {
            by_number(&mut places, &|row| row.now.retained_size);
        }
        CacheColumn::RetainedSize if order == Caches::DEFAULT_ORDER => {
            places.sort_by_key(|&at| (row(at).now.cache.standing, Reverse(row(at).now.retained_size), at));
        }
        CacheColumn::RetainedSize => by_number(&mut places, &|row| row.now.retained_size),
        CacheColumn::Growth => by_number(&mut places, &|row| sort::signed(row.growth().unwrap_or(0))),
        CacheColumn::SizeGrowth => {
            by_number(&mut places, &|row| sort::signed(row.size_growth().unwrap_or(0)));
        }
        CacheColumn::Verdict | CacheColumn::Limit => {
            by_text(&mut places, &|at| JsStr::from(row(at).verdict.word()).to_owned());
        }
        CacheColumn::Fill => by_number(&mut places, &|row| fill_key(row)),
        CacheColumn::Instances => by_number(&mut places, &|row| row.now.cache.instances.len() as u64),
        CacheColumn::DifferentKeys => {
            by_number(&mut places, &|row| row.now.differing.map_or(0, |of| of.contents));
        }
        CacheColumn::ComparedKeys => by_number(&mut places, &|row| row.now.differing.map_or(0, |of| of.keys)),
        CacheColumn::Keys => by_text(&mut places, &|at| optional(row(at).now.keys.first())),
    }
    places.iter().map(|&at| rows[at].0).collect()
}

/// The fill as a number to sort by: entries in a million of room.
fn fill_key(row: &CacheRow) -> u64 {
    let cache = &row.now.cache;
    (cache.entries.least.saturating_mul(1_000_000))
        .checked_div(cache.capacity)
        .unwrap_or(0)
}
