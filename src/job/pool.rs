//! The threads that work.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};

use super::work::{Beside, Work};

type Job = Box<dyn FnOnce() + Send>;

/// Which threads do a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A frame waits for it: short, done at once.
    Frame,
    /// Long work, one after the other, so that two files being read do not need the memory of both.
    Bulk,
}

impl Lane {
    const ALL: [Self; 2] = [Self::Frame, Self::Bulk];

    const fn threads(self) -> usize {
        match self {
            Self::Frame => 2,
            Self::Bulk => 1,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Bulk => "bulk",
        }
    }
}

/// A handle to a small, fixed set of named threads. The threads end when the last handle is gone.
#[derive(Clone)]
pub struct Jobs {
    owner: Arc<Owner>,
}

/// What handles share; its end is the end of the threads.
struct Owner {
    lanes: Arc<[Queue; 2]>,
    wake: Waker,
    /// What was asked for, until it has ended.
    listed: Mutex<Vec<Weak<Work>>>,
    /// How often what had been called off was asked for again.
    again: AtomicU64,
}

/// Tells the window that there is something new. Unlike [`Jobs`] it may be kept by a job.
#[derive(Clone)]
pub(super) struct Waker(Arc<dyn Fn() + Send + Sync>);

#[derive(Default)]
struct Queue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Default)]
struct QueueState {
    jobs: VecDeque<Job>,
    closed: bool,
}

impl Jobs {
    /// Starts the threads. `wake` is called from them whenever a job has ended.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> std::io::Result<Self> {
        let lanes = Arc::<[Queue; 2]>::default();
        let owner = Arc::new(Owner {
            lanes: Arc::clone(&lanes),
            wake: Waker(Arc::new(wake)),
            listed: Mutex::default(),
            again: AtomicU64::new(0),
        });
        for lane in Lane::ALL {
            for number in 1..=lane.threads() {
                let lanes = Arc::clone(&lanes);
                std::thread::Builder::new()
                    .name(format!("{}-{number}", lane.name()))
                    .spawn(move || lanes[lane as usize].work())?;
            }
        }
        Ok(Self { owner })
    }

    /// Does `job` on a thread of `lane`, after the jobs that were there before.
    pub fn run(&self, lane: Lane, job: impl FnOnce() + Send + 'static) {
        let queue = &self.owner.lanes[lane as usize];
        queue.lock().jobs.push_back(Box::new(job));
        queue.changed.notify_one();
    }

    /// Drops `value` on a worker: freeing a large answer or a snapshot takes longer than a frame.
    pub fn discard<T: Send + 'static>(&self, value: T) {
        self.run(Lane::Frame, move || drop(value));
    }

    /// The work under way or waiting for its turn, the oldest first, as far as it is to be listed.
    pub fn under_way(&self) -> Vec<Arc<Work>> {
        let mut listed = self.owner.listed.lock().unwrap_or_else(PoisonError::into_inner);
        listed.retain(|work| work.upgrade().is_some_and(|work| work.is_listed()));
        listed.iter().filter_map(Weak::upgrade).collect()
    }

    /// Lists work that begins now on a thread of its own, such as the writing of a file; `doing` is what a person reads.
    pub fn beside(&self, doing: &'static str) -> Beside {
        let work = Arc::new(Work::beside(doing));
        self.list(&work);
        Beside(work)
    }

    /// Begins anew whatever a person called off, as soon as it is asked for.
    pub fn ask_again(&self) {
        self.owner.again.fetch_add(1, Ordering::Relaxed);
    }

    /// How often what had been called off was asked for again.
    pub fn times_asked_again(&self) -> u64 {
        self.owner.again.load(Ordering::Relaxed)
    }

    pub(super) fn list(&self, work: &Arc<Work>) {
        if work.is_listed() {
            let mut listed = self.owner.listed.lock().unwrap_or_else(PoisonError::into_inner);
            listed.retain(|work| work.upgrade().is_some_and(|work| work.is_listed()));
            listed.push(Arc::downgrade(work));
        }
    }

    pub(super) fn waker(&self) -> Waker {
        self.owner.wake.clone()
    }
}

impl Waker {
    pub(super) fn wake(&self) {
        (self.0)();
    }
}

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jobs").finish_non_exhaustive()
    }
}

impl Queue {
    fn lock(&self) -> std::sync::MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Job> {
        let idle = |state: &mut QueueState| state.jobs.is_empty() && !state.closed;
        let waited = self.changed.wait_while(self.lock(), idle);
        waited.unwrap_or_else(PoisonError::into_inner).jobs.pop_front()
    }

    fn work(&self) {
        while let Some(job) = self.next() {
            // A job reports its own panic (see `slot`); this fence keeps the thread for the next one.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        for queue in self.lanes.iter() {
            let mut state = queue.lock();
            state.closed = true;
            state.jobs.clear();
            drop(state);
            queue.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::sync_channel;
    use std::time::Duration;

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn a_busy_bulk_lane_does_not_hold_up_the_frame() {
        let jobs = Jobs::new(|| {}).unwrap();
        let (release, blocked) = sync_channel::<()>(0);
        let (done, wait) = sync_channel(1);
        jobs.run(Lane::Bulk, move || {
            let _ = blocked.recv_timeout(LONG);
        });
        jobs.run(Lane::Frame, move || done.send(()).unwrap());
        wait.recv_timeout(LONG).unwrap();
        release.send(()).unwrap();
    }

    #[test]
    fn a_panic_costs_no_thread() {
        let jobs = Jobs::new(|| {}).unwrap();
        for _ in 0..=Lane::Bulk.threads() {
            jobs.run(Lane::Bulk, || {
                panic!("a job fails (this message belongs to the test)")
            });
        }
        let (done, wait) = sync_channel(1);
        jobs.run(Lane::Bulk, move || {
            done.send(std::thread::current().name().map(str::to_owned))
                .unwrap();
        });
        assert_eq!(wait.recv_timeout(LONG).unwrap().as_deref(), Some("bulk-1"));
    }

    #[test]
    fn threads_end_with_the_last_handle() {
        let jobs = Jobs::new(|| {}).unwrap();
        let lanes = Arc::downgrade(&jobs.owner.lanes);
        drop(jobs.clone());
        assert!(lanes.upgrade().is_some());
        drop(jobs);
        let end = std::time::Instant::now() + LONG;
        while lanes.strong_count() > 0 {
            assert!(std::time::Instant::now() < end, "a thread still runs");
            std::thread::yield_now();
        }
    }
}
