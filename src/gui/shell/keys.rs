//! Keys that act everywhere, and what can be done by name: the list of all keys, and the commands of the palette.

use eframe::egui::{Event, Id, Key, Memory, Modifiers, ThemePreference, Ui};

use super::over::Over;
use super::{Desks, Parts};
use crate::gui::command::{Appearance, Ask, Command, FileDeed, Part, Sheet, Showing, Way};
use crate::gui::copies;
use crate::gui::cx::{Cx, View};
use crate::gui::limit;
use crate::gui::many::{self, Many};
use crate::gui::node_text;
use crate::gui::theme::Icon;
use crate::gui::views;
use crate::gui::workspace::Limit;

/// Something that can be done, by its name.
pub(crate) struct Deed {
    /// What stands before it.
    pub(crate) icon: Icon,
    /// What it does.
    pub(crate) text: String,
    /// The keys that do the same.
    pub(crate) keys: &'static str,
    /// How it is done.
    pub(crate) command: Command,
}

const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

/// Keys that act wherever the keyboard is: the more particular ones first.
const GLOBAL: &[(Modifiers, Key, Command)] = &[
    (Modifiers::COMMAND, Key::O, Command::Ask(Ask::Files)),
    (Modifiers::COMMAND, Key::K, Command::Ask(Ask::Anything)),
    (Modifiers::COMMAND, Key::P, Command::Ask(Ask::Anything)),
    (CTRL_SHIFT, Key::B, Command::Toggle(Part::Sheet(Sheet::Bookmarks))),
    (Modifiers::COMMAND, Key::B, Command::Toggle(Part::Left)),
    (Modifiers::COMMAND, Key::J, Command::Toggle(Part::Bottom)),
    (Modifiers::COMMAND, Key::W, Command::Show(Showing::CloseTab)),
    (Modifiers::COMMAND, Key::Tab, Command::Show(Showing::NextTab)),
    (Modifiers::ALT, Key::ArrowLeft, Command::Step(Way::Back)),
    (Modifiers::ALT, Key::ArrowRight, Command::Step(Way::Forward)),
    (
        Modifiers::NONE,
        Key::F1,
        Command::Toggle(Part::Sheet(Sheet::Shortcuts)),
    ),
];

const DIGITS: [Key; 9] = [
    Key::Num1,
    Key::Num2,
    Key::Num3,
    Key::Num4,
    Key::Num5,
    Key::Num6,
    Key::Num7,
    Key::Num8,
    Key::Num9,
];

/// What all keys do, for the sheet of shortcuts: `(keys, what they do)`.
pub(crate) const ALL: &[(&str, &str)] = &[
    ("Ctrl K", "Find anything: @id, class, text, view, command"),
    ("Ctrl O  Ctrl V", "Open files; the file whose path was copied"),
    ("Ctrl F  F3  Shift F3", "Find in the view, next, previous"),
    ("/", "Filter the view"),
    ("Alt ←  Alt →", "Back, forward"),
    ("Ctrl 1–9  Ctrl Tab", "View by its place; next tab"),
    ("Ctrl W", "Close the tab"),
    ("F6  Shift F6", "Next panel, previous panel"),
    ("Ctrl B  Ctrl J", "Show or hide the snapshots, the bottom panel"),
    (
        "↑ ↓ Home End PgUp PgDn",
        "Move in a table; with Shift, select the rows between",
    ),
    ("→ ←", "Expand, step in; collapse, step out"),
    ("Enter", "Open the row; go to the object"),
    ("Ctrl Enter", "Show the object in Summary"),
    (
        "R  P  D  C",
        "Retainers, properties, dominators of the object; the comparison",
    ),
    (
        "Shift R",
        "Paths for all objects of the row, or of the rows that are selected",
    ),
    ("I", "Ignore the retainer"),
    ("[  ]", "Previous, next sample of a suspect"),
    ("B  Ctrl Shift B", "Bookmark; the bookmarks"),
    ("Shift F10", "The menu of the row"),
    ("Ctrl C  Ctrl Shift C", "Copy @id; copy the row as CSV"),
    ("Ctrl E", "Export the table"),
    ("Ctrl +  Ctrl −  Ctrl 0", "Larger, smaller, actual size"),
    ("Esc", "Close what is open; cancel the job under way"),
    ("F1", "Shortcuts"),
];

