//! Which texts does the heap hold, how often, and what do they weigh?

use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::instances::{ObjectColumn, sort_objects};
use super::name_key::{NameKey, flat_name_ix};
use super::pattern::Pattern;
use super::string_holders::most_frequent;
use super::{Cell, Direction, Order, Query, sort};
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::duplicate_strings::{GroupIx, StringGroup, StringGroups};
use crate::analysis::topmost;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::columns;
use crate::graph::NodeKind;
use crate::snapshot::Snapshot;

/// Asks for the texts of the heap's strings, each with the strings that have it (see [`StringGroups`] for which count).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strings {
    /// Which texts.
    pub which: Which,
    /// Only texts that match.
    pub pattern: Option<Pattern>,
    /// How they are sorted; equal ones by place in the file.
    pub order: Order<StringColumn>,
}

/// Which texts to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Which {
    /// All of them.
    All,
    /// Those that several strings have.
    Duplicates,
}

/// Asks for the strings that have the text of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringMembers {
    /// One of them.
    pub string: NodeIx,
    /// How they are sorted.
    pub order: Order<ObjectColumn>,
}

/// The texts, and what they come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringsAnswer {
    /// One row a text.
    pub rows: Vec<StringRow>,
    /// How many strings the rows count.
    pub count: u64,
    /// Their shallow sizes together, in bytes.
    pub shallow_size: u64,
    /// What would be saved if each text were there once, in bytes.
    pub wasted_size: u64,
}

/// Strings of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StringRow {
    /// The first of them in the file; its displayed name is the text.
    pub first: NodeIx,
    /// The text's length in UTF-16 units: of the whole if the file says that it cut it, else of what there is.
    pub length: u64,
    /// How many strings.
    pub count: u64,
    /// Their shallow sizes together, in bytes.
    pub shallow_size: u64,
    /// What would go with them, in bytes.
    pub retained_size: u64,
    /// What would be saved if only the largest of them were there, in bytes.
    pub wasted_size: u64,
    /// Some of them, spread evenly; the first again where there are fewer.
    sample: [NodeIx; SAMPLE],
}

/// Strings of a row that tell how most of them are held.
const SAMPLE: usize = 8;

columns! {
    /// Columns of the texts.
    pub enum StringColumn: |snapshot: Snapshot, row: StringRow| {
        /// The text.
        Value: Text "value" "Text" = Cell::Text(snapshot.name(row.first));
        /// Its length.
        Length: Number "length" "Length" = Cell::Count(row.length);
        /// How many strings have it.
        Count: Number "count" "Count" = Cell::Count(row.count);
        /// Their own sizes together.
        ShallowSize: Number "shallow_size" "Shallow size" = Cell::Bytes(row.shallow_size);
        /// What would go with them.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.retained_size);
        /// What more than one of them takes.
        WastedSize: Number "wasted_size" "Wasted" = Cell::Bytes(row.wasted_size);
        /// By what most of some of them are held.
        HeldBy: Text "held_by" "Held by" = Cell::of(row.held_by(snapshot), Cell::Text);
    }
}

impl StringRow {
    fn held_by(&self, snapshot: &Snapshot) -> Option<JsString> {
        let count = usize::try_from(self.count).unwrap_or(SAMPLE).min(SAMPLE);
        most_frequent(snapshot, &self.sample[..count]).map(|hold| hold.text(snapshot))
    }
}

impl Strings {
    /// The largest first.
    pub const LARGEST: Order<StringColumn> = Order::descending(StringColumn::ShallowSize);
    /// Those first of which most would be saved.
    pub const MOST_WASTED: Order<StringColumn> = Order::descending(StringColumn::WastedSize);

    /// Asks for all of `which`: duplicates by what would be saved, else the largest first.
    pub fn of(which: Which) -> Self {
        Self {
            which,
            pattern: None,
            order: match which {
                Which::All => Self::LARGEST,
                Which::Duplicates => Self::MOST_WASTED,
            },
        }
    }
}

