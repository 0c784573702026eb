//! Which program wrote a snapshot, as the heap itself tells.
//!
//! Node, Deno, Electron and Bun keep an object with the versions of their parts (`process.versions`, `Deno.version`). A
//! browser's heap has the objects of its engine, and perhaps the text by which it introduces itself to servers.

use rustc_hash::FxHashMap;

use crate::base::index::{Ix as _, NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeKind, HeapGraph, NodeKind};

use super::essential::DOCUMENT_TREES;

/// A program that writes snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Product {
    /// Node.js.
    Node,
    /// Electron.
    Electron,
    /// Deno.
    Deno,
    /// Bun.
    Bun,
    /// Chromium or a browser made of it.
    Chromium,
    /// Google Chrome.
    Chrome,
    /// Microsoft Edge.
    Edge,
}

impl Product {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Node => "Node",
            Self::Electron => "Electron",
            Self::Deno => "Deno",
            Self::Bun => "Bun",
            Self::Chromium => "Chromium",
            Self::Chrome => "Chrome",
            Self::Edge => "Edge",
        }
    }
}

/// Who wrote a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Producer {
    /// The program.
    pub product: Product,
    /// Its version, as it writes it.
    pub version: Option<String>,
    /// The version of V8 in it, as it writes it.
    pub v8: Option<String>,
}

impl Producer {
    /// `Node 20.20.2`
    pub fn short(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.product.name()),
            None => self.product.name().to_owned(),
        }
    }
}

impl std::fmt::Display for Producer {
    /// `Node 20.20.2, V8 11.3`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.short())?;
        if let Some(v8) = &self.v8 {
            let end = v8.match_indices('.').nth(1).map_or(v8.len(), |(at, _)| at);
            write!(f, ", V8 {}", &v8[..end])?;
        }
        Ok(())
    }
}

/// Keys of an object of versions: those that name a product, the more telling first, then V8's.
const KEYS: [(&str, Option<Product>); 5] = [
    ("electron", Some(Product::Electron)),
    ("bun", Some(Product::Bun)),
    ("deno", Some(Product::Deno)),
    ("node", Some(Product::Node)),
    ("v8", None),
];

/// Objects with more edges are no objects of versions.
const MOST_EDGES: usize = 256;

/// A browser's own objects are named so.
const BROWSER_PREFIX: &str = "blink::";

/// Who wrote the snapshot; none if it cannot be told.
pub fn find(graph: &HeapGraph, task: &Task) -> Result<Option<Producer>, Cancelled> {
    let (keys, introduction) = telling_strings(graph, task)?;
    let mut best: Option<(usize, Producer)> = None;
    let mut is_browser = false;
    for node in graph.nodes() {
        task.check_at(node.at())?;
        match graph.kind(node) {
            NodeKind::Object if graph.heads(node).len() <= MOST_EDGES => {
                if let Some((known, producer)) = by_versions(graph, &keys, node)
                    && best.as_ref().is_none_or(|&(most, _)| known > most)
                {
                    best = Some((known, producer));
                }
            }
            NodeKind::Native => is_browser |= graph.raw_name(node).starts_with(BROWSER_PREFIX),
            NodeKind::Synthetic => is_browser |= graph.raw_name(node) == DOCUMENT_TREES,
            _ => {}
        }
    }
    let browser = || {
        introduction
            .and_then(|text| by_introduction(&graph.strings().get(text).to_string_lossy()))
            .unwrap_or(Producer {
                product: Product::Chromium,
                version: None,
                v8: None,
            })
    };
    Ok(match best {
        Some((_, producer)) => Some(producer),
        None => is_browser.then(browser),
    })
}

/// Strings that are keys of versions, with their places in [`KEYS`]; and the first that introduces a browser.
fn telling_strings(
    graph: &HeapGraph,
    task: &Task,
) -> Result<(FxHashMap<StringIx, usize>, Option<StringIx>), Cancelled> {
    let strings = graph.strings();
    let mut keys = FxHashMap::default();
    let mut introduction = None;
    for ix in strings.indices() {
        task.check_at(ix.at())?;
        let text = strings.get(ix);
        if let Some(at) = KEYS.iter().position(|&(key, _)| text == key) {
            keys.insert(ix, at);
        } else if introduction.is_none() && text.starts_with("Mozilla/5.0 ") {
            introduction = by_introduction(&text.to_string_lossy()).map(|_| ix);
        }
    }
    Ok((keys, introduction))
}