/// What can be done now, by name.
pub(crate) fn deeds(cx: &Cx<'_>) -> Vec<Deed> {
    let deed = |icon, text: &str, keys, command| Deed {
        icon,
        text: text.to_owned(),
        keys,
        command,
    };
    let mut deeds = vec![
        deed(
            Icon::FOLDER_OPEN,
            "Open files…",
            "Ctrl O",
            Command::Ask(Ask::Files),
        ),
        deed(Icon::FOLDER_OPEN, "Open a path…", "", Command::Ask(Ask::Path)),
        deed(
            Icon::TABLE,
            "Snapshots panel",
            "Ctrl B",
            Command::Toggle(Part::Left),
        ),
        deed(
            Icon::ROWS,
            "Bottom panel",
            "Ctrl J",
            Command::Toggle(Part::Bottom),
        ),
        deed(
            Icon::BOOKMARK,
            "Bookmarks",
            "Ctrl Shift B",
            Command::Toggle(Part::Sheet(Sheet::Bookmarks)),
        ),
        deed(
            Icon::MOON,
            "Dark theme",
            "",
            Command::Appear(Appearance::Theme(ThemePreference::Dark)),
        ),
        deed(
            Icon::SUN,
            "Light theme",
            "",
            Command::Appear(Appearance::Theme(ThemePreference::Light)),
        ),
        deed(
            Icon::SUN,
            "Theme of the system",
            "",
            Command::Appear(Appearance::Theme(ThemePreference::System)),
        ),
        deed(Icon::EYE, "High contrast", "", Command::Toggle(Part::Contrast)),
        deed(
            Icon::QUESTION,
            "Keyboard shortcuts",
            "F1",
            Command::Toggle(Part::Sheet(Sheet::Shortcuts)),
        ),
        deed(
            Icon::COLUMNS,
            "Views as the program comes with them",
            "",
            Command::Show(Showing::Anew),
        ),
    ];
    let shown = copies::SHOWN.into_iter();
    deeds.extend(shown.map(|(text, level)| {
        deed(
            Icon::EYE_SLASH,
            text,
            "",
            Command::Appear(Appearance::Strings(level)),
        )
    }));
    deeds.extend(limits(cx));
    if let Some(many) = selected(cx) {
        deeds.push(deed(
            Icon::PATH,
            "Paths for all that is selected",
            "Shift R",
            Command::Paths(many),
        ));
    }
    if let Some(entry) = cx.workspace.current() {
        let file = |deed| Command::File(entry.id, deed);
        deeds.push(deed(
            Icon::ARROW_CLOCKWISE,
            "Read the snapshot again",
            "",
            file(FileDeed::ReadAgain),
        ));
        deeds.push(deed(Icon::X, "Close the snapshot", "", file(FileDeed::Close)));
    }
    if let Some((here, _)) = cx.snapshot() {
        let read = cx
            .workspace
            .entries()
            .iter()
            .filter(|entry| entry.snapshot().is_some());
        for other in read.filter(|entry| entry.id != here) {
            let text = format!("Summary side by side with {}", other.title());
            let is_before = cx.workspace.number(other.id) < cx.workspace.number(here);
            let (left, right) = if is_before {
                (other.id, here)
            } else {
                (here, other.id)
            };
            let command = Command::Show(Showing::SideBySide(views::HOME, left, right));
            deeds.push(deed(Icon::COLUMNS, &text, "", command));
        }
    }
    deeds.extend(
        copies::all(cx)
            .into_iter()
            .map(|offer| deed(offer.icon, offer.text, "", offer.command)),
    );
    for spec in views::ALL {
        let text = format!("Open another {} beside", spec.title);
        deeds.push(deed(
            spec.icon,
            &text,
            "",
            Command::Show(Showing::Beside(spec.id)),
        ));
    }
    deeds
}

/// The filters of the window.
fn limits(cx: &Cx<'_>) -> Vec<Deed> {
    let plain = limit::FILTERS.iter().map(|(filter, _)| Limit::Objects(*filter));
    let entries = cx.workspace.entries();
    let after = entries.iter().filter(|entry| entry.snapshot().is_some());
    let after = after.map(|entry| Limit::Allocated {
        after: Some(entry.id),
        through: None,
    });
    let pairs = cx.workspace.kinship().pairs().iter();
    let between = pairs.map(|kin| Limit::Allocated {
        after: Some(kin.base),
        through: Some(kin.current),
    });
    let all = [Limit::No].into_iter().chain(plain).chain(after).chain(between);
    all.map(|of| Deed {
        icon: Icon::FUNNEL,
        text: format!("Show only: {}", limit::text(cx, of)),
        keys: "",
        command: Command::Limit(of),
    })
    .collect()
}

