//! Heaps out of the fuzzer's bytes, in the notation of `heapatlas::fixture`: with the names and shapes on which rules turn.

use std::fmt::Write as _;

use arbitrary::{Arbitrary, Result, Unstructured};
use heapatlas::fixture::{Fixture, Section, WhiteSpace};

/// Names that mean something to some rule, and some that mean nothing. As JSON literals.
const NAMES: [&str; 24] = [
    r#""""#,
    r#""Object""#,
    r#""Array""#,
    r#""Map""#,
    r#""system / NativeContext""#,
    r#""system / NativeContext / https://a.example""#,
    r#""system / Context""#,
    r#""system / ExternalStringData""#,
    r#""system / JSArrayBufferData""#,
    r#""(map descriptors)""#,
    r#""(Document DOM trees)""#,
    r#""Detached Window""#,
    r#""<div class>""#,
    r#""V8EventListener""#,
    r#""__proto__""#,
    r#""elements""#,
    r#""first""#,
    r#""second""#,
    r#""sloppy_function_map""#,
    r#""12 / DevTools console""#,
    r#""3 / part of key (a @1) -> value (b @3) pair in WeakMap (table @5)""#,
    r#""4 / part of key (a @1) -> value (b @3) pair in WeakMap (table @5)""#,
    r#""a, \"b\" \uD83D""#,
    r#""é😀""#,
];

const NODE_KINDS: [&str; 17] = [
    "hidden",
    "array",
    "string",
    "object",
    "code",
    "closure",
    "regexp",
    "number",
    "native",
    "synthetic",
    "concatenated_string",
    "sliced_string",
    "symbol",
    "bigint",
    "object_shape",
    "wasm_object",
    "never_heard_of",
];

const EDGE_KINDS: [&str; 8] = [
    "context",
    "element",
    "property",
    "internal",
    "hidden",
    "shortcut",
    "weak",
    "never_heard_of",
];

const NODE_FIELDS: [&[&str]; 4] = [
    &[
        "type",
        "name",
        "id",
        "self_size",
        "edge_count",
        "trace_node_id",
        "detachedness",
    ],
    &["type", "name", "id", "self_size", "edge_count", "detachedness"],
    &["type", "name", "id", "self_size", "edge_count"],
    &[
        "detachedness",
        "edge_count",
        "more",
        "self_size",
        "id",
        "name",
        "type",
    ],
];

/// A heap's file, and what was done to it.
#[derive(Debug)]
pub struct HeapFile {
    /// The file.
    pub bytes: Vec<u8>,
    /// Is it as it was written? Then it must open without a problem.
    pub is_whole: bool,
}

impl<'a> Arbitrary<'a> for HeapFile {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let fields = *u.choose(&NODE_FIELDS)?;
        let white = *u.choose(&[WhiteSpace::None, WhiteSpace::Lines, WhiteSpace::Everywhere])?;
        let mut order = Section::ALL;
        if u.ratio(1_u8, 8)? {
            order.rotate_left(u.choose_index(Section::ALL.len())?);
        }
        let damage = u.ratio(1_u8, 3)?;
        let changes: u8 = if damage { u.int_in_range(1..=4)? } else { 0 };
        let mut places = Vec::new();
        for _ in 0..changes {
            places.push((u.arbitrary::<u16>()?, u.arbitrary::<u8>()?, u.arbitrary::<u8>()?));
        }
        let text = text(u)?;
        let mut bytes = Fixture::new(&text)
            .node_fields(fields)
            .white_space(white)
            .order(&order)
            .bytes();
        for (place, what, byte) in places {
            change(&mut bytes, usize::from(place), what, byte);
        }
        Ok(Self {
            bytes,
            is_whole: !damage,
        })
    }
}

/// Damages `bytes` somewhere: another byte, another digit, one more, one less, or the end.
fn change(bytes: &mut Vec<u8>, place: usize, what: u8, byte: u8) {
    let at = place % bytes.len().max(1);
    match what % 8 {
        _ if bytes.is_empty() => {}
        0 => bytes[at] = byte,
        1 | 2 => {
            // The next digit, so that numbers change and the file still reads.
            if let Some(digit) = bytes[at..].iter_mut().find(|byte| byte.is_ascii_digit()) {
                *digit = b'0' + byte % 10;
            }
        }
        3 | 4 => {
            if let Some(skipped) = bytes[at..].iter().position(u8::is_ascii_digit) {
                bytes.insert(at + skipped, b'0' + byte % 10);
            }
        }
        5 => bytes.insert(at, byte),
        6 => {
            bytes.remove(at);
        }
        _ => bytes.truncate(at),
    }
}

fn text(u: &mut Unstructured<'_>) -> Result<String> {
    let nodes = u.int_in_range(1..=40_usize)?;
    let mut text = String::new();
    for node in 0..nodes {
        let (name, kind) = (u.choose(&NAMES)?, u.choose(&NODE_KINDS)?);
        let size: u64 = match u.int_in_range(0..=7_u8)? {
            0 => 0,
            1 => u.arbitrary()?,
            2 => u.arbitrary::<u32>()?.into(),
            _ => u.arbitrary::<u8>()?.into(),
        };
        write!(text, "n{node}={name}:{kind}/{size}").expect("a string takes all");
        if u.ratio(1_u8, 8)? {
            write!(text, " #{}", u.int_in_range(0..=9_u64)?).expect("a string takes all");
        }
        text += u.choose(&["", "", " !attached", " !detached"])?;
        if u.ratio(1_u8, 6)? {
            write!(
                text,
                " @{}:{}:1",
                u.int_in_range(0..=3_u8)?,
                u.int_in_range(0..=3_u8)?
            )
            .expect("a string takes all");
        }
        text.push('\n');
    }
    while !u.is_empty() {
        let (from, to) = (u.choose_index(nodes)?, u.choose_index(nodes)?);
        let kind = *u.choose(&EDGE_KINDS)?;
        let name = if matches!(kind, "element" | "hidden") {
            u.arbitrary::<u8>()?.to_string()
        } else {
            (*u.choose(&NAMES)?).to_owned()
        };
        writeln!(text, "n{from} -{kind}:{name}-> n{to}").expect("a string takes all");
    }
    Ok(text)
}
