//! To which package a script belongs: the program itself, something it installed, or the runtime.

use std::fmt;

const PACKAGES: &str = "node_modules";
const SEPARATORS: [char; 2] = ['/', '\\'];

/// Whose code a script is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Package {
    /// The program's own.
    Own,
    /// A package of that name: `lodash`, `@scope/name`.
    Installed(Box<str>),
    /// The runtime's own modules.
    Runtime(Runtime),
}

/// A program that runs JavaScript and has modules of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Runtime {
    /// Node.
    Node,
    /// Deno.
    Deno,
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own => f.write_str("mine"),
            Self::Installed(name) => write!(f, "{PACKAGES}/{name}"),
            Self::Runtime(Runtime::Node) => f.write_str("node itself"),
            Self::Runtime(Runtime::Deno) => f.write_str("deno itself"),
        }
    }
}

impl Package {
    /// The package of the script or module at `path`.
    ///
    /// Node's own scripts are called `node:fs`, `node:internal/…`, in old versions `fs.js` and `internal/url.js`: programs' own
    /// always have an absolute path or an address.
    pub fn of(path: &str) -> Self {
        if let Some(name) = installed(path) {
            return Self::Installed(name.into());
        }
        if path.starts_with("ext:") || path.starts_with("deno:") {
            return Self::Runtime(Runtime::Deno);
        }
        let is_bare = !path.contains(SEPARATORS) && path.strip_suffix(".js").is_some();
        if path.starts_with("node:") || path.starts_with("internal/") || is_bare {
            return Self::Runtime(Runtime::Node);
        }
        Self::Own
    }

    /// Is it the runtime's?
    pub const fn is_runtime(&self) -> bool {
        matches!(self, Self::Runtime(_))
    }
}

/// The part of `path` from its last `node_modules` on, if it is a package's file.
pub fn package_file(path: &str) -> Option<&str> {
    let is_whole = |&(at, _): &(usize, &str)| {
        let before = path[..at].chars().next_back();
        let after = path[at + PACKAGES.len()..].chars().next();
        before.is_none_or(|c| SEPARATORS.contains(&c)) && after.is_some_and(|c| SEPARATORS.contains(&c))
    };
    let last = path.match_indices(PACKAGES).filter(is_whole).last();
    last.map(|(at, _)| &path[at..])
}

/// The name of the innermost package that `path` lies in.
fn installed(path: &str) -> Option<&str> {
    let rest = &package_file(path)?[PACKAGES.len() + 1..];
    let mut ends = rest.match_indices(SEPARATORS).map(|(at, _)| at);
    let first = ends.next();
    let end = if rest.starts_with('@') { ends.next() } else { first };
    Some(&rest[..end.unwrap_or(rest.len())]).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_told_by_paths() {
        for (path, package) in [
            ("/srv/app/main.js", "mine"),
            ("C:\\app\\main.js", "mine"),
            ("https://shop.example/js/main.js", "mine"),
            ("evalmachine.<anonymous>", "mine"),
            ("/srv/node_modules/lodash/memoize.js", "node_modules/lodash"),
            ("/srv/node_modules/a/node_modules/@b/c/i.js", "node_modules/@b/c"),
            ("C:\\app\\node_modules\\x\\i.js", "node_modules/x"),
            ("/srv/my_node_modules/x.js", "mine"),
            ("node_modules/x", "node_modules/x"),
            ("node:fs", "node itself"),
            ("node:internal/url", "node itself"),
            ("internal/url.js", "node itself"),
            ("fs.js", "node itself"),
            ("ext:core/01_core.js", "deno itself"),
        ] {
            assert_eq!(Package::of(path).to_string(), package, "{path}");
        }
    }
}
