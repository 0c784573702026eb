//! Sets of nodes that the Summary can be limited to.

use crate::base::bits::BitSet;
use crate::base::index::{EdgeIx, Ix as _, NodeIx, StringIx};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeName, HeapGraph, NodeKind, ObjectId};

use super::allocators::Allocator;
use super::detachedness::DomStates;
use super::distances::{Distances, Reach};
use super::duplicate_strings::StringGroups;
use super::names;
use super::native_contexts::{Attribution, NativeContexts};
use super::owners::{OwnedBy, Owners};
use super::string_map::StringSet;

/// Which nodes to look at.
///
/// *Retained by* something means: no longer reached from the root, over edges that are not weak, once that something is
/// passed by. What nothing reaches anyway (no distance) is not retained by anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NodeFilter {
    /// All of them.
    #[default]
    All,
    /// Flat and joined strings whose text occurs more than once (see [`StringGroups`]).
    DuplicatedStrings,
    /// What only detached DOM nodes retain.
    RetainedByDetachedDom,
    /// What only the console retains.
    RetainedByConsole,
    /// What only event handlers retain.
    RetainedByEventHandlers,
    /// What only contexts of closures retain.
    RetainedByContexts,
    /// Objects with an id above `after`, up to `through`: allocated between two snapshots or two samples.
    AllocatedBetween {
        /// The last id before them.
        after: ObjectId,
        /// The last id of them.
        through: ObjectId,
    },
    /// What some calls of a recording allocated, of the objects with an id above `after`, up to `through`.
    AllocatedBy {
        /// The calls.
        by: Allocator,
        /// The last id before them.
        after: ObjectId,
        /// The last id of them.
        through: ObjectId,
    },
    /// What belongs to that native context alone.
    NativeContext(NodeIx),
    /// What several native contexts share.
    SharedNativeContext,
    /// What belongs to no native context.
    NoNativeContext,
    /// What belongs to that code.
    Owned(OwnedBy),
}

impl NodeFilter {
    /// No id is above it.
    pub const LAST: ObjectId = ObjectId(u64::MAX);

    /// What `by` allocated, whenever.
    pub const fn allocated_by(by: Allocator) -> Self {
        Self::AllocatedBy {
            by,
            after: ObjectId(0),
            through: Self::LAST,
        }
    }

    /// The nodes that pass, or none for [`NodeFilter::All`]. A pass over nodes, or a search over the graph. `owners` tells whose
    /// the nodes are, if that is asked.
    pub fn members(
        self,
        graph: &HeapGraph,
        dom: &DomStates,
        distances: &Distances,
        shallow: &Packed<NodeIx>,
        owners: impl FnOnce() -> Result<Owners, Cancelled>,
        task: &Task,
    ) -> Result<Option<BitSet<NodeIx>>, Cancelled> {
        let retained_by = |stops: &BitSet<NodeIx>| {
            retained_without(graph, distances, |_, _, target| !stops.contains(target), task)
        };
        let owned_by = |attribution| {
            let contexts = NativeContexts::build(graph, dom, shallow, task)?;
            nodes_where(graph, |node| contexts.of(node) == attribution, task)
        };
        Ok(Some(match self {
            Self::All => return Ok(None),
            Self::DuplicatedStrings => StringGroups::build(graph, dom, shallow, task)?.duplicates(graph),
            Self::RetainedByDetachedDom => {
                retained_by(&nodes_where(graph, |node| dom.is_detached(node), task)?)?
            }
            Self::RetainedByContexts => {
                let names = StringSet::matching(graph.strings(), |name| {
                    name == "system / Context" || name.starts_with("system / Context / ")
                });
                let is_context = |node| names.contains(graph.name_ix(node)) && !dom.is_renamed(node);
                retained_by(&nodes_where(graph, is_context, task)?)?
            }
            Self::RetainedByEventHandlers => retained_by(&event_handlers(graph, dom, task)?)?,
            Self::RetainedByConsole => {
                let console =
                    StringSet::matching(graph.strings(), |name| name.ends_with(" / DevTools console"));
                let follows = |source, edge, _| {
                    // A shortcut may go by a number instead of its text.
                    graph.kind(source) != NodeKind::Synthetic
                        || graph
                            .edge_name_ix(edge)
                            .is_none_or(|name| !console.contains(name))
                        || matches!(names::edge(graph, edge), EdgeName::Index(_))
                };
                retained_without(graph, distances, follows, task)?
            }
            Self::AllocatedBetween { after, through } => {
                let is_between = |node| (after < graph.id(node)) && graph.id(node) <= through;
                nodes_where(graph, is_between, task)?
            }
            Self::AllocatedBy { by, after, through } => {
                let (traces, calls) = (graph.traces(), by.calls(graph, task)?);
                let is_by = |node| {
                    let call = traces.call_of(node).is_some_and(|call| calls[call as usize]);
                    call && (after < graph.id(node)) && graph.id(node) <= through
                };
                nodes_where(graph, is_by, task)?
            }
            Self::NativeContext(context) => owned_by(Attribution::Context(context))?,
            Self::SharedNativeContext => owned_by(Attribution::Shared)?,
            Self::NoNativeContext => owned_by(Attribution::None)?,
            Self::Owned(whose) => owners()?.members(whose, task)?,
        }))
    }
}

