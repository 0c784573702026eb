//! The columns of the comparison.

use crate::gui::widgets::table::Head;
use crate::query::comparison::ComparisonColumn;
use crate::query::comparison::deltas::DeltaColumn;

/// By class.
pub(super) const HEADS: &[Head<ComparisonColumn>] = &[
    Head::new(ComparisonColumn::Class, "Class", "Class", 0.0),
    Head::new(
        ComparisonColumn::BaseCount,
        "# base",
        "Number of objects in the base",
        80.0,
    ),
    Head::new(
        ComparisonColumn::CurrentCount,
        "# current",
        "Number of objects in the current snapshot",
        80.0,
    ),
    Head::new(
        ComparisonColumn::BaseSize,
        "Base, B",
        "Size in the base in bytes",
        96.0,
    )
    .between(),
    Head::new(
        ComparisonColumn::CurrentSize,
        "Current, B",
        "Size in the current snapshot in bytes",
        96.0,
    )
    .between(),
    Head::new(
        ComparisonColumn::AddedCount,
        "Added",
        "Number of objects that only the current snapshot has",
        80.0,
    ),
    Head::new(
        ComparisonColumn::RemovedCount,
        "Removed",
        "Number of objects that only the base has",
        80.0,
    ),
    Head::new(
        ComparisonColumn::GrownSize,
        "Grown in place, B",
        "Bytes that objects of both gained or lost",
        128.0,
    ),
    Head::new(
        ComparisonColumn::CountDelta,
        "# delta",
        "Change of the number of objects",
        80.0,
    ),
    Head::new(
        ComparisonColumn::SizeDelta,
        "Size delta, B",
        "Change of size in bytes",
        104.0,
    ),
    Head::new(
        ComparisonColumn::ClassShare,
        "% of class",
        "Change of size as a share of what the class had in the base",
        104.0,
    )
    .between(),
    Head::new(
        ComparisonColumn::SizeDelta,
        "% of heap",
        "Change of size as a share of the heap",
        112.0,
    )
    .extra(),
];

/// By owner and by path.
pub(super) const TREE_HEADS: &[Head<DeltaColumn>] = &[
    Head::new(DeltaColumn::Label, "Held by", "What holds it", 0.0),
    Head::new(
        DeltaColumn::BaseCount,
        "# base",
        "Number of objects in the base",
        80.0,
    ),
    Head::new(
        DeltaColumn::CurrentCount,
        "# current",
        "Number of objects in the current snapshot",
        80.0,
    ),
    Head::new(
        DeltaColumn::BaseSize,
        "Base, B",
        "Size in the base in bytes",
        96.0,
    ),
    Head::new(
        DeltaColumn::CurrentSize,
        "Current, B",
        "Size in the current snapshot in bytes",
        96.0,
    ),
    Head::new(
        DeltaColumn::CountDelta,
        "# delta",
        "Change of the number of objects",
        80.0,
    ),
    Head::new(
        DeltaColumn::SizeDelta,
        "Size delta, B",
        "Change of size in bytes",
        104.0,
    ),
    Head::new(
        DeltaColumn::SizeDelta,
        "% of heap",
        "Change of size as a share of the heap",
        112.0,
    )
    .extra(),
];
