//! Where does a snapshot come from: which program wrote it, in which process, and when?

use std::cmp::Ordering;
use std::path::Path;
use std::sync::LazyLock;
use std::time::SystemTime;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use regex::Regex;

use super::Query;
use crate::analysis::producer::{self, Producer};
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// Asks where a snapshot comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProvenanceOf;

/// Where a snapshot comes from, as far as it and its file tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The program that wrote it.
    pub producer: Option<Producer>,
    /// The process, if the file's name tells.
    pub process_id: Option<u32>,
    /// When it was taken.
    pub taken: Option<Taken>,
}

/// When a snapshot was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Date and time of day: as the name says, or in this computer's time zone.
    pub at: DateTime,
    /// What tells it.
    pub source: TimeSource,
}

/// What tells when a snapshot was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeSource {
    /// The name of its file, by which it stays with copies.
    Name,
    /// When its file was last changed: true of the file that was written, not of most copies.
    Modified,
}

impl std::fmt::Display for Taken {
    /// `2026-11-20 14:18:06`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.at.strftime("%F %T"))
    }
}

impl Query for ProvenanceOf {
    type Over = Snapshot;
    type Answer = Provenance;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Provenance, Cancelled> {
        let path = snapshot.path();
        let modified = || std::fs::metadata(path).and_then(|data| data.modified()).ok();
        Ok(Provenance {
            producer: producer::find(snapshot.graph(), task)?,
            process_id: process_id(path),
            taken: taken(path, modified),
        })
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for the runtime")
    }
}

/// The older of two first; what is not known comes last.
pub fn order(a: Option<Taken>, b: Option<Taken>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.at.cmp(&b.at),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// How much later `to` is than `from`: negative if it is earlier.
pub fn between(from: Taken, to: Taken) -> SignedDuration {
    to.at.duration_since(from.at)
}

/// When the snapshot at `path` was taken: by its name, else by when it was `modified`.
pub fn taken(path: &Path, modified: impl FnOnce() -> Option<SystemTime>) -> Option<Taken> {
    if let Some(at) = time_in_name(&name(path)?) {
        let source = TimeSource::Name;
        return Some(Taken { at, source });
    }
    let modified = Timestamp::try_from(modified()?).ok()?;
    Some(Taken {
        at: local(modified),
        source: TimeSource::Modified,
    })
}

/// The process that took the snapshot at `path`, in the names that Node gives: `Heap.20261120.141806.4711.0.004.heapsnapshot`,
/// of date, time, process, thread and number; or said by the word `pid`.
pub fn process_id(path: &Path) -> Option<u32> {
    let name = name(path)?;
    let found = NODE.captures(&name).or_else(|| PROCESS.captures(&name))?;
    found.name("process")?.as_str().parse().ok()
}

fn name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_string_lossy().into_owned())
}

fn local(time: Timestamp) -> DateTime {
    time.to_zoned(TimeZone::system()).datetime()
}

/// The time in a file's name, in the forms of Node, of DevTools and of ISO 8601, or as milliseconds since 1970.
fn time_in_name(name: &str) -> Option<DateTime> {
    let civil = NODE
        .captures(name)
        .or_else(|| CIVIL.captures(name))
        .and_then(|found| {
            let part = |name| {
                found
                    .name(name)
                    .map_or(Some(0_i16), |part| part.as_str().parse().ok())
            };
            let small = |name| i8::try_from(part(name)?).ok();
            let date = Date::new(part("year")?, small("month")?, small("day")?).ok()?;
            let nanoseconds = i32::from(part("milli")?) * 1_000_000;
            let time = Time::new(small("hour")?, small("minute")?, small("second")?, nanoseconds).ok()?;
            Some(DateTime::from_parts(date, time))
        });
    civil.or_else(|| {
        let millis = MILLIS.captures(name)?.get(1)?.as_str().parse().ok()?;
        Some(local(Timestamp::from_millisecond(millis).ok()?))
    })
}

/// The names that Node gives.
static NODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^Heap\.(?<year>[0-9]{4})(?<month>[0-9]{2})(?<day>[0-9]{2})\.(?<hour>[0-9]{2})(?<minute>[0-9]{2})(?<second>[0-9]{2})\.(?<process>[0-9]+)\.[0-9]+\.[0-9]+",
    )
});

