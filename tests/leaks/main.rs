//! Whether the command line sees what programs know of themselves, on real snapshots of programs with and without leaks.
//!
//! The snapshots lie in `tests/data/leaks` with what their programs counted; the programs, how the snapshots are made, and many
//! more programs of the kind are in `tests/data/programs/leaks`. The built program is asked, as people script it.

mod classes;
mod comparison;
mod growth;
mod program;
