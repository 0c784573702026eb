//! One question, asked again and again, and what is known of its answer.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use super::pool::{Jobs, Lane};
use super::work::Work;
use crate::base::task::{Cancelled, Progress};
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
    /// There will be none, for this reason: [`CALLED_OFF`], or a fault of this program.
    Failed(&'a str),
}

/// Why there is no answer if a person called the work off. Asking again begins it anew (see [`Jobs::ask_again`]).
pub const CALLED_OFF: &str = "Cancelled";

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
    /// A person called it off; how often what was called off had been asked for again until then.
    CalledOff(u64),
}

/// Work under way. Dropping it calls the work off.
struct Running<A: Send + 'static> {
    shared: Arc<Shared<A>>,
    jobs: Jobs,
}

/// Between the worker and the slot.
struct Shared<A> {
    work: Arc<Work>,
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
        let is_asked = self.asked.as_ref().is_some_and(|(key, state)| {
            let is_again = matches!(state, State::CalledOff(times) if *times != jobs.times_asked_again());
            key.is(over, query) && !is_again
        });
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
        let jobs = running.jobs.clone();
        let Some(outcome) = running.shared.outcome().take() else {
            if running.shared.work.is_called_off() {
                *state = State::CalledOff(jobs.times_asked_again());
            }
            return;
        };
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
            (Some(State::CalledOff(_)), _) => Poll::Failed(CALLED_OFF),
            (Some(State::Answered), Some(answer)) => Poll::Ready(answer),
            (Some(State::Running(running)), stale) => Poll::Busy {
                stale,
                progress: running.shared.work.progress(),
                waiting: running.shared.work.is_waiting(),
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
            Some((_, State::CalledOff(_))) => "called off",
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
        let work = Arc::new(Work::new(query.doing()));
        jobs.list(&work);
        let shared = Arc::new(Shared {
            work,
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
            shared.answer(&query, &over);
            shared.work.end();
            drop(over);
            wake.wake();
        });
        running
    }
}

impl<A> Shared<A> {
    fn answer<Q: Query<Answer = A>>(&self, query: &Q, over: &Q::Over) {
        let task = &self.work.task;
        if task.is_cancelled() {
            return;
        }
        self.work.begin();
        let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| query.run(over, task)));
        let outcome = match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(Cancelled)) => Err("the work was called off".to_owned()),
            Err(panic) => Err(reason_of(panic.as_ref())),
        };
        // If nobody waits any more, the answer is dropped here.
        if !task.is_cancelled() {
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
        self.shared.work.task.cancel();
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
mod tests;
