//! Keys that act everywhere, and the list of all keys that people can look up.

use eframe::egui::{Event, Id, Key, Memory, Modifiers, Ui};

use super::Parts;
use crate::gui::command::{Command, Part, Sheet, Way};
use crate::gui::cx::Cx;
use crate::gui::views::Views;

/// A key that acts wherever the keyboard is.
struct Global {
    modifiers: Modifiers,
    key: Key,
    command: fn(&Cx<'_>) -> Option<Command>,
}

const GLOBAL: &[Global] = &[
    Global {
        modifiers: Modifiers::COMMAND,
        key: Key::O,
        command: |_| Some(Command::PickFiles),
    },
    Global {
        modifiers: Modifiers::COMMAND,
        key: Key::W,
        command: |cx| Some(Command::Close(cx.workspace.current()?.id)),
    },
    Global {
        modifiers: Modifiers::COMMAND,
        key: Key::B,
        command: |_| Some(Command::Toggle(Part::Left)),
    },
    Global {
        modifiers: Modifiers::COMMAND,
        key: Key::J,
        command: |_| Some(Command::Toggle(Part::Bottom)),
    },
    Global {
        modifiers: Modifiers::ALT,
        key: Key::ArrowLeft,
        command: |_| Some(Command::Step(Way::Back)),
    },
    Global {
        modifiers: Modifiers::ALT,
        key: Key::ArrowRight,
        command: |_| Some(Command::Step(Way::Forward)),
    },
    Global {
        modifiers: Modifiers::NONE,
        key: Key::F1,
        command: |_| Some(Command::Toggle(Part::Sheet(Sheet::Shortcuts))),
    },
];

/// What all keys do, for the sheet of shortcuts: `(keys, what they do)`.
pub(crate) const ALL: &[(&str, &str)] = &[
    ("Ctrl O", "Open files"),
    ("Ctrl V", "Open the file whose path was copied"),
    ("Ctrl W", "Close the snapshot"),
    ("Ctrl F", "Filter"),
    ("F6", "Next panel"),
    ("Alt ←  Alt →", "Back, forward"),
    ("↑ ↓ Home End PgUp PgDn", "Move in a table"),
    ("→ ←", "Expand, step in; collapse, step out"),
    ("Enter", "Expand a class, go to an object"),
    ("R", "Retainers of the selected object"),
    ("Ctrl C", "Copy the object’s id"),
    ("Ctrl B", "Show or hide the list of snapshots"),
    ("Ctrl J", "Show or hide the bottom panel"),
    ("F1", "Shortcuts"),
];

/// Acts on keys that act everywhere, and on letters that call views while a table has the keyboard.
pub(crate) fn act(ui: &Ui, cx: &Cx<'_>, views: &mut Views, parts: &Parts) {
    if parts.sheet.is_some() {
        return;
    }
    for global in GLOBAL {
        if ui.input_mut(|input| input.consume_key(global.modifiers, global.key))
            && let Some(command) = (global.command)(cx)
        {
            cx.send(command);
        }
    }
    let way = ui.input_mut(|input| {
        let next = input.consume_key(Modifiers::NONE, Key::F6);
        let previous = input.consume_key(Modifiers::SHIFT, Key::F6);
        i64::from(next) - i64::from(previous)
    });
    let panels: Vec<Id> = views.iter().map(|(_, view)| view.focus_id()).collect();
    if way != 0 {
        go_round(ui, &panels, way);
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::F))
        && let Some((_, view)) = views.iter_mut().find(|(spec, _)| spec.id == parts.centre_view)
    {
        view.find(ui);
    }
    let focused = ui.memory(Memory::focused);
    if focused.is_some_and(|id| panels.contains(&id)) {
        letters(ui, cx, views);
    }
    if !ui.text_edit_focused() {
        pasted(ui, cx);
    }
}

fn letters(ui: &Ui, cx: &Cx<'_>, views: &Views) {
    for (spec, _) in views {
        if let Some(key) = spec.key
            && ui.input_mut(|input| input.consume_key(Modifiers::NONE, key))
        {
            cx.send(Command::Focus(spec.id));
        }
    }
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
