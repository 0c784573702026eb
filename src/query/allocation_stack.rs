//! Which calls allocated an object?

use super::Query;
use crate::base::index::{NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::{Place, TraceFunction};
use crate::snapshot::Snapshot;

/// Asks for the functions that were being called when an object was allocated: known of timelines recorded with stacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllocationStack {
    /// The object.
    pub node: NodeIx,
}

/// A function of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The call, in the file's tree of calls.
    pub call: u32,
    /// Its name.
    pub name: StringIx,
    /// The name of its script.
    pub script: StringIx,
    /// V8's script id, and line and column from 0; none if the line is not known.
    pub place: Option<Place>,
}

impl Query for AllocationStack {
    type Over = Snapshot;
    /// Innermost first; empty if the file does not tell.
    type Answer = Vec<Frame>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<Frame>, Cancelled> {
        let mut frames = Vec::new();
        for (nth, (call, function)) in snapshot.graph().traces().stack(self.node).enumerate() {
            task.check_at(nth)?;
            frames.extend(function.map(|function| frame(call, function)));
        }
        Ok(frames)
    }
}

fn frame(call: u32, function: TraceFunction) -> Frame {
    Frame {
        call,
        name: function.name,
        script: function.script,
        place: function.place(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::fixture::Fixture;
    use crate::query::testing::ask;

    const META: &str = r#"{"node_fields":["type","name","id","self_size","edge_count","trace_node_id"],
        "node_types":[["object","synthetic"],"string","number","number","number","number"],
        "edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"],"string_or_number","node"],
        "trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],
        "trace_node_fields":["id","function_info_index","count","size","children"]}"#;

    /// A snapshot of a root and three objects with the stacks of the calls 2, 3 and 9; calls 1, 2, 3 are inside each other.
    fn snapshot(functions: &str, tree: &str) -> Snapshot {
        let bytes = format!(
            r#"{{"snapshot":{{"meta":{META},"node_count":4,"edge_count":3,"trace_function_count":3}},
            "nodes":[1,1,1,0,3,0,0,2,3,8,0,2,0,3,5,8,0,3,0,4,7,8,0,9],"edges":[0,2,6,0,3,12,0,4,18],
            "trace_function_infos":{functions},"trace_tree":{tree},"samples":[],
            "strings":["","root","a","b","c","(root)","outer","inner","a.js"]}}"#
        );
        Snapshot::from_bytes(bytes.as_bytes(), Path::new("t.heaptimeline"), &Task::new()).unwrap()
    }

    const FUNCTIONS: &str = "[0,5,0,0,0,0,1,6,8,7,3,1,2,7,8,7,0,0]";

    fn stacks(snapshot: &Snapshot) -> Vec<String> {
        let strings = snapshot.graph().strings();
        let stack = |node| {
            let frames = ask(&AllocationStack { node }, snapshot);
            let text = |frame: &Frame| {
                let place = frame
                    .place
                    .map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
                format!("{} {}{place}", strings.get(frame.name), strings.get(frame.script))
            };
            frames.iter().map(text).collect::<Vec<_>>().join(", ")
        };
        snapshot.graph().nodes().map(stack).collect()
    }

    #[test]
    fn stacks_are_innermost_first() {
        let snapshot = snapshot(FUNCTIONS, "[1,0,0,0,[2,1,1,8,[3,2,1,8,[]],4,1,0,0,[]]]");
        assert_eq!(
            stacks(&snapshot),
            ["", "outer a.js:2:0", "inner a.js, outer a.js:2:0", ""]
        );
        let problems: Vec<_> = snapshot
            .problems()
            .iter()
            .map(|problem| problem.what.as_str())
            .collect();
        assert_eq!(
            problems,
            ["1 nodes have allocation stacks that the file does not have"]
        );
    }

    #[test]
    fn functions_that_are_missing_are_told_and_left_out() {
        let snapshot = snapshot(FUNCTIONS, "[1,0,0,0,[2,77,1,8,[3,2,1,8,[]]]]");
        assert_eq!(stacks(&snapshot), ["", "", "inner a.js", ""]);
        assert_eq!(
            snapshot.problems()[0].what,
            "1 calls are of functions that the file does not have"
        );
    }

    #[test]
    fn damaged_stacks_cost_only_themselves() {
        let good = "[1,0,0,0,[]]";
        for (functions, tree) in [
            (FUNCTIONS, "[1,0,0,[]]"),
            (FUNCTIONS, "[1,0,0,0,0]"),
            (FUNCTIONS, "[1,0,0,0,[2,1]]"),
            (FUNCTIONS, "[\"x\"]"),
            (FUNCTIONS, "{}"),
            ("[0,[1]]", good),
            ("7", good),
            ("[-1]", good),
        ] {
            let snapshot = snapshot(functions, tree);
            assert_eq!(stacks(&snapshot), [""; 4]);
            let problems = snapshot.problems();
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(
                problems[0].what.ends_with("allocation stacks are left out"),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn calls_may_lie_deep_inside_each_other() {
        let depth = 200_000;
        let mut tree = "[1,0,0,0,".to_owned();
        for id in 2..depth {
            tree.push_str(&["[", &id.to_string(), ",1,0,0,"].concat());
        }
        tree += "[]";
        tree += &"]".repeat(depth - 1);
        let snapshot = snapshot(FUNCTIONS, &tree);
        assert_eq!(stacks(&snapshot)[2], "outer a.js:2:0, outer a.js:2:0");
    }

    #[test]
    fn other_files_have_none() {
        let bytes = Fixture::new("root:synthetic -a-> b").bytes();
        let snapshot = Snapshot::from_bytes(&bytes, Path::new("t"), &Task::new()).unwrap();
        assert!(snapshot.graph().traces().is_empty());
        assert_eq!(stacks(&snapshot), ["", ""]);
    }
}
