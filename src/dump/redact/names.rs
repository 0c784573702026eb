//! Which names are the program's own, which are data, which are everyone's.

use crate::base::text::JsStr;

/// Names of the language and of the engine that rules of this program and of DevTools turn on.
const WELL_KNOWN: [&str; 79] = [
    "system",
    "Object",
    "Function",
    "Array",
    "String",
    "Number",
    "Boolean",
    "Symbol",
    "BigInt",
    "Date",
    "RegExp",
    "Map",
    "Set",
    "WeakMap",
    "WeakSet",
    "WeakRef",
    "FinalizationRegistry",
    "Promise",
    "Proxy",
    "Error",
    "TypeError",
    "RangeError",
    "SyntaxError",
    "ReferenceError",
    "EvalError",
    "URIError",
    "AggregateError",
    "ArrayBuffer",
    "SharedArrayBuffer",
    "DataView",
    "Int8Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
    "Generator",
    "AsyncFunction",
    "GeneratorFunction",
    "Buffer",
    "EventEmitter",
    "Timeout",
    "Immediate",
    "Arguments",
    "Math",
    "JSON",
    "Reflect",
    "Intl",
    "Atomics",
    "WebAssembly",
    "Window",
    "global",
    "globalThis",
    "process",
    "Module",
    "exports",
    "require",
    "module",
    "prototype",
    "constructor",
    "length",
    "name",
    "__proto__",
    "undefined",
    "get",
    "set",
    "value",
    "cache",
    "size",
    "this",
    "InternalNode",
    "Context",
    "map",
    "native_context",
];

/// May the name stand whatever the program is?
pub(super) fn is_well_known(name: JsStr<'_>) -> bool {
    name.is_empty()
        || [
            "(",
            "system / ",
            "node:",
            "internal/",
            "<symbol ",
            "Detached (",
            "Node /",
            "<dummy>",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || WELL_KNOWN.iter().any(|known| name == *known)
}

/// A name that the engine begins and the program ends, in its parts: newer engines say which function a `SharedFunctionInfo` is of, which
/// script, which page. Nothing of what the engine itself made.
pub(super) fn parts(name: JsStr<'_>) -> Option<(&str, &str)> {
    let text = name.as_str()?;
    let of_what = text.find(" / ")?;
    let begins = ["system", "Node", "Window"].contains(&&text[..of_what]);
    let from = match &text[..of_what] {
        // `Window / https://a.example`, and `system / Script / a.js`.
        "Window" => of_what,
        _ => of_what + 3 + text[of_what + 3..].find(" / ")?,
    };
    let (engines, programs) = text.split_at(from + 3);
    let is_numbered = programs
        .strip_prefix("scope @")
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    (begins && !programs.ends_with(" (builtin)") && !is_numbered && !is_well_known(programs.into()))
        .then_some((engines, programs))
}

/// Would a program not write this name of a property after a dot: is it a key that came with the data?
pub(super) fn looks_like_data(name: JsStr<'_>) -> bool {
    let Some(text) = name.as_str() else {
        return true;
    };
    if text.is_empty() || text.starts_with("<symbol ") {
        return false;
    }
    // V8 writes accessors as `get x` and `set x`.
    let text = text
        .strip_prefix("get ")
        .or_else(|| text.strip_prefix("set "))
        .unwrap_or(text);
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
    let digits = text.chars().filter(char::is_ascii_digit).count();
    !text.chars().all(word) || text.starts_with(|c: char| c.is_ascii_digit()) || digits > 4 || text.len() > 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_from_names() {
        for name in [
            "id",
            "_private",
            "$el",
            "get size",
            "<symbol Symbol.iterator>",
            "utf8",
            "sha256",
            "#secret",
            "",
        ] {
            assert!(!looks_like_data(name.into()), "{name}");
        }
        for key in [
            "alice@example.com",
            "/home/alice",
            "user 7",
            "4711",
            "session_8812734",
            "user-17",
        ] {
            assert!(looks_like_data(key.into()), "{key}");
        }
        for (engines, programs) in [
            ("system / Script / ", "/srv/app.js"),
            ("system / SharedFunctionInfo / ", "priceFor"),
            ("Window / ", "https://a.example"),
            ("system / Code / ", "a / b"),
        ] {
            assert_eq!(
                parts(format!("{engines}{programs}").as_str().into()),
                Some((engines, programs))
            );
        }
        for whole in [
            "system / Map",
            "Cart / Item",
            "system / Context / scope @17",
            "system / Code / Abort (builtin)",
            "system / Script / node:fs",
            "Node / Environment",
        ] {
            assert_eq!(parts(whole.into()), None, "{whole}");
        }
        assert!(
            is_well_known("Array".into())
                && is_well_known("system / Map".into())
                && !is_well_known("Cart".into())
        );
    }
}
