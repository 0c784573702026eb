//! Which texts begin alike? A cache keyed by text, or a log kept in memory, shows as thousands of texts of one beginning.
//!
//! [`FindFamilies`] looks for them once; [`Families`] are the rows, [`FamilyTexts`] the texts of one.

use std::ops::Range;
use std::sync::Arc;

use rayon::slice::ParallelSliceMut as _;

use super::{Grouped, NameKey, Pattern, SAMPLE, Strings, Texts, sort_strings};
use crate::analysis::duplicate_strings::GroupIx;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::columns;
use crate::query::name_key::flat_name_ix;
use crate::query::string_holders::most_frequent;
use crate::query::{Cell, Order, Query, sort};
use crate::snapshot::Snapshot;

/// Asks for families: [`LEAST_TEXTS`] or more different texts that begin alike. Each text is in one family at most; joined
/// strings are in none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindFamilies {
    /// All of the snapshot that is asked about.
    pub texts: Texts,
}

/// The families of a snapshot's texts. Shared: a clone is the same, and nothing else is equal.
#[derive(Clone, Debug)]
pub struct FamilyList(Arc<List>);

#[derive(Debug)]
struct List {
    rows: Vec<FamilyRow>,
    /// The texts of all families, one family after the other.
    members: Vec<GroupIx>,
    texts: Texts,
}

crate::index! {
    /// A family: its place in the list, which is sorted by beginnings.
    FamilyIx
}

/// Asks for the rows of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Families {
    /// All families of the snapshot that is asked about.
    pub list: FamilyList,
    /// Only families whose beginning matches.
    pub pattern: Option<Pattern>,
    /// How they are sorted; equal ones by their beginnings.
    pub order: Order<FamilyColumn>,
}

/// Asks for the texts of a family, the largest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyTexts {
    /// All families of the snapshot that is asked about.
    pub list: FamilyList,
    /// Which.
    pub family: FamilyIx,
}

/// Asks for the strings that have a text of a family, in file order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyStrings {
    /// All families of the snapshot that is asked about.
    pub list: FamilyList,
    /// Which.
    pub family: FamilyIx,
}

/// Fewer texts are no family.
pub const LEAST_TEXTS: usize = 24;
/// Shorter beginnings, in bytes of UTF-8, say nothing.
const LEAST_PREFIX: usize = 3;
/// Of longer ones only so much is compared.
const MOST_PREFIX: usize = 64;
/// A beginning is told longer as long as so many ways of going on ...
const MOST_WAYS: usize = 4;
/// ... are those of so many tenths of the texts.
const COVERED_TENTHS: usize = 9;

/// Texts that begin alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyRow {
    /// What they have in common.
    pub prefix: JsString,
    /// How many texts.
    pub texts: u64,
    /// How many strings have them.
    pub count: u64,
    /// The strings' shallow sizes together, in bytes.
    pub shallow_size: u64,
    /// What would go with them, in bytes.
    pub retained_size: u64,
    /// The first string in the file of the first text.
    pub first: NodeIx,
    /// By what most of some of the strings are held, if by anything that counts.
    pub held_by: Option<JsString>,
    /// Its texts among those of all families.
    members: Range<usize>,
}

columns! {
    /// Columns of families of texts.
    pub enum FamilyColumn: |_snapshot: Snapshot, row: FamilyRow| {
        /// How they begin.
        Prefix: Text "prefix" "Begins with" = Cell::Text(row.prefix.clone());
        /// How many texts begin so.
        Texts: Number "texts" "Texts" = Cell::Count(row.texts);
        /// How many strings have such a text.
        Count: Number "count" "Count" = Cell::Count(row.count);
        /// The strings' own sizes together.
        ShallowSize: Number "shallow_size" "Shallow size" = Cell::Bytes(row.shallow_size);
        /// What would go with them.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.retained_size);
        /// By what most of some of them are held.
        HeldBy: Text "held_by" "Held by" = Cell::of(row.held_by.clone(), Cell::Text);
    }
}

impl Families {
    /// Those first that weigh the most.
    pub const DEFAULT_ORDER: Order<FamilyColumn> = Order::descending(FamilyColumn::ShallowSize);
}

