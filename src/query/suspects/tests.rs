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
    w -own-> own=use:closure/32 #5 @1:13:0 -internal:shared-> so=use:code/8 -internal:script-> "/srv/app/main.js":code/8
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
    assert_eq!(
        first.place().as_deref(),
        Some("main.js:14"),
        "where its function is"
    );
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

/// `count` listeners of one event; `more` says of each what else there is.
fn listeners(count: usize, more: fn(usize) -> String) -> String {
    let mut text =
        "m -context:bus-> s=Bus:object/24 -_events-> e=Object:object/24 -change-> a=Array:object/32\n"
            .to_owned();
    for at in 0..count {
        let context = format!("c{at}=\"system / Context\":object/400 -internal:previous-> m");
        writeln!(
            text,
            "a -element:{at}-> f{at}=onChange:closure/64 -internal:context-> {context}"
        )
        .unwrap();
        text += &more(at);
    }
    text
}

#[test]
fn listeners_that_nobody_can_remove_are_likely_a_leak() {
    let severity = |text: String| {
        let found = suspects(&[text]);
        let listeners = found.all.iter().find(|suspect| suspect.kind == Kind::Listeners);
        listeners.map(|suspect| {
            (
                suspect.severity,
                suspect.why.text().contains("none can be removed"),
            )
        })
    };
    assert_eq!(
        severity(listeners(1200, |_| String::new())),
        Some((Severity::Medium, true))
    );
    // Few may be meant; those that are kept elsewhere may still be removed.
    assert_eq!(
        severity(listeners(800, |_| String::new())),
        Some((Severity::Note, true))
    );
    let kept = |at| {
        format!(
            "m -context:k-> k=Kept:object/8 -a-> k1=Kept:object/8 -a-> k2=Kept:object/8 -a-> k3=Kept:object/8 -h{at}-> f{at}\n"
        )
    };
    assert_eq!(severity(listeners(1200, kept)), Some((Severity::Note, false)));
}

#[test]
fn what_waits_for_a_promise_is_counted_along_its_list() {
    let mut text = "m -context:ready-> p=Promise:object/40 -internal:reactions_or_result-> r0=\"system / PromiseReaction\":hidden/400\n"
        .to_owned();
    for at in 0..150 {
        let next = at + 1;
        writeln!(
            text,
            "r{at} -hidden:0-> r{next}=\"system / PromiseReaction\":hidden/400"
        )
        .unwrap();
        writeln!(text, "r{at} -hidden:2-> f{at}=\"\":closure/64 -internal:context-> c{at}=\"system / Context\":object/400\nf{at} -internal:shared-> so").unwrap();
    }
    let found = suspects(&[text]);
    let first = &found.all[0];
    assert_eq!(
        (first.title.text().as_str(), first.severity, first.kind),
        ("151 wait for the promise ready", Severity::Medium, Kind::Promises)
    );
    assert_eq!((&first.counts[..], first.counted), (&[151][..], "waiting"));
}

#[test]
fn timers_that_repeat_and_that_nobody_can_clear_are_likely_a_leak() {
    let timers = |is_once: bool| {
        let mut text = "rt -context:lists-> t=TimersList:object/24\n".to_owned();
        let mut before = "t".to_owned();
        for at in 0..1200 {
            writeln!(
                text,
                "{before} -_idleNext-> t{at}=Timeout:object/80 -_idlePrev-> {before}"
            )
            .unwrap();
            writeln!(text, "t{at} -_onTimeout-> f{at}=beat:closure/64 -internal:context-> c{at}=\"system / Context\":object/400\nf{at} -internal:shared-> so").unwrap();
            if is_once {
                writeln!(text, "t{at} -_repeat-> none=null:hidden/16").unwrap();
            }
            before = format!("t{at}");
        }
        let found = suspects(&[text]);
        let timers = found.all.iter().find(|suspect| suspect.kind == Kind::Timers);
        timers.map(|suspect| (suspect.count_of_last(), suspect.severity))
    };
    assert_eq!(timers(false), Some((1200, Severity::Medium)));
    assert_eq!(timers(true), Some((1200, Severity::Note)));
}

#[test]
fn pieces_of_texts_are_told_with_what_they_keep() {
    let titles = |count: usize| {
        let mut text = "m -context:titles-> titles=Array:object/32 #999\n".to_owned();
        for at in 0..count {
            let id = 1001 + 4 * at;
            writeln!(
                text,
                "titles -element:{at}-> s{at}=\"(sliced string)\":sliced_string/32 #{id}"
            )
            .unwrap();
            writeln!(
                text,
                "s{at} -internal:parent-> p{at}=\"page {at}\":string/4000 #{}",
                id + 2
            )
            .unwrap();
        }
        text
    };
    let found = suspects(&[titles(100), titles(200), titles(300)]);
    let first = &found.all[0];
    assert_eq!(first.counts, [100, 200, 300]);
    assert!(
        first.why.text().contains("a piece cut out of a longer text"),
        "{first:?}"
    );
    assert_eq!(
        first.advice.text(),
        "Copy the pieces that titles in main.js keeps, so that the whole texts can go."
    );
}

