//! The outline against a tree that is simply written out.

use super::*;
use std::cell::Cell;

/// Numbers; the children of `n` are `10 n + 0`, `10 n + 1`, …; `width` of them, in order or reversed.
struct Numbers {
    width: u64,
    page: u64,
    reversed: Cell<bool>,
    waiting: Cell<bool>,
}

struct Under {
    parent: u64,
    known: Option<bool>,
}

impl Branches for Numbers {
    type Row = u64;
    type Key = u64;
    type Level = Under;

    fn key(&self, row: &u64) -> u64 {
        *row
    }
    fn can_open(&self, row: &u64) -> bool {
        row % 10 != 9
    }
    fn repeats(&self, _row: &u64, ancestors: &[u64]) -> bool {
        ancestors.len() == 3
    }
    fn nothing(&self, _level: &Under) -> &'static str {
        "nothing"
    }
    fn open(&self, row: &u64) -> Under {
        Under {
            parent: *row,
            known: None,
        }
    }
    fn ask(&self, level: &mut Under) -> Asked {
        if !self.waiting.get() {
            level.known = Some(self.reversed.get());
        }
        Asked {
            version: level.known.map_or(0, |reversed| 1 + u64::from(reversed)),
            is_waiting: level.known.is_none(),
            failure: None,
        }
    }
    fn len(&self, level: &Under) -> u64 {
        if level.known.is_some() { self.width } else { 0 }
    }
    fn row(&self, level: &Under, at: u64) -> Option<u64> {
        let digit = if level.known? {
            (self.width - 1).checked_sub(at)?
        } else {
            at
        };
        (at < self.width).then_some(level.parent * 10 + digit)
    }
    fn find(&self, level: &Under, key: u64) -> Option<u64> {
        (0..self.len(level)).find(|&at| self.row(level, at) == Some(key))
    }
    fn page(&self, _level: &Under) -> u64 {
        self.page
    }
    fn unfolds(&self, row: &u64, depth: usize) -> bool {
        *row == 70 && depth == 0
    }
}

fn numbers(width: u64, page: u64) -> Numbers {
    Numbers {
        width,
        page,
        reversed: Cell::new(false),
        waiting: Cell::new(false),
    }
}

fn outline(tree: &Numbers, parent: u64) -> Outline<Numbers> {
    let mut outline = Outline::new(Under { parent, known: None });
    outline.refresh(tree);
    outline
}

/// All rows as text: the number, `>` if closed, `v` if open, and how far it is indented.
fn written(tree: &Numbers, outline: &Outline<Numbers>) -> Vec<String> {
    let rows: Vec<String> = (0..outline.rows())
        .map(|index| {
            let line = outline.at(tree, index).unwrap();
            assert_eq!(outline.index_of(tree, &line.path), Some(index), "{line:?}");
            let mark = match (line.can_open, line.is_open) {
                (_, true) => "v",
                (true, _) => ">",
                _ => " ",
            };
            let text = match line.item {
                Item::Row(number) => number.to_string(),
                Item::More { hidden, page } => format!("{page} of {hidden}"),
                other => format!("{other:?}"),
            };
            format!("{}{mark}{text}", "  ".repeat(line.path.len() - 1))
        })
        .collect();
    assert!(outline.at(tree, outline.rows()).is_none());
    rows
}

fn path_to(tree: &Numbers, outline: &Outline<Numbers>, number: u64) -> Path<u64> {
    let lines = (0..outline.rows()).filter_map(|index| outline.at(tree, index));
    lines
        .into_iter()
        .find(|line| line.item == Item::Row(number))
        .unwrap()
        .path
}

#[test]
fn rows_open_and_close() {
    let tree = numbers(3, 10);
    let mut outline = outline(&tree, 1);
    assert_eq!(written(&tree, &outline), [">10", ">11", ">12"]);
    outline.expand(&tree, &path_to(&tree, &outline, 11));
    outline.expand(&tree, &path_to(&tree, &outline, 110));
    outline.expand(&tree, &path_to(&tree, &outline, 12));
    let open = [
        ">10",
        "v11",
        "  v110",
        "    >1100",
        "    >1101",
        "    >1102",
        "  >111",
        "  >112",
        "v12",
        "  >120",
        "  >121",
        "  >122",
    ];
    assert_eq!(written(&tree, &outline), open);
    outline.expand(&tree, &path_to(&tree, &outline, 11));
    assert_eq!(written(&tree, &outline), open, "what is open stays as it is");
    outline.collapse(&path_to(&tree, &outline, 11));
    assert_eq!(
        written(&tree, &outline),
        [">10", ">11", "v12", "  >120", "  >121", "  >122"]
    );
}

