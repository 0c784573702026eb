//! Any bytes between quotation marks: the string table holds what a slow reader makes of them, and, if they are JSON, what
//! `serde_json` does.
#![no_main]

use std::path::Path;

use heapatlas::base::index::{Ix as _, StringIx};
use heapatlas::base::task::Task;
use heapatlas::parse;
use heapatlas_fuzz::literal;
use libfuzzer_sys::fuzz_target;

/// A snapshot up to the string table.
const BEFORE: &[u8] = br#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],
"edge_fields":["type","name_or_index","to_node"]}},
"nodes":[0,0,1,0,0],"edges":[],"strings":["first",""#;

fuzz_target!(|bytes: &[u8]| {
    let raw = &bytes[..literal::end(bytes)];
    let file = [BEFORE, raw, b"\",\"last\"]}"].concat();
    let columns = parse::read_bytes(&file, Path::new("fuzz"), &Task::new()).expect("the file is whole");
    // A backslash at the end takes the quotation mark's meaning away.
    if literal::ends_escaped(raw) {
        return;
    }
    assert_eq!(columns.problems, []);
    let texts: Vec<Vec<u8>> = (0..columns.strings.len())
        .map(|at| columns.strings.get(StringIx::new(at)).bytes().to_vec())
        .collect();
    let expected = literal::text(raw);
    assert_eq!(texts, [b"first".to_vec(), expected, b"last".to_vec()]);
    if let Ok(json) = serde_json::from_slice::<String>(&[b"\"", raw, b"\""].concat()) {
        assert_eq!(texts[1], json.into_bytes());
    }
});
