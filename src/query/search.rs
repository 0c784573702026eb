//! Where is something of that name?

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::name_key::flat_name_ix;
use super::pattern::Pattern;
use super::{Query, filtered};
use crate::analysis::filters::NodeFilter;
use crate::base::bits::BitSet;
use crate::base::index::{Ix, NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::ObjectId;
use crate::snapshot::Snapshot;

/// Asks for objects by their displayed names: nodes of shallow size above 0, in file order. Rows have the columns of
/// [`ObjectColumn`](super::instances::ObjectColumn).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// What is looked for.
    pub wanted: Wanted,
    /// Names are looked for among these nodes only.
    pub filter: NodeFilter,
}

/// What a search is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The object of that id.
    Id(ObjectId),
    /// Names that match.
    Name(Pattern),
}

impl Wanted {
    /// The id, if `text` is one: `@123`.
    pub fn id(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('@')?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number
            .then(|| digits.parse().ok())?
            .map(|id| Self::Id(ObjectId(id)))
    }
}

impl Query for Search {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        match &self.wanted {
            Wanted::Id(id) => Ok(snapshot.find(*id).into_iter().collect()),
            Wanted::Name(pattern) => by_name(snapshot, pattern, self.filter, task),
        }
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Searching")
    }
}

/// Most names stand in the string table, which holds each text once: those are matched there, and only names that are put
/// together node by node.
fn by_name(
    snapshot: &Snapshot,
    pattern: &Pattern,
    filter: NodeFilter,
    task: &Task,
) -> Result<Vec<NodeIx>, Cancelled> {
    let passing = filtered::nodes(snapshot, filter, task)?;
    let graph = snapshot.graph();
    let strings = graph.strings();
    let mut matching = BitSet::<StringIx>::new(strings.len());
    let matches = in_file_order(strings.len(), task, |ix: StringIx| {
        pattern.matches(strings.get(ix))
    })?;
    for ix in matches {
        matching.insert(ix);
    }
    in_file_order(graph.node_count(), task, |node: NodeIx| {
        snapshot.shallow_size(node) != 0
            && passing.as_ref().is_none_or(|passing| passing.contains(node))
            && match flat_name_ix(snapshot, node) {
                Some(name) if name.at() < matching.domain() => matching.contains(name),
                _ => pattern.matches(snapshot.name(node).as_js()),
            }
    })
}

/// All indices below `len` of which `holds` says yes, looked at on all threads.
fn in_file_order<I: Ix>(
    len: usize,
    task: &Task,
    holds: impl Fn(I) -> bool + Sync,
) -> Result<Vec<I>, Cancelled> {
    let checked = |at: usize| match task.check_at(at) {
        Ok(()) => Some(I::new(at)).filter(|&ix| holds(ix)),
        Err(Cancelled) => None,
    };
    let found = (0..len).into_par_iter().filter_map(checked).collect();
    task.check()?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::instances::ObjectColumn;
    use crate::query::pattern::Syntax;
    use crate::query::testing::{ask, lines, snapshot};

    const HEAP: &str = "
        root:synthetic/0 -shortcut:w-> window:object/8 -a-> Session:object/16 #11
        window -b-> session2:string/16 #13
        window -c-> rope=(joined):concatenated_string/32 #15 -internal:first-> half=ses:string/8 #17
        rope -internal:second-> other=sion:string/8 #19
        window -d-> gone=session3:string/0 #21
        window -e-> plain=Object:object/24 #23 -session-> half
        window -f-> dup=session2:string/16 #25
    ";

    fn found(wanted: Wanted, filter: NodeFilter) -> String {
        let snapshot = snapshot(HEAP);
        let rows = ask(&Search { wanted, filter }, &snapshot);
        lines(&snapshot, &rows, &[ObjectColumn::Id]).join(" ")
    }

    fn by_name(text: &str, syntax: Syntax, case_sensitive: bool) -> String {
        let pattern = Pattern::new(text, syntax, case_sensitive).unwrap();
        found(Wanted::Name(pattern), NodeFilter::All)
    }

    #[test]
    fn displayed_names_are_searched_in_file_order() {
        assert_eq!(
            by_name("SESSION", Syntax::Substring, false),
            "@11 @13 @15 @23 @25"
        );
        assert_eq!(by_name("Session", Syntax::Substring, true), "@11");
        assert_eq!(by_name("^ses", Syntax::Regex, true), "@13 @15 @17 @25");
    }

    #[test]
    fn a_filter_narrows_the_search() {
        let pattern = Pattern::new("s", Syntax::Substring, false).unwrap();
        assert_eq!(
            found(Wanted::Name(pattern), NodeFilter::DuplicatedStrings),
            "@13 @25"
        );
    }

    #[test]
    fn an_id_finds_its_object() {
        assert_eq!(Wanted::id("@21"), Some(Wanted::Id(ObjectId(21))));
        assert_eq!(found(Wanted::Id(ObjectId(21)), NodeFilter::All), "@21");
        assert_eq!(found(Wanted::Id(ObjectId(22)), NodeFilter::All), "");
        for name in ["21", "@", "@x", "@2x", "a@2"] {
            assert_eq!(Wanted::id(name), None, "{name}");
        }
    }
}
