//! The fast reader against a slow one that is plain to see.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use super::{CHUNKS, read, try_read};
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::Task;
use crate::fixture::{Fixture, WhiteSpace};
use crate::parse::columns::{Columns, Place};
use crate::parse::kind::{Detachedness, EdgeKind, NodeKind};

/// The numbers of a record by the names of their fields.
struct Records<'v> {
    fields: Vec<&'v str>,
    numbers: &'v [Value],
}

impl<'v> Records<'v> {
    fn new(file: &'v Value, fields: &str, section: &str) -> Self {
        let fields = file["snapshot"]["meta"][fields].as_array();
        Self {
            fields: fields
                .into_iter()
                .flatten()
                .map(|field| field.as_str().unwrap())
                .collect(),
            numbers: file[section].as_array().map_or(&[], Vec::as_slice),
        }
    }

    fn iter(&self) -> impl Iterator<Item = impl Fn(&str) -> Option<u64> + '_> {
        self.numbers.chunks(self.fields.len().max(1)).map(|record| {
            |field: &str| {
                let at = self.fields.iter().position(|name| *name == field)?;
                Some(record[at].as_u64().unwrap())
            }
        })
    }

    fn types(&self, file: &Value, types: &str) -> Vec<String> {
        let at = self.fields.iter().position(|name| *name == "type").unwrap();
        let types = file["snapshot"]["meta"][types][at].as_array().unwrap();
        types
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect()
    }
}

/// The UTF-16 code units of the literals of an array, which begins after its bracket.
fn literals(text: &str) -> Vec<Vec<u16>> {
    let mut strings = Vec::new();
    let mut chars = text.chars();
    loop {
        match chars.next().unwrap() {
            ']' => return strings,
            '"' => {
                let mut units = Vec::new();
                loop {
                    match chars.next().unwrap() {
                        '"' => break,
                        '\\' => units.push(match chars.next().unwrap() {
                            'b' => 8,
                            'f' => 12,
                            'n' => 10,
                            'r' => 13,
                            't' => 9,
                            'u' => {
                                let hex: String = chars.by_ref().take(4).collect();
                                u16::from_str_radix(&hex, 16).unwrap()
                            }
                            other => u16::try_from(u32::from(other)).unwrap(),
                        }),
                        other => units.extend_from_slice(other.encode_utf16(&mut [0; 2])),
                    }
                }
                strings.push(units);
            }
            _ => {}
        }
    }
}

/// Are `columns` what `bytes` say? The strings must be the last section.
fn compare(bytes: &[u8], columns: &Columns) {
    let text = std::str::from_utf8(bytes).unwrap();
    // A string may be called so, too, but has no colon after it.
    let keys = text.match_indices("\"strings\"");
    let is_key = |&(at, key): &(usize, &str)| text[at + key.len()..].trim_start().starts_with(':');
    let (key, _) = keys.into_iter().find(is_key).unwrap();
    let (rest, strings) = text.split_at(key);
    // Lone surrogates are no strings for the other reader.
    let file: Value = serde_json::from_str(&format!("{rest}\"strings\":[]}}")).unwrap();
    let nodes = Records::new(&file, "node_fields", "nodes");
    let kinds = nodes.types(&file, "node_types");
    let detachedness = [
        Detachedness::Unknown,
        Detachedness::Attached,
        Detachedness::Detached,
    ];
    let (mut count, mut first) = (0, 0);
    for (at, node) in nodes.iter().enumerate() {
        let ix = NodeIx::new(at);
        let tag = columns.nodes.tags[at];
        let kind = &kinds[usize::try_from(node("type").unwrap()).unwrap()];
        assert_eq!(tag.kind(), NodeKind::from_name(kind));
        let state = usize::try_from(node("detachedness").unwrap_or(0)).unwrap();
        assert_eq!(tag.detachedness(), detachedness[state]);
        assert_eq!(Some(u64::from(columns.nodes.names[at].raw())), node("name"));
        assert_eq!(Some(columns.nodes.ids.get(ix)), node("id"));
        assert_eq!(Some(columns.nodes.self_sizes.get(ix)), node("self_size"));
        assert_eq!(u64::from(columns.nodes.first_edges[at]), first);
        first += node("edge_count").unwrap();
        count += 1;
    }
    assert_eq!(columns.nodes.tags.len(), count);
    let edges = Records::new(&file, "edge_fields", "edges");
    let kinds = edges.types(&file, "edge_types");
    let width = nodes.fields.len() as u64;
    assert_eq!(columns.edges.heads.len() as u64, first);
    for (at, edge) in edges.iter().enumerate() {
        let head = columns.edges.heads[at];
        let kind = &kinds[usize::try_from(edge("type").unwrap()).unwrap()];
        assert_eq!(head.kind(), EdgeKind::from_name(kind));
        assert_eq!(Some(u64::from(head.target().raw()) * width), edge("to_node"));
        assert_eq!(Some(u64::from(columns.edges.names[at])), edge("name_or_index"));
    }
    let locations = Records::new(&file, "location_fields", "locations");
    let expected: BTreeMap<u64, Place> = locations
        .iter()
        .map(|location| {
            let number = |field| u32::try_from(location(field).unwrap()).unwrap();
            let place = Place {
                script_id: number("script_id"),
                line: number("line"),
                column: number("column"),
            };
            (location("object_index").unwrap() / width, place)
        })
        .collect();
    let found = columns.locations.iter().map(|(node, place)| {
        let place = columns.locations.places()[place as usize];
        (node.at() as u64, place)
    });
    assert!(found.eq(expected));
    let (_, strings) = strings.split_once('[').unwrap();
    let expected = literals(strings);
    assert_eq!(columns.strings.len(), expected.len());
    for (ix, expected) in columns.strings.indices().zip(expected) {
        assert!(columns.strings.get(ix).utf16().eq(expected), "{ix:?}");
    }
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// A number of a random number of digits.
    fn number(&mut self, digits: u64) -> u64 {
        let limit = 10_u64.pow(u32::try_from(1 + self.below(digits)).unwrap());
        self.below(limit) * 977 % limit
    }
}

