//! Back and forward through the places one has been, as in a browser.

use super::command::Way;
use crate::query::subject::{SnapshotId, Subject};

/// Where one can be: at a thing, in a view.
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

/// The places one has been.
#[derive(Debug, Default)]
pub(crate) struct History {
    places: Vec<Place>,
    at: usize,
}

const MOST: usize = 200;

impl History {
    /// `from` is left for `to`: both can be come back to, what was ahead is gone.
    pub(crate) fn went(&mut self, from: Place, to: Place) {
        self.places.truncate(self.at + 1);
        // One may have moved on from the place where one arrived.
        match self.places.last_mut() {
            Some(here) => *here = from,
            None => self.places.push(from),
        }
        if self.places.last() != Some(&to) {
            self.places.push(to);
        }
        let excess = self.places.len().saturating_sub(MOST);
        self.places.drain(..excess);
        self.at = self.places.len() - 1;
    }

    /// Where `way` leads, if anywhere.
    pub(crate) fn step(&mut self, way: Way) -> Option<Place> {
        let at = self.next(way)?;
        self.at = at;
        self.places.get(at).copied()
    }

    /// Does `way` lead anywhere?
    pub(crate) fn can_step(&self, way: Way) -> bool {
        self.next(way).is_some()
    }

    /// Forgets all places in that snapshot.
    pub(crate) fn forget(&mut self, snapshot: SnapshotId) {
        let stays = |place: &Place| place.subject.is_none_or(|subject| subject.snapshot != snapshot);
        let before = self.places.iter().take(self.at + 1);
        let kept = before.filter(|place| stays(place)).count();
        self.places.retain(stays);
        self.at = kept.saturating_sub(1);
    }

    fn next(&self, way: Way) -> Option<usize> {
        let at = match way {
            Way::Back => self.at.checked_sub(1)?,
            Way::Forward => self.at + 1,
        };
        (at < self.places.len()).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::index::NodeIx;
    use crate::query::subject::What;

    fn place(snapshot: u32, node: u32) -> Place {
        Place {
            view: Some("summary"),
            subject: Some(Subject {
                snapshot: SnapshotId(snapshot),
                what: What::Object(NodeIx::from_raw(node)),
            }),
        }
    }

    const START: Place = Place {
        view: Some("overview"),
        subject: None,
    };

    #[test]
    fn one_comes_back_to_where_one_left() {
        let mut history = History::default();
        assert!(!history.can_step(Way::Back));
        history.went(START, place(1, 1));
        history.went(place(1, 5), place(1, 2));
        assert_eq!(history.step(Way::Back), Some(place(1, 5)));
        assert_eq!(history.step(Way::Back), Some(START));
        assert!(!history.can_step(Way::Back));
        assert_eq!(history.step(Way::Forward), Some(place(1, 5)));
        assert_eq!(history.step(Way::Forward), Some(place(1, 2)));
        history.step(Way::Back);
        history.went(place(1, 5), place(1, 3));
        assert!(!history.can_step(Way::Forward), "another way was taken");
    }

    #[test]
    fn what_is_closed_is_forgotten() {
        let mut history = History::default();
        history.went(place(1, 1), place(2, 2));
        history.went(place(2, 2), place(1, 3));
        history.forget(SnapshotId(2));
        assert_eq!(history.step(Way::Back), Some(place(1, 1)));
        history.forget(SnapshotId(1));
        assert!(!history.can_step(Way::Back) && !history.can_step(Way::Forward));
    }
}