/// What `node` tells if it is an object of versions, and how many of the keys it has.
fn by_versions(
    graph: &HeapGraph,
    keys: &FxHashMap<StringIx, usize>,
    node: NodeIx,
) -> Option<(usize, Producer)> {
    let mut found: [Option<String>; KEYS.len()] = [const { None }; KEYS.len()];
    for edge in graph.edges(node) {
        let head = graph.head(edge);
        if head.kind() == EdgeKind::Property
            && let Some(&at) = graph.edge_name_ix(edge).and_then(|name| keys.get(&name))
            && graph.kind(head.target()) == NodeKind::String
        {
            found[at] = version(&graph.raw_name(head.target()).to_string_lossy());
        }
    }
    let known = found.iter().flatten().count();
    let [products @ .., v8] = found;
    let v8 = v8?;
    let (product, version) = products
        .into_iter()
        .zip(KEYS)
        .find_map(|(version, (_, product))| Some((product?, version?)))?;
    let producer = Producer {
        product,
        version: Some(version),
        v8: Some(v8),
    };
    Some((known, producer))
}

/// `text` if it looks like a version: `20.20.2`, `11.3.244.8-node.38`.
fn version(text: &str) -> Option<String> {
    const LONGEST: usize = 64;
    let begins = text.starts_with(|first: char| first.is_ascii_digit());
    let goes_on = |c: char| c.is_ascii_alphanumeric() || ".-+_".contains(c);
    (begins && text.len() <= LONGEST && text.contains('.') && text.chars().all(goes_on))
        .then(|| text.to_owned())
}

/// What the text tells by which a browser introduces itself: `Mozilla/5.0 (…) … Chrome/149.0.0.0 Safari/537.36`.
fn by_introduction(text: &str) -> Option<Producer> {
    let after = |name: &str| {
        let (_, rest) = text.split_once(name)?;
        version(rest.split(' ').next()?)
    };
    [
        ("Electron/", Product::Electron),
        ("Edg/", Product::Edge),
        ("HeadlessChrome/", Product::Chrome),
        (" Chrome/", Product::Chrome),
    ]
    .into_iter()
    .find_map(|(name, product)| {
        Some(Producer {
            product,
            version: Some(after(name)?),
            v8: None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Heap;

    fn told(text: &str) -> Option<String> {
        let heap = Heap::of(&format!("root:synthetic\n{text}"));
        find(&heap.graph, &Task::new())
            .unwrap()
            .map(|found| found.to_string())
    }

    fn versions(of: &[(&str, &str)]) -> String {
        let lines = of
            .iter()
            .map(|(key, value)| format!("versions=Object:object -{key}-> \"{value}\":string"));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn objects_of_versions_tell() {
        let node = versions(&[("node", "20.20.2"), ("v8", "11.3.244.8-node.38")]);
        assert_eq!(told(&node).as_deref(), Some("Node 20.20.2, V8 11.3"));
        let deno = versions(&[("node", "26.3.0"), ("deno", "2.9.6"), ("v8", "15.0.245.2-rusty")]);
        assert_eq!(told(&deno).as_deref(), Some("Deno 2.9.6, V8 15.0"));
        let electron = versions(&[("node", "26.3.0"), ("electron", "44.0.1"), ("v8", "15.0.1")]);
        assert_eq!(told(&electron).as_deref(), Some("Electron 44.0.1, V8 15.0"));
        assert_eq!(told(&versions(&[("node", "20.20.2")])), None);
        assert_eq!(told(&versions(&[("node", ">=20"), ("v8", "11.3")])), None);
        assert_eq!(told(&versions(&[("node", "yes.no"), ("v8", "11.3")])), None);
    }

    #[test]
    fn the_object_that_tells_most_decides() {
        let text = format!(
            "{}\no=Object:object -v8-> v:string\no -node-> n=\"1.0\":string\no -v8-> w=\"2.0\":string",
            versions(&[("deno", "2.9.6"), ("node", "26.3.0"), ("v8", "15.0.2")])
        );
        assert_eq!(told(&text).as_deref(), Some("Deno 2.9.6, V8 15.0"));
    }

    #[test]
    fn browsers_introduce_themselves() {
        let hello = |end: &str| {
            format!(
                "a=\"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) {end}\":string"
            )
        };
        let browser = "b=\"blink::LocalDOMWindow\":native";
        let chrome = hello("Chrome/149.0.0.0 Safari/537.36");
        assert_eq!(
            told(&format!("{browser}\n{chrome}")).as_deref(),
            Some("Chrome 149.0.0.0")
        );
        let edge = hello("Chrome/149.0.0.0 Safari/537.36 Edg/149.1.2.3");
        assert_eq!(
            told(&format!("{browser}\n{edge}")).as_deref(),
            Some("Edge 149.1.2.3")
        );
        assert_eq!(told(browser).as_deref(), Some("Chromium"));
        // A server knows how its callers introduce themselves.
        assert_eq!(told(&chrome), None);
    }
}
