//! One question, asked again and again, and what is known of its answer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use super::pool::{Jobs, Lane};
use crate::base::task::{Cancelled, Progress, Task};
use crate::query::Query;

/// A place for a question of type `Q` and its answer. Not `Clone`: two owners would ask each other's questions away.
///
/// The key of an answer is what it is about (which `Arc`, not which value) and the question. A new key cancels the work on
/// the older one; dropping the slot does too.
pub struct Slot<Q: Query> {
    lane: Lane,
    asked: Option<(Key<Q>, State<Q::Answer>)>,
    answer: Option<Answer<Q>>,
    version: u64,
}

struct Answer<Q: Query> {
    about: Weak<Q::Over>,
    value: OffFrame<Q::Answer>,
}

/// What is known now.
#[derive(Debug, PartialEq)]
pub enum Poll<'a, A> {
    /// The answer.
    Ready(&'a A),
    /// It is being worked on.
    Busy {
        /// The answer to an earlier question about the same thing, so that tables do not blink.
        stale: Option<&'a A>,
        /// How far the work is.
        progress: Progress,
        /// Has it not begun, because its lane is busy with something else?
        waiting: bool,
    },
    /// There will be none, for this reason (a fault of this program).
    Failed(&'a str),
}

impl<'a, A> Poll<'a, A> {
    /// The answer, or the earlier one while this one is worked on.
    pub fn latest(self) -> Option<&'a A> {
        match self {
            Self::Ready(answer) => Some(answer),
            Self::Busy { stale, .. } => stale,
            Self::Failed(_) => None,
        }
    }
}

struct Key<Q: Query> {
    // Weak, so that a slot keeps no snapshot alive; its address cannot be given to another one meanwhile.
    over: Weak<Q::Over>,
    query: Q,
}

enum State<A: Send + 'static> {
    Running(Running<A>),
    Answered,
    Failed(String),
}

/// Work under way. Dropping it calls the work off.
struct Running<A: Send + 'static> {
    shared: Arc<Shared<A>>,
    jobs: Jobs,
}

/// Between the worker and the slot.
struct Shared<A> {
    task: Task,
    begun: AtomicBool,
    outcome: Mutex<Option<Result<A, String>>>,
    ended: Condvar,
}

/// A value that is dropped on a worker.
struct OffFrame<T: Send + 'static> {
    value: Option<T>,
    jobs: Jobs,
}

impl<Q: Query> Slot<Q> {
    /// An empty slot whose work is done in `lane`.
    pub const fn new(lane: Lane) -> Self {
        Self {
            lane,
            asked: None,
            answer: None,
            version: 0,
        }
    }