impl PartialEq for FamilyList {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for FamilyList {}

impl FamilyList {
    /// What is known of a family.
    pub fn row(&self, family: FamilyIx) -> Option<&FamilyRow> {
        self.0.rows.get(family.at())
    }

    fn members(&self, family: FamilyIx) -> &[GroupIx] {
        let row = self.row(family);
        row.map_or(&[], |row| &self.0.members[row.members.clone()])
    }
}

impl Query for FindFamilies {
    type Over = Snapshot;
    type Answer = FamilyList;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<FamilyList, Cancelled> {
        let Grouped { groups, weights } = &*self.texts.0;
        let strings = snapshot.graph().strings();
        let mut sorted: Vec<(&[u8], GroupIx)> = Vec::with_capacity(groups.groups().len());
        for (ix, group) in groups.groups() {
            task.check_at(ix.at())?;
            if let Some(name) = flat_name_ix(snapshot, group.first) {
                sorted.push((strings.get(name).bytes(), ix));
            }
        }
        sorted.par_sort_unstable();
        task.check()?;
        let beginnings: Vec<&[u8]> = sorted.iter().map(|&(text, _)| text).collect();
        let (mut rows, mut all) = (Vec::new(), Vec::new());
        for (prefix, members) in families(&beginnings, task)? {
            task.check()?;
            let members = &sorted[members];
            let sum = |of: &dyn Fn(GroupIx) -> u64| members.iter().map(|&(_, ix)| of(ix)).sum();
            let nth = |nth: usize| groups.group(members[nth * members.len() / SAMPLE].1).first;
            let sample: [NodeIx; SAMPLE] = std::array::from_fn(nth);
            let start = all.len();
            all.extend(members.iter().map(|&(_, ix)| ix));
            rows.push(FamilyRow {
                prefix: JsString::from(String::from_utf8_lossy(prefix).as_ref()),
                texts: members.len() as u64,
                count: sum(&|ix| groups.count(ix) as u64),
                shallow_size: sum(&|ix| groups.group(ix).shallow_size),
                retained_size: sum(&|ix| weights[ix.at()].retained_size),
                first: sample[0],
                held_by: most_frequent(snapshot, &sample).map(|hold| hold.text(snapshot)),
                members: start..all.len(),
            });
        }
        Ok(FamilyList(Arc::new(List {
            rows,
            members: all,
            texts: self.texts.clone(),
        })))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for texts that begin alike")
    }
}

impl Query for Families {
    type Over = Snapshot;
    type Answer = Vec<FamilyIx>;

    fn run(&self, _: &Snapshot, task: &Task) -> Result<Vec<FamilyIx>, Cancelled> {
        let rows = &self.list.0.rows;
        let is_wanted = |at: &usize| {
            let matches = |pattern: &Pattern| pattern.matches(rows[*at].prefix.as_js());
            self.pattern.as_ref().is_none_or(matches)
        };
        let mut places: Vec<usize> = (0..rows.len()).filter(is_wanted).collect();
        task.check()?;
        sort_families(rows, &mut places, self.order);
        Ok(places.into_iter().map(FamilyIx::new).collect())
    }
}

impl Query for FamilyTexts {
    type Over = Snapshot;
    type Answer = Vec<GroupIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<GroupIx>, Cancelled> {
        let mut texts = self.list.members(self.family).to_vec();
        sort_strings(snapshot, &self.list.0.texts, &mut texts, Strings::LARGEST);
        task.check()?;
        Ok(texts)
    }
}

impl Query for FamilyStrings {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, _: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let mut strings = Vec::new();
        for (at, &text) in self.list.members(self.family).iter().enumerate() {
            task.check_at(at)?;
            strings.extend(self.list.0.texts.members(text));
        }
        strings.sort_unstable();
        Ok(strings)
    }
}

/// A family: how its texts begin, and their places among the sorted ones.
type Family<'a> = (&'a [u8], Range<usize>);

