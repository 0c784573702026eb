//! `--sort` and `--reverse`, for every sub-command whose rows can be sorted.

use super::error::CliError;
use crate::query::{Column, Order};

/// How rows are sorted.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Sorting {
    /// Sort by this column (a key of the JSON rows); sizes and counts largest first, names and distances smallest first
    #[arg(long, value_name = "KEY")]
    sort: Option<String>,
    /// Turn the order round
    #[arg(long)]
    reverse: bool,
}

impl Sorting {
    /// Refuses a column that there is not, before any file is read.
    pub(super) fn check<C: Column>(&self) -> Result<(), CliError> {
        match &self.sort {
            None => Ok(()),
            Some(key) => first_order::<C>(key).map(drop),
        }
    }

    /// The order asked for, if one is.
    pub(super) fn chosen<C: Column>(&self) -> Result<Option<Order<C>>, CliError> {
        let Some(key) = &self.sort else { return Ok(None) };
        self.order(first_order(key)?).map(Some)
    }

    /// The order asked for, `default` if none is.
    pub(super) fn order<C: Column>(&self, default: Order<C>) -> Result<Order<C>, CliError> {
        let mut order = match &self.sort {
            None => default,
            Some(key) => first_order(key)?,
        };
        if self.reverse {
            order.direction = order.direction.reversed();
        }
        Ok(order)
    }
}

fn first_order<C: Column>(key: &str) -> Result<Order<C>, CliError> {
    let Some(&by) = C::ALL.iter().find(|column| column.key() == key) else {
        let keys: Vec<_> = C::ALL.iter().map(|column| column.key()).collect();
        let keys = keys.join(", ");
        return Err(CliError::Usage(format!(
            "--sort {key}: there is no such column; there are {keys}"
        )));
    };
    let large_first = by.is_number() && !matches!(key, "distance" | "id");
    Ok(if large_first {
        Order::descending(by)
    } else {
        Order::ascending(by)
    })
}
