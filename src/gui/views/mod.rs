//! The views: one file each, listed in [`ALL`] and known nowhere else by type. No view may import another.

mod retainers;
mod summary;

use super::cx::{Spec, View};

/// Every kind of view, in the order of their tabs.
pub(crate) const ALL: &[&Spec] = &[&summary::SPEC, &retainers::SPEC];

/// A view of each kind.
pub(crate) type Views = Vec<(&'static Spec, Box<dyn View>)>;

/// Makes a view of each kind.
pub(crate) fn open_all() -> Views {
    ALL.iter().map(|spec| (*spec, (spec.open)())).collect()
}