fn nodes_where(
    graph: &HeapGraph,
    is: impl Fn(NodeIx) -> bool,
    task: &Task,
) -> Result<BitSet<NodeIx>, Cancelled> {
    let mut nodes = BitSet::new(graph.node_count());
    for node in graph.nodes() {
        task.check_at(node.at())?;
        if is(node) {
            nodes.insert(node);
        }
    }
    Ok(nodes)
}

/// What is reached at all, but not from the root over edges that `follows` (source, edge, target) admits.
fn retained_without(
    graph: &HeapGraph,
    distances: &Distances,
    follows: impl Fn(NodeIx, EdgeIx, NodeIx) -> bool,
    task: &Task,
) -> Result<BitSet<NodeIx>, Cancelled> {
    let mut reached = BitSet::new(graph.node_count());
    reached.insert(graph.root());
    let mut pending = vec![graph.root()];
    let mut steps = 0;
    while let Some(node) = pending.pop() {
        for edge in graph.edges(node) {
            steps += 1;
            task.check_at(steps)?;
            let head = graph.head(edge);
            let target = head.target();
            if !head.is_weak()
                && !reached.contains(target)
                && follows(node, edge, target)
                && reached.insert(target)
            {
                pending.push(target);
            }
        }
    }
    let is_retained = |node| !reached.contains(node) && distances.of(node).reach() != Reach::Unreachable;
    nodes_where(graph, is_retained, task)
}

