//! Contexts: which native context each node belongs to, and what contexts of closures retain.

use heapatlas::analysis::filters::NodeFilter;
use heapatlas::analysis::native_contexts::{Attribution, NativeContexts};
use heapatlas::base::index::{Ix as _, NodeIx};
use heapatlas::base::task::Task;
use heapatlas::snapshot::Snapshot;
use serde_json::json;

use super::golden::{self, array, number};

#[test]
fn native_contexts_agree() {
    let mut contexts_met = 0;
    golden::each("nodes", |golden, snapshot| {
        let contexts = contexts(snapshot);
        let theirs = &golden.json["native_contexts"];
        let listed = array(&theirs["nativeContexts"]);
        assert_eq!(contexts.sizes().len(), listed.len(), "{}", golden.name);
        for ((node, size), theirs) in contexts.sizes().zip(listed) {
            let ours = json!({
                "nodeId": snapshot.id(node).0,
                // Counts the numbers before it, not the nodes; the id says as much.
                "nodeIndex": theirs["nodeIndex"],
                "nodeName": snapshot.name(node).to_string(),
                "attributedSize": size,
                "retainedSize": snapshot.retained_size(node),
                "selfSize": snapshot.shallow_size(node),
            });
            assert_eq!(&ours, theirs, "{}", golden.name);
            contexts_met += 1;
        }
        assert_eq!(
            contexts.shared_size(),
            number(&theirs["sharedSize"]),
            "{}",
            golden.name
        );
        assert_eq!(
            contexts.unattributed_size(),
            number(&theirs["noAttributionSize"]),
            "{}",
            golden.name
        );

        let ordinals = array(&golden.json["nodes"]["native_context_ordinal"]);
        assert_eq!(ordinals.len(), snapshot.graph().node_count(), "{}", golden.name);
        for (node, theirs) in snapshot.graph().nodes().zip(ordinals) {
            let ours = match contexts.of(node) {
                Attribution::Context(context) => i64::try_from(context.at()).expect("an ordinal"),
                Attribution::None => -1,
                Attribution::Shared => -2,
            };
            assert_eq!(
                ours,
                *theirs,
                "context of {} in {}",
                snapshot.id(node),
                golden.name
            );
        }
        ordinals.len()
    });
    assert!(contexts_met > 0, "no golden has a native context");
}

#[test]
fn the_filters_by_native_context_agree() {
    golden::each("nodes", |golden, snapshot| {
        let ordinals = array(&golden.json["nodes"]["native_context_ordinal"]);
        let mut filters = vec![
            (NodeFilter::NoNativeContext, -1),
            (NodeFilter::SharedNativeContext, -2),
        ];
        for &context in contexts(snapshot).contexts() {
            let ordinal = i64::try_from(context.at()).expect("an ordinal");
            filters.push((NodeFilter::NativeContext(context), ordinal));
        }
        let mut compared = 0;
        for (filter, ordinal) in filters {
            let ours = members(snapshot, filter);
            let theirs: Vec<NodeIx> = (0..ordinals.len())
                .filter(|&at| ordinals[at] == ordinal)
                .map(NodeIx::new)
                .collect();
            assert_eq!(ours, theirs, "{filter:?} in {}", golden.name);
            compared += ours.len();
        }
        assert_eq!(compared, ordinals.len(), "each node passes one filter");
        compared
    });
}

#[test]
fn what_contexts_retain_agrees() {
    let mut contexts_met = 0;
    golden::each("retained_by_contexts", |golden, snapshot| {
        let theirs = &golden.json["retained_by_contexts"];
        // As everywhere in the summary, nodes without a size of their own do not count.
        let is_context = |node: &NodeIx| {
            let name = snapshot.name(*node);
            let is_named =
                name.as_js() == "system / Context" || name.as_js().starts_with("system / Context / ");
            is_named && snapshot.shallow_size(*node) > 0
        };
        let contexts = snapshot.graph().nodes().filter(is_context).count();
        contexts_met += contexts;
        let sum = |nodes: &mut dyn Iterator<Item = NodeIx>| {
            let sizes = nodes
                .map(|node| snapshot.shallow_size(node))
                .filter(|&size| size > 0);
            sizes.fold((0, 0), |(count, total), size| (count + 1, total + size))
        };
        let (count, size) = sum(&mut members(snapshot, NodeFilter::RetainedByContexts).into_iter());
        let (all, total) = sum(&mut snapshot.graph().nodes());
        let ours = json!({
            "contextCount": contexts,
            "retainedByContextCount": count,
            "retainedByContextSize": size,
            "notRetainedByContextCount": all - count,
            "notRetainedByContextSize": total - size,
            "totalSize": total,
        });
        assert_eq!(&ours, theirs, "{}", golden.name);
        1
    });
    assert!(contexts_met > 0, "no golden has a context");
}

fn contexts(snapshot: &Snapshot) -> NativeContexts {
    NativeContexts::build(
        snapshot.graph(),
        snapshot.dom(),
        snapshot.shallow_sizes(),
        &Task::new(),
    )
    .expect("nobody called it off")
}

fn members(snapshot: &Snapshot, filter: NodeFilter) -> Vec<NodeIx> {
    let (dom, distances, sizes) = (snapshot.dom(), snapshot.distances(), snapshot.shallow_sizes());
    let members = filter.members(
        snapshot.graph(),
        dom,
        distances,
        sizes,
        || unreachable!("no filter here asks whose objects are"),
        &Task::new(),
    );
    let members = members.expect("nobody called it off");
    members.expect("a filter leaves something out").iter().collect()
}
