//! Filters, node for node: which pass, by DevTools' own engine, in every snapshot there is.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use heapatlas::analysis::allocators::{Alike, Allocator};
use heapatlas::analysis::filters::NodeFilter;
use heapatlas::base::task::Task;
use heapatlas::graph::ObjectId;
use heapatlas::query::allocations::{AllocationColumn, AllocationRow, FindAllocations, FindCalls, Of};
use heapatlas::query::{Order, Query as _};
use heapatlas::snapshot::Snapshot;

use super::golden;

/// For each snapshot each filter with the lengths of runs of nodes, in the order of the file, that do not pass, that do, and so on.
type Sets = BTreeMap<String, BTreeMap<String, Vec<u64>>>;

/// Files of which there are no other answers: a page with what listeners and the console hold, and strings that were cut, with
/// what newer engines say of the whole ones.
const OTHERS: [&str; 3] = ["chromium-page", "chromium-tracked", "synthetic-truncated"];

fn sets() -> Sets {
    let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/sets/filters.json.zst");
    let packed = fs::File::open(packed).expect("the sets are there");
    serde_json::from_reader(zstd::Decoder::new(packed).expect("they are zstd")).expect("they are JSON")
}

#[test]
fn the_same_nodes_pass_each_filter() {
    let sets = sets();
    let (mut compared, mut kinds) = (0, BTreeMap::<String, usize>::new());
    let mut check = |of: &str, snapshot: &Snapshot| {
        let sets = sets.get(of).unwrap_or_else(|| panic!("no sets of {of}"));
        for (name, theirs) in sets {
            let filter = filter(snapshot, name);
            let (ours, passing) = runs(snapshot, filter);
            assert_eq!(&ours, theirs, "{name} in {of}");
            *kinds
                .entry(name.split('=').next().unwrap_or_default().to_owned())
                .or_default() += passing;
        }
        compared += sets.len();
        sets.len()
    };
    for other in OTHERS {
        check(other, &golden::open(other));
    }
    golden::each("stats", |golden, snapshot| check(&golden.name, snapshot));
    assert!(compared > 150, "only {compared} sets");
    // Something passes each of them somewhere.
    assert!(
        kinds.len() >= 10 && kinds.values().all(|&passing| passing > 0),
        "{kinds:?}"
    );
}

fn filter(snapshot: &Snapshot, name: &str) -> NodeFilter {
    let id = |text: &str| ObjectId(text.parse().expect("an id"));
    match name.split_once('=') {
        None => match name {
            "duplicated-strings" => NodeFilter::DuplicatedStrings,
            "retained-by-detached-dom" => NodeFilter::RetainedByDetachedDom,
            "retained-by-console" => NodeFilter::RetainedByConsole,
            "retained-by-event-handlers" => NodeFilter::RetainedByEventHandlers,
            "retained-by-contexts" => NodeFilter::RetainedByContexts,
            "shared-native-context" => NodeFilter::SharedNativeContext,
            "no-native-context" => NodeFilter::NoNativeContext,
            other => panic!("what is {other}?"),
        },
        Some(("native-context", context)) => {
            NodeFilter::NativeContext(snapshot.find(id(context)).expect("the context is there"))
        }
        Some(("allocated-between", range)) => {
            let (after, through) = range.split_once("..").expect("a range");
            NodeFilter::AllocatedBetween {
                after: id(after),
                through: id(through),
            }
        }
        Some(("allocated-by", way)) => {
            let way: Vec<Function> = serde_json::from_str(way).expect("functions");
            NodeFilter::allocated_by(allocator(snapshot, &way))
        }
        Some((other, _)) => panic!("what is {other}?"),
    }
}

/// A function: its name, the id of its script, line and column from 1; zeros if these are not known.
type Function = (String, u64, u64, u64);

/// The row of the first function, of its caller, the second, and so on, as the window finds it.
fn allocator(snapshot: &Snapshot, way: &[Function]) -> Allocator {
    let task = &Task::new();
    let tree = FindCalls::default()
        .run(snapshot, task)
        .expect("nobody called it off");
    let mut callers: Vec<u32> = Vec::new();
    let mut row: Option<AllocationRow> = None;
    for of in way {
        let question = FindAllocations {
            of: if callers.is_empty() {
                Of::Functions
            } else {
                Of::Callers(callers.clone())
            },
            order: Order::descending(AllocationColumn::Size),
        };
        let rows = question.run(&tree, task).expect("nobody called it off");
        let is_it = |row: &&AllocationRow| {
            let function = &tree.functions()[row.function as usize];
            let (script, line, column) = function.place.map_or((0, 0, 0), |at| {
                (
                    u64::from(at.script_id),
                    u64::from(at.line) + 1,
                    u64::from(at.column) + 1,
                )
            });
            (function.name.to_string(), script, line, column) == *of
        };
        let named: Vec<_> = rows.iter().filter(is_it).collect();
        assert_eq!(named.len(), 1, "{of:?} of {way:?}");
        row = named.first().map(|row| **row);
        callers.push(named[0].function);
    }
    Allocator::Function {
        call: row.expect("a way has a beginning").first,
        levels: u32::try_from(way.len()).expect("ways are short"),
        alike: Alike::Function,
    }
}

fn runs(snapshot: &Snapshot, filter: NodeFilter) -> (Vec<u64>, usize) {
    let (dom, distances, sizes) = (snapshot.dom(), snapshot.distances(), snapshot.shallow_sizes());
    let members = filter.members(
        snapshot.graph(),
        dom,
        distances,
        sizes,
        || unreachable!("no filter here asks whose objects are"),
        &Task::new(),
    );
    let members = members
        .expect("nobody called it off")
        .expect("a filter leaves something out");
    let (mut runs, mut run, mut does) = (Vec::new(), 0, false);
    for node in snapshot.graph().nodes() {
        if members.contains(node) != does {
            runs.push(std::mem::take(&mut run));
            does = !does;
        }
        run += 1;
    }
    runs.push(run);
    (runs, members.iter().count())
}
