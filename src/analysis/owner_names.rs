//! Short names of scripts: what tells them apart, without the folders they have in common.

use rustc_hash::FxHashMap;

/// The path of a script or module as it is compared: without the scheme of local files.
pub fn path(name: &str) -> &str {
    let name = name.strip_prefix("file://").unwrap_or(name);
    // `file:///C:/app` has one slash more than the path.
    match name.as_bytes() {
        [b'/', drive, b':', ..] if drive.is_ascii_alphabetic() => &name[1..],
        _ => name,
    }
}

/// Is the script or module of that path a part of the runtime (Node, Deno, Bun, Electron, a browser), and not of the program?
pub fn is_of_runtime(path: &str) -> bool {
    let begins = |start: &&str| path.starts_with(start);
    // Node up to 14 calls its own modules by their bare names; scripts of programs have a path.
    let module = path.strip_suffix(".js");
    RUNTIME.iter().any(|start| begins(&start)) || module.is_some_and(|name| NODE_MODULES.contains(&name))
}

/// How the names of a runtime's own scripts begin.
const RUNTIME: [&str; 10] = [
    "node:",
    "internal/",
    "ext:",
    "deno:",
    "bun:",
    "builtin://",
    "electron/",
    "extensions::",
    "devtools://",
    "chrome://",
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

/// A short name for each of `paths`, no two alike if the paths are not: files of packages from `node_modules/` on, other files
/// without the folders that all of their site have in common, anything else (`node:fs`) as it is.
pub fn shorten(paths: &[&str]) -> Vec<String> {
    let mut common: FxHashMap<&str, &str> = FxHashMap::default();
    let own_files = paths.iter().copied().filter(|path| package_file(path).is_none());
    for (site, path) in own_files.filter_map(|path| Some((site(path)?, path))) {
        let folder = &path[..end_of_folder(path)];
        let known = common.entry(site).or_insert(folder);
        *known = common_folder(known, folder);
    }
    let short = |path: &str| {
        let cut = |site| common.get(site).map_or(0, |folder| folder.len());
        let rest = package_file(path).or_else(|| Some(&path[cut(site(path)?)..]));
        rest.unwrap_or(path).to_owned()
    };
    let mut names: Vec<String> = paths.iter().map(|path| short(path)).collect();
    let mut uses: FxHashMap<String, usize> = FxHashMap::default();
    for name in &names {
        *uses.entry(name.clone()).or_default() += 1;
    }
    for (name, path) in names.iter_mut().zip(paths) {
        if uses.get(name).is_some_and(|&uses| uses > 1) {
            (*path).clone_into(name);
        }
    }
    names
}

const PACKAGES: &str = "node_modules";

const SEPARATORS: [char; 2] = ['/', '\\'];

/// The part of `path` from its last `node_modules` on, if it is a package's file.
fn package_file(path: &str) -> Option<&str> {
    let is_whole = |&(at, _): &(usize, &str)| {
        let before = path[..at].chars().next_back();
        let after = path[at + PACKAGES.len()..].chars().next();
        before.is_none_or(|c| SEPARATORS.contains(&c)) && after.is_some_and(|c| SEPARATORS.contains(&c))
    };
    let last = path.match_indices(PACKAGES).filter(is_whole).last();
    last.map(|(at, _)| &path[at..])
}

/// Where the file of an absolute path lies: a host with its scheme, a drive, or nothing for `/`. None for other names.
fn site(path: &str) -> Option<&str> {
    if let Some(scheme) = path.find("://") {
        let host = scheme + "://".len();
        let end = path[host..].find('/')?;
        return Some(&path[..host + end]);
    }
    match path.as_bytes() {
        [b'/', ..] => Some(""),
        [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic() => Some(&path[..2]),
        _ => None,
    }
}

/// Where the file's own name begins.
fn end_of_folder(path: &str) -> usize {
    path.rfind(SEPARATORS).map_or(0, |at| at + 1)
}

/// The longest folder, its last separator included, that both folders are in.
fn common_folder<'a>(a: &'a str, b: &str) -> &'a str {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let end = a.as_bytes()[..same]
        .iter()
        .rposition(|byte| b"/\\".contains(byte));
    &a[..end.map_or(0, |at| at + 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_has_scripts_of_its_own() {
        for path in [
            "node:fs",
            "internal/modules/cjs/loader.js",
            "events.js",
            "ext:core/01_core.js",
        ] {
            assert!(is_of_runtime(path), "{path}");
        }
        for path in [
            "/srv/app/events.js",
            "main.js",
            "https://shop.example/fs.js",
            "/srv/internal/a.js",
            "[eval]",
        ] {
            assert!(!is_of_runtime(path), "{path}");
        }
    }

    #[test]
    fn common_folders_are_cut() {
        assert_eq!(
            shorten(&["/srv/app/pricing.js", "/srv/main.js", "node:fs"]),
            ["app/pricing.js", "main.js", "node:fs"]
        );
        assert_eq!(shorten(&["/srv/app/only.js"]), ["only.js"]);
        assert_eq!(shorten(&["/srv/ab/x.js", "/srv/ac/y.js"]), ["ab/x.js", "ac/y.js"]);
        assert_eq!(shorten(&["C:\\a\\b.js", "C:\\a\\c\\d.js"]), ["b.js", "c\\d.js"]);
        assert_eq!(shorten(&["internal/url.js", ""]), ["internal/url.js", ""]);
    }

    #[test]
    fn each_site_has_its_own_folders() {
        assert_eq!(
            shorten(&[
                "https://a.example/js/one.js",
                "https://a.example/js/two.js",
                "https://b.example/x/lib.js"
            ]),
            ["one.js", "two.js", "lib.js"]
        );
        // A site without a path is no file.
        assert_eq!(shorten(&["https://a.example"]), ["https://a.example"]);
    }

    #[test]
    fn packages_keep_their_names() {
        assert_eq!(
            shorten(&[
                "/srv/node_modules/lodash/memoize.js",
                "/srv/app/a.js",
                "/srv/app/b.js"
            ]),
            ["node_modules/lodash/memoize.js", "a.js", "b.js"]
        );
        assert_eq!(
            shorten(&["/x/node_modules/a/node_modules/b/i.js", "/x/my_node_modules/i.js"]),
            ["node_modules/b/i.js", "i.js"]
        );
    }

    #[test]
    fn names_that_would_be_alike_stay_long() {
        assert_eq!(
            shorten(&["/a/node_modules/x/i.js", "/b/node_modules/x/i.js", "/a/y.js"]),
            ["/a/node_modules/x/i.js", "/b/node_modules/x/i.js", "y.js"]
        );
    }

    #[test]
    fn local_files_go_by_their_paths() {
        assert_eq!(path("file:///srv/x.mjs"), "/srv/x.mjs");
        assert_eq!(path("file:///C:/x.mjs"), "C:/x.mjs");
        assert_eq!(path("node:fs"), "node:fs");
    }
}
