//! Why many objects are alive: their paths from the roots laid over each other, what keeps them, and how they are held.

mod face;
mod picture;
mod rows;

use std::sync::Arc;

use eframe::egui::{Align, Context, Id, Label, Layout, RichText, Ui};

use self::picture::{GraphFile, Look};
use self::rows::{Answers, Form, Level, PathsTree, Row};
use crate::base::units::{counted, human_bytes};
use crate::gui::command::Command;
use crate::gui::cx::{Asker, Cx, Place, Spec, View};
use crate::gui::many::{self, Many};
use crate::gui::rows::RowTree;
use crate::gui::theme::{Icon, Tokens};
use crate::gui::widgets::button::icon_button;
use crate::gui::widgets::empty;
use crate::gui::widgets::outline::Asked;
use crate::gui::widgets::segments::{self, fitting};
use crate::gui::widgets::table::DENSE_ROW;
use crate::gui::widgets::tool_bar;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::object_set::{FindObjects, Objects};
use crate::query::owners::FindOwners;
use crate::query::paths::graph::Picture;
use crate::query::paths::immediate::ImmediateDominators;
use crate::query::paths::merged::{BranchColumn, MergedPaths};
use crate::query::paths::similar::Similar;
use crate::query::places::{FindPlaces, Places};
use crate::query::subject::What;
use crate::snapshot::Snapshot;

pub(super) const SPEC: Spec = Spec {
    id: "paths",
    title: "Paths",
    icon: Icon::PATH,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: None,
    open: |id| Box::new(PathsView::new(id)),
};

struct PathsView {
    rows: RowTree<PathsTree>,
    form: Form,
    /// What is shown, and in which form.
    of: Option<(Many, Form)>,
    finding: Slot<FindObjects>,
    places: Slot<FindPlaces>,
    owners: Slot<FindOwners>,
    merged: Slot<MergedPaths>,
    dominators: Slot<ImmediateDominators>,
    similar: Slot<Similar>,
    picture: Slot<Picture>,
    look: Look,
}

const FORMS: [(Form, &str); 4] = [
    (Form::Merged, "Merged paths"),
    (Form::Dominators, "Immediate dominators"),
    (Form::Similar, "Similar"),
    (Form::Graph, "Graph"),
];

const TOOL_BAR: f32 = 36.0;
/// What the buttons at the right end of the bar take, and what is said of the objects.
const TOOLS: f32 = 64.0;
const ABOUT: f32 = 200.0;

/// The heaviest first.
const ORDER: Order<BranchColumn> = Order::descending(BranchColumn::RetainedSize);

impl PathsView {
    fn new(id: Id) -> Self {
        Self {
            rows: RowTree::new("paths", id, Level::top(), ORDER, DENSE_ROW),
            form: Form::Merged,
            of: None,
            finding: Slot::new(Lane::Bulk),
            places: Slot::new(Lane::Bulk),
            owners: Slot::new(Lane::Bulk),
            merged: Slot::new(Lane::Bulk),
            dominators: Slot::new(Lane::Bulk),
            similar: Slot::new(Lane::Bulk),
            picture: Slot::new(Lane::Bulk),
            look: Look::new(id.with("picture")),
        }
    }

    /// What is shown: what was asked for, or else what is selected.
    fn many(&self, cx: &Cx<'_>, snapshot: &Snapshot) -> Option<Many> {
        let (id, _) = cx.snapshot()?;
        if let Some(many) = cx.workspace.many()
            && many.snapshot == id
        {
            return Some(many.clone());
        }
        // Whatever is selected later, rows that are shown stay.
        if let Some((many, _)) = &self.of
            && many.snapshot == id
        {
            return Some(many.clone());
        }
        let What::Class(class) = cx.selected()? else {
            return None;
        };
        Some(Many {
            snapshot: id,
            set: many::set_of(&[What::Class(class)]),
            title: snapshot.classes().class(class).name.to_string(),
        })
    }

    fn begin(&mut self, many: &Many) {
        let is_new = self.of.as_ref().is_none_or(|(known, _)| known != many);
        if is_new {
            self.finding = Slot::new(Lane::Bulk);
            self.merged = Slot::new(Lane::Bulk);
            self.dominators = Slot::new(Lane::Bulk);
            self.similar = Slot::new(Lane::Bulk);
            self.picture = Slot::new(Lane::Bulk);
            self.look.restart();
        }
        if is_new || self.of.as_ref().is_none_or(|(_, form)| *form != self.form) {
            self.of = Some((many.clone(), self.form));
            self.rows.restart(Level::top());
        }
    }

