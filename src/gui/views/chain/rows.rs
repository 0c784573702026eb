//! The rows of the chain: a step each, stretches of the engine in one that opens.

use std::fmt::Write as _;
use std::sync::Arc;

use super::question::{Line, Way, WayStep};
use crate::analysis::owners::Owners;
use crate::base::index::NodeIx;
use crate::base::units::{counted, grouped};
use crate::graph::NodeKind;
use crate::gui::cx::Asker;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::query::edges::EdgeColumn;
use crate::query::folding::Label;
use crate::query::subject::What;

/// The chain of a frame.
#[derive(Clone)]
pub(super) struct Links {
    pub(super) asker: Asker,
    pub(super) asked: Asked,
    pub(super) ways: Option<Arc<Vec<Way>>>,
    /// Which of the ways is shown.
    pub(super) shown: usize,
    pub(super) owners: Option<Arc<Owners>>,
    /// The step that is worth cutting.
    pub(super) cut: Option<usize>,
    /// Is there room to say in its row what a cut frees?
    pub(super) is_wide: bool,
}

/// A step, or some that are folded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) line: Line,
    /// Was it folded away?
    pub(super) is_inner: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Level {
    Way,
    Fold { first: usize, count: usize },
}

/// The columns.
pub(super) const HEADS: &[Head<EdgeColumn>] = &[
    Head::new(
        EdgeColumn::EdgeName,
        "Way from the roots",
        "Way from the roots",
        360.0,
    ),
    Head::new(EdgeColumn::Name, "Module", "Module or script", 196.0).extra(),
    Head::new(EdgeColumn::Distance, "Distance", "Distance from the roots", 48.0),
    Head::new(
        EdgeColumn::RetainedSize,
        "Retained, B",
        "Retained size in bytes",
        88.0,
    ),
];

/// Room for the rail at the left.
const RAIL: f32 = 20.0;
/// Rows of a fold are farther in by that.
const INDENT: f32 = 16.0;
/// Nodes stand below each other, so far from where edges begin.
const EDGE: f32 = 140.0;

impl Links {
    pub(super) fn way(&self) -> Option<&Way> {
        self.ways.as_ref()?.get(self.shown)
    }

    fn step(&self, at: usize) -> Option<&WayStep> {
        self.way()?.steps.get(at)
    }

    /// The last step of `line`: where it leads.
    fn end(&self, line: Line) -> Option<&WayStep> {
        match line {
            Line::Step(at) => self.step(at),
            Line::Fold { first, count } => self.step(first + count - 1),
        }
    }

    fn node(&self, row: &Row) -> NodeIx {
        let root = self.asker.snapshot.graph().root();
        self.end(row.line).map_or(root, |step| step.folded.node)
    }

    /// How many edges are behind `line`.
    fn length(&self, line: Line) -> u64 {
        match line {
            Line::Step(_) => 1,
            Line::Fold { first, count } => {
                let steps = (first..first + count).filter_map(|at| self.step(at));
                steps.map(|step| step.folded.count as u64).sum()
            }
        }
    }

    /// `4 internal steps`
    fn folded_text(&self, line: Line) -> String {
        counted(self.length(line), "internal step", "internal steps")
    }

    /// What the step to `at` is called; nothing for the root.
    pub(super) fn label(&self, at: usize) -> String {
        match self.step(at).and_then(|step| step.folded.label) {
            None => String::new(),
            Some(Label::Edge(edge)) => node_text::edge_text(&self.asker.snapshot, edge, true),
            Some(label) => label.text(&self.asker.snapshot).to_string(),
        }
    }

    /// `node` in words.
    pub(super) fn name(&self, node: NodeIx) -> String {
        let snapshot = &*self.asker.snapshot;
        if node == snapshot.graph().root() {
            ROOT.to_owned()
        } else {
            node_text::spoken_node(snapshot, node)
        }
    }

    /// The script or module that `node` belongs to; of a function the line too.
    fn module(&self, node: NodeIx) -> String {
        let graph = self.asker.snapshot.graph();
        let Some(owners) = &self.owners else {
            return String::new();
        };
        let Some(owner) = owners.of(node) else {
            return String::new();
        };
        let name = owners.name(owner).to_string_lossy();
        match graph.locations().of(node) {
            Some(place) if graph.kind(node) == NodeKind::Closure => format!("{name}:{}", place.line + 1),
            _ => name.into_owned(),
        }
    }

    /// The whole way as text, a line a step.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for &line in self.way().map(|way| &*way.lines).unwrap_or_default() {
            let row = Row {
                line,
                is_inner: false,
            };
            let module = self.module(self.node(&row));
            let end = if module.is_empty() {
                "\n".to_owned()
            } else {
                format!("  ({module})\n")
            };
            let _ = write!(text, "{}{end}", self.spoken(&row).0);
        }
        text
    }

    fn frees(&self, row: &Row) -> Option<u64> {
        let Line::Step(at) = row.line else { return None };
        self.step(at).filter(|_| self.cut == Some(at))?.frees
    }
}

