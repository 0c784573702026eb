//! What drops down to choose the filter from: DevTools' filters, and between which snapshots objects were allocated.

use eframe::egui::{RichText, Sense, Ui, vec2};

use super::{EVERYTHING, FILTERS, WIDTH, hindrance};
use crate::analysis::id_space::Verdict;
use crate::base::units::counted;
use crate::gui::command::Command;
use crate::gui::cx::Cx;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::picks::{Pick, picks};
use crate::gui::widgets::select::{Choice, option};
use crate::gui::workspace::Limit;
use crate::query::subject::SnapshotId;

const MARGIN: f32 = 8.0;

/// All that can be chosen.
pub(super) fn choose(ui: &mut Ui, cx: &Cx<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let limit = cx.workspace.limit();
    let plain = FILTERS.map(|(filter, text)| (Limit::Objects(filter), text));
    for (of, text) in [(Limit::No, EVERYTHING)].into_iter().chain(plain) {
        let choice = Choice {
            text,
            ..Choice::default()
        };
        if option(ui, &choice, WIDTH, of == limit).clicked() {
            cx.send(Command::Limit(of));
            ui.close();
        }
    }
    let entries = cx.workspace.entries().iter();
    let read: Vec<SnapshotId> = entries
        .filter(|entry| entry.snapshot().is_some())
        .map(|entry| entry.id)
        .collect();
    let Some((shown, _)) = cx.snapshot().filter(|_| read.len() > 1) else {
        return;
    };
    ui.add_space(4.0);
    let (rule, _) = ui.allocate_exact_size(vec2(WIDTH, 1.0), Sense::hover());
    let stroke = (1.0, Tokens::of(ui).stroke_default);
    ui.painter().hline(rule.x_range(), rule.center().y, stroke);
    ui.add_space(8.0);
    let allocated = Allocated {
        cx,
        read: &read,
        shown,
    };
    allocated.show(ui);
    ui.add_space(6.0);
}

/// The snapshots between which objects were allocated that are still in one of them.
struct Allocated<'a> {
    cx: &'a Cx<'a>,
    read: &'a [SnapshotId],
    shown: SnapshotId,
}

impl Allocated<'_> {
    fn show(&self, ui: &mut Ui) {
        let tokens = Tokens::of(ui);
        let (after, through) = match self.cx.workspace.limit() {
            Limit::Allocated { after, through } => (Some(after), Some(through)),
            Limit::No | Limit::Objects(_) | Limit::Recorded { .. } => (None, None),
        };
        ui.spacing_mut().item_spacing.y = 4.0;
        let lead = format!(
            "Allocated between two snapshots, still in {}",
            self.number(self.shown)
        );
        let lead = RichText::new(lead)
            .font(fonts::strong())
            .color(tokens.text_strong);
        indented(ui, |ui| ui.label(lead));
        let firsts = self.firsts();
        let chosen = after.and_then(|after| match after {
            None => Some(0),
            Some(id) => self.position(id).map(|at| at + 1),
        });
        if let Some(at) = line(ui, "After", &firsts, chosen) {
            self.choose_first(at, through.flatten());
        }
        let lasts = self.lasts(after.flatten());
        let chosen = through.and_then(|through| match through {
            None => Some(self.read.len()),
            Some(id) => self.position(id),
        });
        if let Some(at) = line(ui, "Until", &lasts, chosen) {
            self.choose_last(after.flatten(), at);
        }
        self.unfit(ui);
    }

    fn firsts(&self) -> Vec<Pick> {
        let start = Pick {
            label: "The beginning".to_owned(),
            name: "From the beginning".to_owned(),
            hindrance: None,
        };
        let snapshots = self.read.iter().map(|&id| self.pick(id, "After", None));
        [start].into_iter().chain(snapshots).collect()
    }

    fn lasts(&self, after: Option<SnapshotId>) -> Vec<Pick> {
        let now = Pick {
            label: "Now".to_owned(),
            name: "Until the snapshot that is shown".to_owned(),
            hindrance: None,
        };
        let snapshots = self.read.iter().map(|&id| self.pick(id, "Until", after));
        snapshots.chain([now]).collect()
    }

    fn pick(&self, id: SnapshotId, role: &str, before: Option<SnapshotId>) -> Pick {
        let number = self.number(id);
        let is_early = before.is_some_and(|before| number <= self.number(before));
        let hindrance = match self.cx.workspace.id_verdict(id, self.shown) {
            _ if is_early => Some("It is not later than the one above".to_owned()),
            Some(Verdict::Comparable) => None,
            verdict => Some(hindrance(self.cx, id, self.shown, verdict)),
        };
        Pick {
            label: number.to_string(),
            name: format!("{role} snapshot {number}"),
            hindrance,
        }
    }

    /// Objects are to be later than the first of that place.
    fn choose_first(&self, at: usize, through: Option<SnapshotId>) {
        let after = at.checked_sub(1).and_then(|at| self.read.get(at).copied());
        let is_later = |id: &SnapshotId| after.is_none_or(|after| self.number(after) < self.number(*id));
        let through = through.filter(is_later);
        // Nothing is left out by "from the beginning until now".
        let through = if after.is_none() {
            through.or_else(|| self.read.first().copied())
        } else {
            through
        };
        self.cx.send(Command::Limit(Limit::Allocated { after, through }));
    }

    /// Objects are to be older than the last of that place.
    fn choose_last(&self, after: Option<SnapshotId>, at: usize) {
        let limit = match (after, self.read.get(at).copied()) {
            (None, None) => Limit::No,
            (after, through) => Limit::Allocated { after, through },
        };
        self.cx.send(Command::Limit(limit));
    }

    /// That some snapshots cannot be chosen, and why.
    fn unfit(&self, ui: &mut Ui) {
        let is_unfit = |id: &&SnapshotId| {
            let verdict = self.cx.workspace.id_verdict(**id, self.shown);
            verdict.is_some_and(|verdict| verdict != Verdict::Comparable)
        };
        let count = self.read.iter().filter(is_unfit).count();
        if count == 0 {
            return;
        }
        let whose = if count == 1 { "its" } else { "their" };
        let snapshots = counted(count as u64, "snapshot", "snapshots");
        let text = format!("{snapshots} cannot be chosen: {whose} ids name other objects.");
        let color = Tokens::of(ui).text_subdued;
        indented(ui, |ui| {
            ui.label(RichText::new(text).font(fonts::small()).color(color))
        });
    }

    fn number(&self, id: SnapshotId) -> usize {
        self.cx.workspace.number(id)
    }

    fn position(&self, id: SnapshotId) -> Option<usize> {
        self.read.iter().position(|&of| of == id)
    }
}

fn line(ui: &mut Ui, name: &str, all: &[Pick], chosen: Option<usize>) -> Option<usize> {
    indented(ui, |ui| {
        ui.label(RichText::new(name).color(Tokens::of(ui).text_subdued));
        picks(ui, name, all, chosen)
    })
}

fn indented<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let inner = ui.horizontal(|ui| {
        ui.add_space(MARGIN);
        let column = ui.vertical(|ui| {
            ui.set_width(WIDTH - 2.0 * MARGIN);
            contents(ui)
        });
        column.inner
    });
    inner.inner
}
