//! Collections as a program's writer thinks of them: caches, registries, lists, each with its owner, its name and its limits.
//!
//! Parts of an implementation (`MapCache` → `Hash` → dictionary, the map and the lists of an LRU cache) are one instance, the
//! outermost object that serves the holder. Instances of one kind that are held by the same name of the same owner are one
//! *cache*: its key says nothing of ids, so that it is the same in every snapshot of the program, also of another process.

use rustc_hash::FxHashMap;

use super::collections::{Collection, CollectionKind, Entries};
use super::holders::{Anchor, Held, Holders};
use super::owners::{OwnerIx, Owners};
use crate::base::index::NodeIx;
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::HeapGraph;

/// What a cache is known by, in every snapshot of the program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey {
    /// `Map`, `MapCache`, `LRUCache`, `dictionary`.
    pub kind: JsString,
    /// The function or class that holds it.
    pub owner: Option<JsString>,
    /// The short name of the script or module whose it is.
    pub module: Option<JsString>,
    /// The variable or property that it hangs from.
    pub binding: JsString,
}

/// One or more collections of one kind, held by one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    /// What it is known by.
    pub key: CacheKey,
    /// What keeps the entries.
    pub kind: CollectionKind,
    /// Whose it is.
    pub module: Option<OwnerIx>,
    /// Whose code uses it.
    pub standing: Standing,
    /// The collections, those of most entries first.
    pub instances: Vec<Instance>,
    /// All entries.
    pub entries: Entries,
    /// For how many there is room.
    pub capacity: u64,
    /// What keeps it from growing, as far as names tell.
    pub limit: Option<Limit>,
}

/// Whose code uses a cache; caches stand in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The program's, or that of something it installed.
    Program,
    /// The runtime's own.
    Runtime,
    /// The engine's.
    Engine,
}

/// What keeps a cache from growing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Its object has a property of that name, a number: `max`.
    Property(JsString),
    /// It is an array written round and round: its object has a cursor of that name.
    Ring(JsString),
    /// Entries go with their keys.
    Weak,
}

/// A collection of a cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The outermost object of it.
    pub node: NodeIx,
    /// What keeps its entries: one part, or several that belong together.
    pub parts: Vec<Collection>,
    /// How many entries.
    pub entries: Entries,
    /// For how many there is room.
    pub capacity: u64,
}

/// Properties that limit a collection, letters only, in small ones.
const LIMITS: [&str; 17] = [
    "max",
    "maxsize",
    "maxentries",
    "maxitems",
    "maxlength",
    "maxcount",
    "maxkeys",
    "maxelements",
    "limit",
    "sizelimit",
    "capacity",
    "cachesize",
    "maxcachesize",
    "cachelimit",
    "maxlen",
    "cap",
    "bound",
];
/// Properties that tell where a ring is written next.
const CURSORS: [&str; 17] = [
    "head",
    "tail",
    "cursor",
    "writeindex",
    "readindex",
    "position",
    "next",
    "index",
    "ptr",
    "pos",
    "offset",
    "start",
    "top",
    "writepos",
    "writeptr",
    "pointer",
    "bottom",
];
/// Entries for which V8 makes room in a new table.
const AS_MADE: u64 = 4;
/// More instances than this are not named: a heap of many millions of tiny sets would take minutes.
const MOST_NAMED: usize = 1 << 20;

/// All caches; largest first among those of one standing.
pub fn build(
    graph: &HeapGraph,
    holders: &Holders<'_>,
    owners: &Owners,
    collections: &[Collection],
    retained: &Packed<NodeIx>,
    task: &Task,
) -> Result<Vec<Cache>, Cancelled> {
    let mut caches: Vec<Cache> = Vec::new();
    let mut by_key: FxHashMap<CacheKey, usize> = FxHashMap::default();
    let mut by_root: FxHashMap<NodeIx, (usize, usize)> = FxHashMap::default();
    for (nth, &collection) in collections.iter().take(MOST_NAMED).enumerate() {
        if nth.is_multiple_of(1 << 10) {
            task.check()?;
        }
        let held = holders.of(collection.node);
        if let Some(&(cache, instance)) = by_root.get(&held.root) {
            caches[cache].instances[instance].add(collection);
            continue;
        }
        let instance = Instance::new(held.root, collection);
        let key = CacheKey {
            kind: kind_name(graph, &instance),
            owner: held.owner.clone(),
            module: held.module.map(|module| owners.name(module).to_owned()),
            binding: held.binding.clone(),
        };
        let at = *by_key.entry(key.clone()).or_insert(caches.len());
        if at == caches.len() {
            let kind = collection.kind;
            caches.push(Cache {
                limit: limit(holders, kind, instance.outer(), held.anchor),
                standing: standing(owners, kind, &held),
                key,
                kind,
                module: held.module,
                instances: Vec::new(),
                entries: Entries::default(),
                capacity: 0,
            });
        }
        by_root.insert(held.root, (at, caches[at].instances.len()));
        caches[at].instances.push(instance);
    }
    for cache in &mut caches {
        task.check()?;
        for instance in &cache.instances {
            cache.entries = cache.entries.plus(instance.entries);
            cache.capacity += instance.capacity;
        }
        // The kind of the part that says most.
        cache.kind = cache.instances[0].parts[0].kind;
        let size = |instance: &Instance| retained.get(instance.node);
        cache
            .instances
            .sort_by_key(|one| std::cmp::Reverse((one.entries.most, size(one))));
    }
    Ok(caches)
}

