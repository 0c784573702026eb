//! Dense, typed 32-bit indices: the only home of casts between `usize` and `u32`.

/// A dense index into one kind of column.
pub trait Ix: Copy + Eq + Ord + std::hash::Hash + std::fmt::Debug + Send + Sync + 'static {
    /// The index at position `at`. Panics above `u32::MAX`, which loading has ruled out.
    fn new(at: usize) -> Self;
    /// The position, to index slices with.
    fn at(self) -> usize;
}

/// Declares a newtype index over a private `u32`: no arithmetic, no `From`, so that indices of different columns cannot be
/// mixed up.
#[macro_export]
macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name(u32);

        impl $name {
            /// The index whose raw form is `raw`.
            #[inline]
            pub const fn from_raw(raw: u32) -> Self {
                Self(raw)
            }
            /// The raw form, for compact columns.
            #[inline]
            pub const fn raw(self) -> u32 {
                self.0
            }
        }

        impl $crate::base::index::Ix for $name {
            #[inline]
            fn new(at: usize) -> Self {
                Self($crate::base::index::to_u32(at))
            }
            #[inline]
            fn at(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

index! {
    /// A node: its ordinal in the file's node order.
    NodeIx
}
index! {
    /// An edge: its ordinal in the file's edge order.
    EdgeIx
}
index! {
    /// A string of the snapshot's string table.
    StringIx
}
index! {
    /// A class of a [`ClassTable`](crate::analysis::classes::ClassTable).
    ClassIx
}

impl NodeIx {
    /// Nodes a snapshot may have at most: an edge packs its target into 29 bits (see [`EdgeHead`](crate::graph::EdgeHead)).
    pub const LIMIT: usize = 1 << 29;
}

/// `at` as a `u32`. Columns are limited to `u32::MAX` entries when a file is read, so this cannot fail afterwards.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "checked by the assertion")]
pub fn to_u32(at: usize) -> u32 {
    debug_assert!(u32::try_from(at).is_ok(), "index {at} does not fit 32 bits");
    at as u32
}

/// All indices of a column of `len` entries, in order.
pub fn all<I: Ix>(len: usize) -> impl ExactSizeIterator<Item = I> + DoubleEndedIterator + Clone {
    (0..len).map(I::new)
}
