//! The `heapatlas` program.
fn main() {}
