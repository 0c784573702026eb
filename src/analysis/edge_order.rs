//! The order of edges by name.
