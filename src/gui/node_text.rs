//! How objects, edges and their numbers are written in rows: one way for all views.

use std::borrow::Cow;

use super::theme::{Icon, Tokens, fonts, icons};
use super::widgets::strip::Strip;
use super::widgets::value::Value;
use crate::analysis::distances::{Distance, Reach};
use crate::analysis::names;
use crate::base::index::{ClassIx, EdgeIx, NodeIx};
use crate::base::units::grouped;
use crate::graph::{Detachedness, EdgeKind, EdgeName, NodeKind};
use crate::query::edges::EdgeRow;
use crate::query::subject::What;
use crate::snapshot::Snapshot;

/// Writes what `node` is: icon, name, id.
pub(crate) fn write_node(strip: &mut Strip<'_>, snapshot: &Snapshot, node: NodeIx, tokens: &Tokens) {
    let name = snapshot.name(node);
    let name = name.as_js().to_string_lossy();
    let (icon, tint) = icons::of_node(snapshot.graph().kind(node), &name, tokens);
    strip.icon(icon, 14.0, tint).space(6.0);
    strip.text(
        &shown_name(snapshot, node, &name),
        fonts::body(),
        tokens.text_strong,
    );
    if snapshot.detachedness(node) == Detachedness::Detached {
        strip.space(4.0).icon(Icon::LINK_BREAK, 12.0, tokens.high_text);
    }
    strip.space(6.0);
    strip.text(&snapshot.id(node).to_string(), fonts::id(), tokens.text_subdued);
}

/// Writes an edge and what it leads to: `name : object`.
pub(crate) fn write_held(strip: &mut Strip<'_>, snapshot: &Snapshot, row: EdgeRow, tokens: &Tokens) {
    write_edge(strip, snapshot, row.edge, false, tokens);
    strip.text(" : ", fonts::code(), tokens.text_subdued);
    write_node(strip, snapshot, row.node, tokens);
}

/// The same in words.
pub(crate) fn spoken_held(snapshot: &Snapshot, row: EdgeRow) -> String {
    let edge = edge_text(snapshot, row.edge, false);
    format!("{edge}: {}", spoken_node(snapshot, row.node))
}

/// Writes what stands for an object that is already above.
pub(crate) fn write_repeats(strip: &mut Strip<'_>, tokens: &Tokens) {
    strip
        .space(8.0)
        .icon(Icon::ARROW_CLOCKWISE, 12.0, tokens.text_subdued)
        .space(4.0);
    strip.text("seen above", fonts::small(), tokens.text_subdued);
}

/// Writes what `edge` is called. With `dots` properties look as they do where they are used: `.cache`, `["a-b"]`.
pub(crate) fn write_edge(
    strip: &mut Strip<'_>,
    snapshot: &Snapshot,
    edge: EdgeIx,
    dots: bool,
    tokens: &Tokens,
) {
    let kind = snapshot.graph().head(edge).kind();
    let icon = match kind {
        EdgeKind::Context => Some(Icon::BRACES),
        EdgeKind::Internal => Some(Icon::GEAR),
        EdgeKind::Hidden => Some(Icon::EYE_SLASH),
        EdgeKind::Weak => Some(Icon::LINK_BREAK),
        EdgeKind::Shortcut => Some(Icon::ARROW_BEND),
        EdgeKind::Property | EdgeKind::Element | EdgeKind::Other => None,
    };
    if let Some(icon) = icon {
        strip.icon(icon, 12.0, tokens.text_subdued).space(4.0);
    }
    let is_engine = matches!(kind, EdgeKind::Internal | EdgeKind::Hidden | EdgeKind::Weak);
    let color = if is_engine {
        tokens.text_subdued
    } else {
        tokens.text_strong
    };
    strip.text(&edge_text(snapshot, edge, dots), fonts::code(), color);
}