/// The families in `texts`, which are sorted: their beginnings, and which they are.
///
/// The texts are a tree of beginnings. From its root on each branch is followed as long as it does not part, or parts into a few
/// large branches only: where it parts into many, what differs from text to text begins.
fn families<'a>(texts: &[&'a [u8]], task: &Task) -> Result<Vec<Family<'a>>, Cancelled> {
    let mut common = Vec::with_capacity(texts.len());
    let mut before: &[u8] = &[];
    for (at, &text) in texts.iter().enumerate() {
        task.check_at(at)?;
        let pairs = before.iter().zip(text).take(MOST_PREFIX);
        common.push(pairs.take_while(|(a, b)| a == b).count());
        before = text;
    }
    let mut found = Vec::new();
    let mut stack: Vec<Range<usize>> = Vec::new();
    stack.push(0..texts.len());
    let mut steps = 0;
    while let Some(branch) = stack.pop() {
        steps += branch.len();
        task.check_at(steps)?;
        if branch.len() < LEAST_TEXTS {
            continue;
        }
        let inner = &common[branch.start + 1..branch.end];
        let depth = inner.iter().copied().min().unwrap_or(0);
        let mut ways = Vec::new();
        let mut start = branch.start;
        for (at, &with_last) in inner.iter().enumerate() {
            if with_last == depth {
                ways.push(start..branch.start + 1 + at);
                start = branch.start + 1 + at;
            }
        }
        ways.push(start..branch.end);
        let large = || ways.iter().filter(|way| way.len() >= LEAST_TEXTS);
        let covered: usize = large().map(std::iter::ExactSizeIterator::len).sum();
        let goes_on = large().count() <= MOST_WAYS && covered * 10 >= branch.len() * COVERED_TENTHS;
        if depth >= LEAST_PREFIX && !goes_on {
            found.push((whole_characters(texts[branch.start], depth), branch));
        } else {
            stack.extend(ways.into_iter().rev());
        }
    }
    Ok(found)
}

/// The first `length` bytes of `text`, without the start of a character that is not whole.
fn whole_characters(text: &[u8], mut length: usize) -> &[u8] {
    while length > 0 && text.get(length).is_some_and(|byte| byte & 0xC0 == 0x80) {
        length -= 1;
    }
    &text[..length]
}

