//! Which class of the base is which class of the current snapshot.
//!
//! Classes go by name and constructor's place. Where ids mean nothing, scripts have other numbers too: then a class is also
//! known by its name and the line, and else by its name. An interface is named after its properties: objects that have got one
//! more are of a class with another name, and still the same thing.

use rustc_hash::FxHashMap;

use crate::analysis::classes::{Class, ClassTable};
use crate::analysis::interfaces::InterfaceDefinition;
use crate::base::index::{ClassIx, Ix as _};
use crate::base::text::{JsStr, JsString};

/// For each class of `current` the classes of `base` that are the same. Every class of the base is found at most once.
pub(super) fn counterparts(
    base: &ClassTable,
    current: &ClassTable,
    scripts_are_the_same: bool,
) -> Vec<Vec<ClassIx>> {
    let mut found = vec![Vec::new(); current.len()];
    let mut open: Vec<bool> = vec![true; base.len()];
    let mut pair = |key: &dyn Fn(&Class) -> Key, takes_all: bool| {
        let mut by_key: FxHashMap<Key, Vec<ClassIx>> = FxHashMap::default();
        for (at, class) in base.all().iter().enumerate().filter(|&(at, _)| open[at]) {
            by_key.entry(key(class)).or_default().push(ClassIx::new(at));
        }
        for (class, found) in current.all().iter().zip(&mut found) {
            if found.is_empty()
                && let Some(same) = by_key.remove(&key(class))
            {
                let same = if takes_all { same } else { vec![same[0]] };
                for class in &same {
                    open[class.at()] = false;
                }
                *found = same;
            }
        }
    };
    let place = |class: &Class| {
        class
            .place
            .map(|place| (place.script_id, place.line, place.column))
    };
    pair(&|class| (class.name.clone(), place(class)), false);
    if !scripts_are_the_same {
        let line = |class: &Class| class.place.map(|place| (0, place.line, place.column));
        pair(&|class| (class.name.clone(), line(class)), false);
        pair(&|class| (class.name.clone(), None), true);
    }
    found
}

/// A class name, and what of its place counts.
type Key = (JsString, Option<(u32, u32, u32)>);

/// How alike two lists of properties are: the share of them that both have, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a share of some dozen")]
fn likeness(a: &[JsString], b: &[JsString]) -> f64 {
    let both = a.iter().filter(|name| b.contains(name)).count();
    let all = a.len() + b.len() - both;
    if all == 0 { 0.0 } else { both as f64 / all as f64 }
}

/// Interfaces less alike than that are two things.
const ALIKE_FROM: f64 = 0.5;

/// Of the interfaces `gone` and `new`, given by name and definitions, the pairs that are most alike, the most alike first; each
/// is in one pair at most. Positions in the two lists.
pub(super) fn renamed(
    (gone, before): (&[JsStr<'_>], &[InterfaceDefinition]),
    (new, now): (&[JsStr<'_>], &[InterfaceDefinition]),
) -> Vec<(usize, usize)> {
    let list = |name: JsStr<'_>, of: &[InterfaceDefinition]| {
        of.iter()
            .find(|interface| interface.name.as_js() == name)
            .map(|interface| interface.properties.clone())
            .unwrap_or_default()
    };
    let gone: Vec<Vec<JsString>> = gone.iter().map(|&name| list(name, before)).collect();
    let new: Vec<Vec<JsString>> = new.iter().map(|&name| list(name, now)).collect();
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (a, gone) in gone.iter().enumerate() {
        for (b, new) in new.iter().enumerate() {
            let likeness = likeness(gone, new);
            if likeness >= ALIKE_FROM {
                pairs.push((likeness, a, b));
            }
        }
    }
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let (mut gone_taken, mut new_taken) = (vec![false; gone.len()], vec![false; new.len()]);
    let mut found = Vec::new();
    for (_, a, b) in pairs {
        if !gone_taken[a] && !new_taken[b] {
            (gone_taken[a], new_taken[b]) = (true, true);
            found.push((a, b));
        }
    }
    found
}

/// Is that the class name of plain objects: of an interface, or of those without?
pub(super) fn is_plain(name: JsStr<'_>) -> bool {
    name == crate::analysis::names::PLAIN_OBJECT || is_interface(name)
}

/// Is that the name of an interface?
pub(super) fn is_interface(name: JsStr<'_>) -> bool {
    name.bytes().first() == Some(&b'{')
}
