//! Which suspects are shown: of a kind, of an owner.

use std::sync::Arc;

use crate::query::suspects::{Kind, Suspect, Suspects};

/// What is chosen, and what it leaves; worked out when either changes.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Only those of that kind.
    pub(super) kind: Option<Kind>,
    /// Only those of that code.
    pub(super) package: Option<String>,
    /// The kinds there are.
    pub(super) kinds: Vec<Kind>,
    /// Whose code there is.
    pub(super) packages: Vec<String>,
    /// Which of the answer are shown.
    pub(super) rows: Vec<usize>,
    of: Option<(usize, Option<Kind>, Option<String>)>,
}

impl Shown {
    /// Takes in another answer or another choice; tells whether there was one.
    pub(super) fn refresh(&mut self, suspects: &Arc<Suspects>) -> bool {
        let address = Arc::as_ptr(suspects).addr();
        if self.of.as_ref().is_some_and(|(of, ..)| *of != address) {
            self.kind = None;
            self.package = None;
        }
        let of = Some((address, self.kind, self.package.clone()));
        if self.of == of {
            return false;
        }
        self.of = of;
        self.kinds = suspects.all.iter().map(|suspect| suspect.kind).collect();
        self.kinds.sort_unstable();
        self.kinds.dedup();
        let packages = suspects.all.iter().filter_map(|suspect| suspect.package.clone());
        self.packages = packages.collect();
        self.packages.sort_unstable();
        self.packages.dedup();
        let fits = |suspect: &Suspect| {
            self.kind.is_none_or(|kind| suspect.kind == kind)
                && (self.package.is_none() || suspect.package == self.package)
        };
        let rows = suspects.all.iter().enumerate();
        self.rows = rows
            .filter(|(_, suspect)| fits(suspect))
            .map(|(at, _)| at)
            .collect();
        true
    }

    /// The suspect in that place of those shown.
    pub(super) fn get<'a>(&self, suspects: &'a Suspects, at: usize) -> Option<&'a Suspect> {
        suspects.all.get(*self.rows.get(at)?).map(|suspect| &**suspect)
    }
}

/// What a kind is called in a choice.
pub(super) const fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Cache => "Caches",
        Kind::Collection => "Collections",
        Kind::Growth => "Growth",
        Kind::Duplicates => "Duplicates",
        Kind::LargeObject => "Large objects",
        Kind::Strings => "Strings",
        Kind::Listeners => "Listeners",
        Kind::Timers => "Timers",
        Kind::Promises => "Promises",
        Kind::Closures => "Closures",
        Kind::Buffers => "Buffers",
        Kind::Detached => "Detached DOM",
    }
}
