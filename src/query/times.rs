//! When snapshots were taken: in which order, and how far apart.

use std::sync::Arc;

use super::provenance::{self, Taken, TimeSource};
use crate::snapshot::Snapshot;

/// Seconds by which the dates of two files differ that were not just copied or unpacked together, in any order.
const TELLING: i64 = 2;

/// Is it known that `a` was taken before `b`?
pub fn is_before(a: Option<Taken>, b: Option<Taken>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    let is_dated = [a, b].iter().any(|taken| taken.source == TimeSource::Modified);
    let later = provenance::between(a, b);
    later.as_secs() >= TELLING || (!is_dated && later.is_positive())
}

/// Seconds from the first to each, if it is known of all when they were taken, and that each is later than the one before it.
pub fn seconds_of(taken: &[Option<Taken>]) -> Option<Vec<f64>> {
    let ascend = taken.windows(2).all(|pair| is_before(pair[0], pair[1]));
    let first = (*taken.first()?)?;
    let since = |taken: &Option<Taken>| Some(provenance::between(first, (*taken)?).as_secs_f64());
    ascend.then(|| taken.iter().map(since).collect())?
}

/// Seconds from the first snapshot to each, by the names and dates of their files.
pub fn seconds(snapshots: &[Arc<Snapshot>]) -> Option<Vec<f64>> {
    let taken = |snapshot: &Arc<Snapshot>| {
        let path = snapshot.path();
        provenance::taken(path, || {
            std::fs::metadata(path).and_then(|data| data.modified()).ok()
        })
    };
    seconds_of(&snapshots.iter().map(taken).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn files_unpacked_together_tell_nothing() {
        let dated = |millis: u64| {
            let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_000 + millis);
            provenance::taken(Path::new("heap"), || Some(time))
        };
        assert!(!is_before(dated(0), dated(1900)));
        assert!(is_before(dated(0), dated(2100)) && !is_before(dated(2100), dated(0)));
        assert!(!is_before(dated(0), None));
        assert_eq!(seconds_of(&[dated(0), dated(1000)]), None);
    }

    #[test]
    fn names_tell_how_far_apart() {
        let named = |name: &str| provenance::taken(Path::new(name), || None);
        let (a, b) = (
            "Heap-20261120T141205.heapsnapshot",
            "Heap-20261120T141405.heapsnapshot",
        );
        assert_eq!(seconds_of(&[named(a), named(b)]), Some(vec![0.0, 120.0]));
        assert_eq!(seconds_of(&[named(b), named(a)]), None);
        assert_eq!(seconds_of(&[named(a), None]), None);
    }
}
