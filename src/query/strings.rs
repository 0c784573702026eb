//! Which texts does the heap hold, how often, and what do they weigh?
//!
//! [`GroupStrings`] groups the strings by text once; what is shown of them are questions about its answer: [`Strings`] for the
//! texts, [`StringMembers`] for the strings of one, [`Families`](families::Families) for texts that begin alike. Strings kept
//! whole by slices are a question of their own: [`sliced`].

pub mod families;
pub mod sliced;

use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::instances::{ObjectColumn, sort_objects};
use super::name_key::{NameKey, flat_name_ix};
use super::passing::Passing;
use super::pattern::Pattern;
use super::string_holders::{Hold, most_frequent};
use super::{Cell, Order, Query, sort};
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::duplicate_strings::{GroupIx, StringGroups};
use crate::analysis::topmost;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::columns;
use crate::graph::NodeKind;
use crate::snapshot::Snapshot;

/// Asks for all texts of the heap's strings, each with the strings that have it (see [`StringGroups`] for which count).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupStrings;

/// Asks for the texts that some of the strings have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitStrings {
    /// All texts of the snapshot that is asked about.
    pub texts: Texts,
    /// Only these strings count.
    pub only: Passing,
}

/// The texts of a snapshot. Shared: a clone is the same, and nothing else is equal.
#[derive(Clone, Debug)]
pub struct Texts(Arc<Grouped>);

#[derive(Debug)]
struct Grouped {
    groups: StringGroups,
    weights: Vec<Weight>,
}

/// What a group comes to, besides what it says of itself.
#[derive(Clone, Copy, Debug)]
struct Weight {
    length: u64,
    retained_size: u64,
    wasted_size: u64,
}

/// Asks which texts there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strings {
    /// All of the snapshot that is asked about.
    pub texts: Texts,
    /// Which of them.
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

/// Asks for the strings that have a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringMembers {
    /// All texts.
    pub texts: Texts,
    /// One of them.
    pub text: GroupIx,
    /// How its strings are sorted.
    pub order: Order<ObjectColumn>,
}

/// The texts, and what they come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringsAnswer {
    /// One row a text; [`Texts::row`] has the numbers.
    pub rows: Vec<GroupIx>,
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

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Texts {}

impl Texts {
    /// The row of a text.
    pub fn row(&self, text: GroupIx) -> StringRow {
        let Grouped { groups, weights } = &*self.0;
        let members = groups.members(text);
        let (group, weight, count) = (groups.group(text), weights[text.at()], members.len());
        let nth = |nth: usize| members.clone().nth(nth).unwrap_or(group.first);
        StringRow {
            first: group.first,
            length: weight.length,
            count: count as u64,
            shallow_size: group.shallow_size,
            retained_size: weight.retained_size,
            wasted_size: weight.wasted_size,
            sample: std::array::from_fn(|at| nth(if count <= SAMPLE { at } else { at * count / SAMPLE })),
        }
    }

    /// The strings that have a text, in file order.
    pub(super) fn members(&self, text: GroupIx) -> Vec<NodeIx> {
        self.0.groups.members(text).collect()
    }
}

impl StringRow {
    /// By what most of some of the strings are held, if by anything that counts.
    pub fn hold(&self, snapshot: &Snapshot) -> Option<Hold> {
        let count = usize::try_from(self.count).unwrap_or(SAMPLE).min(SAMPLE);
        most_frequent(snapshot, &self.sample[..count])
    }

    fn held_by(&self, snapshot: &Snapshot) -> Option<JsString> {
        self.hold(snapshot).map(|hold| hold.text(snapshot))
    }
}

impl Which {
    /// The order that tells most of these: of duplicates what would be saved, else the largest first.
    pub const fn default_order(self) -> Order<StringColumn> {
        match self {
            Self::All => Strings::LARGEST,
            Self::Duplicates => Strings::MOST_WASTED,
        }
    }
}

impl Strings {
    /// The largest first.
    pub const LARGEST: Order<StringColumn> = Order::descending(StringColumn::ShallowSize);
    /// Those first of which most would be saved.
    pub const MOST_WASTED: Order<StringColumn> = Order::descending(StringColumn::WastedSize);

    /// Asks for all of `which`, in the order that tells most.
    pub const fn of(texts: Texts, which: Which) -> Self {
        Self {
            texts,
            which,
            pattern: None,
            order: which.default_order(),
        }
    }
}

impl Query for GroupStrings {
    type Over = Snapshot;
    type Answer = Texts;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Texts, Cancelled> {
        let groups = StringGroups::build(snapshot.graph(), snapshot.dom(), snapshot.shallow_sizes(), task)?;
        Texts::of(snapshot, groups, task)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Grouping strings")
    }
}

impl Query for LimitStrings {
    type Over = Snapshot;
    type Answer = Texts;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Texts, Cancelled> {
        let passes = |node| self.only.contains(node);
        let groups = self
            .texts
            .0
            .groups
            .of_some(passes, snapshot.shallow_sizes(), task)?;
        Texts::of(snapshot, groups, task)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Filtering strings")
    }
}