fn sort_families(rows: &[FamilyRow], places: &mut [usize], order: Order<FamilyColumn>) {
    let by_place = <[usize]>::sort_unstable;
    let way = order.direction;
    match order.by {
        FamilyColumn::Prefix => {
            let prefix = |at: usize| NameKey::of(rows[at].prefix.as_js());
            sort::by_text(places, way, prefix, by_place);
        }
        FamilyColumn::HeldBy => {
            let held_by = |at: usize| NameKey::built(rows[at].held_by.clone().unwrap_or_default());
            sort::by_text(places, way, held_by, by_place);
        }
        FamilyColumn::Texts => sort::by_number(places, way, |at| rows[at].texts, by_place),
        FamilyColumn::Count => sort::by_number(places, way, |at| rows[at].count, by_place),
        FamilyColumn::ShallowSize => {
            sort::by_number(places, way, |at| rows[at].shallow_size, by_place);
        }
        FamilyColumn::RetainedSize => {
            sort::by_number(places, way, |at| rows[at].retained_size, by_place);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::query::Column as _;
    use crate::query::strings::GroupStrings;
    use crate::query::testing::{ask, lines, snapshot};

    fn of(texts: impl IntoIterator<Item = String>) -> Vec<String> {
        let mut texts: Vec<String> = texts.into_iter().collect();
        texts.sort_unstable();
        let texts: Vec<&[u8]> = texts.iter().map(String::as_bytes).collect();
        let found = families(&texts, &Task::default()).unwrap();
        let told = found.into_iter().map(|(prefix, members)| {
            let prefix = std::str::from_utf8(prefix).unwrap();
            format!("{prefix} {}", members.len())
        });
        told.collect()
    }

    #[test]
    fn a_beginning_ends_where_the_texts_part_into_many() {
        let users = (0..500).map(|at| format!("user:{at:04}"));
        assert_eq!(of(users), ["user:0 500"]);
        let mixed = (0..600).map(|at| format!("user:{}", at * 7919 % 9973));
        assert_eq!(of(mixed), ["user: 600"]);
    }

    #[test]
    fn a_few_large_branches_are_families_of_their_own() {
        let paths = (0..900).map(|at| {
            let kind = ["users", "items", "orders"][at % 3];
            format!("https://example.com/{kind}/{}", at * 7919 % 9973)
        });
        assert_eq!(
            of(paths),
            [
                "https://example.com/items/ 300",
                "https://example.com/orders/ 300",
                "https://example.com/users/ 300"
            ]
        );
    }

    #[test]
    fn few_or_short_or_long_ones() {
        assert!(of((0..23).map(|at| format!("user:{at}"))).is_empty());
        assert!(
            of((0..60_u32).map(|at| format!("{}{at}", char::from_u32(97 + at % 26).unwrap()))).is_empty()
        );
        let long = (0..30).map(|at| format!("{}{at}", "x".repeat(100)));
        assert_eq!(of(long), [format!("{} 30", "x".repeat(64))]);
        // Characters of several bytes that differ in their last are not cut.
        let letters = (0..40_u32).map(|at| format!("key{}", char::from_u32(0x4E00 + at).unwrap()));
        assert_eq!(of(letters), ["key 40"]);
    }

    #[test]
    fn families_are_weighed_and_sorted() {
        let mut heap = String::from("root:synthetic/0 -shortcut:w-> window:object/8 -map-> Map:object/8\n");
        for at in 0..30 {
            writeln!(
                heap,
                "Map -k{at}-> a{at}=\"session-{}\":string/20",
                at * 7919 % 9973
            )
            .unwrap();
            writeln!(
                heap,
                "window -x{at}-> b{at}=\"error {}\":string/100",
                at * 7919 % 9973
            )
            .unwrap();
        }
        let snapshot = snapshot(&heap);
        let rows = |order| {
            let texts = ask(&GroupStrings, &snapshot);
            let list = ask(&FindFamilies { texts }, &snapshot);
            let question = Families {
                list: list.clone(),
                pattern: None,
                order,
            };
            let families = ask(&question, &snapshot).into_iter();
            let rows: Vec<FamilyRow> = families.map(|at| list.row(at).unwrap().clone()).collect();
            let columns = &[
                FamilyColumn::Prefix,
                FamilyColumn::Texts,
                FamilyColumn::ShallowSize,
            ];
            lines(&snapshot, &rows, columns)
        };
        let down = rows(Families::DEFAULT_ORDER);
        assert_eq!(down, ["error  30 3000", "session- 30 600"]);
        for &column in FamilyColumn::ALL {
            let (up, mut down) = (rows(Order::ascending(column)), rows(Order::descending(column)));
            if !matches!(column, FamilyColumn::Texts | FamilyColumn::Count) {
                down.reverse();
            }
            assert_eq!(up, down, "{column:?}");
        }
    }
    #[test]
    fn a_family_knows_its_texts_and_their_strings() {
        let mut heap = String::from("root:synthetic/0 -shortcut:w-> window:object/8\n");
        for at in 0..30 {
            let size = 20 + at;
            writeln!(
                heap,
                "window -a{at}-> a{at}=\"key-{}\":string/{size}",
                at % 25 * 7919 % 9973 + 1000
            )
            .unwrap();
        }
        writeln!(heap, "window -b-> b=\"another\":string/1000").unwrap();
        let snapshot = snapshot(&heap);
        let texts = ask(&GroupStrings, &snapshot);
        let list = ask(&FindFamilies { texts: texts.clone() }, &snapshot);
        let family = FamilyIx::new(0);
        let row = list.row(family).unwrap();
        assert_eq!(
            (row.prefix.to_string().as_str(), row.texts, row.count),
            ("key-", 25, 30)
        );
        assert!(list.row(FamilyIx::new(1)).is_none());
        let of = FamilyStrings {
            list: list.clone(),
            family,
        };
        assert_eq!(ask(&of, &snapshot).len(), 30);
        let members = ask(
            &FamilyTexts {
                list: list.clone(),
                family,
            },
            &snapshot,
        );
        let sizes: Vec<u64> = members.iter().map(|&text| texts.row(text).shallow_size).collect();
        // Five texts are there twice: 20 + at and 20 + at + 25.
        assert_eq!(sizes[..6], [73, 71, 69, 67, 65, 44]);
        assert_eq!(sizes.iter().sum::<u64>(), row.shallow_size);
    }
}
