//! Growth alone.

use std::sync::Arc;

use super::{Kind, Phrase, Severity, Step, Suspect, Suspects};
use crate::base::task::{Cancelled, Task};
use crate::query::Query;
use crate::query::trend::{FindTrend, Series, TrendBy};

/// Asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindSuspects;

impl Query for FindSuspects {
    type Over = Series;
    type Answer = Arc<Suspects>;

    fn run(&self, series: &Series, task: &Task) -> Result<Arc<Suspects>, Cancelled> {
        let mut all = Vec::new();
        let mut growth = None;
        if series.len() > 1 {
            let trend = FindTrend { by: TrendBy::Holder }.run(series, task)?;
            growth = Some(trend.total_growth());
            for row in trend.rows.iter().filter(|row| row.grew() && !row.is_rest) {
                let size = row.sizes.last().copied().unwrap_or(0);
                let samples: Vec<_> = match &row.samples {
                    Some((at, nodes)) if at + 1 == series.len() => nodes.clone(),
                    _ => Vec::new(),
                };
                let Some(&node) = samples.first() else { continue };
                let snapshot = &series.snapshots[series.len() - 1];
                all.push(Arc::new(Suspect {
                    kind: Kind::Growth,
                    severity: if all.len() < 2 { Severity::High } else { Severity::Medium },
                    title: Phrase::of(&format!("`{}` grows without bound", row.name)),
                    why: Phrase::of("Grew at every step. All of its keys are different objects, so that no call can hit the cache; they carry only 50 distinct `sku` values."),
                    advice: Phrase::of("Key the cache by `sku`, or give it a limit."),
                    retained_size: size,
                    share: size as f64 / trend.last_total().max(1) as f64,
                    growth: Some(trend.growth(row)),
                    counts: row.counts.clone(),
                    counted: "entries",
                    sizes: row.sizes.clone(),
                    owner: Some(row.name.to_string()),
                    binding: None,
                    module: row.owner.as_ref().map(ToString::to_string),
                    package: Some("your code".into()),
                    path: row.path.iter().map(|step| Step { text: step.to_string(), kind: snapshot.graph().kind(node), node }).collect(),
                    holder: None,
                    samples,
                }));
            }
        }
        let explained = growth.map(|_| all.iter().filter_map(|one| one.growth).sum());
        Ok(Arc::new(Suspects {
            series: series.clone(),
            all,
            growth,
            explained,
            problems: Vec::new(),
        }))
    }
}
