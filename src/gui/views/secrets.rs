//! Texts that must not get into strange hands, and what holds them. None is shown whole.

mod rows;

use eframe::egui::{Align, Context, Id, Layout, RichText, Ui};

use self::rows::{HEADS, Level, SecretTree};
use crate::base::units::counted;
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::rows::{RowTree, Subjects as _};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::search_box::SearchBox;
use crate::gui::widgets::table::DENSE_ROW;
use crate::gui::widgets::{tool_bar, unanswered};
use crate::job::{Lane, Slot};
use crate::query::pattern::Pattern;
use crate::query::secrets::FindSecrets;
use crate::query::secrets::listing::ListSecrets;
use crate::query::subject::SnapshotId;

pub(super) const SPEC: Spec = Spec {
    id: "secrets",
    title: "Secrets",
    icon: Icon::FINGERPRINT,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: None,
    open: |id| Box::new(SecretsView::new(id)),
};

struct SecretsView {
    rows: RowTree<SecretTree>,
    search: SearchBox,
    pattern: Option<Pattern>,
    finding: Slot<FindSecrets>,
    of: Option<SnapshotId>,
}

const TOOL_BAR: f32 = 36.0;
/// What the buttons at the right end of the bar take, and what the number of secrets takes.
const TOOLS: f32 = 64.0;
const COUNT: f32 = 96.0;

impl SecretsView {
    fn new(id: Id) -> Self {
        Self {
            rows: RowTree::new("secrets", id, Level::new(), ListSecrets::DEFAULT_ORDER, DENSE_ROW),
            search: SearchBox::new("Filter by kind, property or holder", id),
            pattern: None,
            finding: Slot::new(Lane::Bulk),
            of: None,
        }
    }

    fn tool_bar(&mut self, ui: &mut Ui, cx: &Cx<'_>, secrets: &SecretTree) {
        let mut bar = tool_bar(ui, TOOL_BAR);
        let width = (bar.available_width() * 0.4).clamp(140.0, 240.0).round();
        if self.search.show(&mut bar, "/", width) {
            bar.memory_mut(|memory| memory.request_focus(self.focus_id()));
        }
        let color = Tokens::of(&bar).text_subdued;
        let note = match cx.snapshot() {
            Some((_, snapshot)) if snapshot.is_redacted() => {
                "Values are hidden: show them to look for secrets"
            }
            _ => "Compiled code and sources are not looked at. Redact takes all out",
        };
        if bar.available_width() > TOOLS + COUNT + 400.0 {
            bar.label(RichText::new(note).color(color));
        }
        let count = self.status();
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            self.rows.tools(ui, cx, secrets);
            if let Some(count) = count.filter(|_| ui.available_width() > COUNT) {
                ui.add_space(4.0);
                ui.label(RichText::new(count).font(fonts::number()).color(color));
            }
        });
    }
}

impl View for SecretsView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((id, snapshot)) = cx.snapshot() else {
            return;
        };
        if self.of != Some(id) {
            self.of = Some(id);
            self.rows.restart(Level::new());
        }
        self.search.keep_up(&mut self.pattern);
        let asker = cx.asker(snapshot);
        if let Some(reason) = asker.ask(&mut self.finding, &FindSecrets).failure {
            return unanswered(ui, cx.jobs, "Secrets cannot be told", &reason);
        }
        let secrets = SecretTree {
            asker,
            secrets: self.finding.latest().cloned(),
            pattern: self.pattern.clone(),
            order: self.rows.table().order,
        };
        self.tool_bar(ui, cx, &secrets);
        let acted = self.rows.show(ui, cx, &secrets, None);
        if let Some(row) = acted.opened
            && let Some(subject) = secrets.subject(cx, &row)
        {
            cx.go_home(subject);
        }
    }

    fn focus_id(&self) -> Id {
        self.rows.table().id()
    }

    fn find(&mut self, ctx: &Context) {
        self.rows.tree.finder.open(ctx);
    }

    fn filter(&mut self, ctx: &Context, text: Option<&str>) {
        self.search.take(ctx, text);
    }

    fn status(&self) -> Option<String> {
        let rows = self.rows.tree.outline.top().answer()?;
        Some(counted(rows.len() as u64, "secret", "secrets"))
    }

    fn shared(&self) -> Option<Shared> {
        Some(self.rows.shared(self.search.text()))
    }

    fn adopt(&mut self, shared: &Shared, scrolled: f64) {
        self.rows.adopt(HEADS, shared, scrolled);
        if self.search.text() != shared.filter {
            self.search.set(&shared.filter);
        }
    }
}
