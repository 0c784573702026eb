//! A piece of work under way: where it is, and the wish that it stop.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

/// The work was called off. Never shown to anyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// What a load is doing; the order is the order of the work. Also the keys under which `stats` reports timings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Stage {
    /// Opening the file, decoding gzip or zstd.
    Open,
    /// Finding the sections.
    Scan,
    /// Reading nodes, edges, locations.
    Read,
    /// Reading strings.
    Strings,
    /// Incoming edges, detachedness, shallow sizes, distances, classes.
    Graph,
    /// The dominator tree and retained sizes.
    Dominators,
    /// Class table, statistics.
    Summary,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::Scan,
        Self::Read,
        Self::Strings,
        Self::Graph,
        Self::Dominators,
        Self::Summary,
    ];

    /// What a person reads while it lasts.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Open => "Opening",
            Self::Scan => "Finding sections",
            Self::Read => "Reading nodes and edges",
            Self::Strings => "Reading strings",
            Self::Graph => "Building the graph",
            Self::Dominators => "Building the dominator tree",
            Self::Summary => "Summing up classes",
        }
    }

    /// Its key in `timings_ms`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Scan => "scan",
            Self::Read => "read",
            Self::Strings => "strings",
            Self::Graph => "graph",
            Self::Dominators => "dominators",
            Self::Summary => "summary",
        }
    }
}

/// A reading of a [`Task`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The stage under way.
    pub stage: Stage,
    /// How far the stage is: 0 to 1.
    pub fraction: f32,
    /// Bytes of the file read so far.
    pub bytes: u64,
    /// Bytes of the file in all (0 if not known, as on a pipe).
    pub total_bytes: u64,
    /// About how many bytes of memory the work will take at most (0 if not known yet).
    pub memory: u64,
}

/// Shared between the thread that works and the one that watches: the worker reports and asks whether to go on, the watcher
/// reads and may cancel. All methods are cheap enough for every few thousand items.
#[derive(Debug, Default)]
pub struct Task {
    cancelled: AtomicBool,
    stage: AtomicU8,
    /// Each stage counts for itself, so that a reading never pairs one stage with another's steps.
    steps: [Steps; Stage::ALL.len()],
    bytes: AtomicU64,
    total_bytes: AtomicU64,
    /// How many bytes of memory the work may take, 0 for any, and about how many it will.
    memory_allowed: AtomicU64,
    memory_expected: AtomicU64,
    /// Of work that is no load.
    parts: Steps,
    /// What tests look at.
    #[cfg(test)]
    pub(crate) trail: Trail,
}

/// What became of a task, for tests of those who work.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Trail {
    /// A reading after each report.
    pub(crate) readings: std::sync::Mutex<Vec<Progress>>,
    /// The stage in which each question whether to go on was asked.
    pub(crate) checks: std::sync::Mutex<Vec<Stage>>,
    /// The question at which the task is called off.
    pub(crate) cancel_at: Option<usize>,
}

/// The steps of a stage.
#[derive(Debug, Default)]
struct Steps {
    done: AtomicU64,
    of: AtomicU64,
}

impl Task {
    /// A task that has not begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the worker to stop; it does within 100 ms.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Has someone asked the worker to stop?
    #[inline]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// `Err` once someone has asked the worker to stop.
    #[inline]
    pub fn check(&self) -> Result<(), Cancelled> {
        #[cfg(test)]
        self.note_check();
        if self.is_cancelled() {
            Err(Cancelled)
        } else {
            Ok(())
        }
    }

    /// `check` on every 65 536th item of a loop: the price is one test of the loop counter.
    #[inline]
    pub fn check_at(&self, item: usize) -> Result<(), Cancelled> {
        if item.trailing_zeros() >= 16 {
            self.check()
        } else {
            Ok(())
        }
    }

    /// Begins `stage`, made of `of` steps.
    pub fn begin(&self, stage: Stage, of: u64) {
        let steps = &self.steps[stage as usize];
        steps.done.store(0, Ordering::Relaxed);
        steps.of.store(of, Ordering::Relaxed);
        // Whoever reads the stage also reads what was stored before it.
        self.stage.store(stage as u8, Ordering::Release);
        #[cfg(test)]
        self.note_reading();
    }

    /// `steps` more steps of the stage are done.
    #[inline]
    pub fn advance(&self, steps: u64) {
        let stage = usize::from(self.stage.load(Ordering::Relaxed));
        self.steps[stage].done.fetch_add(steps, Ordering::Relaxed);
        #[cfg(test)]
        self.note_reading();
    }

