//! Which functions allocated what: a table of functions with their callers, or of calls from the top, and the same as an icicle
//! beside it. One way for recordings and sampling profiles.

use std::sync::Arc;

use eframe::egui::{Context, Id, Rect, RichText, Ui, UiBuilder, vec2};

use super::call_rows::{Level, Row, Rows};
use super::cx::Cx;
use super::rows::RowTree;
use super::theme::{Tokens, fonts};
use super::widgets::button::{Button, Look};
use super::widgets::flame::{Deed, FlameChart, FlameFace};
use super::widgets::segments::segments;
use super::widgets::table::DENSE_ROW;
use crate::analysis::call_tree::{CallTree, Known};
use crate::base::units::{human_bytes, share};
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::allocations::flame::{Flame, FlameBox, Measure};
use crate::query::allocations::{AllocationColumn, Of, name};

/// How functions are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Each with its callers.
    Functions,
    /// From the outermost call down.
    Calls,
}

/// Table and icicle.
pub(crate) struct Calls {
    form: Form,
    measure: Measure,
    rows: RowTree<Rows>,
    chart: FlameChart,
    boxes: Slot<Flame>,
    /// What takes the whole width of the chart; the last is shown.
    zoomed: Vec<Of>,
    selected: Option<u32>,
}

const FORMS: [(Form, &str); 2] = [(Form::Functions, "Functions"), (Form::Calls, "Calls")];
const MEASURES: [(Measure, &str); 2] = [(Measure::LiveSize, "Live size"), (Measure::Size, "Size")];
/// Narrower boxes cannot be seen.
const LEAST_SHARE: f64 = 0.0005;
/// With less room table and chart stand one above the other.
const BESIDE: f32 = 1000.0;
const HEAD: f32 = 28.0;

impl Form {
    const fn top(self) -> Of {
        match self {
            Self::Functions => Of::Functions,
            Self::Calls => Of::Calls(None),
        }
    }
}

impl Calls {
    /// Those of a recording, or else of a sampling profile, which knows but one size.
    pub(crate) fn new(id: Id, is_exact: bool) -> Self {
        let (form, measure, by) = if is_exact {
            (Form::Functions, Measure::LiveSize, AllocationColumn::LiveSize)
        } else {
            (Form::Functions, Measure::Size, AllocationColumn::Size)
        };
        let order = Order::descending(by);
        Self {
            form,
            measure,
            rows: RowTree::new(
                if is_exact {
                    "allocations"
                } else {
                    "sampled allocations"
                },
                id,
                Level::new(form.top()),
                order,
                DENSE_ROW,
            ),
            chart: FlameChart::new(id.with("chart")),
            boxes: Slot::new(Lane::Frame),
            zoomed: Vec::new(),
            selected: None,
        }
    }

    /// Begins anew: another file.
    pub(crate) fn restart(&mut self) {
        self.rows.restart(Level::new(self.form.top()));
        self.zoomed.clear();
        self.selected = None;
    }

    /// Opens the bar that finds text in the rows.
    pub(crate) fn find(&mut self, ctx: &Context) {
        self.rows.tree.finder.open(ctx);
    }

    /// Controls for a tool bar.
    pub(crate) fn tools(&mut self, ui: &mut Ui) {
        if let Some(form) = segments(ui, "Show", &FORMS, self.form) {
            self.form = form;
            self.restart();
        }
    }

    /// Paints both in all the room there is; the row that was opened.
    pub(crate) fn show(&mut self, ui: &mut Ui, cx: &Cx<'_>, tree: &Arc<CallTree>) -> Option<Row> {
        let room = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(room);
        let (table, chart) = if room.width() >= BESIDE {
            let middle = (room.left() + room.width() * 0.66).round();
            (room.with_max_x(middle), room.with_min_x(middle + 1.0))
        } else {
            let middle = (room.top() + room.height() * 0.45).round();
            (room.with_min_y(middle), room.with_max_y(middle - 1.0))
        };
        let mut inner = ui.new_child(UiBuilder::new().max_rect(chart).id_salt("chart"));
        self.paint_chart(&mut inner, cx, tree, chart);
        let mut inner = ui.new_child(UiBuilder::new().max_rect(table).id_salt("table"));
        let order = self.rows.table().order;
        let rows = Rows {
            asks: cx.asks(),
            tree: Arc::clone(tree),
            order: match (tree.known(), order.by) {
                // They are not shown.
                (Known::Alive, AllocationColumn::Count | AllocationColumn::Size) => {
                    Order::descending(AllocationColumn::LiveSize)
                }
                _ => order,
            },
        };
        self.rows.show(&mut inner, cx, &rows, None).opened
    }

