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
}

/// Shared between the thread that works and the one that watches: the worker reports and asks whether to go on, the watcher
/// reads and may cancel. All methods are cheap enough for every few thousand items.
#[derive(Debug, Default)]
pub struct Task {
    cancelled: AtomicBool,
    stage: AtomicU8,
    done: AtomicU64,
    of: AtomicU64,
    bytes: AtomicU64,
    total_bytes: AtomicU64,
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
        self.done.store(0, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
        self.stage.store(stage as u8, Ordering::Relaxed);
    }

    /// `steps` more steps of the stage are done.
    #[inline]
    pub fn advance(&self, steps: u64) {
        self.done.fetch_add(steps, Ordering::Relaxed);
    }

    /// The file is `total` bytes long.
    pub fn expect_bytes(&self, total: u64) {
        self.total_bytes.store(total, Ordering::Relaxed);
    }

    /// `more` bytes of the file have been read.
    pub fn read_bytes(&self, more: u64) {
        self.bytes.fetch_add(more, Ordering::Relaxed);
    }

    /// Where the work is now.
    #[expect(clippy::cast_precision_loss, reason = "a fraction for a progress bar")]
    pub fn progress(&self) -> Progress {
        let of = self.of.load(Ordering::Relaxed);
        let done = self.done.load(Ordering::Relaxed).min(of);
        let stage = Stage::ALL[usize::from(self.stage.load(Ordering::Relaxed)).min(Stage::ALL.len() - 1)];
        Progress {
            stage,
            fraction: if of == 0 { 0.0 } else { done as f32 / of as f32 },
            bytes: self.bytes.load(Ordering::Relaxed),
            total_bytes: self.total_bytes.load(Ordering::Relaxed),
        }
    }
}