impl Query for Strings {
    type Over = Snapshot;
    type Answer = StringsAnswer;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<StringsAnswer, Cancelled> {
        let groups = build_groups(snapshot, task)?;
        let wanted: Vec<(GroupIx, &StringGroup)> = groups
            .groups()
            .filter(|&(ix, _)| self.which == Which::All || groups.count(ix) > 1)
            .collect();
        let row = |(nth, &(ix, group)): (usize, &(GroupIx, &StringGroup))| {
            if task.check_at(nth).is_err() {
                return None;
            }
            let matches = |text| self.pattern.as_ref().is_none_or(|pattern| pattern.matches(text));
            let row = |text| matches(text).then(|| (ix, StringRow::new(snapshot, &groups, ix, group, text)));
            match flat_name_ix(snapshot, group.first) {
                Some(name) => row(snapshot.graph().strings().get(name)),
                None => row(snapshot.name(group.first).as_js()),
            }
        };
        let listed: Vec<_> = wanted.par_iter().enumerate().filter_map(row).collect();
        task.check()?;
        let nested = nested_sizes(snapshot, &groups, &listed, task)?;
        let corrected = listed.into_iter().map(|(ix, row)| StringRow {
            retained_size: nested.get(&ix).copied().unwrap_or(row.retained_size),
            ..row
        });
        let mut rows: Vec<StringRow> = corrected.collect();
        sort_strings(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(StringsAnswer {
            count: rows.iter().map(|row| row.count).sum(),
            shallow_size: rows.iter().map(|row| row.shallow_size).sum(),
            wasted_size: rows.iter().map(|row| row.wasted_size).sum(),
            rows,
        })
    }
}

impl StringRow {
    /// The row of a group; its retained size as if none of its strings dominated another.
    fn new(
        snapshot: &Snapshot,
        groups: &StringGroups,
        ix: GroupIx,
        group: &StringGroup,
        text: JsStr<'_>,
    ) -> Self {
        let members = groups.members(ix);
        let count = members.len();
        let sizes = members.clone().map(|node| snapshot.shallow_size(node));
        let nth = |nth: usize| members.clone().nth(nth).unwrap_or(group.first);
        Self {
            first: group.first,
            length: group.whole_length.unwrap_or(text.utf16_len() as u64),
            count: count as u64,
            shallow_size: group.shallow_size,
            retained_size: members.clone().map(|node| snapshot.retained_size(node)).sum(),
            wasted_size: group.shallow_size - sizes.max().unwrap_or(0),
            sample: std::array::from_fn(|at| nth(if count <= SAMPLE { at } else { at * count / SAMPLE })),
        }
    }
}

/// Retained sizes of the groups in which one string may dominate another: those with joined strings. (Long ones that begin
/// alike show the same text, and a program that appends leaves each inside the next.)
fn nested_sizes(
    snapshot: &Snapshot,
    groups: &StringGroups,
    rows: &[(GroupIx, StringRow)],
    task: &Task,
) -> Result<FxHashMap<GroupIx, u64>, Cancelled> {
    let graph = snapshot.graph();
    let is_rope = |node| graph.kind(node) == NodeKind::ConcatenatedString;
    let mut nested: Vec<(GroupIx, u64)> = Vec::new();
    let mut group_of: FxHashMap<NodeIx, usize> = FxHashMap::default();
    for (nth, &(ix, row)) in rows.iter().enumerate() {
        task.check_at(nth)?;
        if row.count > 1 && groups.members(ix).any(is_rope) {
            group_of.extend(groups.members(ix).map(|node| (node, nested.len())));
            nested.push((ix, 0));
        }
    }
    if !nested.is_empty() {
        let is_string = |node| matches!(graph.kind(node), NodeKind::String | NodeKind::ConcatenatedString);
        let group_of = |node| group_of.get(&node).copied().filter(|_| is_string(node));
        let order = DominatorOrder::from_dominators(snapshot.dominators(), task)?;
        let count = nested.len();
        let sum = |group: usize, node| nested[group].1 += snapshot.retained_size(node);
        topmost::each(&order, count, group_of, |_| (), sum, task)?;
    }
    Ok(nested.into_iter().collect())
}

impl Query for StringMembers {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let mut rows = string_group(snapshot, self.string, task)?;
        sort_objects(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(rows)
    }
}

fn build_groups(snapshot: &Snapshot, task: &Task) -> Result<StringGroups, Cancelled> {
    StringGroups::build(snapshot.graph(), snapshot.dom(), snapshot.shallow_sizes(), task)
}

/// The strings that have the text of `string`, in file order; none if it is no string that counts.
pub(super) fn string_group(
    snapshot: &Snapshot,
    string: NodeIx,
    task: &Task,
) -> Result<Vec<NodeIx>, Cancelled> {
    let groups = build_groups(snapshot, task)?;
    for (ix, _) in groups.groups() {
        task.check_at(ix.at())?;
        let mut members = groups.members(ix);
        if members.any(|node| node == string) {
            return Ok(groups.members(ix).collect());
        }
    }
    Ok(Vec::new())
}

fn sort_strings(snapshot: &Snapshot, rows: &mut [StringRow], order: Order<StringColumn>) {
    let by_place = |run: &mut [StringRow]| {
        sort::by_number(
            run,
            Direction::Ascending,
            |row| u64::from(row.first.raw()),
            |_| (),
        );
    };
    let way = order.direction;
    match order.by {
        StringColumn::Value => {
            sort::by_text(rows, way, |row| NameKey::of_node(snapshot, row.first), by_place);
        }
        StringColumn::Length => sort::by_number(rows, way, |row| row.length, by_place),
        StringColumn::Count => sort::by_number(rows, way, |row| row.count, by_place),
        StringColumn::ShallowSize => sort::by_number(rows, way, |row| row.shallow_size, by_place),
        StringColumn::RetainedSize => sort::by_number(rows, way, |row| row.retained_size, by_place),
        StringColumn::WastedSize => sort::by_number(rows, way, |row| row.wasted_size, by_place),
        StringColumn::HeldBy => {
            let held_by = |row: StringRow| NameKey::built(row.held_by(snapshot).unwrap_or_default());
            sort::by_text(rows, way, held_by, by_place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Column as _;
    use crate::query::pattern::Syntax;
    use crate::query::testing::{ask, lines, named, snapshot};

    const HEAP: &str = "
        root:synthetic/0 -shortcut:w-> window:object/8 -a-> r1=Request:object/16 -url-> s1=\"/x\":string/24 #11
        window -b-> r2=Request:object/16 -url-> s2=\"/x\":string/32 #13
        window -c-> rope=1:concatenated_string/20 #15 -internal:first-> slash=\"/\":string/16 #17
        rope -internal:second-> x:string/16 #19
        window -d-> long=\"a long one\":string/64 #21
        window -e-> part=\"long\":sliced_string/20 #23 -internal:parent-> long
    ";

    fn rows(question: &Strings) -> Vec<String> {
        let snapshot = snapshot(HEAP);
        lines(&snapshot, &ask(question, &snapshot).rows, StringColumn::ALL)
    }

    #[test]
    fn texts_are_counted_and_weighed() {
        assert_eq!(
            rows(&Strings::of(Which::All)),
            [
                "/x 2 3 76 108 44 .url of Request",
                "a long one 10 1 64 64 0 .d of window",
                "/ 1 1 16 16 0 first of (concatenated string)",
                "x 1 1 16 16 0 second of (concatenated string)",
            ]
        );
        let snapshot = snapshot(HEAP);
        let duplicates = ask(&Strings::of(Which::Duplicates), &snapshot);
        assert_eq!(
            (duplicates.count, duplicates.shallow_size, duplicates.wasted_size),
            (3, 76, 44)
        );
    }

    #[test]
    fn texts_are_filtered_and_sorted() {
        let pattern = Pattern::new("X", Syntax::Substring, false).unwrap();
        let values = |by, pattern: Option<&Pattern>| {
            let snapshot = snapshot(HEAP);
            let question = Strings {
                pattern: pattern.cloned(),
                order: Order::ascending(by),
                ..Strings::of(Which::All)
            };
            lines(&snapshot, &ask(&question, &snapshot).rows, &[StringColumn::Value]).join("|")
        };
        assert_eq!(values(StringColumn::Value, Some(&pattern)), "/x|x");
        assert_eq!(values(StringColumn::Value, None), "/|/x|a long one|x");
        assert_eq!(values(StringColumn::Length, None), "/|x|/x|a long one");
        assert_eq!(values(StringColumn::Count, None), "/|x|a long one|/x");
        assert_eq!(values(StringColumn::RetainedSize, None), "/|x|a long one|/x");
        assert_eq!(values(StringColumn::WastedSize, None), "/|x|a long one|/x");
        assert_eq!(values(StringColumn::HeldBy, None), "a long one|/x|/|x");
    }

    #[test]
    fn the_strings_of_a_text() {
        let snapshot = snapshot(HEAP);
        let ids = |string| {
            let order = Order::descending(ObjectColumn::ShallowSize);
            let rows = ask(&StringMembers { string, order }, &snapshot);
            lines(&snapshot, &rows, &[ObjectColumn::Id]).join(" ")
        };
        assert_eq!(ids(named(&snapshot, "/x")), "@13 @11 @15");
        assert_eq!(ids(named(&snapshot, "long")), "");
        assert_eq!(ids(named(&snapshot, "window")), "");
    }

    #[test]
    fn strings_inside_each_other_are_weighed_once() {
        let whole = "é".repeat(1100);
        let snapshot = snapshot(&format!(
            "root:synthetic/0 -shortcut:w-> window:object/8 -a-> long=\"{whole}\":string/2000 #11
            inner=1:concatenated_string/32 -internal:first-> long
            inner -internal:second-> tail=x:string/16
            window -b-> outer=2:concatenated_string/32 -internal:first-> inner
            outer -internal:second-> tail"
        ));
        let rows = ask(&Strings::of(Which::Duplicates), &snapshot).rows;
        assert_eq!(
            lines(
                &snapshot,
                &rows,
                &[StringColumn::Count, StringColumn::RetainedSize]
            ),
            ["3 2080"]
        );
    }
}
