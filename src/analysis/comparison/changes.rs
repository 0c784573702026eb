//! Counts and bytes, and what became of them.

/// How many objects, and how many bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub count: u64,
    /// Sum of shallow sizes in bytes.
    pub size: u64,
}

impl Sum {
    /// With one more object of that size.
    pub(super) fn add(&mut self, size: u64) {
        self.count += 1;
        self.size += size;
    }

    /// With one object of that size less.
    pub(super) fn take(&mut self, size: u64) {
        self.count -= 1;
        self.size -= size;
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            size: self.size + other.size,
        }
    }

    /// What is left without `part` of it.
    #[must_use]
    pub fn without(self, part: Self) -> Self {
        Self {
            count: self.count - part.count,
            size: self.size - part.size,
        }
    }
}

/// What became of the members of a class. For each class
/// `added.size - removed.size + grown.size - shrunk.size` is the difference of its sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Members that only the current snapshot has.
    pub added: Sum,
    /// Members that only the base has.
    pub removed: Sum,
    /// Members of both snapshots that gained, and what they gained.
    pub grown: Sum,
    /// Members of both snapshots that lost, and what they lost.
    pub shrunk: Sum,
}

impl Changes {
    /// What became of the members of both classes.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.zip(other, Sum::and)
    }

    /// What became of the others, without `part` of them.
    #[must_use]
    pub fn without(self, part: Self) -> Self {
        self.zip(part, Sum::without)
    }

    fn zip(self, other: Self, with: impl Fn(Sum, Sum) -> Sum) -> Self {
        Self {
            added: with(self.added, other.added),
            removed: with(self.removed, other.removed),
            grown: with(self.grown, other.grown),
            shrunk: with(self.shrunk, other.shrunk),
        }
    }

    /// An object of both snapshots had `before` bytes and has `now`.
    pub(super) fn change(&mut self, before: u64, now: u64) {
        if now > before {
            self.grown.add(now - before);
        } else if now < before {
            self.shrunk.add(before - now);
        }
    }

    /// Has anything happened?
    pub fn is_nothing(&self) -> bool {
        let all = [self.added, self.removed, self.grown, self.shrunk];
        all.iter().all(|sum| sum.count == 0 && sum.size == 0)
    }

    /// The change of size that these changes explain, in bytes.
    pub fn size_delta(&self) -> i64 {
        signed(self.added.size + self.grown.size) - signed(self.removed.size + self.shrunk.size)
    }
}

/// What there was, what there is, and what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Members in the base.
    pub base: Sum,
    /// Members in the current snapshot.
    pub current: Sum,
    /// What became of the members; none if objects are not matched.
    pub changes: Option<Changes>,
}

impl Sums {
    /// Of both classes together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.zip(other, Sum::and, Changes::and)
    }

    /// Without a part.
    #[must_use]
    pub fn without(self, part: Self) -> Self {
        self.zip(part, Sum::without, Changes::without)
    }

    fn zip(
        self,
        other: Self,
        sums: impl Fn(Sum, Sum) -> Sum,
        changes: impl Fn(Changes, Changes) -> Changes,
    ) -> Self {
        let both = self.changes.zip(other.changes);
        Self {
            base: sums(self.base, other.base),
            current: sums(self.current, other.current),
            changes: both.map(|(a, b)| changes(a, b)),
        }
    }

    /// The change of how many.
    pub fn count_delta(&self) -> i64 {
        delta(self.base.count, self.current.count)
    }

    /// The change of size, in bytes.
    pub fn size_delta(&self) -> i64 {
        delta(self.base.size, self.current.size)
    }

    /// Are there no members, then or now?
    pub fn is_empty(&self) -> bool {
        let both = self.base.and(self.current);
        both.count == 0 && both.size == 0
    }

    /// Has anything become of them, as far as can be told?
    pub fn have_changed(&self) -> bool {
        self.changes
            .map_or(self.base != self.current, |changes| !changes.is_nothing())
    }
}

/// A difference of two counts or sizes.
pub fn delta(base: u64, current: u64) -> i64 {
    signed(current) - signed(base)
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
