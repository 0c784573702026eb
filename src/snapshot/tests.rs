//! Opening from end to end: cut files, work that is called off, progress.

use std::io::Write as _;
use std::path::Path;

use super::*;
use crate::fixture::{Fixture, Section};

const HEAP: &str = "root:synthetic/0 -shortcut:global-> window:native/40 !detached @7:1:2\n\
                    window -cache-> m=Map:object/32 #9999999999 -element:4-> \"te\\\"x\":string/24 @1:2:3\n\
                    m -weak:back-> root\n\
                    window -p-> o=Object:object/16 -q-> s=Object:object/16 -internal:elements-> a:array/8\n\
                    window -key-> key:object/8 #31 -table-> table:array/8 #9\n\
                    table -internal:\"3 / part of key (K @31) -> value (V @35) pair in WeakMap (table @9)\"-> v:object/8\n\
                    lost:code/8 -x-> lost";

fn file() -> Vec<u8> {
    let unknown = "[1,0,[2,[\"]\"]]]";
    Fixture::new(HEAP)
        .member("samples", "[1]")
        .member("trace_tree", unknown)
        .bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Opens a file that holds `bytes`.
fn open(bytes: &[u8], task: &Task) -> Result<Snapshot, LoadError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    Snapshot::open(file.path(), task)
}

/// What is said of a file that does not end where it should must be a reason, and of one that opens a problem.
fn opens_or_is_refused(opened: Result<Snapshot, LoadError>) -> bool {
    match opened {
        Ok(snapshot) => {
            assert!(!snapshot.problems().is_empty());
            true
        }
        Err(LoadError::Malformed { .. } | LoadError::NotASnapshot { .. } | LoadError::Open { .. }) => false,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_file_cut_anywhere_opens_or_is_refused() {
    let bytes = file();
    let name = Path::new("cut.heapsnapshot");
    let cuts = 0..bytes.len();
    let opened =
        cuts.filter(|&cut| opens_or_is_refused(Snapshot::from_bytes(&bytes[..cut], name, &Task::new())));
    let text = String::from_utf8_lossy(&bytes);
    // From the comma after the first node on.
    let nodes = text.find("\"nodes\":[").unwrap();
    let first = nodes + text[nodes..].match_indices(',').nth(6).unwrap().0 + 1;
    assert!(opened.eq(first..bytes.len()));
}

#[test]
fn a_compressed_file_cut_anywhere_opens_or_is_refused() {
    let bytes = file();
    let zstd = zstd::encode_all(bytes.as_slice(), 1).unwrap();
    for coded in [gzip(&bytes), zstd] {
        for cut in 0..coded.len() {
            opens_or_is_refused(open(&coded[..cut], &Task::new()));
        }
        assert_eq!(open(&coded, &Task::new()).unwrap().problems(), []);
    }
}

#[test]
fn work_that_is_called_off_stops_wherever_it_is() {
    let bytes = file();
    for coded in [bytes.clone(), gzip(&bytes)] {
        let whole = Task::new();
        open(&coded, &whole).unwrap();
        let asked = whole.trail.checks.lock().unwrap().clone();
        let mut stages = asked.clone();
        stages.dedup();
        let all = Stage::ALL
            .into_iter()
            .filter(|&stage| stage != Stage::Open || coded != bytes);
        assert!(all.eq(stages.iter().copied()), "{stages:?}");
        for (nth, stage) in asked.iter().enumerate() {
            let task = Task::cancelled_at(nth);
            let opened = open(&coded, &task);
            assert!(
                matches!(opened, Err(LoadError::Cancelled(_))),
                "at {nth}, in {stage:?}"
            );
            assert_eq!(task.progress().stage, *stage);
        }
    }
}

#[test]
fn progress_goes_forwards() {
    let mut order = Section::ALL;
    order.reverse();
    let backwards = Fixture::new(HEAP).order(&order).bytes();
    let bytes = file();
    for coded in [bytes.clone(), gzip(&bytes), backwards] {
        let task = Task::new();
        open(&coded, &task).unwrap();
        let readings = task.trail.readings.lock().unwrap();
        for pair in readings.windows(2) {
            let [before, after] = pair else { unreachable!() };
            assert!((0.0..=1.0).contains(&after.fraction), "{after:?}");
            assert!(before.stage <= after.stage, "{before:?} {after:?}");
            assert!(before.bytes <= after.bytes, "{before:?} {after:?}");
            assert!(after.bytes <= after.total_bytes, "{after:?}");
            assert!(
                before.stage < after.stage || before.fraction <= after.fraction,
                "{before:?} {after:?}"
            );
        }
        let last = readings.last().unwrap();
        assert_eq!(last.stage, Stage::Summary);
        assert!(last.total_bytes - last.bytes < 200, "{last:?}");
        let mut stages: Vec<Stage> = readings.iter().map(|reading| reading.stage).collect();
        stages.dedup();
        assert_eq!(stages, Stage::ALL);
    }
}

#[test]
fn sizes_that_no_heap_can_hold_are_told_and_overflow_nothing() {
    let name = Path::new("sizes.heapsnapshot");
    let most = u64::MAX;
    let text = format!("root:synthetic/0 -x-> a:object/{most} -y-> b:array/{most} -z-> c:object/5000000000");
    let snapshot = Snapshot::from_bytes(&crate::fixture::heap(&text), name, &Task::new()).unwrap();
    assert_eq!(snapshot.total_size(), 5_000_000_000);
    let problem = snapshot.problems()[0].to_string();
    assert!(
        problem.starts_with("2 nodes have sizes that no heap can hold: they are taken to be 0"),
        "{problem}"
    );

    let one = format!("root:synthetic/0 -x-> a:object/{}", 1_u64 << 62);
    let extra = Fixture::new(&one)
        .header("extra_native_bytes", &most.to_string())
        .bytes();
    let snapshot = Snapshot::from_bytes(&extra, name, &Task::new()).unwrap();
    assert_eq!(snapshot.total_size(), 1 << 62);
    let problem = snapshot.problems()[0].to_string();
    assert!(
        problem.starts_with(&format!("extra_native_bytes is {most}, more than can be")),
        "{problem}"
    );
}