/// All that is selected, as one thing.
fn selected(cx: &Cx<'_>) -> Option<Many> {
    let subject = cx.workspace.selection()?;
    let snapshot = cx.workspace.entry(subject.snapshot)?.snapshot()?;
    let all = cx.workspace.all_selected();
    let (set, title) = if all.is_empty() {
        let title = node_text::spoken_subject(snapshot, subject.what);
        (many::set_of(&[subject.what]), title)
    } else {
        (many::set_of(all), format!("{} rows", all.len()))
    };
    Some(Many {
        snapshot: subject.snapshot,
        set,
        title,
    })
}

/// Acts on keys that act everywhere, and on letters that call views while a table has the keyboard.
/// `job` is what has the keyboard when a job under way has it.
pub(crate) fn act(ui: &Ui, cx: &Cx<'_>, desks: &mut Desks, parts: &Parts, over: &Over, job: Option<Id>) {
    if parts.sheet.is_some() || over.is_open() {
        return;
    }
    for (modifiers, key, command) in GLOBAL {
        if ui.input_mut(|input| input.consume_key(*modifiers, *key)) {
            cx.send(command.clone());
        }
    }
    for (at, digit) in DIGITS.into_iter().enumerate() {
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, digit)) {
            cx.send(Command::Show(Showing::Nth(at)));
        }
    }
    let way = ui.input_mut(|input| {
        let previous = input.consume_key(Modifiers::SHIFT, Key::F6);
        let next = input.consume_key(Modifiers::NONE, Key::F6);
        i64::from(next) - i64::from(previous)
    });
    let centre = desks.centre.focus_ids();
    let mut panels = centre.clone();
    panels.extend(desks.bottom.focus_ids());
    if way != 0 {
        let stops: Vec<Id> = panels.iter().copied().chain(job).collect();
        go_round(ui, &stops, way);
    }
    let focused = ui.memory(Memory::focused);
    let is_below = focused.is_some_and(|id| !centre.contains(&id) && panels.contains(&id));
    let desk = if is_below {
        &mut desks.bottom
    } else {
        &mut desks.centre
    };
    let view: Option<&mut (dyn View + 'static)> = desk.focused();
    if let Some(view) = view {
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::F)) {
            view.find(ui);
        }
        if !ui.text_edit_focused() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Slash)) {
            view.filter(ui, None);
        }
    }
    if focused.is_some_and(|id| panels.contains(&id)) {
        letters(ui, cx);
    }
    if !ui.text_edit_focused() {
        pasted(ui, cx);
    }
}

fn letters(ui: &Ui, cx: &Cx<'_>) {
    for (key, way) in [(Key::OpenBracket, Way::Back), (Key::CloseBracket, Way::Forward)] {
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key))
            && let (Some(samples), Some(subject)) = (cx.workspace.samples(), cx.workspace.selection())
            && let Some(to) = samples.step(subject.snapshot, way)
        {
            cx.send(Command::Select(to));
        }
    }
    for spec in views::ALL {
        if let Some(key) = spec.key
            && pressed_alone(ui, key)
        {
            cx.send(match (spec.place, cx.workspace.selection()) {
                (crate::gui::cx::Place::Centre, Some(subject)) => Command::Go(crate::gui::history::Place {
                    view: Some(spec.id),
                    subject: Some(subject),
                }),
                _ => Command::Show(Showing::Focus(spec.id)),
            });
        }
    }
}

/// Was `key` pressed without Shift? With Shift a letter is the rows' own. [`InputState::consume_key`] would take that one too.
///
/// [`InputState::consume_key`]: eframe::egui::InputState::consume_key
fn pressed_alone(ui: &Ui, key: Key) -> bool {
    ui.input_mut(|input| {
        let is_it = |event: &Event| {
            matches!(event, Event::Key { key: of, pressed: true, modifiers, .. } if *of == key && modifiers.is_none())
        };
        let before = input.events.len();
        input.events.retain(|event| !is_it(event));
        input.events.len() < before
    })
}

/// Gives the keyboard to the next of `panels`, or the one before.
fn go_round(ui: &Ui, panels: &[Id], way: i64) {
    let focused = ui.memory(Memory::focused);
    let at = panels.iter().position(|id| Some(*id) == focused);
    let count = panels.len();
    let next = match (at, way > 0) {
        (_, _) if count == 0 => return,
        (None, true) => 0,
        (None, false) => count - 1,
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
    };
    ui.memory_mut(|memory| memory.request_focus(panels[next]));
}

fn pasted(ui: &Ui, cx: &Cx<'_>) {
    let pasted = ui.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Paste(text) => Some(text.clone()),
            _ => None,
        })
    });
    if let Some(text) = pasted {
        let paths = super::path_box::paths_in(&text);
        if !paths.is_empty() {
            cx.send(Command::Open(paths));
        }
    }
}
