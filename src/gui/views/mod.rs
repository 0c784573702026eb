//! The views: one file each, listed in [`ALL`] and known nowhere else by type. No view may import another.

mod allocation;
mod caches;
mod chain;
mod comparison;
mod containment;
mod dominated;
mod dominators;
mod duplicates;
mod overview;
mod paths;
mod properties;
mod retainers;
mod secrets;
mod statistics;
mod strings;
mod summary;
mod suspects;
mod timeline;
mod trend;

use super::cx::{Place, Spec};

/// Every kind of view, in the order of their tabs.
pub(crate) const ALL: &[&Spec] = &[
    &suspects::SPEC,
    &overview::SPEC,
    &summary::SPEC,
    &comparison::SPEC,
    &trend::SPEC,
    &dominators::SPEC,
    &containment::SPEC,
    &paths::SPEC,
    &caches::SPEC,
    &duplicates::SPEC,
    &strings::SPEC,
    &secrets::SPEC,
    &statistics::SPEC,
    &timeline::SPEC,
    &retainers::SPEC,
    &chain::SPEC,
    &dominated::SPEC,
    &allocation::SPEC,
    &properties::SPEC,
];

/// The view in which things are shown when no other is asked for.
pub(crate) const HOME: &str = summary::SPEC.id;

/// The view that a snapshot is begun with.
pub(crate) const FIRST: &str = suspects::SPEC.id;

/// The view that a recording is begun with.
pub(crate) const TIMELINE: &str = timeline::SPEC.id;

/// The view that tells why many objects are alive.
pub(crate) const PATHS: &str = paths::SPEC.id;

/// The kind of that name.
pub(crate) fn spec(id: &str) -> Option<&'static Spec> {
    ALL.iter().copied().find(|spec| spec.id == id)
}

/// The kinds that are shown in that place.
pub(crate) fn of(place: Place) -> impl Iterator<Item = &'static Spec> {
    ALL.iter().copied().filter(move |spec| spec.place == place)
}
