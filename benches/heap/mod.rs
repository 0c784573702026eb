//! A heap for the benchmarks: a list of many objects of one class, each with a string of its own, and now and then one of a
//! thousand other classes; all of them hold one object that is shared.

use std::fmt::Write as _;

/// The class of the many objects.
pub(crate) const CLASS: &str = "Session";
/// What holds them all.
pub(crate) const LIST: &str = "(list)";
/// What they all hold.
pub(crate) const SHARED: &str = "(shared)";

/// Types, by their numbers in [`HEADER`].
const SYNTHETIC: usize = 9;
const OBJECT: usize = 3;
const STRING: usize = 2;
const ELEMENT: usize = 1;
const PROPERTY: usize = 2;
const SHORTCUT: usize = 5;

const HEADER: &str = r#""meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],
"node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic"]],
"edge_fields":["type","name_or_index","to_node"],
"edge_types":[["context","element","property","internal","hidden","shortcut","weak"]],
"location_fields":["object_index","script_id","line","column"]}"#;

/// A snapshot in the making.
#[derive(Default)]
struct File {
    nodes: String,
    edges: String,
    strings: String,
    node_count: usize,
    edge_count: usize,
    string_count: usize,
}

impl File {
    /// Adds a string and gives its index.
    fn string(&mut self, text: &str) -> usize {
        let comma = if self.string_count > 0 { ",\n" } else { "" };
        write!(self.strings, "{comma}\"{text}\"").expect("a string takes all");
        self.string_count += 1;
        self.string_count - 1
    }

    /// Adds a node; its edges follow by [`File::edge`] before those of the next node do.
    fn node(&mut self, kind: usize, name: usize, size: usize, edges: usize) {
        let comma = if self.node_count > 0 { "\n," } else { "" };
        let id = self.node_count * 2 + 1;
        write!(self.nodes, "{comma}{kind},{name},{id},{size},{edges},0,0").expect("a string takes all");
        self.node_count += 1;
    }

    fn edge(&mut self, kind: usize, name: usize, to: usize) {
        let comma = if self.edge_count > 0 { "\n," } else { "" };
        write!(self.edges, "{comma}{kind},{name},{}", to * 7).expect("a string takes all");
        self.edge_count += 1;
    }

    fn finish(self) -> Vec<u8> {
        let Self {
            nodes,
            edges,
            strings,
            node_count,
            edge_count,
            ..
        } = self;
        format!(
            "{{\"snapshot\":{{{HEADER},\n\"node_count\":{node_count},\"edge_count\":{edge_count}}},\n\"nodes\":[{nodes}],\n\
             \"edges\":[{edges}],\n\"locations\":[],\n\"strings\":[{strings}]}}"
        )
        .into_bytes()
    }
}

/// The file of a heap with `objects` objects of [`CLASS`]. Nodes: the root, the list, what is shared; then for each object
/// itself, its string and its part.
pub(crate) fn file(objects: usize) -> Vec<u8> {
    let mut file = File::default();
    let [root, list, shared, class] = ["", LIST, SHARED, CLASS].map(|text| file.string(text));
    let [text, part, common] = ["text", "part", "common"].map(|name| file.string(name));
    let classes: Vec<usize> = (0..1000).map(|at| file.string(&format!("class {at}"))).collect();
    file.node(SYNTHETIC, root, 0, 1);
    file.edge(SHORTCUT, list, 1);
    file.node(OBJECT, list, 16, objects);
    for at in 0..objects {
        file.edge(ELEMENT, at, 3 + 3 * at);
    }
    file.node(OBJECT, shared, 64, 0);
    for at in 0..objects {
        // Spread about, so that sorting has something to do, and with repetitions.
        let mixed = at.wrapping_mul(2_654_435_761) % 1_000_003;
        let first = 3 + 3 * at;
        file.node(OBJECT, class, 24 + mixed % 97 * 8, 3);
        file.edge(PROPERTY, text, first + 1);
        file.edge(PROPERTY, part, first + 2);
        file.edge(PROPERTY, common, 2);
        let name = file.string(&format!("name {mixed}"));
        file.node(STRING, name, 16 + mixed % 31 * 8, 0);
        let next = 3 + 3 * (mixed % objects);
        file.node(OBJECT, classes[mixed % 1000], 32, 1);
        file.edge(PROPERTY, part, next);
    }
    file.finish()
}
