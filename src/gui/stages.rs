//! How far a load is as a whole: its stages take very different times.

use crate::base::task::{Progress, Stage};

/// Roughly what part of the time a stage takes, in hundredths.
const fn weight(stage: Stage) -> f32 {
    match stage {
        Stage::Open => 2.0,
        Stage::Scan => 8.0,
        Stage::Read | Stage::Graph | Stage::Dominators => 25.0,
        Stage::Strings => 10.0,
        Stage::Summary => 5.0,
    }
}

/// How far the whole load is: 0 to 1.
pub(crate) fn overall(progress: &Progress) -> f32 {
    let before = Stage::ALL.iter().filter(|stage| **stage < progress.stage);
    let done: f32 = before.map(|stage| weight(*stage)).sum();
    (done + weight(progress.stage) * progress.fraction) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_is_the_sum_of_the_stages() {
        let at = |stage, fraction| {
            overall(&Progress {
                stage,
                fraction,
                bytes: 0,
                total_bytes: 0,
                memory: 0,
            })
        };
        assert!(at(Stage::Open, 0.0).abs() < 1e-6);
        assert!((at(Stage::Summary, 1.0) - 1.0).abs() < 1e-6);
        assert!((at(Stage::Read, 1.0) - at(Stage::Strings, 0.0)).abs() < 1e-6);
    }
}
