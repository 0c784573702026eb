//! How the rows of the Paths are written.

use super::rows::{Form, PathsTree, Row};
use crate::base::index::{Ix as _, NodeIx};
use crate::base::units::{counted, grouped};
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts, icons};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::query::object_set::ObjectSet;
use crate::query::paths::immediate::NO_SINGLE;
use crate::query::paths::merged::BranchColumn;
use crate::query::subject::What;

macro_rules! heads {
    ($title:literal, $count:literal) => {
        &[
            Head::new(BranchColumn::Label, $title, $title, 0.0),
            Head::new(BranchColumn::Module, "Module", "Module or script", 168.0),
            Head::new(BranchColumn::Count, "Objects", $count, 104.0),
            Head::new(
                BranchColumn::RetainedSize,
                "Retained, B",
                "What would be freed with exactly these objects, in bytes",
                112.0,
            ),
            Head::new(
                BranchColumn::RetainedSize,
                "% of all",
                "That as a share of what all the objects retain together",
                104.0,
            )
            .extra(),
        ]
    };
}

const MERGED: &[Head<BranchColumn>] = heads!("Way from the roots", "Objects reached this way");
const DOMINATORS: &[Head<BranchColumn>] = heads!("Kept alive by", "Objects it keeps alive");
const SIMILAR: &[Head<BranchColumn>] = heads!("Held by", "Objects of the heap held in this way");

/// Names of slots are no names of the program's.
fn is_slot(edge: &str) -> bool {
    edge.starts_with('[') || edge.contains(" of ") || edge.ends_with(" entry")
}

impl PathsTree {
    /// What stands for `row` wherever one thing is shown.
    fn node(&self, row: &Row) -> Option<NodeIx> {
        let answers = &self.answers;
        match *row {
            Row::Branch(ix) => Some(answers.merged.as_ref()?.branch(ix).sample),
            Row::Class(_) => None,
            Row::Dominator(ix) => Some(answers.dominators.as_ref()?.dominator(ix).node),
            Row::Way(at) => {
                let answer = answers.similar.as_ref()?;
                answer.members(answer.rows.get(at)?.way).first().copied()
            }
            Row::Object(node) => Some(node),
        }
    }

    fn class_name(&self, at: usize) -> String {
        let snapshot = &self.asker.snapshot;
        let Some(class) = self.class(at) else {
            return String::new();
        };
        if class.class == snapshot.class_of(snapshot.graph().root()) {
            NO_SINGLE.to_owned()
        } else {
            snapshot.classes().class(class.class).name.to_string()
        }
    }

    /// What `row` is called.
    pub(super) fn name(&self, row: &Row) -> String {
        let snapshot = &*self.asker.snapshot;
        match *row {
            Row::Branch(ix) => {
                let tree = self.answers.merged.as_ref();
                tree.map_or_else(String::new, |tree| tree.branch(ix).label().to_string())
            }
            Row::Class(at) => self.class_name(at),
            Row::Way(at) => self.way(at).map_or_else(String::new, |way| {
                let others = way.others.iter().map(|other| format!("; also {other}"));
                std::iter::once(way.path.to_string()).chain(others).collect()
            }),
            Row::Dominator(_) | Row::Object(_) => match self.node(row) {
                Some(node) if node == snapshot.graph().root() => NO_SINGLE.to_owned(),
                node => node.map_or_else(String::new, |node| node_text::spoken_node(snapshot, node)),
            },
        }
    }

    /// The script or module that `row` belongs to.
    pub(super) fn module(&self, row: &Row) -> String {
        let owner = self.answers.owners.as_ref().zip(self.node(row));
        let owner = owner.and_then(|(owners, node)| Some((owners, owners.of(node)?)));
        owner.map_or_else(String::new, |(owners, owner)| {
            owners.name(owner).to_string_lossy().into_owned()
        })
    }

    fn write_branch(&self, strip: &mut Strip<'_>, row: &Row, tokens: &Tokens) {
        let (Row::Branch(ix), Some(tree)) = (*row, &self.answers.merged) else {
            return;
        };
        let branch = tree.branch(ix);
        let edge = branch.edge.to_string();
        if is_slot(&edge) {
            strip.text(&edge, fonts::code(), tokens.text_subdued).space(6.0);
        } else if !edge.is_empty() {
            strip.text(&edge, fonts::code(), tokens.text).space(6.0);
        }
        let class = branch.class.to_string();
        if ix.at() == 0 {
            strip.icon(Icon::ANCHOR, 14.0, tokens.kinds.root).space(6.0);
            strip.text("GC roots", fonts::body(), tokens.text_strong);
            return;
        }
        let kind = self.asker.snapshot.graph().kind(branch.sample);
        let (icon, tint) = icons::of_node(kind, &class, tokens);
        strip.icon(icon, 14.0, tint).space(6.0);
        strip.text(&class, fonts::body(), tokens.text_strong);
    }