    /// Asks what is shown in the form that is chosen.
    fn answers(&mut self, asker: &Asker, many: &Many) -> Answers {
        let set = many.set.clone();
        let mut asked = asker.ask(&mut self.finding, &FindObjects { set });
        let objects = self.finding.latest().cloned();
        let places = if self.form == Form::Dominators {
            None
        } else {
            let places = asker.ask(&mut self.places, &FindPlaces);
            asked.failure = asked.failure.or(places.failure);
            self.places.latest().cloned()
        };
        asker.ask(&mut self.owners, &FindOwners);
        let mut answers = Answers {
            objects: objects.clone(),
            owners: self.owners.latest().cloned(),
            ..Answers::default()
        };
        let of_form = objects.and_then(|objects| self.ask_form(asker, objects, places));
        match self.form {
            Form::Merged => answers.merged = self.merged.latest().cloned(),
            Form::Dominators => answers.dominators = self.dominators.latest().cloned(),
            Form::Similar => answers.similar = self.similar.latest().cloned(),
            Form::Graph => answers.graph = self.picture.latest().cloned(),
        }
        let version = of_form.as_ref().map_or(0, |asked| asked.version);
        answers.asked = Asked {
            version: version + self.owners.version(),
            is_waiting: of_form.as_ref().is_none_or(|asked| asked.is_waiting) && asked.failure.is_none(),
            failure: asked.failure.or(of_form.and_then(|asked| asked.failure)),
        };
        answers
    }

    fn ask_form(&mut self, asker: &Asker, objects: Objects, places: Option<Places>) -> Option<Asked> {
        Some(match self.form {
            Form::Merged => {
                let places = places?;
                asker.ask(&mut self.merged, &MergedPaths { objects, places })
            }
            Form::Dominators => asker.ask(&mut self.dominators, &ImmediateDominators { objects }),
            Form::Similar => {
                let places = places?;
                asker.ask(&mut self.similar, &Similar { objects, places })
            }
            Form::Graph => {
                let places = places?;
                asker.ask(&mut self.picture, &Picture { objects, places })
            }
        })
    }

    fn tool_bar(&mut self, ui: &mut Ui, cx: &Cx<'_>, tree: &PathsTree, title: &str) {
        let mut bar = tool_bar(ui, TOOL_BAR);
        let has_room = bar.available_width() >= TOOLS + ABOUT + segments::width(&bar, &FORMS);
        if let Some(form) = fitting(&mut bar, "Shown as", &FORMS, self.form, has_room) {
            self.form = form;
        }
        let about = tree.answers.about();
        let text = if about.is_empty() {
            title.to_owned()
        } else {
            format!("{title}: {about}")
        };
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            if let Some(graph) = &tree.answers.graph {
                if icon_button(ui, Icon::EXPORT, "Export the picture", 24.0).clicked() {
                    cx.send(Command::Export(Arc::new(GraphFile(Arc::clone(graph))), None));
                }
                self.look.tools(ui);
            } else {
                self.rows.tools(ui, cx, tree);
            }
            ui.add_space(4.0);
            let color = Tokens::of(ui).text_subdued;
            ui.add(Label::new(RichText::new(text).color(color)).truncate());
        });
    }
}

impl View for PathsView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((_, snapshot)) = cx.snapshot() else {
            return;
        };
        let Some(many) = self.many(cx, snapshot) else {
            self.of = None;
            empty(
                ui,
                "Choose “Paths for all” in the menu of a class, a group or several rows (or press Shift R there) to see why \
                 all its objects are alive: the ways from the roots, laid over each other.",
            );
            return;
        };
        self.begin(&many);
        let asker = cx.asker(snapshot);
        let answers = self.answers(&asker, &many);
        let tree = PathsTree {
            asker,
            form: self.form,
            answers: Arc::new(answers),
            order: self.rows.table().order,
        };
        self.tool_bar(ui, cx, &tree, &many.title);
        if self.form == Form::Graph && !tree.answers.asked.is_waiting && tree.answers.asked.failure.is_none()
        {
            let Some(graph) = &tree.answers.graph else { return };
            if graph.node_count() == 0 {
                empty(ui, "No way from the roots leads to any of these objects.");
                return;
            }
            let chosen = self.look.show(ui, graph);
            if let Some(subject) = chosen.and_then(|node| cx.subject(What::Object(node))) {
                cx.send(Command::Select(subject.into()));
            }
            return;
        }
        let acted = self.rows.show(ui, cx, &tree, None);
        match acted.opened {
            Some(row @ Row::Object(_)) => self.rows.go(cx, &tree, &row),
            Some(_) => self.rows.tree.toggle_current(&tree),
            None => {}
        }
    }

    fn focus_id(&self) -> Id {
        if self.form == Form::Graph {
            self.look.id()
        } else {
            self.rows.table().id()
        }
    }

    fn find(&mut self, ctx: &Context) {
        self.rows.tree.finder.open(ctx);
    }

    fn status(&self) -> Option<String> {
        let objects = self.finding.latest()?;
        let count = counted(objects.nodes().len() as u64, "object", "objects");
        let merged = self.merged.latest().and_then(|tree| tree.branches().first());
        Some(match merged {
            Some(root) => format!("{count}, {} retained together", human_bytes(root.retained_size)),
            None => count,
        })
    }
}
