//! What secrets look like.

use regex::{Regex, RegexSet};

/// What a text seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
    /// A private key in its armour.
    PrivateKey,
    /// A key of Amazon's cloud.
    Aws,
    /// A token of GitHub's.
    GitHub,
    /// A token of Slack's.
    Slack,
    /// A key of Stripe's.
    Stripe,
    /// A key of Google's.
    Google,
    /// A signed JSON token.
    Jwt,
    /// A URL with a password.
    Url,
    /// What a request shows to be let in.
    Authorization,
    /// What a property called `password` or the like holds.
    Password,
    /// A number of a payment card.
    Card,
    /// An e-mail address.
    Email,
}

impl SecretKind {
    /// Its key in JSON and CSV.
    pub const fn key(self) -> &'static str {
        match self {
            Self::PrivateKey => "private-key",
            Self::Aws => "aws-key",
            Self::GitHub => "github-token",
            Self::Slack => "slack-token",
            Self::Stripe => "stripe-key",
            Self::Google => "google-key",
            Self::Jwt => "jwt",
            Self::Url => "url-credentials",
            Self::Authorization => "authorization",
            Self::Password => "password",
            Self::Card => "card-number",
            Self::Email => "email",
        }
    }
}

/// The kinds that are told by what a text looks like; the first that fits counts.
const LOOKS: [(SecretKind, &str); 11] = [
    (SecretKind::PrivateKey, r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    (SecretKind::Aws, r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    (
        SecretKind::GitHub,
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})\b",
    ),
    (SecretKind::Slack, r"\bxox[abeprs]-[A-Za-z0-9-]{10,}"),
    (SecretKind::Stripe, r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}\b"),
    (SecretKind::Google, r"\bAIza[0-9A-Za-z_-]{35}"),
    (
        SecretKind::Jwt,
        r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{10,}",
    ),
    (
        SecretKind::Url,
        r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^/\s:@'\x22`$<>{}]+:[^/\s:@'\x22`$<>{}]+@[A-Za-z0-9\[]",
    ),
    (
        SecretKind::Authorization,
        r"^(?:[Bb]earer [A-Za-z0-9._~+/-]{16,}=*|[Bb]asic [A-Za-z0-9+/]{10,}={0,2})$",
    ),
    (
        SecretKind::Card,
        r"(?:^|[^0-9.])([3-6][0-9]{3}(?:[ -]?[0-9]{2,6}){2,4}[0-9]?)(?:[^0-9.]|$)",
    ),
    (
        SecretKind::Email,
        r"\b[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,12}\b",
    ),
];

/// Names of properties that hold what nobody may see.
const SECRET_NAMES: &str = r"(?i)^_?(?:.*[_-])?(?:password|passwd|pwd|passphrase|secret|client[_-]?secret|api[_-]?key|secret[_-]?key|private[_-]?key|(?:access|auth|refresh|session|id|bearer|csrf)[_-]?token|authorization|x-api-key)$";

/// The rules, ready to be asked.
#[derive(Debug)]
pub(super) struct Rules {
    any: RegexSet,
    each: Vec<Regex>,
    names: Regex,
}

impl Rules {
    /// The rules; none if they cannot be built, which a test rules out.
    pub(super) fn new() -> Option<Self> {
        Some(Self {
            any: RegexSet::new(LOOKS.iter().map(|(_, look)| look)).ok()?,
            each: LOOKS
                .iter()
                .filter_map(|(_, look)| Regex::new(look).ok())
                .collect(),
            names: Regex::new(SECRET_NAMES).ok()?,
        })
    }

    /// What `text` seems to hold, and where in it.
    pub(super) fn look(&self, text: &str) -> Option<(SecretKind, std::ops::Range<usize>)> {
        if text.len() < 6 {
            return None;
        }
        let found = self.any.matches(text);
        found.into_iter().find_map(|at| {
            let kind = LOOKS[at].0;
            let place = self.each[at].captures(text)?;
            let place = place.get(1).or_else(|| place.get(0))?;
            (kind != SecretKind::Card || is_card(place.as_str())).then(|| (kind, place.range()))
        })
    }

    /// Does a property of that name hold a secret?
    pub(super) fn is_secret_name(&self, name: &str) -> bool {
        name.len() < 60 && self.names.is_match(name)
    }
}

/// Is it a number of a card: the right length, not all of one digit, and does its check digit fit (Luhn)?
fn is_card(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let first = digits.first().copied().unwrap_or_default();
    let right_length = match first {
        3 => (14..=15).contains(&digits.len()),
        _ => digits.len() == 16,
    };
    let mut seen = digits.clone();
    seen.sort_unstable();
    seen.dedup();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &digit)| match (at % 2, digit) {
            (0, digit) => digit,
            (_, digit @ 0..5) => 2 * digit,
            (_, digit) => 2 * digit - 9,
        })
        .sum();
    right_length && seen.len() > 1 && sum.is_multiple_of(10)
}

/// So much of a secret as may be shown: its beginning, at most a quarter and four characters, and how long it is.
pub(super) fn masked(secret: &str) -> String {
    let length = secret.chars().count();
    let shown: String = secret.chars().take((length / 4).min(4)).collect();
    format!("{shown}… ({length} characters)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_their_looks() {
        let rules = Rules::new().unwrap();
        assert_eq!(rules.each.len(), LOOKS.len());
        let kind = |text: &str| rules.look(text).map(|(kind, _)| kind.key());
        let token = "a1B2".repeat(10);
        for (text, expected) in [
            ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "private-key"),
            ("AKIAIOSFODNN7EXAMPLE", "aws-key"),
            (&format!("ghp_{token}"), "github-token"),
            (&format!("xoxb-{token}"), "slack-token"),
            (&format!("sk_live_{token}"), "stripe-key"),
            (&format!("AIza{}", &"a1B2".repeat(9)[..35]), "google-key"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlMTIz", "jwt"),
            ("postgres://app:hunter2@db:5432/shop", "url-credentials"),
            ("Bearer abcdef0123456789abcd", "authorization"),
            ("Basic dXNlcjpwYXNzd29yZA==", "authorization"),
            ("card 4111 1111 1111 1111 ok", "card-number"),
            ("378282246310005", "card-number"),
            ("mail alice.b@example.co.uk now", "email"),
        ] {
            assert_eq!(kind(text), Some(expected), "{text}");
        }
        for text in [
            "4111111111111112",
            "1700000000000",
            "https://example.com/a:b@c",
            "node:internal/url",
            "a@b",
            "@types/node@18.2.1",
            "lodash@4.17.21",
            "the bearer of news",
            "0.4111111111111111",
            "https://${user}:${password}@host",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn secrets_are_told_by_their_names() {
        let rules = Rules::new().unwrap();
        for name in [
            "password",
            "DB_PASSWORD",
            "apiKey",
            "accessToken",
            "client_secret",
            "Authorization",
        ] {
            assert!(rules.is_secret_name(name), "{name}");
        }
        for name in ["passwordField", "keys", "tokenize", "secretary", "token"] {
            assert!(!rules.is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn nothing_is_shown_whole() {
        assert_eq!(masked("hunter2"), "h… (7 characters)");
        assert_eq!(masked("AKIAIOSFODNN7EXAMPLE"), "AKIA… (20 characters)");
        assert_eq!(masked("abc"), "… (3 characters)");
    }
}
