//! Strings that occur more than once.
