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

/// What the script or module at `path` is a part of: a package by its name, the runtime's own library, or the program itself.
pub fn package(path: &str) -> &str {
    if let Some(file) = package_file(path) {
        let name = file[PACKAGES.len()..].trim_start_matches(SEPARATORS);
        let parts = if name.starts_with('@') { 2 } else { 1 };
        let mut ends = name.match_indices(SEPARATORS).map(|(at, _)| at);
        return &name[..ends.nth(parts - 1).unwrap_or(name.len())];
    }
    let is_library = [
        "node:",
        "internal/",
        "ext:",
        "deno:",
        "bun:",
        "native ",
        "extensions::",
    ]
    .iter()
    .any(|scheme| path.starts_with(scheme));
    // Old versions of Node call their modules by nothing but their files.
    let is_bare = path.as_bytes().ends_with(b".js") && site(path).is_none() && !path.contains(SEPARATORS);
    if is_library || is_bare { RUNTIME } else { PROGRAM }
}

/// What the runtime's own modules are a part of.
pub const RUNTIME: &str = "(runtime library)";

/// What all other scripts are a part of.
pub const PROGRAM: &str = "(your code)";

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
    fn packages_are_told_from_the_program_and_the_runtime() {
        for (path, expected) in [
            ("/app/node_modules/lodash/memoize.js", "lodash"),
            (
                "/app/node_modules/.pnpm/x@1/node_modules/@scope/x/lib/a.js",
                "@scope/x",
            ),
            ("C:\\app\\node_modules\\left-pad\\index.js", "left-pad"),
            ("node:internal/streams/readable", RUNTIME),
            ("internal/util.js", RUNTIME),
            ("fs.js", RUNTIME),
            ("/app/fs.js", PROGRAM),
            ("https://example.org/main.js", PROGRAM),
            ("webpack-internal:///./src/a.js", PROGRAM),
        ] {
            assert_eq!(package(path), expected, "{path}");
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
