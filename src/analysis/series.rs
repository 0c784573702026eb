//! What a row of numbers, one from each snapshot, does over time.
//!
//! Only numbers of one process follow each other: a *sequence* is the snapshots of one process in their order. Where
//! snapshots of several processes are open, each sequence is judged for itself, and something grows if it grows in all.

/// What a series does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It rose at every step, and does not slow down.
    GrewAtEveryStep,
    /// It rose at every step, but in many places at once: no single holder grew.
    Diffuse,
    /// It rose, ever less.
    SlowingDown,
    /// It rose, and then no more.
    LevelledOff,
    /// It rose and fell.
    UpAndDown,
    /// It fell and never rose.
    Shrank,
    /// It changed by next to nothing.
    Steady,
}

impl Verdict {
    /// The word for it.
    pub const fn text(self) -> &'static str {
        match self {
            Self::GrewAtEveryStep => "grew at every step",
            Self::Diffuse => "larger, in many places",
            Self::SlowingDown => "growing but slowing down",
            Self::LevelledOff => "levelled off",
            Self::UpAndDown => "up and down",
            Self::Shrank => "shrank",
            Self::Steady => "steady",
        }
    }
}

/// Which numbers of a series follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequences {
    all: Vec<Vec<usize>>,
    are_processes: bool,
}

impl Sequences {
    /// All `count` numbers follow each other.
    pub fn one(count: usize) -> Self {
        Self {
            all: vec![(0..count).collect()],
            are_processes: false,
        }
    }

    /// The snapshots with equal processes follow each other. If no two are of one process, there is no order but that of all.
    pub fn of_processes(processes: &[usize]) -> Self {
        let mut sequences: Vec<Vec<usize>> = Vec::new();
        for (at, &process) in processes.iter().enumerate() {
            match sequences.iter_mut().find(|known| processes[known[0]] == process) {
                Some(known) => known.push(at),
                None => sequences.push(vec![at]),
            }
        }
        if sequences.iter().all(|sequence| sequence.len() < 2) {
            return Self::one(processes.len());
        }
        Self {
            all: sequences,
            are_processes: true,
        }
    }

    /// The sequences, each the places of its numbers in the series.
    pub fn all(&self) -> &[Vec<usize>] {
        &self.all
    }

    /// What growth is reckoned from: the first number of each sequence, together.
    pub fn base(&self, series: &[u64]) -> u64 {
        self.longer().map(|sequence| series[sequence[0]]).sum()
    }

    /// The first of the sequence to which the number at `at` belongs.
    pub fn first_of(&self, at: usize) -> Option<usize> {
        self.all
            .iter()
            .find(|sequence| sequence.contains(&at))?
            .first()
            .copied()
    }

    /// The one before the number at `at` in its sequence.
    pub fn before(&self, at: usize) -> Option<usize> {
        let sequence = self.all.iter().find(|sequence| sequence.contains(&at))?;
        let place = sequence.iter().position(|&other| other == at)?;
        Some(sequence[place.checked_sub(1)?])
    }

    /// Those whose snapshots are of one process each: their ids can be compared.
    pub fn within_processes(&self) -> impl Iterator<Item = &[usize]> {
        let known: &[Vec<usize>] = if self.are_processes { &self.all } else { &[] };
        known.iter().map(Vec::as_slice)
    }

    /// Those in which a step can be seen.
    fn longer(&self) -> impl Iterator<Item = &[usize]> {
        self.all
            .iter()
            .map(Vec::as_slice)
            .filter(|sequence| sequence.len() > 1)
    }

    /// How many steps the longest has.
    pub fn steps(&self) -> usize {
        self.longer()
            .map(|sequence| sequence.len() - 1)
            .max()
            .unwrap_or(0)
    }

    /// By how much a series grew: from the first to the last of each sequence, together.
    pub fn growth(&self, series: &[u64]) -> i64 {
        let growth = |sequence: &[usize]| {
            let (first, last) = (series[sequence[0]], series[sequence[sequence.len() - 1]]);
            i64::try_from(i128::from(last) - i128::from(first)).unwrap_or(i64::MAX)
        };
        self.longer().map(growth).sum()
    }

    /// What `series` does; changes below `least` altogether are next to nothing.
    pub fn judge(&self, series: &[u64], least: u64) -> Verdict {
        let verdicts = self.longer().map(|sequence| {
            let numbers: Vec<u64> = sequence.iter().map(|&at| series[at]).collect();
            judge(&numbers, least)
        });
        let mut all: Vec<Verdict> = verdicts.collect();
        all.sort_unstable();
        all.dedup();
        match all[..] {
            [] => Verdict::Steady,
            [one] => one,
            // Different things in different processes: the least of the growths, but what goes up and down stays so.
            _ if all.contains(&Verdict::UpAndDown) || all.contains(&Verdict::Shrank) => Verdict::UpAndDown,
            [.., last] => last,
        }
    }

    /// Does `series` rise by at least `step` at every step of every sequence?
    pub fn rises(&self, series: &[u64], step: u64) -> bool {
        self.steps() > 0
            && self.longer().all(|sequence| {
                let pairs = sequence.windows(2).map(|pair| (series[pair[0]], series[pair[1]]));
                pairs
                    .into_iter()
                    .all(|(before, after)| after >= before.saturating_add(step.max(1)))
            })
    }

