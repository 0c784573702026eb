//! Trees whose rows are edges, each with the node at its far end: what an object holds, or who holds it.

use crate::base::index::{EdgeIx, NodeIx};
use crate::gui::cx::Asker;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::job::{Lane, Slot};
use crate::query::edges::{EdgeColumn, EdgeRow};
use crate::query::folded_retainers::FoldedRow;
use crate::query::folding::Label;
use crate::query::passing::Passing;
use crate::query::subject::What;
use crate::query::{Order, Query};
use crate::snapshot::Snapshot;

/// Which edges a tree shows, and how it speaks of them.
pub(crate) trait Edges: Clone + Send + Sync + 'static {
    /// A row as it is answered.
    type Item: Copy + Into<HeldRow> + Send + Sync;
    /// What is asked of each object.
    type Question: Query<Over = Snapshot, Answer = Vec<Self::Item>>;
    /// The columns.
    const HEADS: &'static [Head<EdgeColumn>];
    /// Do the edges lead from their objects towards the roots?
    const IS_UPWARDS: bool;

    /// The question about `node`.
    fn question(&self, node: NodeIx, order: Order<EdgeColumn>) -> Self::Question;
    /// Has `node` any such edges?
    fn has_any(&self, snapshot: &Snapshot, node: NodeIx) -> bool;
    /// What is said if it has none to show.
    fn nothing(&self, snapshot: &Snapshot, node: NodeIx) -> &'static str;
    /// Is the first row of a level opened without being asked, `depth` levels down?
    fn unfolds(&self, _row: &EdgeRow, _depth: usize) -> bool {
        false
    }
}

/// An edge and the node at its far end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HeldRow {
    /// The edge, or the first of those that are folded into one.
    pub(crate) edge: EdgeRow,
    /// How the fold is called, if it is one.
    pub(crate) label: Option<Label>,
}

impl From<EdgeRow> for HeldRow {
    fn from(edge: EdgeRow) -> Self {
        Self { edge, label: None }
    }
}

impl From<FoldedRow> for HeldRow {
    fn from(FoldedRow { row, label }: FoldedRow) -> Self {
        Self { edge: row, label }
    }
}

/// The tree of a frame: who is asked, and for which edges.
#[derive(Clone)]
pub(crate) struct EdgeTree<E: Edges> {
    /// Who is asked.
    pub(crate) asker: Asker,
    /// The object it begins with.
    pub(crate) object: NodeIx,
    /// How its levels are sorted.
    pub(crate) order: Order<EdgeColumn>,
    /// Which edges.
    pub(crate) edges: E,
    /// Objects that are not among these stand back.
    pub(crate) marked: Option<Passing>,
}

/// The edges of a node.
pub(crate) struct Level<E: Edges> {
    node: NodeIx,
    slot: Slot<E::Question>,
}

impl<E: Edges> Level<E> {
    /// The edges of `node`, not asked for yet.
    pub(crate) const fn of(node: NodeIx) -> Self {
        Self {
            node,
            slot: Slot::new(Lane::Frame),
        }
    }
}

impl<E: Edges> Branches for EdgeTree<E> {
    type Row = HeldRow;
    type Key = EdgeIx;
    type Level = Level<E>;

    fn key(&self, row: &HeldRow) -> EdgeIx {
        row.edge.edge
    }

    fn can_open(&self, row: &HeldRow) -> bool {
        self.edges.has_any(&self.asker.snapshot, row.edge.node)
    }

    fn repeats(&self, row: &HeldRow, ancestors: &[HeldRow]) -> bool {
        let node = row.edge.node;
        node == self.object || ancestors.iter().any(|above| above.edge.node == node)
    }

    fn open(&self, row: &HeldRow) -> Level<E> {
        Level::of(row.edge.node)
    }

    fn ask(&self, level: &mut Level<E>) -> Asked {
        let question = self.edges.question(level.node, self.order);
        self.asker.ask(&mut level.slot, &question)
    }

    fn len(&self, level: &Level<E>) -> u64 {
        level.slot.latest().map_or(0, Vec::len) as u64
    }

