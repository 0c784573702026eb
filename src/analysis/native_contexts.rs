//! Which native context a node belongs to.
