//! Limits: what they let pass and what not.

use super::{folder, run, text};

#[test]
fn limits_decide_the_exit_status() {
    let folder = folder();
    let checked = |limits: &[&str]| {
        let mut arguments = vec![
            "compare",
            "before.heapsnapshot",
            "after.heapsnapshot",
            "--limit",
            "0",
        ];
        arguments.extend(limits.iter().flat_map(|limit| ["--fail-on", limit]));
        let output = run(folder.path(), &arguments);
        (output.status.code(), text(&output.stderr).replace('\u{A0}', " "))
    };
    assert_eq!(
        checked(&[
            "growth > 50%",
            "class Session > 1",
            "any class > 1 kB",
            "owner \"(no script)\" > 1 kB"
        ]),
        (Some(0), String::new())
    );
    let (status, said) = checked(&["growth > 1%", "class Session > 0", "path window >= 88 B"]);
    assert_eq!(status, Some(1));
    assert_eq!(
        said,
        "heapatlas: limit exceeded: growth > 1%: the heap +88 B (+10.73 %)\n\
         heapatlas: limit exceeded: class Session > 0: Session +1 objects\n\
         heapatlas: limit exceeded: path window >= 88 B: window +88 B\n"
    );
}
