//! Which edges count for domination.
