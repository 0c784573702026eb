//! Types of nodes and edges, by the names that files give them.

/// The type of a node. Files number types by a table of names in their header; unknown names become [`NodeKind::Other`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum NodeKind {
    /// Engine internals without a type of their own.
    Hidden,
    /// An array of the engine, such as the elements of a JavaScript array.
    Array,
    /// A flat string.
    String,
    /// A JavaScript object.
    Object,
    /// Compiled code and its metadata.
    Code,
    /// A function.
    Closure,
    /// A regular expression.
    RegExp,
    /// A number in a box of its own.
    Number,
    /// Memory outside V8's heap: DOM nodes, array buffers.
    Native,
    /// Made up for the snapshot: roots.
    Synthetic,
    /// A joined string that was never flattened.
    ConcatenatedString,
    /// A part of another string.
    SlicedString,
    /// A symbol.
    Symbol,
    /// A big integer.
    BigInt,
    /// A hidden class or its parts.
    ObjectShape,
    /// An object of WebAssembly.
    WasmObject,
    /// A type this program does not know; its name is in
    /// [`Header::other_kinds`](super::columns::Header::other_kinds).
    Other,
}

impl NodeKind {
    /// All kinds in the order of their codes.
    pub const ALL: [Self; 17] = [
        Self::Hidden,
        Self::Array,
        Self::String,
        Self::Object,
        Self::Code,
        Self::Closure,
        Self::RegExp,
        Self::Number,
        Self::Native,
        Self::Synthetic,
        Self::ConcatenatedString,
        Self::SlicedString,
        Self::Symbol,
        Self::BigInt,
        Self::ObjectShape,
        Self::WasmObject,
        Self::Other,
    ];

    /// V8's name of the type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Array => "array",
            Self::String => "string",
            Self::Object => "object",
            Self::Code => "code",
            Self::Closure => "closure",
            Self::RegExp => "regexp",
            Self::Number => "number",
            Self::Native => "native",
            Self::Synthetic => "synthetic",
            Self::ConcatenatedString => "concatenated string",
            Self::SlicedString => "sliced string",
            Self::Symbol => "symbol",
            Self::BigInt => "bigint",
            Self::ObjectShape => "object shape",
            Self::WasmObject => "wasm object",
            Self::Other => "other",
        }
    }

    /// The kind of that name; `Other` if there is none.
    pub fn from_name(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .unwrap_or(Self::Other)
    }
}

/// What the file says of a node's place in the DOM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Detachedness {
    /// Nothing is known; so it is for all that has nothing to do with the DOM.
    #[default]
    Unknown,
    /// Part of a document.
    Attached,
    /// Taken out of its document.
    Detached,
}

impl Detachedness {
    /// The state that a file writes as `value`: 1 attached, 2 detached, in the two lowest bits.
    #[inline]
    pub(super) const fn from_field(value: u32) -> Self {
        match value & 3 {
            1 => Self::Attached,
            2 => Self::Detached,
            _ => Self::Unknown,
        }
    }
}

/// A node's kind (5 bits) and detachedness (2 bits) in one byte. Kinds above `NodeKind::Other as u8` count the unknown types
/// of the file: code `16 + i` is `other_kinds[i]`; more than 16 unknown types share the last code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct NodeTag(u8);

impl NodeTag {
    /// How many kind codes there are.
    pub const CODES: u8 = 32;

    /// A tag of a kind code below [`NodeTag::CODES`].
    #[inline]
    pub const fn new(code: u8, detachedness: Detachedness) -> Self {
        Self(code & 31 | (detachedness as u8) << 5)
    }

    /// The byte it is kept in.
    #[inline]
    pub(super) const fn raw(self) -> u8 {
        self.0
    }

    /// From the byte it is kept in.
    #[inline]
    pub(super) const fn from_raw(raw: u8) -> Self {
        Self(raw)
    }

    /// The code of the kind.
    #[inline]
    pub const fn code(self) -> u8 {
        self.0 & 31
    }

    /// The kind.
    #[inline]
    pub const fn kind(self) -> NodeKind {
        let code = self.code();
        if code < NodeKind::Other as u8 {
            NodeKind::ALL[code as usize]
        } else {
            NodeKind::Other
        }
    }

    /// What the file says of its place in the DOM.
    #[inline]
    pub const fn detachedness(self) -> Detachedness {
        match self.0 >> 5 {
            1 => Detachedness::Attached,
            2 => Detachedness::Detached,
            _ => Detachedness::Unknown,
        }
    }
}

/// The type of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum EdgeKind {
    /// A variable of a function's context.
    Context,
    /// An indexed element.
    Element,
    /// A named property.
    Property,
    /// A link of the engine itself, named.
    Internal,
    /// A link of the engine itself, numbered.
    Hidden,
    /// A short way that is no reference of its own.
    Shortcut,
    /// A reference that does not keep its target alive.
    Weak,
    /// A type this program does not know; named by a string.
    Other,
}

impl EdgeKind {
    /// All kinds in the order of their codes.
    pub const ALL: [Self; 8] = [
        Self::Context,
        Self::Element,
        Self::Property,
        Self::Internal,
        Self::Hidden,
        Self::Shortcut,
        Self::Weak,
        Self::Other,
    ];

    /// V8's name of the type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Context => "context",
            Self::Element => "element",
            Self::Property => "property",
            Self::Internal => "internal",
            Self::Hidden => "hidden",
            Self::Shortcut => "shortcut",
            Self::Weak => "weak",
            Self::Other => "other",
        }
    }

    /// The kind of that name; `Other` if there is none.
    pub fn from_name(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .unwrap_or(Self::Other)
    }

    /// Are edges of this kind named by a number (and not by a string)?
    pub const fn is_indexed(self) -> bool {
        matches!(self, Self::Element | Self::Hidden)
    }
}
