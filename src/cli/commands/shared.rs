//! What several sub-commands have in common: naming objects and classes, describing an object, writing its edges,
//! making a file of a file.

use std::path::Path;

use crate::base::index::{ClassIx, NodeIx, all};
use crate::base::{units, whole_file};
use crate::cli::args::ObjectName;
use crate::cli::error::CliError;
use crate::cli::plain;
use crate::cli::report::{Report, Total};
use crate::cli::text::distance_for_people;
use crate::dump::Fault;
use crate::query::nodes::NodeColumn;
use crate::query::{Cell, Column};
use crate::snapshot::Snapshot;

/// The nodes of those names that there are; names of none are complaints.
pub(super) fn find_objects(snapshot: &Snapshot, names: &[ObjectName]) -> (Vec<NodeIx>, Vec<String>) {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for &ObjectName(id) in names {
        match snapshot.find(id) {
            Some(node) => found.push(node),
            None => missing.push(format!(
                "there is no object {id} in {}",
                snapshot.path().display()
            )),
        }
    }
    (found, missing)
}

/// The object of that name, or the root if none is named; a name of nothing is a complaint.
pub(super) fn find_object(snapshot: &Snapshot, name: Option<ObjectName>) -> (Option<NodeIx>, Vec<String>) {
    match name {
        None => (Some(snapshot.graph().root()), Vec::new()),
        Some(name) => {
            let (found, missing) = find_objects(snapshot, &[name]);
            (found.first().copied(), missing)
        }
    }
}

/// The classes of that name, or the one of that key.
pub(super) fn find_classes(snapshot: &Snapshot, name: &str) -> Vec<ClassIx> {
    let classes = snapshot.classes();
    let is_meant = |class: &ClassIx| {
        let class = classes.class(*class);
        class.name.as_js() == name || class.key().as_js() == name
    };
    all(classes.len()).filter(is_meant).collect()
}

/// What there is to say of `node`, with the keys of `nodes`.
pub(super) fn described<'a, C: Column>(
    mut report: Report<'a, C>,
    snapshot: &Snapshot,
    node: NodeIx,
) -> Report<'a, C> {
    for &column in NodeColumn::ALL {
        report
            .totals
            .push((column.key(), Total::Cell(column.cell(snapshot, &node))));
    }
    report.head = paragraph(snapshot, node);
    report
}

/// Two lines about `node`.
fn paragraph(snapshot: &Snapshot, node: NodeIx) -> Vec<String> {
    let strong = anstyle::Style::new().bold();
    let (id, name) = (snapshot.id(node), snapshot.name(node));
    let name = plain::for_terminal(name.as_js());
    let class = &snapshot.classes().class(snapshot.class_of(node)).name;
    let class = plain::for_terminal(class.as_js());
    let detached = match NodeColumn::Detached.cell(snapshot, &node) {
        Cell::Flag(true) => ", detached",
        _ => "",
    };
    let retained = snapshot.retained_size(node);
    vec![
        format!(
            "{strong}{name}{strong:#} {id}: {}, class {class}{detached}",
            snapshot.graph().kind_name(node)
        ),
        format!(
            "{} of its own, retains {} ({} of the heap), distance {}, dominated by {}",
            units::human_bytes(snapshot.shallow_size(node)),
            units::human_bytes(retained),
            units::share(retained, snapshot.total_size()),
            distance_for_people(snapshot.distance(node)),
            snapshot.id(snapshot.dominator(node)),
        ),
    ]
}

/// Why there is no new file at `place`.
pub(super) fn not_made(fault: Fault, place: &Path) -> CliError {
    match fault {
        Fault::Load(error) => CliError::Load(error),
        Fault::Write(error) => CliError::NotWritten {
            path: place.to_owned(),
            error,
        },
    }
}

/// Refuses to write to `written` what is made of the file at `read`, if both are one file. `what` is made.
pub(super) fn refuse_same(read: &Path, written: &Path, what: &str) -> Result<(), CliError> {
    if whole_file::is_same(read, written) {
        let place = written.display();
        return Err(CliError::Usage(format!(
            "{place} is to be read: the {what} needs another name"
        )));
    }
    Ok(())
}
