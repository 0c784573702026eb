//! The rows of the Secrets: one list.

use crate::base::units::{counted, grouped};
use crate::gui::cx::Asker;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::job::{Lane, Slot};
use crate::query::pattern::Pattern;
use crate::query::secrets::listing::ListSecrets;
use crate::query::secrets::{Secret, SecretColumn, Secrets};
use crate::query::subject::What;
use crate::query::{Cell, Column as _, Order};

/// The table of a frame. A row is a place in the list of secrets.
#[derive(Clone)]
pub(super) struct SecretTree {
    pub(super) asker: Asker,
    /// What was found, once that is known.
    pub(super) secrets: Option<Secrets>,
    pub(super) pattern: Option<Pattern>,
    pub(super) order: Order<SecretColumn>,
}

/// The rows, in the order that is asked for.
pub(super) struct Level(Slot<ListSecrets>);

/// The columns.
pub(super) const HEADS: &[Head<SecretColumn>] = &[
    Head::new(SecretColumn::Text, "Secret", "As much of it as may be shown", 0.0),
    Head::new(SecretColumn::Kind, "Kind", "What it seems to be", 128.0),
    Head::new(
        SecretColumn::Place,
        "Found as",
        "Value or key of a property",
        88.0,
    ),
    Head::new(
        SecretColumn::Property,
        "Property",
        "Property that holds it",
        144.0,
    ),
    Head::new(
        SecretColumn::Owner,
        "Held by",
        "Class of the object that holds it",
        160.0,
    ),
    Head::new(SecretColumn::OwnerId, "Holder", "That object", 96.0),
    Head::new(
        SecretColumn::Count,
        "Count",
        "Number of strings that have it",
        80.0,
    ),
];

impl Level {
    /// The secrets, not asked for yet.
    pub(super) const fn new() -> Self {
        Self(Slot::new(Lane::Frame))
    }

    /// The rows, once they are known.
    pub(super) fn answer(&self) -> Option<&Vec<u32>> {
        self.0.latest()
    }
}

impl SecretTree {
    fn secret(&self, row: u32) -> Option<&Secret> {
        self.secrets.as_ref()?.all().get(row as usize)
    }

    fn text(&self, row: u32, column: SecretColumn) -> Option<String> {
        match column.cell(&self.asker.snapshot, self.secret(row)?) {
            Cell::Text(text) => Some(text.as_js().to_string_lossy().into_owned()),
            Cell::Word(word) => Some(word.replace('-', " ")),
            Cell::Id(id) => Some(id.to_string()),
            _ => None,
        }
    }
}

impl Branches for SecretTree {
    type Row = u32;
    type Key = u32;
    type Level = Level;

    fn key(&self, row: &u32) -> u32 {
        *row
    }

    fn can_open(&self, _row: &u32) -> bool {
        false
    }

    fn repeats(&self, _row: &u32, _ancestors: &[u32]) -> bool {
        false
    }

    fn open(&self, _row: &u32) -> Level {
        Level::new()
    }

    fn ask(&self, level: &mut Level) -> Asked {
        let Some(secrets) = &self.secrets else {
            return Asked {
                is_waiting: true,
                ..Asked::default()
            };
        };
        let question = ListSecrets {
            secrets: secrets.clone(),
            pattern: self.pattern.clone(),
            order: self.order,
        };
        self.asker.ask(&mut level.0, &question)
    }

    fn len(&self, level: &Level) -> u64 {
        level.answer().map_or(0, Vec::len) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<u32> {
        level.answer()?.get(usize::try_from(at).ok()?).copied()
    }

    fn find(&self, level: &Level, row: u32) -> Option<u64> {
        let at = level.answer()?.iter().position(|&known| known == row)?;
        Some(at as u64)
    }

    fn nothing(&self, _level: &Level) -> &'static str {
        if self.pattern.is_some() {
            "No secret has that in its names"
        } else {
            "No secrets found"
        }
    }

    fn page(&self, _level: &Level) -> u64 {
        u64::MAX
    }
}

impl Face for SecretTree {
    type Column = SecretColumn;

    fn heads(&self) -> &'static [Head<SecretColumn>] {
        HEADS
    }

    fn is_flat(&self) -> bool {
        true
    }

    fn write(&self, strip: &mut Strip<'_>, row: &u32, _repeats: bool, tokens: &Tokens) {
        if let Some(secret) = self.secret(*row) {
            strip.icon(Icon::FINGERPRINT, 14.0, tokens.high_text).space(6.0);
            strip.text(&secret.masked, fonts::code(), tokens.text_strong);
        }
    }

    fn value(&self, row: &u32, at: usize) -> Value {
        match (HEADS[at].by, self.secret(*row)) {
            (SecretColumn::Count, Some(secret)) => Value::Number(secret.count),
            (by, Some(_)) => self.text(*row, by).map_or(Value::None, Value::Text),
            (_, None) => Value::None,
        }
    }

    fn spoken(&self, row: &u32) -> (String, String) {
        let text = |column| self.text(*row, column).unwrap_or_default();
        let count = self.secret(*row).map_or(0, |secret| secret.count);
        let said = format!(
            "{}, held by {}, {}",
            text(SecretColumn::Kind),
            text(SecretColumn::Owner),
            counted(count, "string", "strings")
        );
        (text(SecretColumn::Text), said)
    }

    fn copied(&self, row: &u32) -> String {
        self.text(*row, SecretColumn::Text)
            .unwrap_or_else(|| grouped(u64::from(*row)))
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for SecretTree {
    fn what(&self, row: &u32) -> Option<What> {
        self.secret(*row).map(|secret| What::Object(secret.node))
    }
}
