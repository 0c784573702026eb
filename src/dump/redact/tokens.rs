//! What stands for a text: of the same length, the same for the same text, different for different texts, and not to be
//! guessed without the key.
//!
//! Short texts are permuted: a network of Feistel's over all texts of their length and kind (letters and digits; ASCII;
//! Latin-1; others), walked until it comes back to the kind. So two different short texts never get one token, which drawing
//! at random could not promise: there are only 62 tokens of one letter. Long texts get letters and digits that follow from
//! their keyed hash.

use std::hash::Hasher as _;

use siphasher::sip128::{Hasher128 as _, SipHasher24};

use crate::base::text::{JsStr, JsString, push_code_point};

/// What tokens depend on besides the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key {
    words: (u64, u64),
}

impl Key {
    /// One that nobody knows.
    pub fn random() -> std::io::Result<Self> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        Ok(Self::from_bytes(&bytes))
    }

    /// The same for the same bytes: for tokens that are the same in several files.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut hasher = SipHasher24::new();
        hasher.write(bytes);
        Self {
            words: hasher.finish128().as_u64(),
        }
    }

    /// What a round of the network mixes in: of 64 bits, as no half has more. Messages begin with another domain than those of
    /// [`Key::hash`].
    fn round(&self, message: &[u8; 12]) -> u64 {
        siphasher::sip::SipHasher24::new_with_keys(self.words.0, self.words.1).hash(message)
    }

    fn hash(&self, domain: u8, bytes: &[u8]) -> u128 {
        let mut hasher = SipHasher24::new_with_keys(self.words.0, self.words.1);
        hasher.write_u8(domain);
        hasher.write(bytes);
        hasher.finish128().as_u128()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(not shown)")
    }
}

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What characters a text is made of; tokens are of the kind of their text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Letters,
    Ascii,
    Latin1,
    Wide,
    Surrogates,
}

impl Kind {
    fn of(units: &[u16]) -> Self {
        let all = |test: &dyn Fn(u16) -> bool| units.iter().all(|&unit| test(unit));
        let letter = |unit: u16| u8::try_from(unit).is_ok_and(|byte| byte.is_ascii_alphanumeric());
        if all(&letter) {
            Self::Letters
        } else if all(&|unit| (0x20..0x7F).contains(&unit)) {
            Self::Ascii
        } else if all(&|unit| unit < 0x100) {
            Self::Latin1
        } else if all(&|unit| !(0xD800..0xE000).contains(&unit)) {
            Self::Wide
        } else {
            Self::Surrogates
        }
    }

    /// How many characters tokens of the kind are drawn from (before what is of another kind is thrown away).
    const fn base(self) -> u128 {
        match self {
            Self::Letters => 62,
            Self::Ascii => 95,
            Self::Latin1 => 0x100,
            Self::Wide | Self::Surrogates => 0x1_0000,
        }
    }