/// The handlers of all event listeners: the function behind a listener, or where there is none what stands in its place.
fn event_handlers(graph: &HeapGraph, dom: &DomStates, task: &Task) -> Result<BitSet<NodeIx>, Cancelled> {
    let listener = StringSet::equal(graph.strings(), "V8EventListener");
    let code = StringSet::equal(graph.strings(), "code");
    let is_function = |node| {
        let mut names = graph.edges(node).filter_map(|edge| graph.edge_name_ix(edge));
        names.any(|name: StringIx| code.contains(name))
    };
    let mut handlers = BitSet::new(graph.node_count());
    for node in graph.nodes() {
        task.check_at(node.at())?;
        if !listener.contains(graph.name_ix(node)) || dom.is_renamed(node) {
            continue;
        }
        let mut edges = graph.edges(node);
        let first = edges.find(|&edge| match names::edge(graph, edge) {
            EdgeName::Index(index) => index == 1,
            EdgeName::Text(name) => name == "1",
        });
        let Some(callback) = first.map(|edge| graph.head(edge).target()) else {
            continue;
        };
        let mut children = graph.heads(callback).iter().map(|head| head.target());
        handlers.insert(if is_function(callback) {
            callback
        } else {
            children.find(|&child| is_function(child)).unwrap_or(callback)
        });
    }
    Ok(handlers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::allocators::Alike;
    use crate::analysis::testing::Heap;

    fn members(filter: NodeFilter, text: &str) -> Vec<String> {
        let heap = Heap::of(&format!(
            "root=\"\":synthetic -shortcut:g-> g:object\nroot -e-> gc=\"(GC roots)\":synthetic\n{text}"
        ));
        let members = filter.members(
            &heap.graph,
            &heap.dom,
            &heap.distances,
            &heap.shallow,
            || heap.owners(),
            &Task::new(),
        );
        match members.unwrap() {
            Some(members) => heap.named(|node| members.contains(node)),
            None => vec!["all".to_owned()],
        }
    }

    #[test]
    fn without_a_filter_all_pass() {
        assert_eq!(members(NodeFilter::All, ""), ["all"]);
    }

    #[test]
    fn retained_by_detached_nodes() {
        let heap = "g -e-> d:native !detached -e-> x:object -e-> y:object -e-> both:object\n\
                    g -e-> both\nlost:object -e-> y\nd -e-> d2:native";
        assert_eq!(
            members(NodeFilter::RetainedByDetachedDom, heap),
            ["d", "x", "y", "d2"]
        );
    }

    #[test]
    fn retained_by_contexts() {
        let heap = "g -e-> c=\"system / Context\":object -e-> x:object\n\
                    g -e-> \"system / Context / scope\":object -e-> y:object\n\
                    g -e-> \"system / Contextual\":object -weak:e-> x\nx -e-> z:object";
        assert_eq!(
            members(NodeFilter::RetainedByContexts, heap),
            ["system / Context", "x", "system / Context / scope", "y", "z"]
        );
    }

    #[test]
    fn retained_by_the_console() {
        let heap = "gc -internal:\"7 / DevTools console\"-> x:object -e-> y:object\n\
                    g -internal:\"8 / DevTools console\"-> z:object\ngc -element:3-> u:object\n\
                    gc -shortcut:\"9 / DevTools console\"-> v:object";
        assert_eq!(members(NodeFilter::RetainedByConsole, heap), ["x", "y"]);
    }

    #[test]
    fn retained_by_event_handlers() {
        let heap = "g -e-> l1=V8EventListener:native -element:1-> f:closure -internal:code-> c:code\nf -e-> x:object\n\
                    g -e-> l2=V8EventListener:native -\"1\"-> o:object -e-> p:object -e-> q:object\n\
                    o -e-> h:closure -internal:code-> c\nh -e-> y:object\n\
                    g -e-> l3=V8EventListener:native -hidden:1-> r:object -e-> s:object\nl3 -e-> t:object";
        assert_eq!(
            members(NodeFilter::RetainedByEventHandlers, heap),
            ["f", "c", "x", "h", "y", "r", "s"]
        );
    }

    #[test]
    fn allocated_between_two_ids() {
        let heap = "a:object #50\nb:object #51\nc:object #60\nd:object #61";
        let filter = NodeFilter::AllocatedBetween {
            after: ObjectId(50),
            through: ObjectId(60),
        };
        assert_eq!(members(filter, heap), ["b", "c"]);
        let nothing = NodeFilter::AllocatedBetween {
            after: ObjectId(u64::MAX),
            through: ObjectId(60),
        };
        assert!(members(nothing, heap).is_empty());
    }

    /// Of a recording: `outer` allocated @3, `inner`, which it calls, @5 and @7.
    #[test]
    fn what_calls_allocated_may_be_limited_to_a_time() {
        let bytes = include_bytes!("../../tests/data/calls.heaptimeline");
        let heap = Heap::of_bytes(bytes);
        let ids = |by, after, through| {
            let (after, through) = (ObjectId(after), ObjectId(through));
            let filter = NodeFilter::AllocatedBy { by, after, through };
            let (dom, distances, sizes) = (&heap.dom, &heap.distances, &heap.shallow);
            let members = filter
                .members(&heap.graph, dom, distances, sizes, || heap.owners(), &Task::new())
                .unwrap();
            let members = members.unwrap();
            members
                .iter()
                .map(|node| heap.graph.id(node).0)
                .collect::<Vec<_>>()
        };
        let inner = Allocator::Function {
            call: 2,
            levels: 1,
            alike: Alike::Function,
        };
        assert_eq!(ids(inner, 0, u64::MAX), [5, 7]);
        assert_eq!(ids(inner, 5, 7), [7]);
        assert_eq!(ids(Allocator::Under(1), 0, 5), [3, 5]);
        assert_eq!(ids(Allocator::Under(2), 0, 3), [0; 0]);
    }

    #[test]
    fn duplicated_strings_and_native_contexts() {
        let heap =
            "g -e-> c=\"system / NativeContext\":object -e-> a=x:string\ng -e-> b=x:string -e-> y:string";
        assert_eq!(members(NodeFilter::DuplicatedStrings, heap), ["x", "x"]);
        let context = NodeFilter::NativeContext(NodeIx::new(3));
        assert_eq!(members(context, heap), ["system / NativeContext", "x"]);
        assert!(members(NodeFilter::SharedNativeContext, heap).is_empty());
        assert_eq!(members(NodeFilter::NoNativeContext, heap).len(), 5);
    }
}