impl Instance {
    fn new(node: NodeIx, part: Collection) -> Self {
        Self {
            node,
            parts: vec![part],
            entries: part.entries,
            capacity: part.capacity,
        }
    }

    /// The outermost object, if that is not itself what keeps the entries.
    fn outer(&self) -> Option<NodeIx> {
        (self.node != self.parts[0].node).then_some(self.node)
    }

    /// Adds a part. Tables beside each other hold different entries (a lodash cache has one for texts and one for objects);
    /// arrays beside a table hold the same again.
    fn add(&mut self, part: Collection) {
        let is_table = |kind| kind != CollectionKind::Array;
        let first = self.parts[0].kind;
        // A table as it is made, with nothing in it that left a trace, is taken for empty beside others.
        let counted = |entries: Entries| {
            if entries.most <= AS_MADE && entries.least == 0 {
                Entries::default()
            } else {
                entries
            }
        };
        if is_table(part.kind) && is_table(first) {
            self.entries = counted(self.entries).plus(counted(part.entries));
            self.capacity += part.capacity;
        } else if is_table(part.kind) || (!is_table(first) && part.entries.most > self.entries.most) {
            self.entries = part.entries;
            self.capacity = part.capacity;
        }
        self.parts.push(part);
        // The part that says most comes first.
        self.parts
            .sort_by_key(|part| (!is_table(part.kind), std::cmp::Reverse(part.entries.most)));
    }
}

/// `Map`, or the class of the outermost object if that is more than a plain one.
fn kind_name(graph: &HeapGraph, instance: &Instance) -> JsString {
    let kind = instance.parts[0].kind;
    let name = graph.raw_name(instance.node);
    if kind == CollectionKind::Engine || name.is_empty() || name == "Object" {
        return kind.name().into();
    }
    name.to_owned()
}

/// Global objects that the runtime makes.
const RUNTIMES_GLOBALS: [&str; 22] = [
    "Atomics",
    "Buffer",
    "Bun",
    "CSS",
    "Deno",
    "Intl",
    "JSON",
    "Math",
    "Reflect",
    "Temporal",
    "WebAssembly",
    "console",
    "crypto",
    "customElements",
    "document",
    "history",
    "localStorage",
    "location",
    "navigator",
    "performance",
    "process",
    "sessionStorage",
];

fn standing(owners: &Owners, kind: CollectionKind, held: &Held) -> Standing {
    if kind == CollectionKind::Engine {
        return Standing::Engine;
    }
    let is_runtimes = match (held.module, held.anchor) {
        (Some(module), _) => owners.package(module).is_runtime(),
        // Built-in classes have no script; what has one belongs to it.
        (None, Anchor::Instance(_)) => true,
        (None, Anchor::Global(_)) => {
            let binding = held.binding.as_js().to_string_lossy();
            let name = binding.split('.').next().unwrap_or_default();
            RUNTIMES_GLOBALS.contains(&name) || name.starts_with("<symbol node:")
        }
        (None, Anchor::Engine { by_stack }) => !by_stack,
        (None, Anchor::Variable(_) | Anchor::Function(_) | Anchor::Module(_)) => false,
    };
    if is_runtimes {
        Standing::Runtime
    } else {
        Standing::Program
    }
}

/// What keeps a collection of that kind from growing, as far as names tell: the names of properties of `outer`, the object that
/// it is a part of, and of the instance that holds it.
pub fn limit(
    holders: &Holders<'_>,
    kind: CollectionKind,
    outer: Option<NodeIx>,
    anchor: Anchor,
) -> Option<Limit> {
    if kind.is_weak() {
        return Some(Limit::Weak);
    }
    if kind == CollectionKind::Engine {
        return None;
    }
    let holder = match anchor {
        Anchor::Instance(holder) => Some(holder),
        _ => None,
    };
    let mut objects = outer.into_iter().chain(holder);
    let any = |names: &[&str], object| holders.property_among(object, |name| names.contains(&name));
    if let Some(name) = objects.clone().find_map(|object| any(&LIMITS, object)) {
        return Some(Limit::Property(name));
    }
    let ring = (kind == CollectionKind::Array).then(|| objects.find_map(|object| any(&CURSORS, object)))?;
    ring.map(Limit::Ring)
}
