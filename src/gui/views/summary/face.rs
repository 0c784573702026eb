//! How the rows of the Summary are written.

use super::rows::{Row, SummaryTree};
use crate::base::index::NodeIx;
use crate::base::units::grouped;
use crate::graph::NodeKind;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts, icons};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::query::edges::EdgeRow;
use crate::query::groups::{GroupKey, GroupMembers, Grouping};
use crate::query::instances::Instances;
use crate::query::object_set::ObjectSet;
use crate::query::subject::What;
use crate::query::summary::SummaryColumn;

/// The columns where rows are classes.
pub(super) const HEADS: &[Head<SummaryColumn>] = &columns("Class");
const KINDS: &[Head<SummaryColumn>] = &columns("Kind");
const MODULES: &[Head<SummaryColumn>] = &columns("Module");
const PACKAGES: &[Head<SummaryColumn>] = &columns("Package");
const CONTEXTS: &[Head<SummaryColumn>] = &columns("Native context");

/// The columns; the first is called `first`.
const fn columns(first: &'static str) -> [Head<SummaryColumn>; 7] {
    use SummaryColumn::{Class, Count, Distance, RetainedSize, ShallowSize};
    let retained = "Retained size as a share of the heap";
    let shallow = "Shallow size as a share of the heap";
    [
        Head::new(Class, first, first, 0.0),
        Head::new(Distance, "Distance", "Distance from the roots", 80.0),
        Head::new(Count, "Count", "Number of objects", 80.0),
        Head::new(ShallowSize, "Shallow size, B", "Shallow size in bytes", 112.0),
        Head::new(ShallowSize, "% of heap", shallow, 104.0).extra(),
        Head::new(RetainedSize, "Retained, B", "Retained size in bytes", 112.0),
        Head::new(RetainedSize, "% of heap", retained, 104.0).extra(),
    ]
}

impl SummaryTree {
    fn label(&self, key: GroupKey) -> String {
        let label = self.labels.as_ref().map(|labels| labels.of(key).to_string());
        label.unwrap_or_default()
    }

    /// The script or module to which `node` belongs, unless the group says so.
    fn owner(&self, node: NodeIx) -> Option<String> {
        let owners = self
            .owners
            .as_ref()
            .filter(|_| self.by != Some(Grouping::Owner))?;
        Some(owners.name(owners.of(node)?).to_string_lossy().into_owned())
    }

    fn write_group(&self, strip: &mut Strip<'_>, key: GroupKey, tokens: &Tokens) {
        let name = self.label(key);
        let (icon, tint) = match self.by {
            Some(Grouping::Owner) => (Icon::FILE_JS, tokens.kinds.code),
            Some(Grouping::Package) => (Icon::PACKAGE, tokens.kinds.code),
            Some(Grouping::NativeContext) => (Icon::GLOBE, tokens.kinds.system),
            Some(Grouping::Kind) | None => icons::of_node(NodeKind::from_name(&name), "", tokens),
        };
        strip.icon(icon, 14.0, tint).space(6.0);
        strip.text(&name, fonts::body(), tokens.text_strong);
    }
}

impl Face for SummaryTree {
    type Column = SummaryColumn;

