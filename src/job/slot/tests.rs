//! Tests of slots.

use super::*;
use crate::base::task::Task;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
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

    fn doing(&self) -> Option<&'static str> {
        Some("Doubling")
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
    until(|| matches!(slot.ask(&jobs, &over, &Double(13)), Poll::Failed(why) if why.contains("thirteen")));
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

#[test]
fn work_that_is_called_off_says_so_until_it_is_asked_for_again() {
    let (jobs, _wakes) = jobs();
    let over = gate(false);
    let mut slot = Slot::new(Lane::Frame);
    slot.ask(&jobs, &over, &Double(3));
    until(|| over.runs.load(Ordering::SeqCst) == 1);
    let listed = jobs.under_way();
    assert_eq!((listed.len(), listed[0].doing()), (1, "Doubling"));
    listed[0].call_off();
    assert_eq!(slot.ask(&jobs, &over, &Double(3)), Poll::Failed(CALLED_OFF));
    assert!(jobs.under_way().is_empty());
    until(|| over.cancelled.load(Ordering::SeqCst) == 1);
    assert_eq!(slot.ask(&jobs, &over, &Double(3)), Poll::Failed(CALLED_OFF));
    jobs.ask_again();
    over.open.store(true, Ordering::SeqCst);
    until(|| slot.ask(&jobs, &over, &Double(3)) == Poll::Ready(&6));
}

#[test]
fn what_nobody_waits_for_any_more_is_not_listed() {
    let (jobs, _wakes) = jobs();
    let over = gate(false);
    let mut slot = Slot::new(Lane::Bulk);
    slot.ask(&jobs, &over, &Double(2));
    slot.ask(&jobs, &over, &Double(4));
    assert_eq!(
        jobs.under_way().len(),
        1,
        "the new question took the place of the old"
    );
    over.open.store(true, Ordering::SeqCst);
    until(|| jobs.under_way().is_empty());
    assert_eq!(slot.ask(&jobs, &over, &Double(4)), Poll::Ready(&8));
}