    fn row(&self, level: &Level<E>, at: u64) -> Option<HeldRow> {
        let item = level.slot.latest()?.get(usize::try_from(at).ok()?)?;
        Some((*item).into())
    }

    fn find(&self, level: &Level<E>, key: EdgeIx) -> Option<u64> {
        let at = level
            .slot
            .latest()?
            .iter()
            .position(|&item| item.into().edge.edge == key)?;
        Some(at as u64)
    }

    fn nothing(&self, level: &Level<E>) -> &'static str {
        self.edges.nothing(&self.asker.snapshot, level.node)
    }

    fn page(&self, _level: &Level<E>) -> u64 {
        100
    }

    fn unfolds(&self, row: &HeldRow, depth: usize) -> bool {
        self.edges.unfolds(&row.edge, depth)
    }
}

impl<E: Edges> Face for EdgeTree<E> {
    type Column = EdgeColumn;

    fn heads(&self) -> &'static [Head<EdgeColumn>] {
        E::HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &HeldRow, repeats: bool, tokens: &Tokens) {
        let snapshot = &*self.asker.snapshot;
        if E::IS_UPWARDS {
            match row.label {
                Some(label) => {
                    strip.text(&label_text(snapshot, label), fonts::code(), tokens.text_strong);
                }
                None => node_text::write_edge(strip, snapshot, row.edge.edge, true, tokens),
            }
            strip.space(6.0);
            strip.text("in", fonts::body(), tokens.text_subdued).space(6.0);
            node_text::write_node(strip, snapshot, row.edge.node, tokens);
        } else {
            node_text::write_held(strip, snapshot, row.edge, tokens);
        }
        if repeats {
            node_text::write_repeats(strip, tokens);
        }
    }

    fn value(&self, row: &HeldRow, at: usize) -> Value {
        let (snapshot, row) = (&*self.asker.snapshot, &row.edge);
        match E::HEADS[at].by {
            EdgeColumn::Distance => node_text::distance(row.distance),
            EdgeColumn::ShallowSize if E::HEADS[at].is_extra => {
                Value::Share(snapshot.shallow_size(row.node), snapshot.total_size())
            }
            EdgeColumn::ShallowSize => Value::Number(snapshot.shallow_size(row.node)),
            EdgeColumn::RetainedSize if E::HEADS[at].is_extra => {
                Value::Share(snapshot.retained_size(row.node), snapshot.total_size())
            }
            EdgeColumn::RetainedSize => Value::Number(snapshot.retained_size(row.node)),
            _ => Value::None,
        }
    }

    fn spoken(&self, row: &HeldRow) -> (String, String) {
        let snapshot = &*self.asker.snapshot;
        let EdgeRow { edge, node, distance } = row.edge;
        let numbers = node_text::spoken_numbers(distance, snapshot.retained_size(node));
        if E::IS_UPWARDS {
            let edge = match row.label {
                Some(label) => label_text(snapshot, label),
                None => node_text::edge_text(snapshot, edge, true),
            };
            (
                format!("{edge} in {}", node_text::spoken_node(snapshot, node)),
                numbers,
            )
        } else {
            (node_text::spoken_held(snapshot, row.edge), numbers)
        }
    }

    fn is_dim(&self, row: &HeldRow) -> bool {
        let marked = self.marked.as_ref();
        marked.is_some_and(|marked| !marked.contains(row.edge.node))
    }

    fn copied(&self, row: &HeldRow) -> String {
        self.asker.snapshot.id(row.edge.node).to_string()
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

/// How a fold is called where properties have dots.
fn label_text(snapshot: &Snapshot, label: Label) -> String {
    use crate::graph::EdgeKind;
    let text = label.text(snapshot).to_string();
    let is_property = match label {
        Label::Edge(edge) => snapshot.graph().head(edge).kind() != EdgeKind::Element,
        Label::Property(_) => true,
        Label::Element(_) | Label::Entry { .. } => false,
    };
    if is_property {
        node_text::dotted(&text)
    } else {
        text
    }
}

impl<E: Edges> Subjects for EdgeTree<E> {
    fn what(&self, row: &HeldRow) -> Option<What> {
        Some(What::Object(row.edge.node))
    }
}
