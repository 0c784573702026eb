//! The report on heaps whose names are hostile.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{MakeReport, Report, ReportFormat};
use crate::query::suspects::{Kind, Phrase, Severity, Step, Suspect, Suspects};
use crate::query::testing::{ask, named, snapshot};
use crate::query::trend::Series;
use crate::snapshot::Snapshot;

/// What a name may be in a file that is meant to do harm.
const HOSTILE: &str = "</style><script>alert(1)</script>";

fn heap(count: usize) -> Arc<Snapshot> {
    let mut text = format!(
        "root:synthetic/0 -shortcut:w-> window:native/16 -property:cache-> \"{HOSTILE}\":object/32\n"
    );
    for at in 0..count {
        let _ = writeln!(
            text,
            "\"{HOSTILE}\" -property:k{at}-> e{at}=Entry:object/1000 -property:text-> t{at}=\"<img onerror=x>\":string/900"
        );
    }
    Arc::new(snapshot(&text))
}

fn suspects(counts: &[usize]) -> Suspects {
    let snapshots: Vec<Arc<Snapshot>> = counts.iter().map(|&count| heap(count)).collect();
    let last = Arc::clone(&snapshots[snapshots.len() - 1]);
    let node = named(&last, HOSTILE);
    let grows = counts.len() > 1;
    let suspect = Suspect {
        kind: Kind::Cache,
        severity: Severity::High,
        title: Phrase::of(&format!("Cache of `{HOSTILE}` grows")),
        why: Phrase::of(&format!("Grew. <b>{HOSTILE}</b>")),
        advice: Phrase::of("Give it a \"limit\" & test it."),
        retained_size: last.retained_size(node),
        share: 0.5,
        growth: grows.then_some(1900),
        counts: counts.iter().map(|&count| count as u64).collect(),
        counted: "entries",
        sizes: vec![1; counts.len()],
        owner: Some(HOSTILE.to_owned()),
        binding: None,
        module: Some("a\"b'.js".to_owned()),
        line: Some(7),
        package: None,
        path: vec![Step {
            text: HOSTILE.repeat(20),
            kind: last.graph().kind(node),
            node,
        }],
        holder: Some(node),
        samples: vec![node],
    };
    Suspects {
        series: Series {
            snapshots,
            seconds: None,
        },
        all: vec![Arc::new(suspect)],
        growth: grows.then_some(3800),
        explained: grows.then_some(1900),
        problems: vec![format!("not {HOSTILE}")],
    }
}

fn report(counts: &[usize]) -> Arc<Report> {
    ask(&MakeReport, &suspects(counts))
}

/// The tags of a page, each checked: names, balance, and that what stands between them is escaped.
fn check(page: &str) -> Vec<&str> {
    const EMPTY: [&str; 6] = ["!doctype", "meta", "rect", "path", "circle", "br"];
    let mut open: Vec<&str> = Vec::new();
    let mut seen = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find(['<', '>']) {
        assert_eq!(&rest[start..=start], "<", "a bare > after {:?}", &rest[..start]);
        let end = start + rest[start..].find('>').unwrap();
        let tag = &rest[start + 1..end];
        assert!(
            !tag.contains('<') && tag.matches('"').count().is_multiple_of(2),
            "{tag}"
        );
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed));
        } else if !tag.ends_with('/') && !EMPTY.contains(&name) {
            open.push(name);
        }
        seen.push(name);
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?} are not closed");
    for (at, _) in page.match_indices('&') {
        let entity = page[at..].split_inclusive(';').next().unwrap();
        assert!(
            ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"].contains(&entity),
            "{entity}"
        );
    }
    seen
}

#[test]
fn the_page_is_balanced_and_nothing_of_a_file_is_markup() {
    for counts in [&[3][..], &[1, 2, 3]] {
        let page = ReportFormat::Html.write(&report(counts));
        let tags = check(&page);
        for tag in tags {
            assert!(
                !["script", "img", "a", "link", "iframe", "b>"].contains(&tag),
                "{tag}"
            );
        }
        assert!(
            page.contains("&lt;/style&gt;&lt;script&gt;"),
            "names are there, escaped"
        );
        let outside = ["http:", "https:", "url(", "@import", "src="];
        assert!(
            outside.iter().all(|text| !page.contains(text)),
            "it needs nothing from outside"
        );
        assert!(!page.contains("<style></style>") && page.len() < 40_000);
    }
}

#[test]
fn it_depends_on_the_files_alone() {
    for format in [ReportFormat::Html, ReportFormat::Markdown] {
        let written = || format.write(&report(&[1, 2, 3]));
        assert_eq!(written(), written());
    }
}

#[test]
fn it_tells_what_grew_and_what_holds_it() {
    let report = report(&[1, 2, 3]);
    assert_eq!(report.growth, Some(3800));
    let grown: Vec<(&str, i64, i64)> = report
        .growing
        .iter()
        .map(|line| (line.name.as_str(), line.count_growth(), line.growth))
        .collect();
    assert_eq!(grown, [("Entry", 2, 2000), ("(string)", 2, 1800)]);
    assert_eq!(report.classes[0].name, "window");
    assert_eq!((report.texts[0].count, report.texts[0].wasted_size), (3, 1800));
    assert_eq!(report.files.len(), 3);
    assert_eq!(report.change(2), Some(1900));
    let total: u64 = report.made_of.iter().map(|(_, bytes)| bytes).sum();
    assert_eq!(total, report.files[2].size);
    assert!(
        report
            .lead()
            .contains("1 suspect explains 50.0\u{A0}% of the growth."),
        "{}",
        report.lead()
    );
    assert!(
        report.suspects[0].path[0].chars().count() < 200,
        "long names are cut"
    );
}

#[test]
fn markdown_has_no_markup_of_a_file() {
    let text = ReportFormat::Markdown.write(&report(&[1, 2]));
    let outside: String = text.split('`').step_by(2).collect();
    assert!(!outside.contains('<'), "{outside}");
    assert!(text.contains("### 1. Cache of `</style>"), "{text}");
    for line in text.lines().filter(|line| line.starts_with('|')) {
        assert!(line.ends_with('|'), "{line}");
    }
}

#[test]
fn a_heap_without_suspects_says_so() {
    let mut none = suspects(&[2]);
    none.all.clear();
    let report = ask(&MakeReport, &none);
    for format in [ReportFormat::Html, ReportFormat::Markdown] {
        assert!(format.write(&report).contains("No suspects."), "{format:?}");
    }
    let empty = Suspects {
        series: Series {
            snapshots: Vec::new(),
            seconds: None,
        },
        all: Vec::new(),
        growth: None,
        explained: None,
        problems: Vec::new(),
    };
    check(&ReportFormat::Html.write(&ask(&MakeReport, &empty)));
}

#[test]
fn the_file_says_what_it_is_to_be() {
    use std::path::Path;
    assert_eq!(ReportFormat::of(Path::new("a.MD")), ReportFormat::Markdown);
    assert_eq!(ReportFormat::of(Path::new("a.html")), ReportFormat::Html);
    assert_eq!(ReportFormat::of(Path::new("report")), ReportFormat::Html);
}
