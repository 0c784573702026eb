//! Two snapshots set against each other.
