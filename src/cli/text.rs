//! Answers for people: a table set for the terminal.
//!
//! In a terminal, texts are cut to its width. On a pipe nothing is ever cut: columns are set to the width of what is usual in
//! them, and what is longer than [`PIPE_WIDTH`] pushes the rest of its own line aside. Colours are written here and taken
//! out by the stream where they are not wanted (no terminal, `NO_COLOR`).

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::plain;
use super::report::{Layout, Report};
use crate::analysis::distances::{Distance, Reach};
use crate::base::units;
use crate::query::column::Face;
use crate::query::{Cell, Column};

/// Where the answer is shown.
pub(super) struct Look {
    /// Columns of the terminal; none on a pipe.
    width: Option<usize>,
}

/// On a pipe no column is set wider than this.
const PIPE_WIDTH: usize = 60;
/// In a terminal no text is cut below this.
const NARROWEST: usize = 8;
/// Columns are set to the width of this many rows at the top.
const MEASURED_ROWS: usize = 1000;
/// Space between columns.
const GAP: usize = 2;

const HEADER: Style = Style::new().bold();
const BAD: Style = AnsiColor::Yellow.on_default();
const QUIET: Style = Style::new().dimmed();
const ID: Style = AnsiColor::Cyan.on_default();

impl Look {
    /// As standard output is.
    pub(super) fn of_stdout() -> Self {
        let stdout = std::io::stdout();
        let size = terminal_size::terminal_size_of(&stdout).map(|(width, _)| usize::from(width.0));
        Self {
            width: size.filter(|_| stdout.is_terminal()),
        }
    }
}

/// Writes `rows` of the rows of `report`, with what stands above and below them.
pub(super) fn write<C: Column>(
    report: &Report<'_, C>,
    rows: &[C::Row],
    look: &Look,
    out: &mut impl Write,
) -> io::Result<()> {
    for line in &report.head {
        writeln!(out, "{line}")?;
    }
    if rows.is_empty() {
        cautions(report, out)?;
        return out.flush();
    }
    if !report.head.is_empty() {
        writeln!(out)?;
    }
    match report.layout {
        Layout::Card => write_card(report, rows, out)?,
        Layout::Table => Table::new(report, look, &|_| 0, rows).write(rows, out)?,
        Layout::Tree(indent) => Table::new(report, look, &indent, rows).write(rows, out)?,
    }
    let left_out = report.rows.len() - rows.len();
    if left_out > 0 {
        let left_out = units::grouped(left_out as u64);
        writeln!(
            out,
            "{QUIET}… and {left_out} more rows (--limit all shows them){QUIET:#}"
        )?;
    }
    if let Some(foot) = &report.foot {
        writeln!(out, "{QUIET}{foot}{QUIET:#}")?;
    }
    cautions(report, out)?;
    out.flush()
}

/// That not all was read, or not as it is.
fn cautions<C: Column>(report: &Report<'_, C>, out: &mut impl Write) -> io::Result<()> {
    for caution in report.cautions() {
        writeln!(out, "{BAD}{caution}{BAD:#}")?;
    }
    Ok(())
}

fn write_card<C: Column>(report: &Report<'_, C>, rows: &[C::Row], out: &mut impl Write) -> io::Result<()> {
    let titles = C::ALL
        .iter()
        .map(|column| column.title().width())
        .max()
        .unwrap_or(0);
    for row in rows {
        let values: Vec<_> = C::ALL
            .iter()
            .map(|column| shown(&column.cell(report.over, row)).into_owned())
            .collect();
        let widest = values.iter().map(|value| value.width()).max().unwrap_or(0);
        for (column, value) in C::ALL.iter().zip(&values) {
            let title = padded(column.title(), titles, Face::Text);
            writeln!(out, "{title}  {}", padded(value, widest, Face::Number))?;
        }
    }
    Ok(())
}

/// A table whose columns have got their widths.
struct Table<'a, C: Column> {
    over: &'a C::Over,
    columns: Vec<C>,
    widths: Vec<usize>,
    /// The first column of texts, which shows how deep a row is.
    indented: Option<usize>,
    indent: &'a dyn Fn(&C::Row) -> usize,
    cuts: bool,
}

impl<'a, C: Column> Table<'a, C> {
    fn new(
        report: &'a Report<'_, C>,
        look: &Look,
        indent: &'a dyn Fn(&C::Row) -> usize,
        rows: &[C::Row],
    ) -> Self {
        let columns: Vec<C> = C::ALL
            .iter()
            .copied()
            .filter(|column| !column.is_for_programs())
            .collect();
        let mut table = Self {
            over: report.over,
            widths: columns.iter().map(|column| column.title().width()).collect(),
            indented: columns.iter().position(|column| column.face() == Face::Text),
            columns,
            indent,
            cuts: look.width.is_some(),
        };
        for row in rows.iter().take(MEASURED_ROWS) {
            for at in 0..table.columns.len() {
                let width = table.cell(at, row).width();
                table.widths[at] = table.widths[at].max(width);
            }
        }
        match look.width {
            Some(width) => table.fit(width),
            None => table
                .widths
                .iter_mut()
                .for_each(|width| *width = (*width).min(PIPE_WIDTH)),
        }
        table
    }

