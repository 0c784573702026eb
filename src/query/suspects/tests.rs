use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::base::task::Task;
use crate::fixture;
use crate::query::testing::ask;
use crate::snapshot::Snapshot;

/// The program's script and a package's; the program's outermost context is `m`.
const SCRIPTS: &str = r#"
    root="":synthetic/0 #1 -shortcut:w-> w:object/8 #3
    w -own-> own=use:closure/32 #5 -internal:shared-> so=use:code/8 -internal:script-> "/srv/app/main.js":code/8
    w -runtime-> rt=tool:closure/32 #7 -internal:shared-> sr=tool:code/8 -internal:script-> "node:internal/tools":code/8
    own -internal:context-> m="system / Context":object/16 #9 -internal:previous-> native="system / NativeContext":hidden/8
    rt -internal:context-> n="system / Context":object/16 #11 -internal:previous-> native
"#;

/// The answer about heaps of which each is the scripts and that.
fn suspects(heaps: &[String]) -> Arc<Suspects> {
    let snapshot = |text: &String| {
        let bytes = fixture::heap(&format!("{SCRIPTS}\n{text}"));
        Arc::new(Snapshot::from_bytes(&bytes, Path::new("tiny.heapsnapshot"), &Task::new()).unwrap())
    };
    let series = Series {
        snapshots: heaps.iter().map(snapshot).collect(),
        seconds: None,
    };
    ask(&FindSuspects, &series)
}

/// `count` objects of `class` in an array that the variable `name` of the program's module holds.
fn list(name: &str, class: &str, count: usize, first_id: usize) -> String {
    let mut text = format!("m -context:{name}-> {name}=Array:object/32 #{}\n", first_id - 2);
    for at in 0..count {
        let id = first_id + 2 * at;
        writeln!(text, "{name} -element:{at}-> {name}{at}={class}:object/400 #{id}").unwrap();
    }
    text
}

fn titles(found: &Suspects) -> Vec<(String, &'static str)> {
    let told = |suspect: &Arc<Suspect>| (suspect.title.text(), suspect.severity.key());
    found.all.iter().map(told).collect()
}

#[test]
fn a_list_that_grows_at_every_step_is_the_first_suspect() {
    let heaps: Vec<String> = [100, 300, 500]
        .iter()
        .map(|&count| {
            let table = list("table", "Row", 900, 100_001);
            format!("{table}{}", list("sessions", "Session", count, 1001))
        })
        .collect();
    let found = suspects(&heaps);
    let first = &found.all[0];
    assert_eq!(
        (first.title.text().as_str(), first.severity, first.kind),
        (
            "sessions holds ever more Session",
            Severity::High,
            Kind::Collection
        )
    );
    assert_eq!(first.counts, [100, 300, 500]);
    assert_eq!(first.binding.as_deref(), Some("sessions"));
    assert_eq!(first.module.as_deref(), Some("main.js"));
    assert_eq!(first.package.as_deref(), Some("your code"));
    assert!(first.samples.len() > 10 && first.holder.is_some());
    assert!(first.growth.is_some_and(|growth| growth >= 400 * 400));
    assert!(found.explained.unwrap() >= 400 * 400, "{:?}", found.explained);
    // The table that did not grow is worth a note at most.
    for suspect in &found.all[1..] {
        assert_eq!(suspect.severity, Severity::Note, "{suspect:?}");
    }
}

#[test]
fn what_is_filled_once_or_turns_over_raises_no_alarm() {
    let filled_once = [0, 500, 500, 500].map(|count| list("table", "Row", count, 1001));
    let full = [0, 1, 2, 3].map(|at| list("cache", "Entry", 500, 1001 + 2000 * at));
    for heaps in [filled_once, full] {
        let found = suspects(&heaps);
        let alarms: Vec<_> = titles(&found)
            .into_iter()
            .filter(|(_, severity)| *severity != "note")
            .collect();
        assert!(alarms.is_empty(), "{alarms:?}");
    }
}

#[test]
fn one_step_is_no_more_than_likely() {
    let found = suspects(&[100, 300].map(|count| list("sessions", "Session", count, 1001)));
    assert_eq!(
        titles(&found)[0],
        ("sessions holds ever more Session".to_owned(), "medium")
    );
}

#[test]
fn one_snapshot_tells_where_things_piled_up_and_is_no_alarm() {
    let found = suspects(&[list("sessions", "Session", 300, 1001)]);
    assert_eq!(
        titles(&found)[0],
        ("sessions holds 300 Session".to_owned(), "note")
    );
    assert_eq!((found.growth, found.explained), (None, None));
    assert_eq!(found.all[0].counts, [300]);
    assert_eq!(found.all[0].growth, None);
}

