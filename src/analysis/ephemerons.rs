//! The names of `WeakMap` pairs.