    fn write_way(&self, strip: &mut Strip<'_>, at: usize, tokens: &Tokens) {
        let Some(way) = self.way(at) else { return };
        strip.icon(Icon::PATH, 14.0, tokens.text_subdued).space(6.0);
        strip.text(&way.path.to_string(), fonts::body(), tokens.text_strong);
        for other in &way.others {
            strip
                .space(8.0)
                .text("also held from", fonts::body(), tokens.text_subdued);
            strip
                .space(4.0)
                .text(&other.to_string(), fonts::body(), tokens.text);
        }
        if way.count < way.alike {
            let text = format!("{} of those asked about", grouped(way.count));
            strip.space(8.0).text(&text, fonts::number(), tokens.text_subdued);
        }
    }
}

impl Face for PathsTree {
    type Column = BranchColumn;

    fn heads(&self) -> &'static [Head<BranchColumn>] {
        match self.form {
            Form::Merged | Form::Graph => MERGED,
            Form::Dominators => DOMINATORS,
            Form::Similar => SIMILAR,
        }
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, _repeats: bool, tokens: &Tokens) {
        let snapshot = &*self.asker.snapshot;
        match *row {
            Row::Branch(_) => self.write_branch(strip, row, tokens),
            Row::Way(at) => self.write_way(strip, at, tokens),
            Row::Class(at) => {
                let name = self.class_name(at);
                match self.class(at) {
                    Some(class) if name != NO_SINGLE => {
                        node_text::write_class(strip, snapshot, class.class, tokens);
                    }
                    _ => {
                        strip.icon(Icon::ANCHOR, 14.0, tokens.kinds.root).space(6.0);
                        strip.text(&name, fonts::body(), tokens.text_strong);
                    }
                }
                let many = self.class(at).map_or(0, |class| class.dominators);
                if many > 1 {
                    let text = format!("×{}", grouped(many));
                    strip.space(6.0).text(&text, fonts::number(), tokens.text_subdued);
                }
            }
            Row::Dominator(_) | Row::Object(_) => match self.node(row) {
                Some(node) if node == snapshot.graph().root() => {
                    strip.icon(Icon::ANCHOR, 14.0, tokens.kinds.root).space(6.0);
                    strip.text(NO_SINGLE, fonts::body(), tokens.text_strong);
                }
                Some(node) => node_text::write_node(strip, snapshot, node, tokens),
                None => {}
            },
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let head = &self.heads()[at];
        let (count, retained) = self.numbers(row);
        match (head.by, head.is_extra) {
            (BranchColumn::Module, _) => Value::Text(self.module(row)),
            (BranchColumn::Count, _) if matches!(row, Row::Object(_)) => Value::None,
            (BranchColumn::Count, _) => Value::Number(count),
            (BranchColumn::RetainedSize, false) => Value::Number(retained),
            (BranchColumn::RetainedSize, true) => {
                Value::Share(retained, self.answers.retained_size().unwrap_or_default())
            }
            _ => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        let (count, retained) = self.numbers(row);
        let retained = format!("retained {} bytes", grouped(retained));
        let numbers = match row {
            Row::Object(_) => retained,
            _ => format!("{}, {retained}", counted(count, "object", "objects")),
        };
        (self.name(row), numbers)
    }

    fn copied(&self, row: &Row) -> String {
        match (row, self.node(row)) {
            (Row::Object(_) | Row::Dominator(_), Some(node)) => self.asker.snapshot.id(node).to_string(),
            _ => self.name(row),
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for PathsTree {
    fn what(&self, row: &Row) -> Option<What> {
        match *row {
            Row::Class(at) => self.class(at).map(|class| What::Class(class.class)),
            _ => self.node(row).map(What::Object),
        }
    }

    fn has_many(&self, _row: &Row) -> bool {
        true
    }

    fn many(&self, row: &Row) -> Option<ObjectSet> {
        Some(ObjectSet::of(self.objects(row).into()))
    }

    fn copying(&self, row: &Row) -> &'static str {
        match row {
            Row::Object(_) | Row::Dominator(_) => "Copy @id",
            _ => "Copy name",
        }
    }
}