/// What `edge` is called.
pub(crate) fn edge_text(snapshot: &Snapshot, edge: EdgeIx, dots: bool) -> String {
    let graph = snapshot.graph();
    match (graph.head(edge).kind(), names::edge(graph, edge)) {
        (EdgeKind::Element, EdgeName::Index(index)) => format!("[{index}]"),
        (_, EdgeName::Index(index)) => index.to_string(),
        (_, EdgeName::Text(text)) if text.is_empty() => "(empty)".to_owned(),
        (EdgeKind::Property, EdgeName::Text(text)) if dots => {
            let text = text.to_string_lossy();
            if is_identifier(&text) {
                format!(".{text}")
            } else {
                format!("[{text:?}]")
            }
        }
        (_, EdgeName::Text(text)) => text.to_string_lossy().into_owned(),
    }
}

/// `node` in words: `PriceQuery @1741207`.
pub(crate) fn spoken_node(snapshot: &Snapshot, node: NodeIx) -> String {
    format!("{} {}", spoken_name(snapshot, node), snapshot.id(node))
}

/// The same without the id.
pub(crate) fn spoken_name(snapshot: &Snapshot, node: NodeIx) -> String {
    let name = snapshot.name(node);
    let name = name.as_js().to_string_lossy();
    shown_name(snapshot, node, &name).into_owned()
}

/// The name as it would stand in a program.
fn shown_name<'a>(snapshot: &Snapshot, node: NodeIx, name: &'a str) -> Cow<'a, str> {
    match snapshot.graph().kind(node) {
        NodeKind::String | NodeKind::ConcatenatedString | NodeKind::SlicedString => {
            format!("\"{name}\"").into()
        }
        NodeKind::RegExp => format!("/{name}/").into(),
        NodeKind::Closure if name.is_empty() => "(anonymous)".into(),
        NodeKind::Closure => format!("{name}()").into(),
        NodeKind::Array if name.is_empty() => "(internal array)".into(),
        _ if node == snapshot.graph().root() => "(root)".into(),
        _ if name.is_empty() => "(no name)".into(),
        _ => name.into(),
    }
}

fn is_identifier(text: &str) -> bool {
    let is_first = |c: char| c.is_alphabetic() || matches!(c, '_' | '$' | '#');
    let mut chars = text.chars();
    chars.next().is_some_and(is_first) && chars.all(|c| is_first(c) || c.is_numeric())
}

/// `what` in words.
pub(crate) fn spoken_subject(snapshot: &Snapshot, what: What) -> String {
    match what {
        What::Object(node) => spoken_node(snapshot, node),
        What::Class(class) => snapshot.classes().class(class).name.to_string(),
    }
}

/// Writes a class: icon, name.
pub(crate) fn write_class(strip: &mut Strip<'_>, snapshot: &Snapshot, class: ClassIx, tokens: &Tokens) {
    let name = snapshot.classes().class(class).name.to_string();
    let (icon, tint) = icons::of_class(&name, tokens);
    strip.icon(icon, 14.0, tint).space(6.0);
    strip.text(&name, fonts::body(), tokens.text_strong);
}

/// A distance; none for what no root of the program reaches.
pub(crate) fn distance(distance: Distance) -> Value {
    match distance.reach() {
        Reach::User => Value::Distance(distance.edges()),
        Reach::System | Reach::Unreachable => Value::Distance(None),
    }
}

/// A distance and a retained size in words.
pub(crate) fn spoken_numbers(far: Distance, retained: u64) -> String {
    match (far.reach(), far.edges()) {
        (Reach::User, Some(edges)) => format!("distance {edges}, retained {} bytes", grouped(retained)),
        _ => format!("retained {} bytes", grouped(retained)),
    }
}

#[cfg(test)]
mod tests {
    use super::is_identifier;

    #[test]
    fn only_names_are_written_after_a_dot() {
        for name in ["cache", "__data__", "$el", "é", "a1", "#private"] {
            assert!(is_identifier(name), "{name}");
        }
        for text in ["", "a-b", "1a", "app/pricing.js", "a b"] {
            assert!(!is_identifier(text), "{text}");
        }
    }
}
