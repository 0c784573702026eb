//! When the open snapshots were taken: in which order they stand, and what they are called by it.

use super::Entry;
use crate::query::provenance::{Taken, TimeSource};
use crate::query::times::{self, is_before};

/// Where a file taken then belongs among `entries`: before the first that is later, else at the end.
pub(super) fn place(entries: &[Entry], taken: Option<Taken>) -> usize {
    let later = entries.iter().position(|entry| is_before(taken, entry.taken));
    later.unwrap_or(entries.len())
}

/// Seconds from the first of `entries` to each, if they are known (see [`times::seconds_of`]).
pub(crate) fn seconds(entries: &[&Entry]) -> Option<Vec<f64>> {
    times::seconds_of(&entries.iter().map(|entry| entry.taken).collect::<Vec<_>>())
}

/// Calls files whose names hold a time by that: with the day if they are of several. Two of one time keep their names.
pub(super) fn call_by_time(entries: &mut [Entry]) {
    let named = |entry: &Entry| entry.taken.filter(|taken| taken.source == TimeSource::Name);
    let times: Vec<Option<Taken>> = entries.iter().map(named).collect();
    let mut days = times.iter().flatten().map(|taken| taken.at.date());
    let first = days.next();
    let format = if days.all(|day| Some(day) == first) {
        "%T"
    } else {
        "%-d %b %T"
    };
    let texts: Vec<Option<String>> = times
        .iter()
        .map(|taken| Some(taken.as_ref()?.at.strftime(format).to_string()))
        .collect();
    for (at, entry) in entries.iter_mut().enumerate() {
        let alike = texts.iter().filter(|text| **text == texts[at]).count();
        entry.time = texts[at].clone().filter(|_| alike == 1);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::job::Source;
    use crate::query::subject::SnapshotId;

    fn entries(names: &[&str]) -> Vec<Entry> {
        let entry = |name: &&str| Entry::new(SnapshotId(1), Source::File(Path::new(name).to_owned()));
        let mut entries: Vec<Entry> = names.iter().map(entry).collect();
        call_by_time(&mut entries);
        entries
    }

    fn titles(names: &[&str]) -> Vec<String> {
        entries(names).iter().map(Entry::title).collect()
    }

    #[test]
    fn files_are_called_by_the_time_in_their_names() {
        let day = [
            "Heap-20261120T141205.heapsnapshot",
            "Heap-20261120T141806.heapsnapshot",
        ];
        assert_eq!(titles(&day), ["14:12:05", "14:18:06"]);
        assert_eq!(
            titles(&[day[0], "Heap-20261121T000101.heapsnapshot", "leak.heapsnapshot"]),
            ["20 Nov 14:12:05", "21 Nov 00:01:01", "leak"]
        );
        assert_eq!(
            titles(&[day[0], "copy Heap-20261120T141205.heapsnapshot"]),
            ["Heap-20261120T141205", "copy Heap-20261120T141205"]
        );
    }

    #[test]
    fn the_older_comes_first_if_that_is_known() {
        let names = ["b-20261120T141806.heapsnapshot", "c-20261120T142006.heapsnapshot"];
        let known = entries(&names);
        let at = |name: &str| place(&known, entries(&[name])[0].taken);
        assert_eq!(at("a-20261120T141805.heapsnapshot"), 0);
        assert_eq!(at("n-20261120T141900.heapsnapshot"), 1);
        assert_eq!(at("n-20261120T151900.heapsnapshot"), 2);
        assert_eq!(at("unknown.heapsnapshot"), 2);
        let all: Vec<&Entry> = known.iter().collect();
        assert_eq!(seconds(&all), Some(vec![0.0, 120.0]));
        assert_eq!(seconds(&[all[1], all[0]]), None);
    }
}
