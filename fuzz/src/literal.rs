//! JSON string literals, read one byte at a time: the slow twin of the loader's reader.

/// Where the first quotation mark stands that is not escaped, or how many bytes there are.
pub fn end(raw: &[u8]) -> usize {
    let mut at = 0;
    while at < raw.len() && raw[at] != b'"' {
        at += if raw[at] == b'\\' { 2 } else { 1 };
    }
    at.min(raw.len())
}

/// Does `raw`, which holds no quotation mark that is not escaped, end with a backslash that would escape one after it?
pub fn ends_escaped(raw: &[u8]) -> bool {
    raw.iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}

/// What a literal stands for, as WTF-8: code points one by one, pairs of surrogates joined only when both are escaped.
pub fn text(raw: &[u8]) -> Vec<u8> {
    let mut codes = Vec::new();
    let mut plain = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        if raw[at] != b'\\' {
            plain.push(raw[at]);
            at += 1;
            continue;
        }
        codes.extend(
            String::from_utf8_lossy(&plain)
                .chars()
                .map(|c| (u32::from(c), false)),
        );
        plain.clear();
        let (code, used) = escape(&raw[at + 1..]);
        codes.push((code, true));
        at += 1 + used;
    }
    codes.extend(
        String::from_utf8_lossy(&plain)
            .chars()
            .map(|c| (u32::from(c), false)),
    );
    join(&codes)
}

/// The code point of an escape, and how many bytes it has without its backslash.
fn escape(rest: &[u8]) -> (u32, usize) {
    match rest.first() {
        None => (u32::from(b'\\'), 0),
        Some(b'b') => (8, 1),
        Some(b't') => (9, 1),
        Some(b'n') => (10, 1),
        Some(b'f') => (12, 1),
        Some(b'r') => (13, 1),
        Some(b'u') => match rest
            .get(1..5)
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        {
            Some(digits) => {
                let digits = std::str::from_utf8(digits).expect("they are ASCII");
                (u32::from_str_radix(digits, 16).expect("they are digits"), 5)
            }
            None => (0xFFFD, 1),
        },
        Some(&other) if other.is_ascii() => (u32::from(other), 1),
        Some(_) => (0xFFFD, 0),
    }
}

fn join(codes: &[(u32, bool)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < codes.len() {
        let (mut code, escaped) = codes[at];
        at += 1;
        if let Some(&(low @ 0xDC00..0xE000, true)) = codes.get(at)
            && escaped
            && (0xD800..0xDC00).contains(&code)
        {
            code = 0x1_0000 + (code - 0xD800) * 0x400 + (low - 0xDC00);
            at += 1;
        }
        match char::from_u32(code) {
            Some(c) => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            None => out.extend([
                0xE0 | (code >> 12) as u8,
                0x80 | (code >> 6 & 0x3F) as u8,
                0x80 | (code & 0x3F) as u8,
            ]),
        }
    }
    out
}
