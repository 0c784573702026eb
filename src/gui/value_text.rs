//! How values are written in the inspector: texts in quotes, numbers as numbers, objects by name and id.

use crate::analysis::values;
use crate::base::index::NodeIx;
use crate::graph::NodeKind;
use crate::gui::node_text;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::strip::Strip;
use crate::snapshot::Snapshot;

/// What is said where the file has no node: the engine keeps these in the place of a pointer.
const INSIDE: &str = "small integer, kept inside the object";

/// Is there nothing in `node` that a person would open it for?
pub(crate) fn is_leaf(snapshot: &Snapshot, node: NodeIx) -> bool {
    let graph = snapshot.graph();
    is_text(graph.kind(node))
        || matches!(graph.kind(node), NodeKind::Number | NodeKind::BigInt)
        || values::value(graph, node).is_some()
}

/// Is it a string of some sort?
pub(crate) const fn is_text(kind: NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::String | NodeKind::ConcatenatedString | NodeKind::SlicedString
    )
}

/// Writes `node`; none is a value that left no trace in the file.
pub(crate) fn write_value(strip: &mut Strip<'_>, snapshot: &Snapshot, node: Option<NodeIx>, tokens: &Tokens) {
    let kinds = &tokens.kinds;
    let Some(node) = node else {
        strip.icon(Icon::HASH, 14.0, kinds.number).space(6.0);
        strip.text(INSIDE, fonts::body(), tokens.text_subdued);
        return;
    };
    let graph = snapshot.graph();
    if let Some(value) = values::value(graph, node) {
        let is_number = graph.kind(node) == NodeKind::Number;
        let (icon, tint) = if is_number {
            (Icon::HASH, kinds.number)
        } else {
            (Icon::GEAR, kinds.system)
        };
        strip.icon(icon, 14.0, tint).space(6.0);
        strip
            .text(&value.as_js().to_string_lossy(), fonts::body(), tint)
            .space(6.0);
        if is_number && snapshot.shallow_size(node) == 0 {
            strip.text(INSIDE, fonts::body(), tokens.text_subdued);
        }
    } else if graph.kind(node) == NodeKind::String {
        strip.icon(Icon::QUOTES, 14.0, kinds.string).space(6.0);
        let text = format!("\"{}\"", snapshot.name(node).as_js().to_string_lossy());
        strip.text(&text, fonts::body(), kinds.string).space(6.0);
        strip.text(&snapshot.id(node).to_string(), fonts::id(), tokens.text_subdued);
    } else {
        node_text::write_node(strip, snapshot, node, tokens);
    }
}

/// The same in words.
pub(crate) fn spoken_value(snapshot: &Snapshot, node: Option<NodeIx>) -> String {
    let Some(node) = node else {
        return INSIDE.to_owned();
    };
    match values::value(snapshot.graph(), node) {
        Some(value) => value.to_string(),
        None => node_text::spoken_node(snapshot, node),
    }
}