    /// What is known of the answer to `query` about `over`. Starts the work if this is a new question.
    pub fn ask(&mut self, jobs: &Jobs, over: &Arc<Q::Over>, query: &Q) -> Poll<'_, Q::Answer> {
        self.start(jobs, over, query);
        self.receive();
        self.known()
    }

    /// As [`Slot::ask`], but if this is a new question, waits for the answer until `deadline`: what takes a millisecond is
    /// shown in the frame in which it was asked.
    pub fn ask_until(
        &mut self,
        jobs: &Jobs,
        over: &Arc<Q::Over>,
        query: &Q,
        deadline: Instant,
    ) -> Poll<'_, Q::Answer> {
        if self.start(jobs, over, query)
            && let Some((_, State::Running(running))) = &self.asked
        {
            running.shared.wait(deadline);
        }
        self.receive();
        self.known()
    }

    /// The newest answer that has come, whatever has been asked since.
    pub fn latest(&self) -> Option<&Q::Answer> {
        self.answer
            .as_ref()
            .and_then(|answer| answer.value.value.as_ref())
    }

    /// A number that changes whenever [`Slot::latest`] does.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Starts the work if this is a new question; tells whether it is.
    fn start(&mut self, jobs: &Jobs, over: &Arc<Q::Over>, query: &Q) -> bool {
        let is_asked = self.asked.as_ref().is_some_and(|(key, _)| key.is(over, query));
        if !is_asked {
            // An answer about something else is no stand-in: its indices mean nothing here.
            if self
                .answer
                .take_if(|answer| !is_same(&answer.about, over))
                .is_some()
            {
                self.version += 1;
            }
            let key = Key {
                over: Arc::downgrade(over),
                query: query.clone(),
            };
            let running = Running::start(jobs, self.lane, over, query);
            self.asked = Some((key, State::Running(running)));
        }
        !is_asked
    }

    /// Takes in the outcome if the work has ended.
    fn receive(&mut self) {
        let Some((key, state)) = &mut self.asked else {
            return;
        };
        let State::Running(running) = state else { return };
        let Some(outcome) = running.shared.outcome().take() else {
            return;
        };
        let jobs = running.jobs.clone();
        *state = match outcome {
            Ok(value) => {
                let value = OffFrame {
                    value: Some(value),
                    jobs,
                };
                self.answer = Some(Answer {
                    about: key.over.clone(),
                    value,
                });
                self.version += 1;
                State::Answered
            }
            Err(reason) => State::Failed(reason),
        };
    }

    fn known(&self) -> Poll<'_, Q::Answer> {
        match (self.asked.as_ref().map(|(_, state)| state), self.latest()) {
            (Some(State::Failed(reason)), _) => Poll::Failed(reason),
            (Some(State::Answered), Some(answer)) => Poll::Ready(answer),
            (Some(State::Running(running)), stale) => Poll::Busy {
                stale,
                progress: running.shared.task.progress(),
                waiting: !running.shared.begun.load(Ordering::Relaxed),
            },
            (Some(State::Answered) | None, _) => Poll::Failed("nothing was asked"),
        }
    }
}

impl<Q: Query> std::fmt::Debug for Slot<Q> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = match &self.asked {
            None => "empty",
            Some((_, State::Running(_))) => "running",
            Some((_, State::Answered)) => "answered",
            Some((_, State::Failed(_))) => "failed",
        };
        f.debug_tuple("Slot").field(&state).finish()
    }
}

impl<Q: Query> Key<Q> {
    fn is(&self, over: &Arc<Q::Over>, query: &Q) -> bool {
        is_same(&self.over, over) && self.query == *query
    }
}

fn is_same<T>(about: &Weak<T>, over: &Arc<T>) -> bool {
    std::ptr::eq(about.as_ptr(), Arc::as_ptr(over))
}

impl<A: Send + 'static> Running<A> {
    fn start<Q: Query<Answer = A>>(jobs: &Jobs, lane: Lane, over: &Arc<Q::Over>, query: &Q) -> Self {
        let shared = Arc::new(Shared {
            task: Task::new(),
            begun: AtomicBool::new(false),
            outcome: Mutex::new(None),
            ended: Condvar::new(),
        });
        let running = Self {
            shared: Arc::clone(&shared),
            jobs: jobs.clone(),
        };
        // The job holds no handle to the pool: one queued job would keep it alive for ever.
        let wake = jobs.waker();
        let (over, query) = (Arc::clone(over), query.clone());
        jobs.run(lane, move || {
            shared.work(&query, &over);
            drop(over);
            wake.wake();
        });
        running
    }
}

impl<A> Shared<A> {
    fn work<Q: Query<Answer = A>>(&self, query: &Q, over: &Q::Over) {
        if self.task.is_cancelled() {
            return;
        }
        self.begun.store(true, Ordering::Relaxed);
        let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| query.run(over, &self.task)));
        let outcome = match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(Cancelled)) => Err("the work was called off".to_owned()),
            Err(panic) => Err(reason_of(panic.as_ref())),
        };
        // If nobody waits any more, the answer is dropped here.
        if !self.task.is_cancelled() {
            *self.outcome() = Some(outcome);
            self.ended.notify_all();
        }
    }

    fn wait(&self, deadline: Instant) {
        let patience = deadline.saturating_duration_since(Instant::now());
        let waited = self
            .ended
            .wait_timeout_while(self.outcome(), patience, |outcome| outcome.is_none());
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn outcome(&self) -> MutexGuard<'_, Option<Result<A, String>>> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a panic said.
fn reason_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "the work failed".to_owned())
}

