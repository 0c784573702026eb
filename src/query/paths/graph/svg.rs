//! The picture as a file: SVG, or the language of Graphviz.

use std::fmt::Write as _;
use std::path::Path;

use petgraph::visit::EdgeRef as _;

use super::{RetainingGraph, Vertex};
use crate::query::paths::dot;

/// Width and height of a box, and how far boxes are from each other, in points.
pub const BOX: [f32; 2] = [176.0, 40.0];
/// How far columns and rows are from each other, from edge to edge.
pub const GAP: [f32; 2] = [104.0, 16.0];

/// The upper left corner of a box.
pub fn corner(vertex: &Vertex) -> [f32; 2] {
    [
        f32::from(u16::try_from(vertex.column).unwrap_or(u16::MAX)) * (BOX[0] + GAP[0]),
        vertex.row * (BOX[1] + GAP[1]),
    ]
}

/// Room for the whole picture.
pub fn size(graph: &RetainingGraph) -> [f32; 2] {
    let corners = graph.node_weights().map(corner);
    corners.fold(BOX, |size, corner| {
        [size[0].max(corner[0] + BOX[0]), size[1].max(corner[1] + BOX[1])]
    })
}

const MARGIN: f32 = 16.0;
/// Letters that fit in a box, and in the gap between two.
const LETTERS: usize = 26;
const EDGE_LETTERS: usize = 17;

/// The picture as an SVG file.
pub fn write(graph: &RetainingGraph) -> String {
    let [width, height] = size(graph);
    let (width, height) = (width + 2.0 * MARGIN, height + 2.0 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"{} {} {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<rect x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\" \
         fill=\"#fff\"/>\n",
        -MARGIN, -MARGIN, -MARGIN, -MARGIN
    );
    for edge in graph.edge_references() {
        let (from, to) = (corner(&graph[edge.source()]), corner(&graph[edge.target()]));
        let [x1, y1] = [from[0] + BOX[0], from[1] + BOX[1] / 2.0];
        let [x2, y2] = [to[0], to[1] + BOX[1] / 2.0];
        let bend = GAP[0] / 2.0;
        let dashes = if edge.weight().is_beside {
            " stroke-dasharray=\"4 3\""
        } else {
            ""
        };
        let _ = writeln!(
            svg,
            "<path d=\"M{x1} {y1} C{} {y1} {} {y2} {x2} {y2}\" fill=\"none\" stroke=\"#8a8f98\"{dashes}/>",
            x1 + bend,
            x2 - bend
        );
        if !edge.weight().is_beside {
            text(
                &mut svg,
                [x2 - 4.0, y2 - 4.0],
                "end",
                "#5b616b",
                &edge.weight().name,
                EDGE_LETTERS,
            );
        }
    }
    for vertex in graph.node_weights() {
        let [x, y] = corner(vertex);
        let (fill, stroke) = match (vertex.node, vertex.is_asked) {
            (None, _) => ("#fff", "#c4c8ce"),
            (_, true) => ("#e6f0ff", "#2f6fd0"),
            _ => ("#f5f6f8", "#c4c8ce"),
        };
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"4\" fill=\"{fill}\" stroke=\"{stroke}\"/>",
            BOX[0], BOX[1]
        );
        text(
            &mut svg,
            [x + 8.0, y + 16.0],
            "start",
            "#1a1d21",
            &vertex.title,
            LETTERS,
        );
        text(
            &mut svg,
            [x + 8.0, y + 32.0],
            "start",
            "#5b616b",
            &vertex.note,
            LETTERS,
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// Writes `words` at a point, cut to `most` letters.
fn text(svg: &mut String, [x, y]: [f32; 2], anchor: &str, color: &str, words: &str, most: usize) {
    let _ = write!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{color}\">"
    );
    for (at, letter) in words.chars().enumerate() {
        match letter {
            _ if at == most => {
                svg.push('…');
                break;
            }
            '<' => svg.push_str("&lt;"),
            '>' => svg.push_str("&gt;"),
            '&' => svg.push_str("&amp;"),
            '"' => svg.push_str("&quot;"),
            letter if letter.is_control() => svg.push(' '),
            letter => svg.push(letter),
        }
    }
    svg.push_str("</text>\n");
}

/// The picture as the name of the file at `path` asks for: for Graphviz if that says so, else SVG.
pub fn as_file(graph: &RetainingGraph, path: &Path) -> String {
    let extension = path.extension().unwrap_or_default();
    if extension.eq_ignore_ascii_case("dot") || extension.eq_ignore_ascii_case("gv") {
        write_dot(graph)
    } else {
        write(graph)
    }
}

/// The picture in the language of Graphviz.
pub fn write_dot(graph: &RetainingGraph) -> String {
    let node = |vertex: &Vertex| dot::label(&[&vertex.title, &vertex.note]);
    let mut text = "digraph {\n    rankdir=LR; node [ shape=box ];\n".to_owned();
    for at in graph.node_indices() {
        let _ = writeln!(text, "    {} [ {} ]", at.index(), node(&graph[at]));
    }
    for edge in graph.edge_references() {
        let style = if edge.weight().is_beside {
            " style=dashed"
        } else {
            ""
        };
        let label = dot::label(&[&edge.weight().name]);
        let (from, to) = (edge.source().index(), edge.target().index());
        let _ = writeln!(text, "    {from} -> {to} [ {label}{style} ]");
    }
    text.push_str("}\n");
    text
}