impl Texts {
    /// Weighs `groups`.
    fn of(snapshot: &Snapshot, groups: StringGroups, task: &Task) -> Result<Self, Cancelled> {
        let mut weights = (0..groups.groups().len())
            .into_par_iter()
            .map(|at| {
                task.check_at(at)?;
                Ok(Weight::of(snapshot, &groups, GroupIx::new(at)))
            })
            .collect::<Result<Vec<Weight>, Cancelled>>()?;
        for (group, size) in nested_sizes(snapshot, &groups, task)? {
            weights[group.at()].retained_size = size;
        }
        Ok(Self(Arc::new(Grouped { groups, weights })))
    }
}

impl Weight {
    /// The retained size is as if none of the strings dominated another.
    fn of(snapshot: &Snapshot, groups: &StringGroups, ix: GroupIx) -> Self {
        let (group, members) = (groups.group(ix), groups.members(ix));
        let length = |text: JsStr<'_>| text.utf16_len() as u64;
        let sizes = members.clone().map(|node| snapshot.shallow_size(node));
        Self {
            length: group
                .whole_length
                .unwrap_or_else(|| with_text(snapshot, group.first, length)),
            retained_size: members.map(|node| snapshot.retained_size(node)).sum(),
            wasted_size: group.shallow_size - sizes.max().unwrap_or(0),
        }
    }
}

/// What `read` makes of the text of a string.
fn with_text<T>(snapshot: &Snapshot, string: NodeIx, read: impl FnOnce(JsStr<'_>) -> T) -> T {
    match flat_name_ix(snapshot, string) {
        Some(name) => read(snapshot.graph().strings().get(name)),
        None => read(snapshot.name(string).as_js()),
    }
}

impl Query for Strings {
    type Over = Snapshot;
    type Answer = StringsAnswer;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<StringsAnswer, Cancelled> {
        let Grouped { groups, weights } = &*self.texts.0;
        let is_wanted = |ix: GroupIx| {
            let matches =
                |pattern: &Pattern| with_text(snapshot, groups.group(ix).first, |text| pattern.matches(text));
            (self.which == Which::All || groups.count(ix) > 1) && self.pattern.as_ref().is_none_or(matches)
        };
        let listed = (0..groups.groups().len()).into_par_iter().enumerate();
        let listed = listed.filter_map(|(nth, at)| {
            let ix = GroupIx::new(at);
            (task.check_at(nth).is_ok() && is_wanted(ix)).then_some(ix)
        });
        let mut rows: Vec<GroupIx> = listed.collect();
        task.check()?;
        sort_strings(snapshot, &self.texts, &mut rows, self.order);
        task.check()?;
        let sum = |of: &dyn Fn(GroupIx) -> u64| rows.iter().map(|&ix| of(ix)).sum();
        Ok(StringsAnswer {
            count: sum(&|ix| groups.count(ix) as u64),
            shallow_size: sum(&|ix| groups.group(ix).shallow_size),
            wasted_size: sum(&|ix| weights[ix.at()].wasted_size),
            rows,
        })
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Sorting strings")
    }
}

/// Retained sizes of the groups in which one string may dominate another: those with joined strings. (Long ones that begin
/// alike show the same text, and a program that appends leaves each inside the next.)
fn nested_sizes(
    snapshot: &Snapshot,
    groups: &StringGroups,
    task: &Task,
) -> Result<Vec<(GroupIx, u64)>, Cancelled> {
    let graph = snapshot.graph();
    let is_rope = |node| graph.kind(node) == NodeKind::ConcatenatedString;
    let mut nested: Vec<(GroupIx, u64)> = Vec::new();
    let mut group_of: FxHashMap<NodeIx, usize> = FxHashMap::default();
    for (ix, _) in groups.groups() {
        task.check_at(ix.at())?;
        if groups.count(ix) > 1 && groups.members(ix).any(is_rope) {
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
    Ok(nested)
}

impl Query for StringMembers {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let mut rows = self.texts.members(self.text);
        sort_objects(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(rows)
    }
}

/// Groups are numbered in the order in which the first of each stands in the file.
fn sort_strings(snapshot: &Snapshot, texts: &Texts, rows: &mut [GroupIx], order: Order<StringColumn>) {
    let Grouped { groups, weights } = &*texts.0;
    let by_place = <[GroupIx]>::sort_unstable;
    let way = order.direction;
    let weight = |ix: GroupIx| weights[ix.at()];
    match order.by {
        StringColumn::Value => {
            let text = |ix| NameKey::of_node(snapshot, groups.group(ix).first);
            sort::by_text(rows, way, text, by_place);
        }
        StringColumn::Length => sort::by_number(rows, way, |ix| weight(ix).length, by_place),
        StringColumn::Count => sort::by_number(rows, way, |ix| groups.count(ix) as u64, by_place),
        StringColumn::ShallowSize => {
            sort::by_number(rows, way, |ix| groups.group(ix).shallow_size, by_place);
        }
        StringColumn::RetainedSize => sort::by_number(rows, way, |ix| weight(ix).retained_size, by_place),
        StringColumn::WastedSize => sort::by_number(rows, way, |ix| weight(ix).wasted_size, by_place),
        StringColumn::HeldBy => {
            let held_by = |ix| NameKey::built(texts.row(ix).held_by(snapshot).unwrap_or_default());
            sort::by_text(rows, way, held_by, by_place);
        }
    }
}

#[cfg(test)]
mod tests;