#[test]
fn copies_of_a_text_are_told_beside_what_holds_them() {
    let mut text = list("rows", "Row", 300, 1001);
    for at in 0..300 {
        writeln!(text, "rows{at} -country-> s{at}=\"United Kingdom\":string/64").unwrap();
    }
    let all = titles(&suspects(&[text]));
    let is_told = |title: &str| {
        all.iter()
            .any(|(told, severity)| told == title && *severity == "note")
    };
    assert!(is_told("rows holds 300 Row"), "{all:?}");
    assert!(is_told("300 copies of the text United Kingdom"), "{all:?}");
}

#[test]
fn what_the_runtime_keeps_of_itself_is_not_named() {
    let mut text =
        "w -process-> p=process:object/64 -config-> c=Object:object/24 -files-> a=Array:object/32\n"
            .to_owned();
    for at in 0..400 {
        writeln!(text, "a -element:{at}-> s{at}=\"lib/file-{at}.js\":string/64").unwrap();
    }
    assert_eq!(titles(&suspects(&[text.clone()])), []);
    // A list that the program hung there is told.
    let own = text.replace("-config-> c=Object:object/24 -files->", "-found->");
    assert_eq!(titles(&suspects(&[own])).len(), 1);
}

#[test]
fn elements_that_something_else_reaches_first_are_counted_too() {
    let mut text = list("rows", "Row", 300, 1001);
    text += "m -context:last-> rows299\n";
    assert_eq!(titles(&suspects(&[text]))[0].0, "rows holds 300 Row");
}

#[test]
fn one_is_counted_in_the_singular() {
    let found = suspects(&[list("sessions", "Session", 300, 1001)]);
    let suspect = &found.all[0];
    assert_eq!(
        (suspect.counted_as(1), suspect.counted_as(2)),
        ("entry".to_owned(), "entries".to_owned())
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

/// A recording: `sessions` holds what bursts left, of which each begins at an id and has so many; `samples` are times in
/// milliseconds and last ids.
fn recording(bursts: &[(usize, usize)], samples: &[(usize, usize)]) -> Arc<Suspects> {
    let mut text = format!("{SCRIPTS}\nm -context:sessions-> sessions=Array:object/32 #99\n");
    let ids = bursts
        .iter()
        .flat_map(|&(first, count)| (0..count).map(move |at| first + 2 * at));
    for (at, id) in ids.enumerate() {
        writeln!(text, "sessions -element:{at}-> s{at}=Session:object/400 #{id}").unwrap();
    }
    let samples: Vec<String> = samples
        .iter()
        .map(|(time, id)| format!("{},{id}", time * 1000))
        .collect();
    let bytes = fixture::Fixture::new(&text)
        .member("samples", &format!("[{}]", samples.join(",")))
        .bytes();
    let snapshot = Snapshot::from_bytes(&bytes, Path::new("tiny.heaptimeline"), &Task::new()).unwrap();
    let series = Series {
        snapshots: vec![Arc::new(snapshot)],
        seconds: None,
    };
    ask(&FindSuspects, &series)
}

/// Samples each 100 ms of which every third has the ids of another load: up to 1999, 2999, ...
fn loads(count: usize) -> Vec<(usize, usize)> {
    let quiet = |load: usize| (1..4).map(move |at| ((3 * load + at) * 100, 999 + 1000 * load));
    [(0, 999)]
        .into_iter()
        .chain((0..=count).flat_map(quiet))
        .collect()
}

#[test]
fn what_burst_after_burst_leaves_is_likely_to_go_on() {
    let found = recording(&[(1001, 60), (2001, 60), (3001, 60)], &loads(3));
    let first = &found.all[0];
    assert_eq!(
        (first.title.text().as_str(), first.severity),
        (
            "Every burst of allocation leaves more Session in sessions",
            Severity::Medium
        )
    );
    let why = first.why.text();
    assert!(
        why.starts_with("3 bursts, one about every 300\u{A0}ms, left 60 each. 180 Session keep"),
        "{why}"
    );
}

#[test]
fn bursts_that_earlier_ones_left_nothing_of_are_no_alarm() {
    // As many ids were handed out by the first: a cache that is full.
    let turned_over = recording(&[(2001, 60), (3001, 60), (4001, 60)], &loads(4));
    // What is loaded once, and of which nothing was left by what came later.
    let once = recording(&[(1001, 180)], &loads(4));
    for found in [turned_over, once] {
        let all = titles(&found);
        assert!(all.iter().all(|(_, severity)| *severity == "note"), "{all:?}");
        assert_eq!(all[0].0, "sessions holds 180 Session");
    }
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
