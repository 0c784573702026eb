//! Icons: code points of the Phosphor face, and which stands for which kind of node.

use eframe::egui::Color32;

use super::Tokens;
use crate::graph::NodeKind;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Icon(pub(crate) &'static str);

macro_rules! icons {
    ($($name:ident = $code:literal),* $(,)?) => {
        impl Icon {
            $(pub(crate) const $name: Self = Self($code);)*
        }
    };
}

icons! {
    ANCHOR = "\u{E514}",
    ARROW_BEND = "\u{E026}",
    ARROW_CLOCKWISE = "\u{E036}",
    ARROW_DOWN = "\u{E03E}",
    ARROW_DOWN_RIGHT = "\u{E042}",
    ARROW_LEFT = "\u{E058}",
    ARROW_RIGHT = "\u{E06C}",
    ARROW_UP = "\u{E08E}",
    ARROW_UP_RIGHT = "\u{E092}",
    ASTERISK = "\u{E0AA}",
    BINARY = "\u{EE60}",
    BOOKMARK = "\u{E0EA}",
    BRACES = "\u{E860}",
    BRACKETS = "\u{E85E}",
    CARET_DOWN = "\u{E136}",
    CARET_LEFT = "\u{E138}",
    CARET_RIGHT = "\u{E13A}",
    CARET_UP = "\u{E13C}",
    CHART = "\u{E156}",
    CHART_PIE = "\u{E158}",
    CHECK = "\u{E182}",
    CHECK_CIRCLE = "\u{E184}",
    CIRCLE_DASHED = "\u{E602}",
    CLOCK = "\u{E19A}",
    COLUMNS = "\u{E546}",
    COPY = "\u{E1CA}",
    COPY_SIMPLE = "\u{E1CC}",
    CPU = "\u{E610}",
    CUBE = "\u{E1DA}",
    DETECTIVE = "\u{E83E}",
    DIAMOND = "\u{E1EC}",
    DOTS = "\u{E1FE}",
    EQUALS = "\u{E21C}",
    EXPORT = "\u{EAF0}",
    EYE = "\u{E220}",
    EYE_SLASH = "\u{E224}",
    FILE_CODE = "\u{E914}",
    FILE_JS = "\u{EB24}",
    FINGERPRINT = "\u{E23E}",
    FOLDER = "\u{E24A}",
    FOLDER_OPEN = "\u{E256}",
    FUNCTION = "\u{EBE4}",
    FUNNEL = "\u{E266}",
    GEAR = "\u{E272}",
    GIT_BRANCH = "\u{E278}",
    GIT_MERGE = "\u{E280}",
    GLOBE = "\u{E28E}",
    HASH = "\u{E2A2}",
    HOURGLASS = "\u{E2B2}",
    LIGHTBULB = "\u{E2DC}",
    LINK = "\u{E2E6}",
    LINK_BREAK = "\u{E2E4}",
    LIST_DASHES = "\u{E2F4}",
    LOCK = "\u{E2FA}",
    MINUS = "\u{E32A}",
    MOON = "\u{E330}",
    NOT_EQUALS = "\u{EDA6}",
    PACKAGE = "\u{E390}",
    PATH = "\u{E39C}",
    PENCIL = "\u{E3B4}",
    PLUS = "\u{E3D4}",
    POLYGON = "\u{E6D0}",
    PROHIBIT = "\u{E3DE}",
    PUSH_PIN = "\u{E3E2}",
    QUESTION = "\u{E3E8}",
    QUOTES = "\u{E660}",
    ROWS = "\u{E5A2}",
    SCISSORS = "\u{EAE0}",
    SEARCH = "\u{E30C}",
    SQUARES = "\u{E464}",
    STACK = "\u{E466}",
    SUN = "\u{E472}",
    SWAP = "\u{E83C}",
    TABLE = "\u{E476}",
    TERMINAL = "\u{EAE8}",
    TRASH = "\u{E4A6}",
    TREE = "\u{E67C}",
    WARNING = "\u{E4E0}",
    X = "\u{E4F6}",
}

/// The icon and the tint of a node of kind `kind` and name `name` (of its class, for a row of many).
pub(crate) fn of_node(kind: NodeKind, name: &str, tokens: &Tokens) -> (Icon, Color32) {
    let kinds = &tokens.kinds;
    match kind {
        NodeKind::Object if is_collection(name) => (Icon::STACK, kinds.collection),
        NodeKind::Object if is_array(name) => (Icon::BRACKETS, kinds.array),
        NodeKind::Object if name.starts_with("system / ") => of_system(name, tokens),
        NodeKind::Object | NodeKind::WasmObject | NodeKind::Other => (Icon::CUBE, kinds.object),
        NodeKind::Array => (Icon::BRACKETS, kinds.array),
        NodeKind::Closure => (Icon::FUNCTION, kinds.function),
        NodeKind::String => (Icon::QUOTES, kinds.string),
        NodeKind::ConcatenatedString => (Icon::LINK, kinds.string),
        NodeKind::SlicedString => (Icon::SCISSORS, kinds.string),
        NodeKind::Number => (Icon::HASH, kinds.number),
        NodeKind::BigInt => (Icon::BINARY, kinds.number),
        NodeKind::RegExp => (Icon::ASTERISK, kinds.regexp),
        NodeKind::Symbol => (Icon::DIAMOND, kinds.symbol),
        NodeKind::Code => (Icon::FILE_CODE, kinds.code),
        NodeKind::Native => (Icon::CPU, kinds.native),
        NodeKind::Synthetic => (Icon::ANCHOR, kinds.root),
        NodeKind::ObjectShape => (Icon::POLYGON, kinds.system),
        NodeKind::Hidden => of_system(name, tokens),
    }
}

/// The icon and the tint of a class: those of its members.
pub(crate) fn of_class(name: &str, tokens: &Tokens) -> (Icon, Color32) {
    let kind = match name {
        "(system)" => NodeKind::Hidden,
        "(compiled code)" => NodeKind::Code,
        "Function" => NodeKind::Closure,
        "RegExp" => NodeKind::RegExp,
        _ => {
            let inner = name.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
            inner.map_or(NodeKind::Object, NodeKind::from_name)
        }
    };
    let is_element = name.starts_with('<') || name.starts_with("Detached <");
    of_node(if is_element { NodeKind::Native } else { kind }, name, tokens)
}

fn of_system(name: &str, tokens: &Tokens) -> (Icon, Color32) {
    let icon = if name.starts_with("system / Context") {
        Icon::BRACES
    } else {
        Icon::GEAR
    };
    (icon, tokens.kinds.system)
}

fn is_collection(name: &str) -> bool {
    matches!(name, "Map" | "Set" | "WeakMap" | "WeakSet") || name.ends_with("Cache")
}

fn is_array(name: &str) -> bool {
    name == "Array" || name.ends_with("Array") || name == "ArrayBuffer"
}
