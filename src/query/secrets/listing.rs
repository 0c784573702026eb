//! Which of the secrets, and in which order?

use std::cmp::Ordering;

use super::{SecretColumn, Secrets};
use crate::base::index::to_u32;
use crate::base::task::{Cancelled, Task};
use crate::query::pattern::Pattern;
use crate::query::{Cell, Column as _, Order, Query};
use crate::snapshot::Snapshot;

/// Asks for places in a list of secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct ListSecrets {
    /// The secrets of the snapshot that is asked about.
    pub secrets: Secrets,
    /// Only those that have this in what they are, in what is shown of them, or in what holds them.
    pub pattern: Option<Pattern>,
    /// Their order; equal ones stay as they were found.
    pub order: Order<SecretColumn>,
}

impl ListSecrets {
    /// The worst first, as they are found.
    pub const DEFAULT_ORDER: Order<SecretColumn> = Order::ascending(SecretColumn::Kind);
}

/// A cell as rows are sorted by it; nothing stands before everything.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Nothing,
    Number(u64),
    Text(String),
}

impl SortKey {
    fn of(cell: Cell) -> Self {
        match cell {
            Cell::Text(text) => Self::Text(text.as_js().to_string_lossy().to_lowercase()),
            Cell::Word(word) => Self::Text(word.to_owned()),
            Cell::Id(id) => Self::Number(id.0),
            Cell::Count(count) => Self::Number(count),
            _ => Self::Nothing,
        }
    }
}

impl Query for ListSecrets {
    type Over = Snapshot;
    type Answer = Vec<u32>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<u32>, Cancelled> {
        const NAMED: [SecretColumn; 4] = [
            SecretColumn::Kind,
            SecretColumn::Text,
            SecretColumn::Property,
            SecretColumn::Owner,
        ];
        let mut rows = Vec::new();
        for (at, secret) in self.secrets.all().iter().enumerate() {
            task.check_at(at << 6)?;
            let has = |pattern: &Pattern| {
                NAMED.iter().any(|column| match column.cell(snapshot, secret) {
                    Cell::Text(text) => pattern.matches(text.as_js()),
                    Cell::Word(word) => pattern.matches(word.into()),
                    _ => false,
                })
            };
            if self.pattern.as_ref().is_none_or(has) {
                let key = match self.order.by {
                    // They are found in the order of kinds, the worst first.
                    SecretColumn::Kind => SortKey::Number(secret.kind as u64),
                    column => SortKey::of(column.cell(snapshot, secret)),
                };
                rows.push((key, to_u32(at)));
            }
        }
        let compare = |a: &(SortKey, u32), b: &(SortKey, u32)| -> Ordering {
            self.order.direction.apply(a.0.cmp(&b.0)).then(a.1.cmp(&b.1))
        };
        rows.sort_by(compare);
        Ok(rows.into_iter().map(|(_, at)| at).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::secrets::FindSecrets;
    use crate::query::testing::{ask, snapshot};

    #[test]
    fn secrets_are_sorted_and_filtered() {
        let snapshot = snapshot(
            r#"
            root:synthetic/0 -shortcut:w-> window:object/8 -mail-> mail="bob@example.com":string/16 #13
            window -config-> config=Config:object/16 #11 -url-> url="amqp://u:geheim@mq":string/16 #15
            config -again-> url2="amqp://u:geheim@mq":string/16 #17
        "#,
        );
        let secrets = ask(&FindSecrets, &snapshot);
        let list = |pattern: Option<&str>, order| {
            let pattern = pattern
                .map(|text| Pattern::new(text, crate::query::pattern::Syntax::Substring, false).unwrap());
            let rows = ask(
                &ListSecrets {
                    secrets: secrets.clone(),
                    pattern,
                    order,
                },
                &snapshot,
            );
            let ids = rows
                .iter()
                .map(|&at| snapshot.id(secrets.all()[at as usize].node).0);
            ids.collect::<Vec<_>>()
        };
        assert_eq!(list(None, ListSecrets::DEFAULT_ORDER), [15, 13]);
        assert_eq!(list(None, Order::descending(SecretColumn::Kind)), [13, 15]);
        assert_eq!(list(None, Order::ascending(SecretColumn::Id)), [13, 15]);
        assert_eq!(list(None, Order::descending(SecretColumn::Count)), [15, 13]);
        assert_eq!(list(Some("config"), ListSecrets::DEFAULT_ORDER), [15]);
        assert_eq!(list(Some("email"), ListSecrets::DEFAULT_ORDER), [13]);
        assert_eq!(list(Some("geheim"), ListSecrets::DEFAULT_ORDER), [] as [u64; 0]);
    }
}
