//! Which texts of the heap must not get into strange hands, and what holds them?
//!
//! Looked at are the values of strings and the names of properties (keys of dictionaries). Sources of scripts and what only
//! compiled code refers to are the program's own.

pub mod listing;
mod rules;

use std::sync::Arc;

use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

pub use rules::SecretKind;
use rules::{Rules, masked};

use super::{Cell, Query};
use crate::base::index::{EdgeIx, Ix as _, NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::columns;
use crate::graph::{EdgeKind, HeapGraph, NodeKind};
use crate::snapshot::Snapshot;

/// Asks for them, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindSecrets;

/// The secrets of a snapshot, the worst first. Shared: a clone is the same, and nothing else is equal.
#[derive(Clone, Debug)]
pub struct Secrets(Arc<[Secret]>);

impl Secrets {
    /// All of them.
    pub fn all(&self) -> &[Secret] {
        &self.0
    }
}

impl PartialEq for Secrets {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Secrets {}

/// A text that is a secret, or holds one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// What it seems to be.
    pub kind: SecretKind,
    /// As much of it as may be shown.
    pub masked: String,
    /// How many strings, or properties of that name, there are.
    pub count: u64,
    /// One of them: the string, or the object whose property it is.
    pub node: NodeIx,
    /// The edge that holds it.
    pub edge: Option<EdgeIx>,
    /// What that edge leaves, or for what lies in an array its owner.
    pub owner: Option<NodeIx>,
    /// Is the secret the name of the property, and not its value?
    pub is_key: bool,
}

columns! {
    /// Columns of secrets.
    pub enum SecretColumn: |snapshot: Snapshot, row: Secret| {
        /// What it seems to be.
        Kind: Text "kind" "Kind" = Cell::Word(row.kind.key());
        /// As much of it as may be shown.
        Text: Text "text" "Text" = Cell::Text(row.masked.as_str().into());
        /// Is it the value or the name of a property?
        Place: Text "place" "Found as" = Cell::Word(if row.is_key { "key" } else { "value" });
        /// What holds it: the property.
        Property: Text "property" "Property" = Cell::of(row.edge.filter(|_| !row.is_key), |edge| {
            Cell::Text(snapshot.graph().edge_name(edge).to_string().into())
        });
        /// The class of the object that holds it.
        Owner: Text "owner" "Held by" = Cell::of(row.owner, |owner| Cell::Text(class_name(snapshot, owner)));
        /// That object.
        OwnerId: Number "owner_id" "Holder" = Cell::of(row.owner, |owner| Cell::Id(snapshot.id(owner)));
        /// How many.
        Count: Number "count" "Count" = Cell::Count(row.count);
        /// The string, or the object with that key.
        Id: Number "id" "Id" = Cell::Id(snapshot.id(row.node));
    }
}

/// The class of `owner`; the name of one made of its keys is not shown, as these may be what was found.
fn class_name(snapshot: &Snapshot, owner: NodeIx) -> JsString {
    let name = &snapshot.classes().class(snapshot.class_of(owner)).name;
    if name.as_js().starts_with("{") {
        JsString::from("Object")
    } else {
        name.clone()
    }
}

impl Query for FindSecrets {
    type Over = Snapshot;
    type Answer = Secrets;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Secrets, Cancelled> {
        let Some(rules) = Rules::new() else {
            return Ok(Secrets(Arc::default()));
        };
        let graph = snapshot.graph();
        let look = |(nth, string): (usize, StringIx)| {
            task.check_at(nth << 8).ok()?;
            let text = graph.strings().get(string).as_str()?;
            let (kind, place) = rules.look(text)?;
            Some((string, (kind, masked(&text[place]))))
        };
        let strings: Vec<StringIx> = graph.strings().indices().collect();
        let looks: FxHashMap<StringIx, (SecretKind, String)> =
            strings.into_par_iter().enumerate().filter_map(look).collect();
        task.check()?;
        let mut secret_names: FxHashMap<StringIx, bool> = FxHashMap::default();
        let mut found: FxHashMap<(Whole, bool), Secret> = FxHashMap::default();
        for node in graph.nodes() {
            task.check_at(node.at())?;
            let (text, by_look) = match graph.kind(node) {
                NodeKind::String => {
                    let text = graph.name_ix(node);
                    (Whole::InFile(text), looks.get(&text).cloned())
                }
                NodeKind::ConcatenatedString if !is_inside_another(snapshot, node) => {
                    let text = snapshot.name(node).to_string();
                    let look = rules.look(&text);
                    let look = look.map(|(kind, place)| (kind, masked(&text[place])));
                    (Whole::Joined(text), look)
                }
                NodeKind::Object => {
                    for edge in graph.edges(node) {
                        if graph.head(edge).kind() == EdgeKind::Property
                            && let Some(name) = graph.edge_name_ix(edge)
                            && let Some((kind, masked)) = looks.get(&name)
                        {
                            let secret = Secret {
                                kind: *kind,
                                masked: masked.clone(),
                                count: 1,
                                node,
                                edge: Some(edge),
                                owner: Some(node),
                                is_key: true,
                            };
                            add(&mut found, (Whole::InFile(name), true), secret);
                        }
                    }
                    continue;
                }
                _ => continue,
            };
            let held = holder(snapshot, &rules, node, by_look.is_some(), |name| {
                *secret_names.entry(name).or_insert_with(|| {
                    let name = graph.strings().get(name).as_str();
                    name.is_some_and(|name| rules.is_secret_name(name))
                })
            });
            let Some((edge, source)) = held else { continue };
            let (kind, masked) = by_look.unwrap_or_else(|| {
                let text = snapshot.name(node).to_string();
                (SecretKind::Password, masked(&text))
            });
            let secret = Secret {
                kind,
                masked,
                count: 1,
                node,
                edge: Some(edge),
                owner: Some(owner(snapshot, source)),
                is_key: false,
            };
            add(&mut found, (text, false), secret);
        }
        let mut all: Vec<Secret> = found.into_values().collect();
        all.sort_by_key(|secret| {
            (
                secret.kind,
                std::cmp::Reverse(secret.count),
                secret.node,
                secret.is_key,
            )
        });
        Ok(Secrets(all.into()))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for secrets")
    }
}

/// A text as a key.
#[derive(PartialEq, Eq, Hash)]
enum Whole {
    /// It stands in the file.
    InFile(StringIx),
    /// The file has its pieces.
    Joined(String),
}

/// Do only joined strings lead to `node`, which is one?
fn is_inside_another(snapshot: &Snapshot, node: NodeIx) -> bool {
    let mut heads = snapshot.retainers().heads(node).iter();
    let is_rope = |node| snapshot.graph().kind(node) == NodeKind::ConcatenatedString;
    heads.all(|head| head.is_weak() || is_rope(head.target()))
}

fn add(found: &mut FxHashMap<(Whole, bool), Secret>, key: (Whole, bool), secret: Secret) {
    found
        .entry(key)
        .and_modify(|known| known.count += 1)
        .or_insert(secret);
}

/// The reference that makes `node`, a string, a secret: one by a property of such a name, or, if it looks like one, the first
/// by anything but code; and where it comes from.
fn holder(
    snapshot: &Snapshot,
    rules: &Rules,
    node: NodeIx,
    looks: bool,
    mut is_secret_name: impl FnMut(StringIx) -> bool,
) -> Option<(EdgeIx, NodeIx)> {
    /// More are not looked at: what a thousand things hold is a constant.
    const MOST: usize = 1000;
    let graph = snapshot.graph();
    let mut first = None;
    for head in snapshot.retainers().heads(node).iter().take(MOST) {
        let source = head.target();
        if head.is_weak() || is_own_of_the_program(graph, source) {
            continue;
        }
        let mut edges = graph.edges(source);
        let Some(edge) = edges.find(|&edge| graph.head(edge).target() == node && !graph.head(edge).is_weak())
        else {
            continue;
        };
        if is_source(graph, edge) {
            return None;
        }
        let is_variable = matches!(graph.head(edge).kind(), EdgeKind::Property | EdgeKind::Context);
        if is_variable
            && graph.edge_name_ix(edge).is_some_and(&mut is_secret_name)
            && is_secret_value(graph, rules, edge)
        {
            return Some((edge, source));
        }
        first.get_or_insert((edge, source));
    }
    first.filter(|_| looks)
}

/// Does only what the engine makes of a program's text hold it?
fn is_own_of_the_program(graph: &HeapGraph, source: NodeIx) -> bool {
    matches!(
        graph.kind(source),
        NodeKind::Code | NodeKind::Synthetic | NodeKind::ObjectShape
    ) || (graph.kind(source) == NodeKind::Hidden && graph.raw_name(source).starts_with("system / "))
        || graph.raw_name(source).starts_with("(")
}

/// Is it the text of a program?
fn is_source(graph: &HeapGraph, edge: EdgeIx) -> bool {
    graph.head(edge).kind() == EdgeKind::Internal && graph.edge_name(edge).to_string() == "source"
}

/// Could the text behind `edge`, which has the name of a secret, be one? Too short ones, the names of things, and sentences about
/// passwords, as forms and errors have them, are none.
fn is_secret_value(graph: &HeapGraph, rules: &Rules, edge: EdgeIx) -> bool {
    let text = graph.raw_name(graph.head(edge).target());
    let name = graph.edge_name(edge).to_string();
    let Some(text) = text.as_str() else {
        return true;
    };
    let is_word = [
        "undefined",
        "null",
        "true",
        "false",
        "string",
        "function",
        "object",
        "Symbol",
    ]
    .contains(&text);
    let is_name = text.eq_ignore_ascii_case(&name) || rules.is_secret_name(text);
    let is_sentence = text.contains(' ') && text.to_ascii_lowercase().contains("password");
    text.len() >= 4 && !is_word && !is_name && !is_sentence
}

/// The object whose array `node` is, or itself.
fn owner(snapshot: &Snapshot, node: NodeIx) -> NodeIx {
    let graph = snapshot.graph();
    let mut owner = node;
    while graph.kind(owner) == NodeKind::Array && owner != graph.root() {
        owner = snapshot.dominator(owner);
    }
    if graph.kind(owner) == NodeKind::Synthetic {
        node
    } else {
        owner
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{ask, lines, snapshot};

    #[test]
    fn secrets_with_what_holds_them() {
        let snapshot = snapshot(
            r#"
            root:synthetic/0 -shortcut:w-> window:object/8 -config-> config=Config:object/16 #11
            config -password-> pw="hunter22":string/16 #13
            config -db_password-> weak="mypassword1":string/16 #33
            config -passwd-> label="Enter your password":string/16 #35
            config -secret-> type="api_key":string/16 #37
            config -url-> url="amqp://u:geheim@mq":string/16 #15
            config -list-> list=Array:object/16 #17 -internal:elements-> e="":array/16 #19 -internal:0-> mail="bob@example.com":string/16 #21
            e -internal:1-> mail2="bob@example.com":string/16 #23
            window -byMail-> dict=Object:object/16 #25 -carol@example.com-> list
            root -element:1-> script=app:code/16 #27 -internal:source-> source="AKIAIOSFODNN7EXAMPLE":string/16 #29
            window -plain-> nothing="just a text":string/16 #31
        "#,
        );
        let rows = ask(&FindSecrets, &snapshot);
        let columns = [
            SecretColumn::Kind,
            SecretColumn::Place,
            SecretColumn::Property,
            SecretColumn::Owner,
            SecretColumn::Count,
            SecretColumn::Id,
        ];
        assert_eq!(
            lines(&snapshot, rows.all(), &columns),
            [
                "url-credentials value url Config 1 @15",
                "password value password Config 1 @13",
                "password value db_password Config 1 @33",
                "email value 0 Array 2 @21",
                "email key - Object 1 @25",
            ]
        );
        let texts = lines(&snapshot, rows.all(), &[SecretColumn::Text]).join(" ");
        assert!(
            !texts.contains("hunter22") && !texts.contains("geheim") && !texts.contains("example"),
            "{texts}"
        );
    }

    #[test]
    fn joined_strings_are_read_as_a_whole() {
        let snapshot = snapshot(
            r#"
            root:synthetic/0 -shortcut:w-> window:object/8 -mail-> outer="(concatenated string)":concatenated_string/20 #11
            outer -internal:first-> inner="(concatenated string)":concatenated_string/20 #13
            outer -internal:second-> end=".com":string/16 #15
            inner -internal:first-> name="ada":string/16 #17
            inner -internal:second-> at="@mail.customers":string/24 #19
        "#,
        );
        let rows = ask(&FindSecrets, &snapshot);
        let columns = [SecretColumn::Kind, SecretColumn::Property, SecretColumn::Id];
        assert_eq!(lines(&snapshot, rows.all(), &columns), ["email mail @11"]);
    }
}
