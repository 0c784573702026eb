//! Which strings, and how they are put together.

use crate::query::Order;
use crate::query::strings::{StringColumn, Which};

/// Which strings, and in which order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lens {
    All,
    Largest,
    Duplicates,
    /// Texts that begin alike, together.
    Families,
    /// Strings that slices keep.
    Sliced,
}

pub(super) const LENSES: [(Lens, &str); 5] = [
    (Lens::All, "All"),
    (Lens::Largest, "Largest"),
    (Lens::Duplicates, "Duplicates"),
    (Lens::Families, "Families"),
    (Lens::Sliced, "Sliced"),
];

impl Lens {
    /// Which texts it lists, if it lists texts.
    pub(super) const fn which(self) -> Which {
        match self {
            Self::Duplicates => Which::Duplicates,
            Self::All | Self::Largest | Self::Families | Self::Sliced => Which::All,
        }
    }

    /// How texts are sorted at first.
    pub(super) const fn order(self) -> Order<StringColumn> {
        match self {
            Self::All => Order::ascending(StringColumn::Value),
            Self::Largest | Self::Families | Self::Sliced => Which::All.default_order(),
            Self::Duplicates => Which::Duplicates.default_order(),
        }
    }

    /// What the form of the rows is called beside another view; texts of any order are one form.
    pub(super) const fn form(self) -> &'static str {
        match self {
            Self::All | Self::Largest => "",
            Self::Duplicates => "duplicates",
            Self::Families => "families",
            Self::Sliced => "sliced",
        }
    }

    /// The lens of that form.
    pub(super) fn of_form(form: &str) -> Self {
        let named = LENSES.iter().find(|(lens, _)| lens.form() == form);
        named.map_or(Self::Largest, |&(lens, _)| lens)
    }
}