    fn paint_chart(&mut self, ui: &mut Ui, cx: &Cx<'_>, tree: &Arc<CallTree>, rect: Rect) {
        let tokens = Tokens::of(ui);
        let edge = (1.0, tokens.stroke_default);
        ui.painter().vline(rect.left() + 0.5, rect.y_range(), edge);
        let head = Rect::from_min_size(rect.min, vec2(rect.width(), HEAD)).shrink2(vec2(8.0, 0.0));
        let body = rect.with_min_y(rect.top() + HEAD).shrink2(vec2(4.0, 2.0));
        let question = Flame {
            of: self.zoomed.last().cloned().unwrap_or_else(|| self.form.top()),
            by: if tree.known() == Known::Alive {
                Measure::LiveSize
            } else {
                self.measure
            },
            least_share: LEAST_SHARE,
        };
        cx.asks().ask_about(tree, &mut self.boxes, &question);
        let boxes = self.boxes.latest().map_or(&[][..], Vec::as_slice);
        let top = boxes.iter().take_while(|one| one.depth == 0);
        let whole = top.map(|one| one.size).sum();
        let face = Face { tree, boxes, whole };
        let name = match self.form {
            Form::Functions => "Allocations by function, callers below",
            Form::Calls => "Allocations by call, from the top",
        };
        let mut inner = ui.new_child(UiBuilder::new().max_rect(body));
        let (deed, hovered, response) = self.chart.show(&mut inner, name, boxes, &face, self.selected);
        let told = hovered
            .or(self.selected)
            .filter(|&at| (at as usize) < boxes.len());
        let told = told.map(|at| face.spoken(at as usize));
        if let Some(at) = hovered {
            response.on_hover_text_at_pointer(face.spoken(at as usize));
        }
        let zoom = match deed {
            Some(Deed::Zoom(at)) => Some(way(&question.of, boxes, at)),
            _ => None,
        };
        match deed {
            Some(Deed::Select(at)) => self.selected = Some(at),
            Some(Deed::Zoom(_)) => {
                self.zoomed.extend(zoom);
                self.selected = Some(0);
            }
            Some(Deed::Out) => self.out(),
            None => {}
        }
        let mut bar = ui.new_child(UiBuilder::new().max_rect(head));
        bar.horizontal_centered(|ui| {
            if tree.known() == Known::All
                && let Some(measure) = segments(ui, "Width", &MEASURES, self.measure)
            {
                self.measure = measure;
                self.selected = None;
            }
            if !self.zoomed.is_empty() && ui.add(Button::new(Look::Ghost, "Zoom out")).clicked() {
                self.out();
            }
            let told = told.unwrap_or_else(|| "Enter zooms in, Backspace out".to_owned());
            let told = RichText::new(told)
                .font(fonts::small())
                .color(tokens.text_subdued);
            ui.add(eframe::egui::Label::new(told).truncate());
        });
    }

    fn out(&mut self) {
        self.zoomed.pop();
        self.selected = None;
    }
}

/// The question whose answer box `at` fills.
fn way(of: &Of, boxes: &[FlameBox], at: u32) -> Of {
    let one = &boxes[at as usize];
    if one.call.is_some() {
        return Of::Calls(one.call);
    }
    let mut path: Vec<u32> = vec![one.function];
    let mut above = one.parent;
    while let Some(at) = above {
        path.push(boxes[at as usize].function);
        above = boxes[at as usize].parent;
    }
    path.reverse();
    match of {
        // The outermost box is the last of the way that is shown.
        Of::Callers(shown) => Of::Callers(shown.iter().copied().chain(path.into_iter().skip(1)).collect()),
        Of::Functions | Of::Calls(_) => Of::Callers(path),
    }
}

struct Face<'a> {
    tree: &'a CallTree,
    boxes: &'a [FlameBox],
    /// What shares are of, in bytes.
    whole: u64,
}

impl FlameFace for Face<'_> {
    fn label(&self, at: usize) -> String {
        let function = &self.tree.functions()[self.boxes[at].function as usize];
        name(function).to_string_lossy().into_owned()
    }

    fn spoken(&self, at: usize) -> String {
        let size = self.boxes[at].size;
        format!(
            "{}, {}, {}",
            self.label(at),
            human_bytes(size),
            share(size, self.whole)
        )
    }
}
