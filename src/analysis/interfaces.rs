//! Interfaces: the shapes `{id, name}` by which plain objects are told apart.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::base::index::{Ix as _, to_u32};
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};

use super::names::formatted_property;
use super::plain_objects::{PlainObjects, PropertyIx};

/// A list of properties that enough plain objects have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceDefinition {
    /// The class name: `{id, name}`.
    pub name: JsString,
    /// Names of its properties, in the order of the class name.
    pub properties: Vec<JsString>,
}

/// UTF-16 units that the name of an interface may have without its closing brace and its last separator.
const NAME_LIMIT: usize = 120;

/// An interface needs at least this many objects, ...
const LEAST_COUNT: u64 = 2;

/// ... and one of so many plain objects.
const LEAST_SHARE: u64 = 1000;

/// The interfaces of a heap: each list of properties that at least two plain objects have, and at least one in a thousand;
/// the most frequent first, of equally frequent ones the first met. Lists too long for a name are cut.
pub fn infer(plain: &PlainObjects<'_>) -> Vec<InterfaceDefinition> {
    let mut counts: Vec<u64> = Vec::new();
    let mut lists: Vec<&[PropertyIx]> = Vec::new();
    let mut by_name: FxHashMap<JsString, usize> = FxHashMap::default();
    for (properties, count) in plain.shapes() {
        let (name, list) = candidate(plain, properties);
        if list.is_empty() {
            continue;
        }
        let at = *by_name.entry(name).or_insert_with(|| {
            counts.push(0);
            lists.push(list);
            lists.len() - 1
        });
        counts[at] += count;
    }
    let total = plain.len() as u64;
    let mut kept: Vec<usize> = (0..counts.len())
        .filter(|&at| counts[at] >= LEAST_COUNT && counts[at] * LEAST_SHARE >= total)
        .collect();
    kept.sort_by_key(|&at| Reverse(counts[at]));
    let define = |at: usize| InterfaceDefinition {
        name: candidate(plain, lists[at]).0,
        properties: lists[at]
            .iter()
            .map(|&property| plain.property(property).to_owned())
            .collect(),
    };
    kept.into_iter().map(define).collect()
}

/// The name of the interface that objects with these properties suggest, and those of the properties that it names.
fn candidate<'p>(plain: &PlainObjects<'_>, properties: &'p [PropertyIx]) -> (JsString, &'p [PropertyIx]) {
    let mut name = JsString::from("{");
    let mut units = 1;
    let mut taken = 0;
    for &property in properties {
        let formatted = formatted_property(plain.property(property));
        let formatted = JsStr::from_wtf8(&formatted);
        let more = formatted.utf16_len();
        if taken > 0 && units + more > NAME_LIMIT {
            break;
        }
        // A name that is still empty needs no separator, even after a property without a name.
        if units > 1 {
            name.push_str(", ");
            units += 2;
        }
        name.push(formatted);
        units += more;
        taken += 1;
    }
    name.push_str("}");
    (name, &properties[..taken])
}

/// For each plain object in file order the index of the definition it is classed by, if one fits: of all definitions whose
/// properties it has, the one with most properties, of several such the first. `definitions` may be another heap's.
pub fn apply(
    plain: &mut PlainObjects<'_>,
    definitions: &[InterfaceDefinition],
    task: &Task,
) -> Result<Vec<Option<u32>>, Cancelled> {
    let mut matcher = Matcher::new(plain, definitions);
    let mut of_shape = Vec::new();
    for (at, (properties, _)) in plain.shapes().enumerate() {
        task.check_at(at)?;
        of_shape.push(matcher.best(properties));
    }
    let mut applied: Vec<_> = plain
        .shape_of()
        .iter()
        .map(|&shape| of_shape[shape as usize])
        .collect();
    plain.for_each_long(task, |position, properties| {
        applied[position] = matcher.best(properties);
    })?;
    Ok(applied)
}

/// Finds the definition that fits a list of properties best.
///
/// A definition is looked at only for objects that have its rarest property, and those with most properties first, so that
/// the usual object is compared with a few definitions and not with all thousand.
struct Matcher {
    definitions: Vec<Definition>,
    /// For each property name the definitions whose rarest it is, best first, as a range of `definitions`.
    starts: Vec<u32>,
    /// For each property name the last list of properties that had it.
    seen_in: Vec<u64>,
    lists_seen: u64,
}

struct Definition {
    /// Its position in the list of definitions.
    position: u32,
    /// Its properties, sorted, each once.
    properties: Vec<PropertyIx>,
}

impl Definition {
    /// The order of preference: most properties first, then the place in the list.
    fn rank(&self) -> (Reverse<usize>, u32) {
        (Reverse(self.properties.len()), self.position)
    }
}

impl Matcher {
    fn new(plain: &PlainObjects<'_>, definitions: &[InterfaceDefinition]) -> Self {
        let mut known = Vec::new();
        for (at, definition) in definitions.iter().enumerate() {
            let find = |name: &JsString| plain.find_property(name.as_js());
            // With a property that no plain object of this heap has, a definition fits none of them.
            let Some(mut properties) = definition.properties.iter().map(find).collect::<Option<Vec<_>>>()
            else {
                continue;
            };
            properties.sort_unstable();
            properties.dedup();
            known.push(Definition {
                position: to_u32(at),
                properties,
            });
        }
        let mut uses = vec![0_u32; plain.property_count()];
        for property in known.iter().flat_map(|definition| &definition.properties) {
            uses[property.at()] += 1;
        }
        let rarest = |definition: &Definition| {
            let properties = definition.properties.iter();
            properties.min_by_key(|property| uses[property.at()]).copied()
        };
        known.retain(|definition| !definition.properties.is_empty());
        known.sort_by_cached_key(|definition| (rarest(definition), definition.rank()));
        let mut starts = vec![0; plain.property_count() + 1];
        for property in known.iter().filter_map(rarest) {
            starts[property.at() + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self {
            definitions: known,
            starts,
            seen_in: vec![0; plain.property_count()],
            lists_seen: 0,
        }
    }

    /// The position of the definition that fits `properties` best.
    fn best(&mut self, properties: &[PropertyIx]) -> Option<u32> {
        self.lists_seen += 1;
        for property in properties {
            self.seen_in[property.at()] = self.lists_seen;
        }
        let mut best: Option<&Definition> = None;
        for property in properties {
            let range = self.starts[property.at()] as usize..self.starts[property.at() + 1] as usize;
            for definition in &self.definitions[range] {
                if best.is_some_and(|best| best.rank() <= definition.rank()) {
                    break;
                }
                let has = |property: &PropertyIx| self.seen_in[property.at()] == self.lists_seen;
                if definition.properties.iter().all(has) {
                    best = Some(definition);
                    break;
                }
            }
        }
        best.map(|definition| definition.position)
    }
}

#[cfg(test)]
mod tests;