    fn heads(&self) -> &'static [Head<SummaryColumn>] {
        match self.by {
            None => HEADS,
            Some(Grouping::Kind) => KINDS,
            Some(Grouping::Owner) => MODULES,
            Some(Grouping::Package) => PACKAGES,
            Some(Grouping::NativeContext) => CONTEXTS,
        }
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, repeats: bool, tokens: &Tokens) {
        let snapshot = &*self.asker.snapshot;
        match row {
            Row::Class(totals) => {
                node_text::write_class(strip, snapshot, totals.class, tokens);
            }
            Row::Group(group) => self.write_group(strip, group.key, tokens),
            Row::Object(node) => {
                node_text::write_node(strip, snapshot, *node, tokens);
                if let Some(owner) = self.owner(*node) {
                    strip.space(8.0).text(&owner, fonts::body(), tokens.text_subdued);
                }
            }
            Row::Edge(row) => node_text::write_held(strip, snapshot, *row, tokens),
        }
        if repeats {
            node_text::write_repeats(strip, tokens);
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let snapshot = &*self.asker.snapshot;
        let (distance, count, shallow, retained) = match row {
            Row::Class(totals) => (
                totals.distance,
                Some(totals.count),
                totals.shallow_size,
                totals.retained_size,
            ),
            Row::Group(group) => (
                group.distance,
                Some(group.count),
                group.shallow_size,
                group.retained_size,
            ),
            Row::Object(node) | Row::Edge(EdgeRow { node, .. }) => (
                snapshot.distance(*node),
                None,
                snapshot.shallow_size(*node),
                snapshot.retained_size(*node),
            ),
        };
        match (HEADS[at].by, HEADS[at].is_extra) {
            (SummaryColumn::Distance, _) => node_text::distance(distance),
            (SummaryColumn::Count, _) => count.map_or(Value::None, Value::Number),
            (SummaryColumn::ShallowSize, false) => Value::Number(shallow),
            (SummaryColumn::ShallowSize, true) => Value::Share(shallow, snapshot.total_size()),
            (SummaryColumn::RetainedSize, false) => Value::Number(retained),
            (SummaryColumn::RetainedSize, true) => Value::Share(retained, snapshot.total_size()),
            (SummaryColumn::Class | SummaryColumn::ClassKey | SummaryColumn::Reach, _) => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        let snapshot = &*self.asker.snapshot;
        let of_node = |node| node_text::spoken_numbers(snapshot.distance(node), snapshot.retained_size(node));
        let of_many = |count: u64, distance, retained| {
            let noun = if count == 1 { "object" } else { "objects" };
            let numbers = node_text::spoken_numbers(distance, retained);
            format!("{} {noun}, {numbers}", grouped(count))
        };
        match row {
            Row::Class(totals) => (
                snapshot.classes().class(totals.class).name.to_string(),
                of_many(totals.count, totals.distance, totals.retained_size),
            ),
            Row::Group(group) => (
                self.label(group.key),
                of_many(group.count, group.distance, group.retained_size),
            ),
            Row::Object(node) => {
                let numbers = of_node(*node);
                let numbers = match self.owner(*node) {
                    Some(owner) => format!("{numbers}, in {owner}"),
                    None => numbers,
                };
                (node_text::spoken_node(snapshot, *node), numbers)
            }
            Row::Edge(row) => (node_text::spoken_held(snapshot, *row), of_node(row.node)),
        }
    }

    fn copied(&self, row: &Row) -> String {
        let snapshot = &*self.asker.snapshot;
        match row {
            Row::Class(totals) => snapshot.classes().class(totals.class).name.to_string(),
            Row::Group(group) => self.label(group.key),
            Row::Object(node) | Row::Edge(EdgeRow { node, .. }) => snapshot.id(*node).to_string(),
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for SummaryTree {
    fn what(&self, row: &Row) -> Option<What> {
        Some(match row {
            Row::Class(totals) => What::Class(totals.class),
            Row::Group(_) => return None,
            Row::Object(node) => What::Object(*node),
            Row::Edge(row) => What::Object(row.node),
        })
    }

    fn has_many(&self, row: &Row) -> bool {
        matches!(row, Row::Class(_) | Row::Group(_))
    }

    fn many(&self, row: &Row) -> Option<ObjectSet> {
        let filter = self.filter;
        Some(match row {
            Row::Class(totals) => ObjectSet::found_by(Instances {
                filter,
                ..Instances::of(totals.class)
            }),
            Row::Group(group) => ObjectSet::found_by(GroupMembers {
                by: self.by?,
                key: group.key,
                filter,
                order: Instances::DEFAULT_ORDER,
            }),
            Row::Object(node) => ObjectSet::of([*node].into()),
            Row::Edge(row) => ObjectSet::of([row.node].into()),
        })
    }
}