/// What the root is called here.
const ROOT: &str = "GC roots";

impl Branches for Links {
    type Row = Row;
    type Key = Line;
    type Level = Level;

    fn key(&self, row: &Row) -> Line {
        row.line
    }

    fn can_open(&self, row: &Row) -> bool {
        matches!(row.line, Line::Fold { .. })
    }

    fn repeats(&self, _row: &Row, _ancestors: &[Row]) -> bool {
        false
    }

    fn open(&self, row: &Row) -> Level {
        match row.line {
            Line::Fold { first, count } => Level::Fold { first, count },
            Line::Step(first) => Level::Fold { first, count: 1 },
        }
    }

    fn ask(&self, _level: &mut Level) -> Asked {
        self.asked.clone()
    }

    fn len(&self, level: &Level) -> u64 {
        let len = match level {
            Level::Way => self.way().map_or(0, |way| way.lines.len()),
            Level::Fold { count, .. } => *count,
        };
        len as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match *level {
            Level::Way => {
                let line = *self.way()?.lines.get(at)?;
                Some(Row {
                    line,
                    is_inner: false,
                })
            }
            Level::Fold { first, count } => (at < count).then_some(Row {
                line: Line::Step(first + at),
                is_inner: true,
            }),
        }
    }

    fn find(&self, level: &Level, key: Line) -> Option<u64> {
        (0..self.len(level)).find(|&at| self.row(level, at).is_some_and(|row| row.line == key))
    }

    fn nothing(&self, _level: &Level) -> &'static str {
        "No way leads there"
    }

    fn page(&self, _level: &Level) -> u64 {
        1000
    }
}

impl Face for Links {
    type Column = EdgeColumn;

    fn heads(&self) -> &'static [Head<EdgeColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, _repeats: bool, tokens: &Tokens) {
        let snapshot = &*self.asker.snapshot;
        strip.space(if row.is_inner { RAIL - INDENT } else { RAIL });
        let from = strip.x();
        match row.line {
            Line::Fold { .. } => {
                let text = self.folded_text(row.line);
                strip.text(&text, fonts::body(), tokens.text_subdued);
            }
            Line::Step(at) => match self.step(at).and_then(|step| step.folded.label) {
                Some(Label::Edge(edge)) => node_text::write_edge(strip, snapshot, edge, true, tokens),
                Some(_) => {
                    strip.text(&self.label(at), fonts::code(), tokens.text_strong);
                }
                None => {}
            },
        }
        if self.frees(row).is_some() {
            strip.space(6.0).icon(Icon::SCISSORS, 12.0, tokens.grow_text);
        }
        let gap = from + EDGE - strip.x();
        strip.space(gap.max(8.0));
        let node = self.node(row);
        if node == snapshot.graph().root() {
            strip.icon(Icon::ANCHOR, 14.0, tokens.kinds.root).space(6.0);
            strip.text(ROOT, fonts::body(), tokens.text_strong);
        } else {
            node_text::write_node(strip, snapshot, node, tokens);
        }
        if let Some(bytes) = self.frees(row).filter(|_| self.is_wide) {
            let text = format!("cutting here frees {} B", grouped(bytes));
            strip
                .space(10.0)
                .text(&text, fonts::number_badge(), tokens.grow_text);
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let (snapshot, node) = (&*self.asker.snapshot, self.node(row));
        match HEADS[at].by {
            EdgeColumn::Name => Value::Text(self.module(node)),
            EdgeColumn::Distance => node_text::distance(snapshot.distance(node)),
            EdgeColumn::RetainedSize => Value::Number(snapshot.retained_size(node)),
            _ => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        let (snapshot, node) = (&*self.asker.snapshot, self.node(row));
        let mut numbers = node_text::spoken_numbers(snapshot.distance(node), snapshot.retained_size(node));
        if let Some(bytes) = self.frees(row) {
            numbers = format!("{numbers}, cutting here frees {} bytes", grouped(bytes));
        }
        let name = self.name(node);
        let text = match row.line {
            Line::Fold { .. } => format!("{} to {name}", self.folded_text(row.line)),
            Line::Step(at) => match self.label(at) {
                label if label.is_empty() => name,
                label => format!("{label}: {name}"),
            },
        };
        (text, numbers)
    }

    fn copied(&self, row: &Row) -> String {
        self.asker.snapshot.id(self.node(row)).to_string()
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for Links {
    fn what(&self, row: &Row) -> Option<What> {
        Some(What::Object(self.node(row)))
    }
}
