//! What the fuzz targets share: opening bytes, and asking everything of what opened.

pub mod heap;
pub mod literal;

use std::path::Path;
use std::sync::Arc;

use heapatlas::analysis::filters::NodeFilter;
use heapatlas::base::index::{Ix as _, NodeIx};
use heapatlas::base::task::Task;
use heapatlas::graph::ObjectId;
use heapatlas::parse::error::LoadError;
use heapatlas::query::comparison::deltas::{Attribution, DeltaBy};
use heapatlas::query::comparison::{Compare, ComparedClasses, ComparisonColumn, Pair};
use heapatlas::query::dominators::Dominated;
use heapatlas::query::edges::EdgeColumn;
use heapatlas::query::instances::{Instances, ObjectColumn};
use heapatlas::query::nodes::NodeColumn;
use heapatlas::query::object::Object;
use heapatlas::query::object_set::Objects;
use heapatlas::query::paths::Paths;
use heapatlas::query::paths::merged::MergedPaths;
use heapatlas::query::pattern::{Pattern, Syntax};
use heapatlas::query::places::FindPlaces;
use heapatlas::query::retainers::{Ignore, Retainers};
use heapatlas::query::search::{Search, Wanted};
use heapatlas::query::summary::{Summary, SummaryColumn};
use heapatlas::query::{Column as _, Order, Query};
use heapatlas::snapshot::Snapshot;

/// Opens `bytes` with all that is computed of a snapshot. An error must be one that a person can be told.
pub fn open(bytes: &[u8]) -> Option<Arc<Snapshot>> {
    match Snapshot::from_bytes(bytes, Path::new("fuzz.heapsnapshot"), &Task::new()) {
        Ok(snapshot) => Some(Arc::new(snapshot)),
        Err(LoadError::Cancelled(_)) => panic!("nobody cancelled"),
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}

/// Does `with` a file that holds `bytes`.
pub fn on_disk<T>(bytes: &[u8], with: impl FnOnce(&Path) -> T) -> T {
    use std::io::Write as _;
    let mut file = tempfile::NamedTempFile::new().expect("there is room");
    file.write_all(bytes).expect("there is room");
    with(file.path())
}

fn ask<Q: Query>(question: &Q, over: &Q::Over) -> Q::Answer {
    question.run(over, &Task::new()).expect("nobody cancelled")
}

/// Nodes that questions of single nodes are asked of: the first, the last and some between.
fn some_nodes(snapshot: &Snapshot) -> Vec<NodeIx> {
    let count = snapshot.graph().node_count();
    let mut nodes: Vec<NodeIx> = (0..count).step_by(count / 6 + 1).map(NodeIx::new).collect();
    nodes.push(NodeIx::new(count - 1));
    nodes
}

/// Asks every question and checks what must hold of any heap.
pub fn explore(snapshot: &Arc<Snapshot>) {
    check_sums(snapshot);
    for &by in SummaryColumn::ALL {
        let answer = ask(
            &Summary {
                order: Order::ascending(by),
                ..Summary::default()
            },
            snapshot,
        );
        for row in &answer.rows {
            for column in SummaryColumn::ALL {
                column.cell(snapshot, row);
            }
        }
    }
    let class = snapshot.class_of(snapshot.graph().root());
    for &by in ObjectColumn::ALL {
        ask(
            &Instances {
                order: Order::descending(by),
                ..Instances::of(class)
            },
            snapshot,
        );
    }
    let between = NodeFilter::AllocatedBetween {
        after: ObjectId(3),
        through: ObjectId(u64::MAX),
    };
    for filter in [
        NodeFilter::DuplicatedStrings,
        NodeFilter::RetainedByDetachedDom,
        NodeFilter::RetainedByConsole,
        NodeFilter::RetainedByEventHandlers,
        NodeFilter::RetainedByContexts,
        NodeFilter::SharedNativeContext,
        NodeFilter::NoNativeContext,
        between,
    ] {
        ask(
            &Summary {
                filter,
                ..Summary::default()
            },
            snapshot,
        );
    }
    for syntax in [Syntax::Substring, Syntax::Regex] {
        let pattern = Pattern::new("o.j", syntax, false).expect("it is an expression");
        ask(
            &Search {
                wanted: Wanted::Name(pattern),
                filter: NodeFilter::All,
            },
            snapshot,
        );
    }
    for node in some_nodes(snapshot) {
        explore_node(snapshot, node);
    }
    compare(snapshot);
}

fn explore_node(snapshot: &Arc<Snapshot>, node: NodeIx) {
    for column in NodeColumn::ALL {
        column.cell(snapshot, &node);
    }
    snapshot.find(snapshot.id(node)).expect("the id is some node's");
    let dominated = ask(&Dominated::by(node), snapshot);
    assert!(dominated.iter().all(|row| snapshot.dominator(row.node) == node));
    for &by in EdgeColumn::ALL {
        for order in [Order::ascending(by), Order::descending(by)] {
            ask(&Object { node, order }, snapshot);
            ask(
                &Retainers {
                    order,
                    ..Retainers::of(node)
                },
                snapshot,
            );
        }
    }
    let ignoring = Some(ask(&Ignore { nodes: vec![node] }, snapshot));
    let rows = ask(
        &Retainers {
            ignoring,
            ..Retainers::of(node)
        },
        snapshot,
    );
    for row in &rows {
        for column in EdgeColumn::ALL {
            column.cell(snapshot, row);
        }
    }
    for count in [1, 4] {
        ask(
            &Paths {
                targets: vec![node],
                count,
            },
            snapshot,
        );
    }
    let places = ask(&FindPlaces, snapshot);
    let objects = Objects::new(vec![node]);
    ask(&MergedPaths { objects, places }, snapshot);
}

/// No byte is lost: shallow sizes are the file's sizes moved about, and the root retains them all.
fn check_sums(snapshot: &Snapshot) {
    let graph = snapshot.graph();
    let sum = |size: &dyn Fn(NodeIx) -> u64| graph.nodes().map(size).sum::<u64>();
    let all = sum(&|node| graph.self_size(node));
    assert_eq!(all, sum(&|node| snapshot.shallow_size(node)));
    assert_eq!(all, snapshot.retained_size(graph.root()));
    assert_eq!(all, ask(&Summary::default(), snapshot).shallow_size);
    for node in graph.nodes() {
        assert!(snapshot.retained_size(node) >= snapshot.shallow_size(node));
        assert!(snapshot.retained_size(snapshot.dominator(node)) >= snapshot.retained_size(node));
    }
}

fn compare(snapshot: &Arc<Snapshot>) {
    let pair = Pair {
        base: Arc::clone(snapshot),
        current: Arc::clone(snapshot),
    };
    let compared = ask(&Compare::BY_IDS, &pair);
    let order = compared.default_order();
    let rows = ask(&ComparedClasses::all(order), &compared);
    for row in &rows {
        for column in ComparisonColumn::ALL {
            column.cell(&compared, row);
        }
    }
    for by in [Attribution::Owner, Attribution::Path] {
        let question = DeltaBy { by, cost_apart: true };
        assert!(ask(&question, &compared).rows(0).is_empty(), "a snapshot differs from itself");
    }
}
