//! A piece of work as whoever watches it sees it: what is being done, how far it is, and the wish that it stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::base::task::{Progress, Task};

/// Work that was asked for. The worker reports to its task; the frame reads it, lists it, and may call it off.
#[derive(Debug)]
pub struct Work {
    pub(super) task: Task,
    doing: Option<&'static str>,
    asked: Instant,
    begun: AtomicBool,
    ended: AtomicBool,
    called_off: AtomicBool,
    /// Is it done for its own sake, so that no view asks for it again?
    is_beside: bool,
}

impl Work {
    /// Work that waits for its turn; `doing` is what a person reads while it lasts, none if that is said elsewhere.
    pub(super) fn new(doing: Option<&'static str>) -> Self {
        Self {
            task: Task::new(),
            doing,
            asked: Instant::now(),
            begun: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            called_off: AtomicBool::new(false),
            is_beside: false,
        }
    }

    /// Work that begins now, for its own sake.
    pub(super) fn beside(doing: &'static str) -> Self {
        Self {
            begun: AtomicBool::new(true),
            is_beside: true,
            ..Self::new(Some(doing))
        }
    }

    /// Is it done for its own sake, so that no view asks for it again?
    pub fn is_beside(&self) -> bool {
        self.is_beside
    }

    /// What a person reads while it lasts: "Comparing snapshots".
    pub fn doing(&self) -> &'static str {
        self.doing.unwrap_or_default()
    }

    /// How far it is: 0 to 1, if that is known.
    pub fn fraction(&self) -> Option<f32> {
        let stage = || {
            let progress = self.task.progress();
            (progress.total_bytes > 0).then_some(progress.fraction)
        };
        self.task.parts_done().or_else(stage)
    }

    /// Where it is.
    pub(super) fn progress(&self) -> Progress {
        self.task.progress()
    }

    /// Has it not begun, because others come first?
    pub fn is_waiting(&self) -> bool {
        !self.begun.load(Ordering::Relaxed)
    }

    /// How long ago it was asked for.
    pub fn lasts(&self) -> Duration {
        self.asked.elapsed()
    }

    /// Stops it, because a person wants it to. It does within 100 ms.
    pub fn call_off(&self) {
        self.called_off.store(true, Ordering::Relaxed);
        self.task.cancel();
    }

    /// Was it called off by a person?
    pub fn is_called_off(&self) -> bool {
        self.called_off.load(Ordering::Relaxed)
    }

    /// Does someone wait for it, and is that to be listed?
    pub(super) fn is_listed(&self) -> bool {
        self.doing.is_some() && !self.ended.load(Ordering::Relaxed) && !self.task.is_cancelled()
    }

    pub(super) fn begin(&self) {
        self.begun.store(true, Ordering::Relaxed);
    }

    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}

/// Work that is done on a thread of its own, and listed until this is dropped.
#[derive(Debug)]
pub struct Beside(pub(super) std::sync::Arc<Work>);

impl Beside {
    /// What it reports to, and asks whether to go on.
    pub fn task(&self) -> &Task {
        &self.0.task
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.0.end();
    }
}
