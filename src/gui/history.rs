//! Back and forward through everything one has visited, as in a browser.
//!
//! A visit is what is on the screen: the tabs that are chosen, the snapshot, and the selection. Nobody reports it; the window is
//! looked at once a frame. Other tabs, another snapshot, or going to a thing makes a new visit; moving about in a view changes
//! the one that is there, unless one has stayed with what was selected before.

use super::command::Way;
use crate::query::subject::{SnapshotId, Subject};

/// Where one can go: to a thing, in a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The view in the middle; none leaves the one that is there.
    pub(crate) view: Option<&'static str>,
    /// The thing; none is the view as such.
    pub(crate) subject: Option<Subject>,
}

impl From<Subject> for Place {
    fn from(subject: Subject) -> Self {
        Self {
            view: None,
            subject: Some(subject),
        }
    }
}

/// What is on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visit {
    /// The panes that are shown, in the middle and below, by their numbers.
    pub(crate) panes: [Vec<u32>; 2],
    /// The one in the middle that has the keyboard, or had it last, and its view.
    pub(crate) focused: (u32, Option<&'static str>),
    /// The snapshot that is shown.
    pub(crate) snapshot: Option<SnapshotId>,
    /// What is selected.
    pub(crate) subject: Option<Subject>,
}

/// What one has visited.
#[derive(Debug, Default)]
pub(crate) struct History {
    visits: Vec<Visit>,
    at: usize,
    /// When what is selected was selected, in seconds.
    since: f64,
}

const MOST: usize = 200;

/// So long one has to stay with a selection to be led back to it, in seconds.
const STAY: f64 = 1.5;

impl Visit {
    /// Is `other` another place, and not the same one with something else selected in it?
    fn is_elsewhere(&self, other: &Self) -> bool {
        self.panes != other.panes || self.snapshot != other.snapshot
    }
}

impl History {
    /// Takes note of where one is at the time `now`; `went` if one went there on purpose.
    pub(crate) fn note(&mut self, here: Visit, went: bool, now: f64) {
        let Some(last) = self.visits.get_mut(self.at) else {
            self.visits = vec![here];
            self.at = 0;
            self.since = now;
            return;
        };
        if *last == here {
            return;
        }
        let is_new_subject = last.subject != here.subject;
        // Nothing selected is no place to go back to.
        let stayed = is_new_subject && last.subject.is_some() && now - self.since >= STAY;
        if went || stayed || last.is_elsewhere(&here) {
            self.visits.truncate(self.at + 1);
            self.visits.push(here);
            let excess = self.visits.len().saturating_sub(MOST);
            self.visits.drain(..excess);
            self.at = self.visits.len() - 1;
        } else {
            *last = here;
        }
        if is_new_subject {
            self.since = now;
        }
    }

    /// What one is led to by `way`, if anywhere; from now on one is there.
    pub(crate) fn step(&mut self, way: Way, now: f64) -> Option<Visit> {
        let at = self.next(way)?;
        self.at = at;
        self.since = now;
        self.visits.get(at).cloned()
    }

    /// One is where one was led, as far as that is still possible: no visit of its own.
    pub(crate) fn arrived(&mut self, here: Visit) {
        if let Some(last) = self.visits.get_mut(self.at) {
            *last = here;
        }
    }

    /// Does `way` lead anywhere?
    pub(crate) fn can_step(&self, way: Way) -> bool {
        self.next(way).is_some()
    }

    /// Forgets all visits to that snapshot.
    pub(crate) fn forget(&mut self, snapshot: SnapshotId) {
        let stays = |visit: &Visit| {
            let subject = visit.subject.map(|subject| subject.snapshot);
            subject != Some(snapshot) && visit.snapshot != Some(snapshot)
        };
        let before = self.visits.iter().take(self.at + 1);
        let kept = before.filter(|visit| stays(visit)).count();
        self.visits.retain(stays);
        self.at = kept.saturating_sub(1);
    }

    fn next(&self, way: Way) -> Option<usize> {
        let at = match way {
            Way::Back => self.at.checked_sub(1)?,
            Way::Forward => self.at + 1,
        };
        (at < self.visits.len()).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::index::NodeIx;
    use crate::query::subject::What;

    /// The pane `pane`, with the object `node` of a snapshot selected.
    fn visit(pane: u32, snapshot: u32, node: u32) -> Visit {
        Visit {
            panes: [vec![pane], vec![9]],
            focused: (pane, Some("summary")),
            snapshot: Some(SnapshotId(snapshot)),
            subject: (node > 0).then(|| Subject {
                snapshot: SnapshotId(snapshot),
                what: What::Object(NodeIx::from_raw(node)),
            }),
        }
    }

    #[test]
    fn other_tabs_and_going_somewhere_are_visits() {
        let mut history = History::default();
        history.note(visit(1, 1, 0), false, 0.0);
        assert!(!history.can_step(Way::Back));
        history.note(visit(2, 1, 0), false, 0.1);
        history.note(visit(2, 1, 7), true, 0.2);
        history.note(visit(2, 2, 7), false, 0.3);
        assert_eq!(history.step(Way::Back, 0.4), Some(visit(2, 1, 7)));
        assert_eq!(history.step(Way::Back, 0.4), Some(visit(2, 1, 0)));
        assert_eq!(history.step(Way::Back, 0.4), Some(visit(1, 1, 0)));
        assert_eq!(history.step(Way::Back, 0.4), None);
        assert_eq!(history.step(Way::Forward, 0.5), Some(visit(2, 1, 0)));
        history.note(visit(2, 1, 0), false, 0.6);
        assert!(history.can_step(Way::Forward), "one has not moved");
        history.note(visit(3, 1, 0), false, 0.7);
        assert!(!history.can_step(Way::Forward), "another way was taken");
    }

    #[test]
    fn one_comes_back_to_where_one_left() {
        let mut history = History::default();
        history.note(visit(1, 1, 0), false, 0.0);
        for node in 1..5 {
            history.note(visit(1, 1, node), false, f64::from(node) / 10.0);
        }
        assert!(
            !history.can_step(Way::Back),
            "walking through rows is no visit to each"
        );
        history.note(visit(1, 1, 8), false, 9.0);
        assert_eq!(
            history.step(Way::Back, 9.1),
            Some(visit(1, 1, 4)),
            "one had stayed with that one"
        );
    }

    #[test]
    fn what_is_closed_is_forgotten() {
        let mut history = History::default();
        history.note(visit(1, 1, 1), false, 0.0);
        history.note(visit(1, 2, 2), false, 0.1);
        history.note(visit(1, 1, 3), false, 0.2);
        history.forget(SnapshotId(2));
        assert_eq!(history.step(Way::Back, 0.3), Some(visit(1, 1, 1)));
        history.forget(SnapshotId(1));
        assert!(!history.can_step(Way::Back) && !history.can_step(Way::Forward));
    }

    #[test]
    fn no_more_is_kept_than_one_goes_back() {
        let mut history = History::default();
        for pane in 0..300 {
            history.note(visit(pane, 1, 0), false, 0.0);
        }
        let mut steps = 0;
        while history.step(Way::Back, 0.0).is_some() {
            steps += 1;
        }
        assert_eq!(steps, MOST - 1);
    }
}
