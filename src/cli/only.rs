//! `--only NAME`: DevTools' filters by the names people type.

use std::str::FromStr;

use crate::analysis::filters::NodeFilter;
use crate::graph::ObjectId;

/// A filter as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Only(NodeFilter);

const NAMED: [(&str, NodeFilter); 5] = [
    ("duplicated-strings", NodeFilter::DuplicatedStrings),
    ("retained-by-detached-dom", NodeFilter::RetainedByDetachedDom),
    ("retained-by-console", NodeFilter::RetainedByConsole),
    ("retained-by-event-handlers", NodeFilter::RetainedByEventHandlers),
    ("retained-by-contexts", NodeFilter::RetainedByContexts),
];

const RANGE: &str = "allocated-between=";

impl Only {
    /// What it lets pass.
    pub(super) fn filter(self) -> NodeFilter {
        self.0
    }
}

impl FromStr for Only {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, filter)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(Self(*filter));
        }
        if let Some(range) = text.strip_prefix(RANGE) {
            return id_range(range).map(Self).ok_or_else(|| {
                format!("{RANGE} is followed by two ids, the smaller first, as in {RANGE}1200..5600")
            });
        }
        let names: Vec<_> = NAMED.iter().map(|(name, _)| *name).collect();
        Err(format!("there are {}, {RANGE}ID..ID", names.join(", ")))
    }
}

/// `1200..5600`, with or without `@`.
fn id_range(text: &str) -> Option<NodeFilter> {
    let (after, through) = text.split_once("..")?;
    let id = |text: &str| text.strip_prefix('@').unwrap_or(text).parse().ok();
    let (after, through) = (id(after)?, id(through)?);
    (after <= through).then_some(NodeFilter::AllocatedBetween {
        after: ObjectId(after),
        through: ObjectId(through),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_go_by_their_names() {
        assert_eq!(
            "retained-by-console".parse(),
            Ok(Only(NodeFilter::RetainedByConsole))
        );
        let between = NodeFilter::AllocatedBetween {
            after: ObjectId(12),
            through: ObjectId(99),
        };
        assert_eq!("allocated-between=12..@99".parse(), Ok(Only(between)));
        for wrong in [
            "",
            "console",
            "allocated-between=",
            "allocated-between=9..2",
            "allocated-between=1",
        ] {
            assert!(wrong.parse::<Only>().is_err(), "{wrong}");
        }
    }
}