    /// Takes from the widest texts what the terminal has no room for.
    fn fit(&mut self, terminal: usize) {
        let gaps = GAP * self.widths.len().saturating_sub(1);
        let mut excess = (self.widths.iter().sum::<usize>() + gaps).saturating_sub(terminal);
        while excess > 0 {
            let texts = (0..self.columns.len()).filter(|&at| self.columns[at].face() == Face::Text);
            let Some(widest) = texts.max_by_key(|&at| self.widths[at]) else {
                return;
            };
            if self.widths[widest] <= NARROWEST {
                return;
            }
            self.widths[widest] -= 1;
            excess -= 1;
        }
    }

    fn cell(&self, at: usize, row: &C::Row) -> String {
        let cell = self.columns[at].cell(self.over, row);
        let indent = if self.indented == Some(at) {
            (self.indent)(row)
        } else {
            0
        };
        format!("{:indent$}{}", "", shown(&cell))
    }

    fn write(&self, rows: &[C::Row], out: &mut impl Write) -> io::Result<()> {
        self.write_line(out, |at| (HEADER, self.columns[at].title().to_owned()))?;
        for row in rows {
            self.write_line(out, |at| {
                let style = match self.columns[at].key() {
                    "id" | "dominator_id" => ID,
                    "type" | "edge_type" => QUIET,
                    _ => Style::new(),
                };
                (style, self.cell(at, row))
            })?;
        }
        Ok(())
    }

    fn write_line(&self, out: &mut impl Write, cell: impl Fn(usize) -> (Style, String)) -> io::Result<()> {
        let last = self.columns.len().saturating_sub(1);
        for (at, &width) in self.widths.iter().enumerate() {
            let (style, text) = cell(at);
            let text = if self.cuts { cut(&text, width) } else { text.into() };
            let face = self.columns[at].face();
            let width = if at == last && face == Face::Text {
                0
            } else {
                width
            };
            write!(out, "{style}{}{style:#}", padded(&text, width, face))?;
            if at < last {
                write!(out, "{:GAP$}", "")?;
            }
        }
        writeln!(out)
    }
}

/// A cell as people read it.
fn shown(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::None => "–".into(),
        Cell::Text(text) => plain::for_terminal(text.as_js()),
        Cell::Word(word) => (*word).into(),
        Cell::Id(id) => id.to_string().into(),
        Cell::Bytes(bytes) => units::human_bytes(*bytes).into(),
        Cell::BytesDelta(bytes) => units::signed_bytes(*bytes).into(),
        Cell::Count(count) => units::grouped(*count).into(),
        Cell::Range(least, most) => format!("{}–{}", units::grouped(*least), units::grouped(*most)).into(),
        Cell::CountDelta(count) => units::signed(*count).into(),
        Cell::Plain(number) => number.to_string().into(),
        Cell::Distance(distance) => distance_for_people(*distance).into(),
        Cell::Ratio(share) => format!("{:.1}\u{A0}%", share * 100.0).into(),
        Cell::Flag(flag) => if *flag { "yes" } else { "no" }.into(),
        Cell::Record(fields) => {
            let named = fields.iter().map(|(key, cell)| format!("{key} {}", shown(cell)));
            named.collect::<Vec<_>>().join(", ").into()
        }
        Cell::List(cells) => cells.iter().map(shown).collect::<Vec<_>>().join(", ").into(),
    }
}

/// `4`, or `engine 4` for what only the engine's own roots reach.
pub(super) fn distance_for_people(distance: Distance) -> String {
    match (distance.reach(), distance.edges()) {
        (Reach::User, Some(edges)) => edges.to_string(),
        (Reach::System, Some(edges)) => format!("engine {edges}"),
        _ => "unreached".to_owned(),
    }
}

fn padded(text: &str, width: usize, face: Face) -> String {
    let space = width.saturating_sub(text.width());
    match face {
        Face::Number => format!("{:space$}{text}", ""),
        Face::Text | Face::Program => format!("{text}{:space$}", ""),
    }
}

/// `text` in at most `width` columns, the end replaced by `…` if it is longer.
fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if text.width() <= width {
        return text.into();
    }
    let mut room = width.saturating_sub(1);
    let kept = text.chars().take_while(|c| {
        let needs = c.width().unwrap_or(0);
        let fits = needs <= room;
        room = room.saturating_sub(needs);
        fits
    });
    let mut kept: String = kept.collect();
    kept.push('…');
    kept.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_the_columns_they_take() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab…");
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("日本語", 4), "日…");
    }

    #[test]
    fn distances_say_which_roots_they_are_from() {
        assert_eq!(distance_for_people(Distance::user(4)), "4");
        assert_eq!(distance_for_people(Distance::system(2)), "engine 2");
        assert_eq!(distance_for_people(Distance::NONE), "unreached");
    }
}
