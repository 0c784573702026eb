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
    /// Bun.
    Bun,
    /// Electron.
    Electron,
    /// A browser's extensions and tools.
    Browser,
}

/// How the names of a runtime's own scripts begin.
const RUNTIMES: [(&str, Runtime); 10] = [
    ("node:", Runtime::Node),
    ("internal/", Runtime::Node),
    ("ext:", Runtime::Deno),
    ("deno:", Runtime::Deno),
    ("bun:", Runtime::Bun),
    ("builtin://", Runtime::Bun),
    ("electron/", Runtime::Electron),
    ("extensions::", Runtime::Browser),
    ("devtools://", Runtime::Browser),
    ("chrome://", Runtime::Browser),
];

/// Modules of Node 10 to 14, in the order of the alphabet.
const NODE_MODULES: [&str; 57] = [
    "_http_agent",
    "_http_client",
    "_http_common",
    "_http_incoming",
    "_http_outgoing",
    "_http_server",
    "_stream_duplex",
    "_stream_passthrough",
    "_stream_readable",
    "_stream_transform",
    "_stream_wrap",
    "_stream_writable",
    "_tls_common",
    "_tls_wrap",
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
    "bootstrap_node",
];

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own => f.write_str("mine"),
            Self::Installed(name) => write!(f, "{PACKAGES}/{name}"),
            Self::Runtime(runtime) => f.write_str(match runtime {
                Runtime::Node => "node itself",
                Runtime::Deno => "deno itself",
                Runtime::Bun => "bun itself",
                Runtime::Electron => "electron itself",
                Runtime::Browser => "the browser itself",
            }),
        }
    }
}

impl Package {
    /// Whose code it is, as it stands in a sentence or on a card: "your code", `lodash`, "Node itself".
    pub fn in_words(&self) -> &str {
        match self {
            Self::Own => "your code",
            Self::Installed(name) => name,
            Self::Runtime(Runtime::Node) => "Node itself",
            Self::Runtime(Runtime::Deno) => "Deno itself",
            Self::Runtime(Runtime::Bun) => "Bun itself",
            Self::Runtime(Runtime::Electron) => "Electron itself",
            Self::Runtime(Runtime::Browser) => "the browser itself",
        }
    }

    /// The package of the script or module at `path`.
    ///
    /// Node's own scripts are called `node:fs`, `node:internal/…`, in old versions `fs.js` and `internal/url.js`: programs' own
    /// have a path or an address.
    pub fn of(path: &str) -> Self {
        if let Some(name) = installed(path) {
            return Self::Installed(name.into());
        }
        let runtime = RUNTIMES.iter().find(|(start, _)| path.starts_with(start));
        if let Some(&(_, runtime)) = runtime {
            return Self::Runtime(runtime);
        }
        match path.strip_suffix(".js") {
            Some(module) if NODE_MODULES.contains(&module) => Self::Runtime(Runtime::Node),
            _ => Self::Own,
        }
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
            ("main.js", "mine"),
            ("https://shop.example/fs.js", "mine"),
            ("/srv/internal/a.js", "mine"),
            ("[eval]", "mine"),
            ("bun:sqlite", "bun itself"),
            ("electron/js2c/browser_init", "electron itself"),
            ("ext:core/01_core.js", "deno itself"),
        ] {
            assert_eq!(Package::of(path).to_string(), package, "{path}");
        }
    }
}