impl<A: Send + 'static> Drop for Running<A> {
    fn drop(&mut self) {
        self.shared.task.cancel();
        let late = self.shared.outcome().take();
        if let Some(Ok(answer)) = late {
            self.jobs.discard(answer);
        }
    }
}

impl<T: Send + 'static> Drop for OffFrame<T> {
    fn drop(&mut self) {
        if let Some(value) = self.value.take() {
            self.jobs.discard(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
    use std::time::{Duration, Instant};

    /// Doubles a number once it is let; even questions can be cancelled, 13 panics.
    #[derive(Clone, PartialEq)]
    struct Double(u64);

    struct Gate {
        open: AtomicBool,
        runs: AtomicUsize,
        cancelled: AtomicUsize,
    }

    impl Query for Double {
        type Over = Gate;
        type Answer = u64;

        fn run(&self, gate: &Gate, task: &Task) -> Result<u64, Cancelled> {
            gate.runs.fetch_add(1, Ordering::SeqCst);
            assert_ne!(self.0, 13, "thirteen (this message belongs to the test)");
            while !gate.open.load(Ordering::SeqCst) {
                if let Err(cancelled) = task.check() {
                    gate.cancelled.fetch_add(1, Ordering::SeqCst);
                    return Err(cancelled);
                }
                std::thread::yield_now();
            }
            Ok(self.0 * 2)
        }
    }

    fn gate(open: bool) -> Arc<Gate> {
        Arc::new(Gate {
            open: AtomicBool::new(open),
            runs: AtomicUsize::new(0),
            cancelled: AtomicUsize::new(0),
        })
    }

    fn jobs() -> (Jobs, Receiver<()>) {
        let (woken, wakes): (SyncSender<()>, _) = sync_channel(100);
        // Nobody has to listen.
        let wake = move || woken.try_send(()).unwrap_or_default();
        (Jobs::new(wake).unwrap(), wakes)
    }

    fn until(mut holds: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        while !holds() {
            assert!(Instant::now() < end, "it never came");
            std::thread::yield_now();
        }
    }

    #[test]
    fn an_answer_stays_until_the_question_changes() {
        let (jobs, wakes) = jobs();
        let over = gate(true);
        let mut slot = Slot::new(Lane::Frame);
        until(|| slot.ask(&jobs, &over, &Double(2)) == Poll::Ready(&4));
        wakes.recv().unwrap();
        for _ in 0..10 {
            assert_eq!(slot.ask(&jobs, &over, &Double(2)), Poll::Ready(&4));
        }
        assert_eq!(over.runs.load(Ordering::SeqCst), 1);
        over.open.store(false, Ordering::SeqCst);
        let Poll::Busy { stale, .. } = slot.ask(&jobs, &over, &Double(3)) else {
            panic!("nothing to work on")
        };
        assert_eq!(stale, Some(&4));
        over.open.store(true, Ordering::SeqCst);
        until(|| slot.ask(&jobs, &over, &Double(3)) == Poll::Ready(&6));
    }

    #[test]
    fn a_new_question_may_be_waited_for() {
        let (jobs, _wakes) = jobs();
        let (fast, slow) = (gate(true), gate(false));
        let mut slot = Slot::new(Lane::Frame);
        let patience = || Instant::now() + Duration::from_secs(20);
        assert_eq!(
            slot.ask_until(&jobs, &fast, &Double(2), patience()),
            Poll::Ready(&4)
        );
        assert_eq!((slot.latest(), slot.version()), (Some(&4), 1));
        let past = Instant::now();
        let poll = slot.ask_until(&jobs, &slow, &Double(2), past);
        assert!(matches!(poll, Poll::Busy { .. }));
        assert_eq!((slot.latest(), slot.version()), (None, 2));
    }

    #[test]
    fn equal_questions_about_other_things_are_other_questions() {
        let (jobs, _wakes) = jobs();
        let (one, other) = (gate(true), gate(false));
        let mut slot = Slot::new(Lane::Frame);
        until(|| slot.ask(&jobs, &one, &Double(2)) == Poll::Ready(&4));
        let Poll::Busy { stale, .. } = slot.ask(&jobs, &other, &Double(2)) else {
            panic!("the answer about another thing was given")
        };
        assert_eq!(stale, None, "rows of another snapshot are no stand-in");
    }

    #[test]
    fn a_new_question_and_a_dropped_slot_cancel() {
        let (jobs, _wakes) = jobs();
        let over = gate(false);
        let mut slot = Slot::new(Lane::Frame);
        slot.ask(&jobs, &over, &Double(2));
        until(|| over.runs.load(Ordering::SeqCst) == 1);
        slot.ask(&jobs, &over, &Double(4));
        until(|| over.cancelled.load(Ordering::SeqCst) == 1);
        until(|| over.runs.load(Ordering::SeqCst) == 2);
        drop(slot);
        until(|| over.cancelled.load(Ordering::SeqCst) == 2);
    }

    #[test]
    fn a_panic_is_a_failure_and_the_next_question_is_answered() {
        let (jobs, wakes) = jobs();
        let over = gate(true);
        let mut slot = Slot::new(Lane::Frame);
        until(
            || matches!(slot.ask(&jobs, &over, &Double(13)), Poll::Failed(why) if why.contains("thirteen")),
        );
        wakes.recv().unwrap();
        until(|| slot.ask(&jobs, &over, &Double(2)) == Poll::Ready(&4));
    }

    #[test]
    fn what_waits_for_its_lane_says_so() {
        let (jobs, _wakes) = jobs();
        let over = gate(false);
        let (mut first, mut second) = (Slot::new(Lane::Bulk), Slot::new(Lane::Bulk));
        let waits = |poll: Poll<'_, u64>| matches!(poll, Poll::Busy { waiting: true, .. });
        until(|| !waits(first.ask(&jobs, &over, &Double(1))));
        assert!(waits(second.ask(&jobs, &over, &Double(1))));
        over.open.store(true, Ordering::SeqCst);
        until(|| second.ask(&jobs, &over, &Double(1)) == Poll::Ready(&2));
    }

    /// Says on which thread it was dropped.
    struct Heavy(SyncSender<String>);

    impl Drop for Heavy {
        fn drop(&mut self) {
            let thread = std::thread::current();
            self.0.send(thread.name().unwrap_or_default().to_owned()).unwrap();
        }
    }

    #[derive(Clone, PartialEq)]
    struct Make;

    impl Query for Make {
        type Over = SyncSender<String>;
        type Answer = Heavy;

        fn run(&self, over: &Self::Over, _task: &Task) -> Result<Heavy, Cancelled> {
            Ok(Heavy(over.clone()))
        }
    }

    #[test]
    fn answers_are_dropped_on_a_worker() {
        let (jobs, _wakes) = jobs();
        let (sender, dropped) = sync_channel(10);
        let over = Arc::new(sender);
        let mut slot = Slot::new(Lane::Frame);
        until(|| matches!(slot.ask(&jobs, &over, &Make), Poll::Ready(_)));
        drop(slot);
        let thread = dropped.recv_timeout(Duration::from_secs(20)).unwrap();
        assert!(thread.starts_with("frame-"), "dropped on {thread}");
    }
}
