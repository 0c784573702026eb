//! Class names, as far as a node's type and name decide them.

use std::borrow::Cow;

use crate::base::text::{JsStr, JsString};
use crate::graph::NodeKind;

use super::detachedness::DETACHED_PREFIX;

/// The class name of all nodes of a type, or none if it depends on the node's name. `kind_name` is V8's name of the type.
pub fn of_kind(kind: NodeKind, kind_name: &str) -> Option<JsString> {
    Some(match kind {
        NodeKind::Object | NodeKind::Native => return None,
        NodeKind::Hidden => "(system)".into(),
        NodeKind::Code => "(compiled code)".into(),
        NodeKind::Closure => "Function".into(),
        NodeKind::RegExp => "RegExp".into(),
        _ => JsString::from(format!("({kind_name})")),
    })
}

/// The class name of an object or a native node of that name (WTF-8, with its prefix if it has one): the name itself, of an
/// element with attributes its tag alone.
pub fn of_name(name: JsStr<'_>) -> Cow<'_, [u8]> {
    let name = name.bytes();
    let tag_start = if name.starts_with(DETACHED_PREFIX.as_bytes()) {
        DETACHED_PREFIX.len()
    } else {
        0
    };
    if name.get(tag_start) != Some(&b'<') {
        return Cow::Borrowed(name);
    }
    match name[tag_start..].iter().position(|&byte| byte == b' ') {
        Some(space) => Cow::Owned([&name[..tag_start + space], b">"].concat()),
        None => Cow::Borrowed(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_classed_by_their_tags() {
        for (name, class) in [
            ("Map", "Map"),
            ("a b", "a b"),
            ("", ""),
            ("<div>", "<div>"),
            ("<div id=\"a\" class=\"b\">", "<div>"),
            ("Detached <div id=\"a\">", "Detached <div>"),
            ("Detached <div>", "Detached <div>"),
            ("Detached Window", "Detached Window"),
            ("Detached Detached <p a>", "Detached Detached <p a>"),
            ("< ", "<>"),
        ] {
            assert_eq!(JsStr::from_wtf8(&of_name(name.into())), class, "{name}");
        }
    }

    #[test]
    fn other_types_are_classed_as_a_whole() {
        assert_eq!(of_kind(NodeKind::Object, "object"), None);
        let name = |kind: NodeKind| {
            of_kind(kind, kind.name())
                .expect("decided by the type")
                .to_string()
        };
        assert_eq!(name(NodeKind::Hidden), "(system)");
        assert_eq!(name(NodeKind::ConcatenatedString), "(concatenated string)");
        assert_eq!(name(NodeKind::Closure), "Function");
    }
}
