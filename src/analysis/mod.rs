//! Floor 3: the rules of DevTools' numbers; one algorithm a file.
//!
//! Pure functions over [`HeapGraph`](crate::graph::HeapGraph) and each other's results: `fn(&HeapGraph, …, &Task) ->
//! Result<T, Cancelled>`. No input or output, no formatting, nothing that remembers who asked.

pub mod accumulations;
pub mod allocators;
pub mod caches;
pub mod call_tree;
pub mod class_names;
pub mod class_totals;
pub mod classes;
pub mod collections;
pub mod comparison;
pub mod content_hash;
pub mod delta_tree;
pub mod depth_first;
pub mod detachedness;
pub mod distances;
pub mod dominator_order;
pub mod dominators;
pub mod duplicate_strings;
pub mod ephemerons;
pub mod essential;
pub mod filters;
pub mod group_totals;
pub mod growth;
pub mod hash_tables;
pub mod holders;
pub mod id_index;
pub mod id_space;
pub mod ignored_retainers;
pub mod interfaces;
pub mod leak_shares;
pub mod names;
pub mod native_contexts;
pub mod own_cost;
pub mod owner_claims;
pub mod owner_names;
pub mod owners;
pub mod packages;
pub mod path_tree;
pub mod plain_objects;
pub mod producer;
pub mod retained_sets;
pub mod retained_sizes;
pub mod retention;
pub mod ropes;
pub mod series;
pub mod set_dominators;
pub mod shallow_sizes;
pub mod shape_runs;
pub mod shapes;
pub mod statistics;
pub mod string_map;
pub mod subtree_hash;
pub mod topmost;
pub mod values;

#[cfg(test)]
pub(crate) mod testing;