#[test]
fn levels_come_in_pages() {
    let tree = numbers(9, 4);
    let mut outline = outline(&tree, 1);
    assert_eq!(written(&tree, &outline), [">10", ">11", ">12", ">13", " 4 of 5"]);
    let more = outline.at(&tree, 4).unwrap().path;
    outline.show_more(&more, 4);
    assert_eq!(written(&tree, &outline).last().unwrap(), " 1 of 1");
    outline.show_more(&more, u64::MAX);
    assert_eq!(outline.rows(), 9);
}

#[test]
fn what_is_open_stays_open_when_rows_are_sorted_anew() {
    let tree = numbers(9, 4);
    let mut outline = outline(&tree, 1);
    outline.expand(&tree, &path_to(&tree, &outline, 12));
    let child = path_to(&tree, &outline, 121);
    assert_eq!(outline.index_of(&tree, &child), Some(4));
    tree.reversed.set(true);
    outline.refresh(&tree);
    let rows = written(&tree, &outline);
    assert_eq!(
        rows,
        [">18", ">17", ">16", ">15", " 4 of 5"],
        "it is on a later page now"
    );
    assert_eq!(outline.index_of(&tree, &child), None);
    outline.show_more(&path_to(&tree, &outline, 18), u64::MAX);
    assert_eq!(
        outline.index_of(&tree, &child),
        None,
        "its own level has pages too"
    );
    outline.show_more(&child, u64::MAX);
    assert_eq!(outline.index_of(&tree, &child), Some(6 + 1 + 7));
}

#[test]
fn a_level_says_that_it_waits() {
    let tree = numbers(2, 4);
    let mut outline = outline(&tree, 1);
    tree.waiting.set(true);
    outline.expand(&tree, &path_to(&tree, &outline, 10));
    assert_eq!(written(&tree, &outline), ["v10", "   Waiting", ">11"]);
    tree.waiting.set(false);
    outline.refresh(&tree);
    assert_eq!(written(&tree, &outline), ["v10", "  >100", "  >101", ">11"]);
    let none = numbers(0, 4);
    assert_eq!(
        written(&none, &super::tests::outline(&none, 1)),
        [" Empty(\"nothing\")"]
    );
}

#[test]
fn first_rows_unfold_only_on_the_way_from_the_top() {
    let tree = numbers(2, 4);
    let outline = outline(&tree, 7);
    assert_eq!(written(&tree, &outline), ["v70", "  >700", "  >701", ">71"]);
}

#[test]
fn a_row_that_leads_round_in_a_circle_is_not_expanded() {
    let tree = numbers(1, 4);
    let mut outline = outline(&tree, 1);
    for number in [10, 100, 1000, 10_000] {
        outline.expand(&tree, &path_to(&tree, &outline, number));
    }
    assert_eq!(
        written(&tree, &outline),
        ["v10", "  v100", "    v1000", "       10000"]
    );
    assert!(outline.at(&tree, 3).unwrap().repeats);
}

#[test]
fn a_row_beyond_the_last_page_is_revealed() {
    let tree = numbers(9, 2);
    let mut outline = outline(&tree, 1);
    let path = outline.reveal(&tree, &[], 15).unwrap();
    assert_eq!(outline.index_of(&tree, &path), Some(5));
    assert_eq!(
        outline.rows(),
        7,
        "whole pages, and a row that says how many more"
    );
    assert!(outline.reveal(&tree, &[], 99).is_none());
    assert!(!outline.is_known(&path), "not expanded");
}

#[test]
fn a_level_of_any_length_costs_the_same() {
    let tree = numbers(9_000_000_000, 9_000_000_000);
    let outline = outline(&tree, 0);
    assert_eq!(outline.rows(), 9_000_000_000);
    let line = outline.at(&tree, 8_999_999_999).unwrap();
    assert_eq!(line.item, Item::Row(8_999_999_999));
    assert_eq!(outline.index_of(&tree, &line.path), Some(8_999_999_999));
}