#[test]
fn the_runtimes_own_tables_are_left_out() {
    let runtimes = list("table", "Row", 40, 1001).replace("m -context", "n -context");
    let padding = list("rows", "Row", 400, 100_001);
    let found = suspects(&[format!("{runtimes}{padding}")]);
    let all = titles(&found);
    assert!(
        all.iter().all(|(title, _)| !title.starts_with("table")),
        "{all:?}"
    );
    assert_eq!(all[0].0, "rows holds 400 Row");
}

#[test]
fn what_lies_in_every_entry_is_no_pile_of_its_own() {
    let mut text = list("orders", "Order", 100, 1001);
    for at in 0..100 {
        writeln!(text, "orders{at} -items-> items{at}=Array:object/32").unwrap();
        for item in 0..30 {
            writeln!(text, "items{at} -element:{item}-> i{at}x{item}=Item:object/40").unwrap();
        }
    }
    let found = suspects(&[text]);
    let all = titles(&found);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].0, "orders holds 100 Order");
}

#[test]
fn lists_in_a_few_tables_are_told_and_not_the_tables() {
    let mut text = "m -context:tenants-> tenants=Array:object/32\n".to_owned();
    for tenant in 0..30 {
        writeln!(
            text,
            "tenants -element:{tenant}-> t{tenant}=Tenant:object/24 -quotas-> q{tenant}=Array:object/32"
        )
        .unwrap();
        for at in 0..60 {
            writeln!(text, "q{tenant} -element:{at}-> q{tenant}x{at}=Quota:object/90").unwrap();
        }
    }
    let found = suspects(&[text]);
    let all = titles(&found);
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(all[0].0.contains("Quota"), "{all:?}");
    assert_eq!(found.all[0].counts, [1800]);
}

#[test]
fn two_piles_at_one_place_are_two_suspects() {
    let both = format!(
        "{}{}",
        list("first", "A", 200, 1001),
        list("second", "B", 300, 20_001)
    );
    let found = suspects(&[both]);
    let mut all: Vec<String> = titles(&found).into_iter().map(|(title, _)| title).collect();
    all.sort();
    assert_eq!(all, ["first holds 200 A", "second holds 300 B"]);
}

#[test]
fn listeners_are_told_with_emitter_and_event() {
    let mut text = "m -context:settings-> s=Settings:object/24 -_events-> e=Object:object/24 -change-> a=Array:object/32\n"
        .to_owned();
    for at in 0..80 {
        writeln!(text, "a -element:{at}-> f{at}=onChange:closure/64 -internal:context-> c{at}=\"system / Context\":object/400").unwrap();
    }
    let found = suspects(&[text]);
    let first = &found.all[0];
    assert_eq!(first.kind, Kind::Listeners, "{first:?}");
    let title = first.title.text();
    assert!(
        title.starts_with("settings has 80") && title.ends_with("as change listeners"),
        "{title}"
    );
}

#[test]
fn parts_of_a_page_are_counted_by_trees() {
    let mut text = "m -context:kept-> kept=Array:object/32\n".to_owned();
    for at in 0..30 {
        writeln!(
            text,
            "kept -element:{at}-> d{at}=\"Detached <div>\":native/100 -element:1-> p{at}=\"Detached <p>\":native/50"
        )
        .unwrap();
        writeln!(text, "p{at} -element:2-> d{at}").unwrap();
    }
    let found = suspects(&[text]);
    let all = titles(&found);
    let is_told = found
        .all
        .iter()
        .any(|suspect| suspect.count_of_last() == 30 && suspect.samples.len() > 5);
    assert!(is_told, "{all:?}");
}

#[test]
fn no_snapshot_is_no_suspect() {
    assert!(suspects(&[]).all.is_empty());
}

#[test]
fn a_cancelled_search_ends() {
    let text = list("sessions", "Session", 100, 1001);
    let bytes = fixture::heap(&format!("{SCRIPTS}\n{text}"));
    let snapshot = Snapshot::from_bytes(&bytes, Path::new("tiny.heapsnapshot"), &Task::new()).unwrap();
    let series = Series {
        snapshots: vec![Arc::new(snapshot)],
        seconds: None,
    };
    let task = Task::new();
    task.cancel();
    assert!(FindSuspects.run(&series, &task).is_err());
}

impl Suspect {
    fn count_of_last(&self) -> u64 {
        self.counts.last().copied().unwrap_or(0)
    }
}
