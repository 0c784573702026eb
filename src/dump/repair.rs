//! A whole file of what a damaged one still holds.

use std::io::Write;
use std::path::Path;

use super::Fault;
use super::writer::{self, Part, Written};
use crate::base::task::{Stage, Task};
use crate::graph::HeapGraph;
use crate::parse;
use crate::parse::error::Problem;

/// Writes what can be read of the file at `path` to `out`, and tells how much that is and what was wrong.
pub fn repair(path: &Path, out: &mut impl Write, task: &Task) -> Result<(Written, Vec<Problem>), Fault> {
    let columns = parse::read(path, task)?;
    task.begin(Stage::Graph, 1);
    let graph = HeapGraph::new(columns, task)?;
    let written = writer::write(&graph, &Part::all(&graph), out, task)?;
    let mut lost = graph.problems().to_vec();
    if !graph.traces().is_empty() {
        lost.push(Problem {
            section: "trace_tree".to_owned(),
            offset: None,
            what: "allocation stacks are left out".to_owned(),
        });
    }
    Ok((written, lost))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;
    use crate::snapshot::Snapshot;

    const HEAP: &str = r#"
        root:synthetic/0 -shortcut:global-> window:object/16 #3 !attached -a-> a=Cart:object/32 @1:2:3 -element:7-> text="é\"\n":string/24
        root -element:1-> roots="(GC roots)":synthetic/0 -weak:w-> a
        a -internal:map-> map="system / Map":hidden/40
    "#;

    fn repaired(bytes: &[u8]) -> Option<(Snapshot, Vec<Problem>)> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut out = Vec::new();
        let (_, lost) = repair(file.path(), &mut out, &Task::new()).ok()?;
        let snapshot = Snapshot::from_bytes(&out, Path::new("repaired"), &Task::new()).unwrap();
        assert_eq!(snapshot.problems(), [], "{}", String::from_utf8_lossy(&out));
        Some((snapshot, lost))
    }

    #[test]
    fn a_whole_file_stays_as_it_is() {
        let bytes = Fixture::new(HEAP).bytes();
        let (after, lost) = repaired(&bytes).unwrap();
        assert!(lost.is_empty());
        let before = Snapshot::from_bytes(&bytes, Path::new("before"), &Task::new()).unwrap();
        assert_eq!(after.graph().edge_count(), before.graph().edge_count());
        for node in before.graph().nodes() {
            assert_eq!(after.name(node), before.name(node));
            assert_eq!(after.id(node), before.id(node));
            assert_eq!(after.retained_size(node), before.retained_size(node));
            assert_eq!(after.distance(node), before.distance(node));
            assert_eq!(
                after.graph().locations().of(node),
                before.graph().locations().of(node)
            );
            assert_eq!(after.detachedness(node), before.detachedness(node));
        }
    }

    #[test]
    fn what_can_be_read_of_any_beginning_is_a_whole_file_again() {
        let bytes = Fixture::new(HEAP).bytes();
        let mut saved = 0;
        for cut in 0..bytes.len() - 1 {
            if let Some((_, lost)) = repaired(&bytes[..cut]) {
                assert!(!lost.is_empty(), "{cut}");
                saved += 1;
            }
        }
        assert!(saved > 50, "{saved}");
    }
}
