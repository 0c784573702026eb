//! What piles up is counted exactly in each snapshot.

use super::program::{self, ask, count, rows};

#[test]
fn instances_are_counted_as_the_programs_count_them() {
    let mut checked = 0;
    for run in program::all() {
        for (at, snapshot) in run.snapshots.iter().enumerate() {
            let summary = ask("summary", &[snapshot], &["--limit", "100000"]);
            for leak in &run.leaks {
                let Some(class) = leak.own_class() else { continue };
                let found: u64 = rows(&summary)
                    .iter()
                    .filter(|row| row["class"] == class)
                    .map(|row| count(&row["count"]))
                    .sum();
                let place = format!("{class} of {} in {}-{}", leak.binding, run.name, at + 1);
                assert_eq!(found, leak.counts[at], "{place}");
                checked += 1;
            }
        }
    }
    assert!(checked >= 40, "only {checked} counts were found to check");
}
