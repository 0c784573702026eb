//! Questions where there is much to answer: a class of a million objects, a node with a million edges, one with a million
//! retainers.

mod heap;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use heapatlas::analysis::comparison::Matching;
use heapatlas::analysis::filters::NodeFilter;
use heapatlas::base::index::NodeIx;
use heapatlas::base::task::Task;
use heapatlas::query::caches::FindCaches;
use heapatlas::query::comparison::deltas::{Attribution, DeltaBy};
use heapatlas::query::comparison::{Compare, Pair};
use heapatlas::query::duplicates::FindDuplicates;
use heapatlas::query::instances::{Instances, ObjectColumn};
use heapatlas::query::object::Object;
use heapatlas::query::pattern::{Pattern, Syntax};
use heapatlas::query::retainers::Retainers;
use heapatlas::query::search::{Search, Wanted};
use heapatlas::query::summary::Summary;
use heapatlas::query::trend::{FindTrend, Series, TrendBy};
use heapatlas::query::{Column as _, Order, Query};
use heapatlas::snapshot::Snapshot;

/// Instances of the class that is asked about.
const MANY: usize = 1_000_000;

fn ask<Q: Query>(question: &Q, over: &Q::Over) -> Q::Answer {
    question.run(over, &Task::new()).expect("nobody cancels")
}

fn named(snapshot: &Snapshot, name: &str) -> NodeIx {
    let mut nodes = snapshot.graph().nodes();
    nodes
        .find(|&node| snapshot.graph().raw_name(node) == name)
        .expect("the heap has such a node")
}

fn questions(criterion: &mut Criterion) {
    let bytes = heap::file(MANY);
    let snapshot = Snapshot::from_bytes(&bytes, Path::new("bench"), &Task::new()).expect("the file is whole");
    drop(bytes);
    one(criterion, &snapshot);
    compare(criterion, snapshot);
}

/// A snapshot and one with a tenth fewer objects before it.
fn compare(criterion: &mut Criterion, snapshot: Snapshot) {
    let bytes = heap::file(MANY - MANY / 10);
    let base = Snapshot::from_bytes(&bytes, Path::new("bench"), &Task::new()).expect("the file is whole");
    drop(bytes);
    let pair = Pair {
        base: Arc::new(base),
        current: Arc::new(snapshot),
    };
    let mut group = criterion.benchmark_group("compare");
    for (name, matching) in [("ids", Matching::ByIds), ("classes", Matching::ByClass)] {
        group.bench_function(name, |bencher| {
            bencher.iter_with_large_drop(|| ask(&Compare { matching }, &pair));
        });
    }
    let compared = ask(&Compare::BY_IDS, &pair);
    for (name, by) in [("owners", Attribution::Owner), ("paths", Attribution::Path)] {
        let question = DeltaBy { by, cost_apart: true };
        group.bench_function(name, |bencher| {
            bencher.iter_with_large_drop(|| ask(&question, &compared));
        });
    }
    group.finish();
}

fn one(criterion: &mut Criterion, snapshot: &Snapshot) {
    let class = snapshot.class_of(named(snapshot, heap::CLASS));

    let mut group = criterion.benchmark_group("sort");
    for &by in ObjectColumn::ALL {
        let question = Instances {
            order: Order::ascending(by),
            ..Instances::of(class)
        };
        group.bench_function(by.key(), |bencher| {
            bencher.iter_with_large_drop(|| ask(&question, snapshot));
        });
    }
    group.finish();

    let pattern = |text| Pattern::new(text, Syntax::Substring, false).expect("a substring is a pattern");
    criterion.bench_function("summary_filter", |bencher| {
        let question = Summary {
            pattern: Some(pattern("class 77")),
            ..Summary::default()
        };
        bencher.iter(|| black_box(ask(&question, snapshot)));
    });
    criterion.bench_function("caches", |bencher| {
        bencher.iter_with_large_drop(|| ask(&FindCaches, snapshot));
    });
    criterion.bench_function("duplicates", |bencher| {
        bencher.iter_with_large_drop(|| ask(&FindDuplicates, snapshot));
    });
    criterion.bench_function("search", |bencher| {
        let wanted = Wanted::Name(pattern("name 1234"));
        let question = Search {
            wanted,
            filter: NodeFilter::All,
        };
        bencher.iter_with_large_drop(|| ask(&question, snapshot));
    });
    criterion.bench_function("expand", |bencher| {
        let question = Object::of(named(snapshot, heap::LIST));
        bencher.iter_with_large_drop(|| ask(&question, snapshot));
    });
    criterion.bench_function("retainers", |bencher| {
        let question = Retainers::of(named(snapshot, heap::SHARED));
        bencher.iter_with_large_drop(|| ask(&question, snapshot));
    });
}

/// A list that is longer in each of three snapshots.
fn trends(criterion: &mut Criterion) {
    let snapshot = |nodes| {
        let bytes = heap::file(nodes);
        Arc::new(Snapshot::from_bytes(&bytes, Path::new("bench"), &Task::new()).expect("the file is whole"))
    };
    let series = Series {
        snapshots: [MANY / 10, MANY / 5, MANY / 4].map(snapshot).to_vec(),
        seconds: None,
    };
    let mut group = criterion.benchmark_group("trend");
    group.sample_size(10);
    for by in TrendBy::ALL {
        group.bench_function(by.title(), |bencher| {
            bencher.iter_with_large_drop(|| ask(&FindTrend { by }, &series));
        });
    }
    group.finish();
}

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .measurement_time(Duration::from_secs(5))
        .warm_up_time(Duration::from_secs(1))
}

criterion_group! { name = all; config = settings(); targets = questions, trends }
criterion_main!(all);