    /// The file is `total` bytes long.
    pub fn expect_bytes(&self, total: u64) {
        self.total_bytes.store(total, Ordering::Relaxed);
    }

    /// `more` bytes of the file have been read.
    pub fn read_bytes(&self, more: u64) {
        self.bytes.fetch_add(more, Ordering::Relaxed);
        #[cfg(test)]
        self.note_reading();
    }

    /// The work may take `bytes` of memory.
    pub fn allow_memory(&self, bytes: u64) {
        self.memory_allowed.store(bytes.max(1), Ordering::Relaxed);
    }

    /// The work will take about `bytes` of memory at most; returns how many it may take if that is less.
    pub fn expect_memory(&self, bytes: u64) -> Option<u64> {
        self.memory_expected.store(bytes, Ordering::Relaxed);
        let allowed = self.memory_allowed.load(Ordering::Relaxed);
        (1..bytes).contains(&allowed).then_some(allowed)
    }

    /// About how many bytes of memory the work will take at most; none if that is not known yet.
    pub fn memory_expected(&self) -> Option<u64> {
        Some(self.memory_expected.load(Ordering::Relaxed)).filter(|&bytes| bytes > 0)
    }

    /// The work, which is no load, has so many parts, each of about the same length.
    pub fn expect_parts(&self, of: u64) {
        self.parts.done.store(0, Ordering::Relaxed);
        self.parts.of.store(of, Ordering::Relaxed);
    }

    /// One more of the parts is done.
    pub fn part_done(&self) {
        self.parts.done.fetch_add(1, Ordering::Relaxed);
    }

    /// The share of the parts that is done, 0 to 1; none if it is not known how many there are.
    #[expect(clippy::cast_precision_loss, reason = "a fraction for a progress bar")]
    pub fn parts_done(&self) -> Option<f32> {
        let of = self.parts.of.load(Ordering::Relaxed);
        let done = self.parts.done.load(Ordering::Relaxed).min(of);
        (of > 0).then(|| done as f32 / of as f32)
    }

    /// Where the work is now.
    #[expect(clippy::cast_precision_loss, reason = "a fraction for a progress bar")]
    pub fn progress(&self) -> Progress {
        let stage = usize::from(self.stage.load(Ordering::Acquire));
        let of = self.steps[stage].of.load(Ordering::Relaxed);
        let done = self.steps[stage].done.load(Ordering::Relaxed).min(of);
        let total_bytes = self.total_bytes.load(Ordering::Relaxed);
        let bytes = self.bytes.load(Ordering::Relaxed);
        Progress {
            stage: Stage::ALL[stage],
            fraction: if of == 0 { 0.0 } else { done as f32 / of as f32 },
            // Sections that stand before what they need are passed over twice.
            bytes: if total_bytes == 0 {
                bytes
            } else {
                bytes.min(total_bytes)
            },
            total_bytes,
            memory: self.memory_expected.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
impl Task {
    /// A task that is called off when it is asked for the `nth` time whether to go on.
    pub(crate) fn cancelled_at(nth: usize) -> Self {
        let trail = Trail {
            cancel_at: Some(nth),
            ..Trail::default()
        };
        Self {
            trail,
            ..Self::default()
        }
    }

    fn note_check(&self) {
        let mut checks = self.trail.checks.lock().unwrap();
        if self.trail.cancel_at == Some(checks.len()) {
            self.cancel();
        }
        checks.push(self.progress().stage);
    }

    fn note_reading(&self) {
        self.trail.readings.lock().unwrap().push(self.progress());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_counts_its_own_steps() {
        let task = Task::new();
        task.begin(Stage::Open, 0);
        task.advance(5);
        assert_eq!(task.progress().fraction.to_bits(), 0);
        task.begin(Stage::Read, 4);
        task.advance(1);
        assert_eq!(task.progress().stage, Stage::Read);
        assert!((task.progress().fraction - 0.25).abs() < 1e-6);
        task.advance(9);
        assert!((task.progress().fraction - 1.0).abs() < 1e-6);
    }

    #[test]
    fn no_more_bytes_are_read_than_there_are() {
        let task = Task::new();
        task.read_bytes(7);
        assert_eq!((task.progress().bytes, task.progress().total_bytes), (7, 0));
        task.expect_bytes(5);
        assert_eq!((task.progress().bytes, task.progress().total_bytes), (5, 5));
    }
}
