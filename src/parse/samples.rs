//! The section `samples`: at which moments of a recording which ids had been handed out.

use super::columns::Samples;
use super::error::Problem;
use super::input::Input;
use super::schema::Fields;
use super::tokens::{Fault, Tokens};
use crate::base::task::Cancelled;

/// The section this file reads.
pub(super) const SECTION: &str = "samples";

/// Reads the array at `start` (its `[`). What is wrong with it costs it alone.
pub(super) fn read(
    input: &Input<'_>,
    start: usize,
    fields: Option<&Fields>,
    problems: &mut Vec<Problem>,
) -> Result<Samples, Cancelled> {
    let Some(fields) = fields else {
        return Ok(Samples::default());
    };
    let mut samples = Samples::default();
    match rows(input, start, fields, &mut samples) {
        Ok(()) => Ok(samples),
        Err(Fault::Cancelled(cancelled)) => Err(cancelled),
        // What is there of a file that was cut, which is told elsewhere.
        Err(Fault::At(_, at, _)) if at >= input.bytes.len() => Ok(samples),
        Err(Fault::At(section, at, what)) => {
            problems.push(Problem {
                section: section.to_owned(),
                offset: Some(at as u64),
                what: format!("{what}: the timeline is left out"),
            });
            Ok(Samples::default())
        }
    }
}

/// Ids that go back are raised to the one before.
fn rows(input: &Input<'_>, start: usize, fields: &Fields, samples: &mut Samples) -> Result<(), Fault> {
    let mut tokens = Tokens::new(input, SECTION, start);
    let wanted = ["timestamp_us", "last_assigned_id"].map(|field| fields.position(field));
    let (width, [time, id]) = match (fields.width(), wanted) {
        (width, [Some(time), Some(id)]) => (width, [time, id]),
        // The first timelines did not name them.
        (0, _) => (2, [0, 1]),
        _ => return Err(tokens.fault("the header does not tell its fields")),
    };
    let mut last = 0;
    tokens.records(width, |record| {
        last = record[id].max(last);
        samples.times.push(record[time]);
        samples.last_ids.push(last);
    })
}