fn heap(seed: u64) -> String {
    let kinds = [
        "object",
        "string",
        "closure",
        "native",
        "concatenated_string",
        "array",
        "made_up",
    ];
    let edges = [
        "property", "element", "internal", "weak", "hidden", "context", "shortcut", "made_up",
    ];
    let names = [
        "a",
        "b b",
        "\\u00E9",
        "\\uD83D\\uDE00",
        "\\uD83D",
        "ü",
        "\\\\",
        "\\\"",
        "x\\n",
        "😀",
        "",
    ];
    let mut random = Random(seed);
    let nodes = 5 + random.below(60);
    let mut text = String::new();
    for node in 0..nodes {
        let pick = |random: &mut Random, from: &[&'static str]| {
            from[usize::try_from(random.below(from.len() as u64)).unwrap()]
        };
        let (name, kind) = (pick(&mut random, &names), pick(&mut random, &kinds));
        let (size, id) = (random.number(11), random.number(12));
        write!(text, "n{node}=\"{name}{}\":{kind}/{size} #{id}", random.below(9)).unwrap();
        text += ["", " !attached", " !detached", ""][usize::try_from(random.below(4)).unwrap()];
        if random.below(3) == 0 {
            write!(
                text,
                " @{}:{}:{}",
                random.below(9),
                random.number(5),
                random.below(4)
            )
            .unwrap();
        }
        text += "\n";
    }
    for _ in 0..random.below(nodes * 4) {
        let (from, to) = (random.below(nodes), random.below(nodes));
        let kind = edges[usize::try_from(random.below(8)).unwrap()];
        writeln!(text, "n{from} -{kind}:{}-> n{to}", random.number(9)).unwrap();
    }
    text
}

#[test]
fn random_heaps_are_read_as_by_the_slow_reader() {
    let fields = [
        &[
            "type",
            "name",
            "id",
            "self_size",
            "edge_count",
            "trace_node_id",
            "detachedness",
        ][..],
        &["type", "name", "id", "self_size", "edge_count", "detachedness"],
        &["type", "name", "id", "self_size", "edge_count"],
        &["name", "type", "detachedness", "edge_count", "self_size", "id"],
    ];
    for seed in 0..60 {
        let text = heap(seed);
        let fields = fields[usize::try_from(seed % 4).unwrap()];
        for white in [WhiteSpace::None, WhiteSpace::Lines, WhiteSpace::Everywhere] {
            let bytes = Fixture::new(&text).node_fields(fields).white_space(white).bytes();
            let columns = read(&bytes);
            assert_eq!(columns.problems, [], "{}", String::from_utf8_lossy(&bytes));
            compare(&bytes, &columns);
        }
    }
}

#[test]
fn real_files_are_read_as_by_the_slow_reader() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_snapshot = |name: &str| name.contains(".heapsnapshot") || name.contains(".heaptimeline");
    for path in paths.filter(|path| is_snapshot(&path.to_string_lossy())) {
        let file = std::fs::File::open(&path).unwrap();
        let bytes = match path.extension().and_then(|extension| extension.to_str()) {
            Some("zst") => zstd::decode_all(file).unwrap(),
            Some("gz") => std::io::read_to_string(flate2::read::GzDecoder::new(file))
                .unwrap()
                .into_bytes(),
            _ => std::fs::read(&path).unwrap(),
        };
        let columns = crate::parse::read(&path, &Task::new()).unwrap();
        assert_eq!(columns.problems, [], "{}", path.display());
        compare(&bytes, &columns);
        let chunked = try_read(&bytes, CHUNKS[4]).unwrap();
        compare(&bytes, &chunked);
    }
}