    fn digit(self, unit: u16) -> u128 {
        match self {
            Self::Letters => match unit {
                0x30..0x3A => u128::from(unit - 0x30),
                0x41..0x5B => u128::from(unit - 0x41 + 10),
                _ => u128::from(unit.wrapping_sub(0x61) + 36),
            },
            Self::Ascii => u128::from(unit - 0x20),
            _ => u128::from(unit),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a digit is below the base")]
    fn unit(self, digit: u128) -> u16 {
        match self {
            Self::Letters => u16::from(LETTERS[digit as usize]),
            Self::Ascii => digit as u16 + 0x20,
            _ => digit as u16,
        }
    }
}

/// Makes tokens.
#[derive(Debug)]
pub struct Tokens {
    key: Key,
    units: Vec<u16>,
}

impl Tokens {
    /// Tokens of `key`.
    pub const fn new(key: Key) -> Self {
        Self {
            key,
            units: Vec::new(),
        }
    }

    /// The token of `text`, which has as many UTF-16 units.
    pub fn token(&mut self, text: JsStr<'_>) -> JsString {
        self.units.clear();
        self.units.extend(text.utf16());
        let kind = Kind::of(&self.units);
        match domain(kind, self.units.len()) {
            Some(domain) => self.permute(kind, domain),
            None => self.hashed(kind, text),
        }
    }

    fn permute(&mut self, kind: Kind, domain: u128) -> JsString {
        let len = self.units.len();
        let mut index = self
            .units
            .iter()
            .fold(0, |index, &unit| index * kind.base() + kind.digit(unit));
        let half = (128 - (domain - 1).leading_zeros()).max(2).div_ceil(2);
        loop {
            index = self.feistel(index, half, kind, len);
            if index >= domain {
                continue;
            }
            let mut rest = index;
            for unit in self.units.iter_mut().rev() {
                *unit = kind.unit(rest % kind.base());
                rest /= kind.base();
            }
            if Kind::of(&self.units) == kind {
                break;
            }
        }
        if matches!(kind, Kind::Letters | Kind::Ascii) {
            let bytes = self.units.iter().map(|&unit| u8::try_from(unit).unwrap_or(b'?'));
            return JsString::from_wtf8(bytes.collect());
        }
        let mut token = JsString::new();
        for &unit in &self.units {
            let mut one = Vec::with_capacity(3);
            push_code_point(&mut one, u32::from(unit));
            token.push(JsStr::from_wtf8(&one));
        }
        token
    }

    /// A permutation of all numbers of twice `half` bits.
    #[expect(clippy::cast_possible_truncation, reason = "a half has at most 64 bits")]
    fn feistel(&self, index: u128, half: u32, kind: Kind, len: usize) -> u128 {
        const ROUNDS: u8 = 8;
        let mask = (1_u128 << half) - 1;
        let (mut left, mut right) = (index >> half & mask, index & mask);
        let mut message = [0; 12];
        message[0] = 1;
        message[1] = kind as u8;
        message[2] = len as u8;
        for round in 0..ROUNDS {
            message[3] = round;
            message[4..].copy_from_slice(&(right as u64).to_le_bytes());
            let mixed = left ^ (u128::from(self.key.round(&message)) & mask);
            (left, right) = (right, mixed);
        }
        left << half | right
    }

    #[expect(clippy::cast_possible_truncation, reason = "the low half is wanted")]
    fn hashed(&self, kind: Kind, text: JsStr<'_>) -> JsString {
        let hash = self.key.hash(2, text.bytes());
        let mut token = Vec::with_capacity(self.units.len() + 2);
        let mut left = self.units.len();
        if matches!(kind, Kind::Wide | Kind::Surrogates) {
            // One wide character, of those that fonts have, as V8 then stores all of them wide: a letter of Cyrillic.
            push_code_point(&mut token, 0x410 + (hash >> 96) as u32 % 64);
            left -= 1;
        }
        let (mut state, mut other) = (hash as u64, (hash >> 64) as u64);
        while left > 0 {
            let mut word = mixed(state ^ mixed(other));
            let letters = left.min(8);
            for _ in 0..letters {
                token.push(LETTERS[(word % 62) as usize]);
                word /= 62;
            }
            left -= letters;
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            other = other.rotate_left(17) ^ state;
        }
        JsString::from_wtf8(token)
    }
}

/// How many texts there are, if few enough to be counted.
fn domain(kind: Kind, len: usize) -> Option<u128> {
    let domain = kind.base().checked_pow(u32::try_from(len).ok()?)?;
    (domain <= 1 << 120).then_some(domain)
}

/// A word whose every bit depends on every bit of `word` (the last step of `SplitMix64`).
const fn mixed(word: u64) -> u64 {
    let word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ word >> 31
}

#[cfg(test)]
mod tests {
    use rustc_hash::FxHashSet;

    use super::*;

    fn tokens() -> Tokens {
        Tokens::new(Key::from_bytes(b"test"))
    }

    #[test]
    fn tokens_have_the_length_and_the_kind_of_their_texts() {
        let mut tokens = tokens();
        for text in [
            "",
            "7",
            "ab",
            "alice@example.com",
            "é",
            "straße",
            "€",
            "日本語のテキスト",
            "a much longer text, of more than 21 units",
            "😀",
            "very long and wide: 日本語 and so on and on",
        ] {
            let token = tokens.token(text.into());
            assert_eq!(token.as_js().utf16_len(), JsStr::from(text).utf16_len(), "{text}");
            let wide = |text: JsStr<'_>| text.utf16().any(|unit| unit > 0xFF);
            assert_eq!(wide(token.as_js()), wide(text.into()), "{text}");
            assert_eq!(token, tokens.token(text.into()));
            if text.len() > 2 {
                assert_ne!(token.as_js(), JsStr::from(text));
            }
        }
    }

    #[test]
    fn different_texts_get_different_tokens() {
        let mut tokens = tokens();
        let mut seen = FxHashSet::default();
        for one in 0..0x100_u32 {
            let mut text = Vec::new();
            push_code_point(&mut text, one);
            assert!(seen.insert(tokens.token(JsStr::from_wtf8(&text))), "{one}");
        }
        for number in 0..20_000 {
            let text = format!("{number}");
            let is_new = seen.insert(tokens.token(text.as_str().into()));
            assert_eq!(is_new, number > 9, "{text}");
            assert!(seen.insert(tokens.token(format!("k-{number}").as_str().into())));
            assert!(
                seen.insert(tokens.token(format!("a text that is long, number {number}").as_str().into()))
            );
        }
    }

    #[test]
    fn another_key_gives_other_tokens() {
        let mut other = Tokens::new(Key::from_bytes(b"other"));
        assert_ne!(tokens().token("alice".into()), other.token("alice".into()));
        assert_ne!(Key::random().unwrap().words, Key::random().unwrap().words);
    }
}