/// A date and a time of day, with or without marks between their parts, not inside a longer number.
static CIVIL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^0-9])(?<year>(?:19|20)[0-9]{2})[-_.]?(?<month>[0-9]{2})[-_.]?(?<day>[0-9]{2})[T _.-]{1,3}(?<hour>[0-9]{2})[-:_.h]?(?<minute>[0-9]{2})[-:_.m]?(?<second>[0-9]{2})(?:[.,_-]?(?<milli>[0-9]{3})(?:Z|[^0-9]|$)|Z|[^0-9]|$)",
    )
});

/// Milliseconds since 1970, from 2001 to 2286.
static MILLIS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[^0-9])([1-9][0-9]{12})(?:[^0-9]|$)"));

/// A process by the word.
static PROCESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?:^|[^a-z])pid[-_=.]?(?<process>[0-9]{1,10})(?:[^0-9]|$)"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns of this file are tried by its tests")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::query::testing::{ask, snapshot};

    fn by_name(name: &str) -> Option<String> {
        taken(Path::new(name), || None).map(|taken| {
            assert_eq!(taken.source, TimeSource::Name);
            taken.at.to_string()
        })
    }

    #[test]
    fn names_tell_when() {
        for (name, time) in [
            (
                "Heap.20261120.141806.4711.0.004.heapsnapshot",
                "2026-11-20T14:18:06",
            ),
            (
                "Heap.20261120.141806.471.0.004.heapsnapshot",
                "2026-11-20T14:18:06",
            ),
            ("Heap-20261120T141806.heapsnapshot", "2026-11-20T14:18:06"),
            ("Heap-20261120T141806.heaptimeline", "2026-11-20T14:18:06"),
            (
                "api 2026-11-20T14:18:06.123Z.heapsnapshot",
                "2026-11-20T14:18:06.123",
            ),
            (
                "2026-11-20T14-18-06-123Z.heapsnapshot.gz",
                "2026-11-20T14:18:06.123",
            ),
            ("dump_2026-11-20_14.18.06.heapsnapshot", "2026-11-20T14:18:06"),
        ] {
            assert_eq!(by_name(name).as_deref(), Some(time), "{name}");
        }
        for name in [
            "heap.heapsnapshot",
            "Heap-20261120.heapsnapshot",
            "Heap-20261320T141806.heapsnapshot",
            "Heap-120261120T141806.heapsnapshot",
            "17000000000001.heapsnapshot",
        ] {
            assert_eq!(by_name(name), None, "{name}");
        }
    }

    #[test]
    fn milliseconds_are_the_time_here() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_250);
        let modified = taken(Path::new("heap.heapsnapshot"), || Some(time)).unwrap();
        let named = taken(Path::new("Heap-1700000000250.heapsnapshot"), || None).unwrap();
        assert_eq!(named.at, modified.at);
        assert_eq!(
            (named.source, modified.source),
            (TimeSource::Name, TimeSource::Modified)
        );
    }

    #[test]
    fn names_tell_the_process() {
        let told = |name: &str| process_id(Path::new(name));
        assert_eq!(told("Heap.20261120.141806.4711.0.004.heapsnapshot"), Some(4711));
        assert_eq!(told("api-pid1234-1.heapsnapshot"), Some(1234));
        assert_eq!(told("rapid7.heapsnapshot"), None);
        assert_eq!(told("Heap-20261120T141806.heapsnapshot"), None);
    }

    #[test]
    fn the_oldest_comes_first() {
        let of = |name: &str| taken(Path::new(name), || None);
        let (a, b) = (
            of("Heap-20261120T235959.heapsnapshot"),
            of("Heap-20261121T000101.heapsnapshot"),
        );
        assert_eq!(a.unwrap().to_string(), "2026-11-20 23:59:59");
        let mut all = [None, b, a];
        all.sort_by(|a, b| order(*a, *b));
        assert_eq!(all, [a, b, None]);
        assert_eq!(between(a.unwrap(), b.unwrap()).as_secs(), 62);
        assert_eq!(between(b.unwrap(), a.unwrap()).as_secs(), -62);
    }

    #[test]
    fn a_snapshot_tells_what_it_can() {
        let snapshot = snapshot(
            "root:synthetic/0 -shortcut:w-> v:object -node-> \"20.1.0\":string\nv -v8-> \"11.3.1\":string",
        );
        let told = ask(&ProvenanceOf, &snapshot);
        assert_eq!(
            told.producer.map(|producer| producer.to_string()).as_deref(),
            Some("Node 20.1.0, V8 11.3")
        );
        assert_eq!((told.process_id, told.taken), (None, None));
    }
}
