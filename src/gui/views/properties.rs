//! What the selected object holds, as the one who wrote the program sees it; of a class, what it is.

mod class;
mod question;
mod text;
mod tree;

use eframe::egui::{Context, Id, Key, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use self::question::{Contents, Inside};
use self::text::TextBox;
use self::tree::{Contained, Level};
use crate::base::index::NodeIx;
use crate::gui::cx::{Cx, Place, Spec, View};
use crate::gui::node_text;
use crate::gui::rows::RowTree;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::value_text::is_text;
use crate::gui::widgets::empty;
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::ROW;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::edges::EdgeColumn;
use crate::query::subject::{SnapshotId, What};
use crate::snapshot::Snapshot;

pub(super) const SPEC: Spec = Spec {
    id: "properties",
    title: "Properties",
    icon: Icon::LIST_DASHES,
    place: Place::Bottom,
    is_apart: true,
    is_of_two: false,
    stands_alone: false,
    key: Some(Key::P),
    takes: Some("Properties"),
    open: |id| Box::new(PropertiesView::new(id)),
};

struct PropertiesView {
    rows: RowTree<Contained>,
    of: Option<(SnapshotId, NodeIx)>,
    contents: Slot<Contents>,
    /// Are the sections opened that are open at first?
    is_unfolded: bool,
    text: TextBox,
}

/// Height of the line that tells what is inspected.
const HEAD: f32 = 28.0;

impl PropertiesView {
    fn new(id: Id) -> Self {
        let order = Order::ascending(EdgeColumn::EdgeName);
        Self {
            rows: RowTree::new("properties", id, Level::Top, order, ROW)
                .about_selection()
                .without_header(),
            of: None,
            contents: Slot::new(Lane::Frame),
            is_unfolded: false,
            text: TextBox::new(),
        }
    }

    fn restart(&mut self, of: (SnapshotId, NodeIx)) {
        self.of = Some(of);
        self.rows.restart(Level::Top);
        self.contents = Slot::new(Lane::Frame);
        self.is_unfolded = false;
        self.text = TextBox::new();
    }

    fn object(
        &mut self,
        ui: &mut Ui,
        cx: &Cx<'_>,
        of: (SnapshotId, NodeIx),
        snapshot: &std::sync::Arc<Snapshot>,
    ) {
        if self.of != Some(of) {
            self.restart(of);
        }
        let (_, node) = of;
        let asker = cx.asker(snapshot);
        let order = self.rows.table().order;
        let asked = asker.ask(&mut self.contents, &Contents { node, order });
        let tree = Contained {
            object: node,
            order,
            asked,
            inside: self.contents.latest().cloned(),
            asker,
        };
        head(ui, snapshot, What::Object(node), tree.inside.as_deref());
        if is_text(snapshot.graph().kind(node)) {
            self.text.show(ui, &tree.asker, node);
        }
        self.unfold(&tree);
        let acted = self.rows.show(ui, cx, &tree, None);
        if let Some(row) = acted.opened {
            self.rows.go(cx, &tree, &row);
        }
    }

    /// Opens the sections that are open at first, once it is known which there are.
    fn unfold(&mut self, tree: &Contained) {
        let Some(inside) = tree.inside.as_deref().filter(|_| !self.is_unfolded) else {
            return;
        };
        self.is_unfolded = true;
        let outline = &mut self.rows.tree.outline;
        outline.refresh(tree);
        for section in &inside.inspected.sections {
            if !tree::is_folded(section.kind)
                && let Some(path) = outline.reveal(tree, &[], tree::Key::Section(section.kind))
            {
                outline.expand(tree, &path);
            }
        }
    }
}

/// What is inspected: name, shape, and where it comes from.
fn head(ui: &mut Ui, snapshot: &Snapshot, what: What, inside: Option<&Inside>) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    let tokens = Tokens::of(ui);
    ui.painter().rect_filled(rect, 0.0, tokens.bg_canvas);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, (1.0, tokens.stroke_subtle));
    let source = inside.and_then(source);
    let shape = inside.map(|inside| inside.shape.as_str()).unwrap_or_default();
    let line = Rect::from_min_max(rect.min + vec2(12.0, 0.0), rect.max - vec2(12.0, 0.0));
    let mut strip = Strip::new(ui.painter(), line);
    match what {
        What::Object(_) if !shape.is_empty() => {
            strip.text(shape, fonts::code(), tokens.text);
        }
        What::Object(node) => {
            let class = snapshot.class_of(node);
            node_text::write_class(&mut strip, snapshot, class, tokens);
        }
        What::Class(class) => node_text::write_class(&mut strip, snapshot, class, tokens),
    }
    strip.space(8.0);
    if let Some((short, _)) = &source {
        strip.text(short, fonts::body(), tokens.text_subdued);
    }
    let mut spoken = node_text::spoken_subject(snapshot, what);
    for more in [
        shape,
        source
            .as_ref()
            .map(|source| source.0.as_str())
            .unwrap_or_default(),
    ] {
        if !more.is_empty() {
            spoken = format!("{spoken}, {more}");
        }
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    if let Some((_, whole)) = source {
        response.on_hover_text(whole);
    }
}

/// Where an object comes from: the end of the script's path with the line, and the whole of it.
fn source(inside: &Inside) -> Option<(String, String)> {
    let source = inside.inspected.source.as_ref()?;
    let script = source.script.as_ref()?.to_string();
    let line = source.place.line + 1;
    let end = script
        .rmatch_indices(['/', '\\'])
        .nth(1)
        .map_or(0, |(at, _)| at + 1);
    Some((
        format!("{}:{line}", &script[end..]),
        format!("{script}:{line}:{}", source.place.column + 1),
    ))
}

impl View for PropertiesView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        match (cx.snapshot(), cx.selected()) {
            (Some((id, snapshot)), Some(What::Object(node))) => self.object(ui, cx, (id, node), snapshot),
            (Some((_, snapshot)), Some(What::Class(class))) => {
                self.of = None;
                head(ui, snapshot, What::Class(class), None);
                ui.add_space(8.0);
                class::show(ui, snapshot, class);
            }
            _ => {
                self.of = None;
                empty(ui, "Select an object above to see what it holds.");
            }
        }
    }

    fn focus_id(&self) -> Id {
        self.rows.table().id()
    }

    fn find(&mut self, ctx: &Context) {
        self.rows.tree.finder.open(ctx);
    }
}