    /// Does `series` climb: it never falls, rises by `least` altogether in every sequence, more than once where there are
    /// more than two steps (at the end, if another sequence shows more), and has not come to a stop? (The room in a table grows
    /// so: it doubles from time to time.)
    pub fn climbs(&self, series: &[u64], least: u64) -> bool {
        let mut is_shown = false;
        for sequence in self.longer() {
            let rises: Option<Vec<u64>> = sequence
                .windows(2)
                .map(|pair| series[pair[1]].checked_sub(series[pair[0]]))
                .collect();
            let Some(rises) = rises.filter(|rises| rises.iter().sum::<u64>() >= least && !slows_down(rises))
            else {
                return false;
            };
            let rising = rises.iter().filter(|&&rise| rise > 0).count();
            let is_plain = rising >= rises.len().min(2);
            let is_recent = rises
                .iter()
                .rev()
                .take(if is_plain { 2 } else { 1 })
                .any(|&rise| rise > 0);
            if !is_recent {
                return false;
            }
            is_shown |= is_plain;
        }
        is_shown
    }
}

/// Does a rise at every step slow down so much that it will end: the steps become ever smaller, the last less than half the
/// first (of two steps alone, less than a third)?
fn slows_down(rises: &[u64]) -> bool {
    let (Some(&first), Some(&last)) = (rises.first(), rises.last()) else {
        return false;
    };
    let part = if rises.len() > 2 { 2 } else { 3 };
    let ever_smaller = rises
        .windows(2)
        .all(|pair| pair[1] <= pair[0].saturating_add(pair[0] / 8));
    rises.len() > 1 && ever_smaller && last.saturating_mul(part) < first
}

fn judge(numbers: &[u64], least: u64) -> Verdict {
    let (Some(&first), Some(&last)) = (numbers.first(), numbers.last()) else {
        return Verdict::Steady;
    };
    let (Some(&lowest), Some(&highest)) = (numbers.iter().min(), numbers.iter().max()) else {
        return Verdict::Steady;
    };
    if highest - lowest < least.max(1) {
        return Verdict::Steady;
    }
    let steps = || numbers.windows(2);
    let falls = steps().any(|pair| pair[1] < pair[0]);
    if falls {
        return if last < first && steps().all(|pair| pair[1] <= pair[0]) {
            Verdict::Shrank
        } else {
            Verdict::UpAndDown
        };
    }
    let rises: Vec<u64> = steps().map(|pair| pair[1] - pair[0]).collect();
    let risen = last - first;
    // What a last step adds that is less than a fiftieth of all is no more than noise.
    let last_rise = rises.last().copied().unwrap_or(0);
    if rises.len() > 1 && last_rise.saturating_mul(50) < risen {
        return Verdict::LevelledOff;
    }
    if slows_down(&rises) {
        return Verdict::SlowingDown;
    }
    if rises.contains(&0) {
        return Verdict::UpAndDown;
    }
    Verdict::GrewAtEveryStep
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(numbers: &[u64]) -> Verdict {
        Sequences::one(numbers.len()).judge(numbers, 10)
    }

    #[test]
    fn growth_is_a_rise_at_every_step_that_does_not_slow_down() {
        use Verdict::{GrewAtEveryStep, LevelledOff, Shrank, SlowingDown, Steady, UpAndDown};
        for (numbers, expected) in [
            (&[20, 1020, 2020, 3020][..], GrewAtEveryStep),
            (&[50, 500, 1500], GrewAtEveryStep),
            (&[0, 900, 1500, 2300], GrewAtEveryStep),
            (&[100, 200], GrewAtEveryStep),
            (&[0, 800, 1000, 1040], SlowingDown),
            (&[100, 1000, 1200], SlowingDown),
            (&[118, 236, 236, 236], LevelledOff),
            (&[0, 1000, 1010, 1015], LevelledOff),
            (&[65, 131, 65, 65], UpAndDown),
            (&[10, 10, 10, 900], UpAndDown),
            (&[900, 500, 100], Shrank),
            (&[900, 905, 903], Steady),
            (&[7], Steady),
            (&[], Steady),
        ] {
            assert_eq!(verdict(numbers), expected, "{numbers:?}");
        }
    }

    #[test]
    fn each_process_is_judged_for_itself() {
        let mixed = Sequences::of_processes(&[0, 1, 0, 1]);
        assert_eq!(mixed.all(), [[0, 2], [1, 3]]);
        // Together they go up and down; each for itself grows.
        let both = [700, 2000, 1400, 3000];
        assert_eq!(mixed.judge(&both, 10), Verdict::GrewAtEveryStep);
        assert_eq!(mixed.growth(&both), 1700);
        assert!(mixed.rises(&both, 700) && !mixed.rises(&both, 701));
        // What grows in one of them alone is no growth of the program's.
        assert_eq!(mixed.judge(&[700, 2000, 1400, 2000], 10), Verdict::Steady);
        assert_eq!(mixed.judge(&[700, 2000, 1400, 1000], 10), Verdict::UpAndDown);
    }

    #[test]
    fn single_snapshots_of_several_processes_follow_each_other() {
        let singles = Sequences::of_processes(&[0, 1, 2]);
        assert_eq!((singles.all().len(), singles.steps()), (1, 2));
        let one_alone = Sequences::of_processes(&[0, 1, 0]);
        assert_eq!(one_alone.judge(&[1, 0, 50], 10), Verdict::GrewAtEveryStep);
    }

    #[test]
    fn tables_climb_by_doubling() {
        let climbs = |numbers: &[u64]| Sequences::one(numbers.len()).climbs(numbers, 10);
        assert!(climbs(&[32, 1024, 1024, 2048]));
        assert!(climbs(&[10, 20, 40]));
        assert!(!climbs(&[32, 1024, 1024, 1024]), "filled once");
        assert!(!climbs(&[1024, 1024, 1024, 2048]), "a single rise");
        assert!(!climbs(&[10, 40, 20]));
        assert!(!climbs(&[10, 11, 12]), "next to nothing");
        assert!(climbs(&[10, 20]));
    }
}
