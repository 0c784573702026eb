//! Opening a snapshot: as a whole, and stage by stage. `HEAPATLAS_BENCH_FILE` names a file to be opened as well.

mod heap;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use heapatlas::analysis::class_totals;
use heapatlas::analysis::classes::ClassTable;
use heapatlas::analysis::depth_first::DepthFirst;
use heapatlas::analysis::detachedness::DomStates;
use heapatlas::analysis::distances::Distances;
use heapatlas::analysis::dominator_order::DominatorOrder;
use heapatlas::analysis::dominators::NumberedTree;
use heapatlas::analysis::ephemerons::Ephemerons;
use heapatlas::analysis::statistics::Statistics;
use heapatlas::analysis::{retained_sizes, shallow_sizes};
use heapatlas::base::task::{Cancelled, Task};
use heapatlas::graph::HeapGraph;
use heapatlas::graph::retainers::Retainers;
use heapatlas::parse;
use heapatlas::parse::columns::Columns;
use heapatlas::snapshot::Snapshot;

/// Objects of the generated heap; it has three nodes for each.
const OBJECTS: usize = 100_000;

fn done<T>(answer: Result<T, Cancelled>) -> T {
    answer.expect("nobody cancels")
}

fn parsed(bytes: &[u8]) -> Columns {
    parse::read_bytes(bytes, Path::new("bench"), &Task::new()).expect("the file is whole")
}

fn whole(criterion: &mut Criterion) {
    let bytes = heap::file(OBJECTS);
    let mut group = criterion.benchmark_group("open");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("generated", |bencher| {
        bencher.iter_with_large_drop(|| Snapshot::from_bytes(&bytes, Path::new("bench"), &Task::new()));
    });
    if let Some(path) = std::env::var_os("HEAPATLAS_BENCH_FILE").map(PathBuf::from) {
        let len = std::fs::metadata(&path).map_or(0, |facts| facts.len());
        group.throughput(Throughput::Bytes(len));
        group.bench_function("file", |bencher| {
            bencher.iter_with_large_drop(|| Snapshot::open(&path, &Task::new()).expect("the file opens"));
        });
    }
    group.finish();
}

fn stages(criterion: &mut Criterion) {
    let (bytes, task) = (heap::file(OBJECTS), &Task::new());
    let graph = done(HeapGraph::new(parsed(&bytes), task));
    let ephemerons = done(Ephemerons::build(&graph, task));
    let retainers = done(Retainers::build(&graph, task));
    let dom = done(DomStates::build(&graph, task));
    let numbered = || done(DepthFirst::build(&graph, &ephemerons, task));
    let tree = done(NumberedTree::build(
        &graph,
        numbered(),
        &retainers,
        &ephemerons,
        task,
    ));
    let shallow = done(shallow_sizes::build(&graph, &dom, task));
    let distances = done(Distances::build(&graph, &ephemerons, None, task));
    let classes = done(ClassTable::build(&graph, &dom, task));
    let retained = done(retained_sizes::build(&graph, &tree, &shallow, task));

    let mut group = criterion.benchmark_group("stage");
    group.bench_function("parse", |bencher| bencher.iter_with_large_drop(|| parsed(&bytes)));
    group.bench_function("graph", |bencher| {
        let columns = || parsed(&bytes);
        bencher.iter_batched(
            columns,
            |columns| done(HeapGraph::new(columns, task)),
            BatchSize::LargeInput,
        );
    });
    group.bench_function("retainers", |bencher| {
        bencher.iter_with_large_drop(|| done(Retainers::build(&graph, task)));
    });
    group.bench_function("depth_first", |bencher| bencher.iter_with_large_drop(numbered));
    group.bench_function("dominators", |bencher| {
        let build = |search| done(NumberedTree::build(&graph, search, &retainers, &ephemerons, task));
        bencher.iter_batched(numbered, build, BatchSize::LargeInput);
    });
    group.bench_function("retained_sizes", |bencher| {
        bencher.iter_with_large_drop(|| done(retained_sizes::build(&graph, &tree, &shallow, task)));
    });
    group.bench_function("distances", |bencher| {
        bencher.iter_with_large_drop(|| done(Distances::build(&graph, &ephemerons, None, task)));
    });
    group.bench_function("shallow_sizes", |bencher| {
        bencher.iter_with_large_drop(|| done(shallow_sizes::build(&graph, &dom, task)));
    });
    group.bench_function("classes", |bencher| {
        bencher.iter_with_large_drop(|| done(ClassTable::build(&graph, &dom, task)));
    });
    group.bench_function("class_totals", |bencher| {
        bencher.iter(|| {
            let order = done(DominatorOrder::from_numbered(&tree, graph.node_count(), task));
            let totals = class_totals::build(&classes, &distances, &order, &shallow, &retained, None, task);
            black_box(done(totals))
        });
    });
    group.bench_function("statistics", |bencher| {
        bencher.iter(|| {
            black_box(done(Statistics::build(
                &graph, &dom, &shallow, &retainers, 0, task,
            )))
        });
    });
    group.finish();
}

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .measurement_time(Duration::from_secs(3))
        .warm_up_time(Duration::from_millis(500))
}

criterion_group! { name = load; config = settings(); targets = whole, stages }
criterion_main!(load);
