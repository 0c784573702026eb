//! The whole text of a string.

use super::Query;
use crate::analysis::values::{self, Extent};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::snapshot::Snapshot;

/// Asks for the text of a string, joined strings put together to their end. (Of what is no string, the name.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FullText {
    /// The string.
    pub node: NodeIx,
}

/// The text of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullTextAnswer {
    /// The text.
    pub text: JsString,
    /// Whether that is all of it.
    pub extent: Extent,
}

impl FullTextAnswer {
    /// What a person is to know of a text that is not whole.
    pub fn note(&self) -> Option<String> {
        match self.extent {
            Extent::Whole => None,
            Extent::Cut(Some(length)) => Some(format!(
                "V8 wrote only the beginning of this text; it has {length} characters"
            )),
            Extent::Cut(None) => Some("V8 may have written only the beginning of this text".to_owned()),
            Extent::Parent => {
                Some("This string is a piece of the text shown; the file does not tell which".to_owned())
            }
            Extent::TooLong => Some("The end of this text is left out".to_owned()),
        }
    }
}

impl Query for FullText {
    type Over = Snapshot;
    type Answer = FullTextAnswer;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<FullTextAnswer, Cancelled> {
        let (text, extent) = values::full_text(snapshot.graph(), self.node, task)?;
        Ok(FullTextAnswer { text, extent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{ask, named, snapshot};

    #[test]
    fn a_note_tells_what_is_missing() {
        let snapshot = snapshot(
            r#"root:synthetic/0 -shortcut:w-> r="(concatenated string)":concatenated_string -internal:first-> a="left ":string
            r -internal:second-> b="right":string
            root -element:1-> c=cut:string -internal:truncated-> yes=bool:number
            root -element:2-> d="(sliced string)":sliced_string -internal:parent-> a"#,
        );
        let answer = |name| {
            let answer = ask(
                &FullText {
                    node: named(&snapshot, name),
                },
                &snapshot,
            );
            (answer.text.to_string(), answer.note().is_some())
        };
        assert_eq!(answer("(concatenated string)"), ("left right".to_owned(), false));
        assert_eq!(answer("cut"), ("cut".to_owned(), true));
        assert_eq!(answer("(sliced string)"), ("left ".to_owned(), true));
    }
}
