//! Patterns as they are typed.

use super::error::CliError;
use crate::query::pattern::{Pattern, Syntax};

/// The pattern `text`, or in one line why it is none.
pub(super) fn read(text: &str, syntax: Syntax, case_sensitive: bool) -> Result<Pattern, CliError> {
    Pattern::new(text, syntax, case_sensitive).map_err(|error| {
        // The last line of the library's message is the reason, those before it draw where.
        let message = error.to_string();
        let reason = message.lines().last().unwrap_or_default();
        let reason = reason.trim().trim_start_matches("error: ");
        CliError::Usage(format!("{text:?} cannot be searched for: {reason}"))
    })
}
