//! Redaction of heaps and of any bytes. What is written has the shape, the sizes and the ids of what was read, and no string of
//! it is the value that it was.
#![no_main]

use arbitrary::Arbitrary;
use heapatlas::base::task::Task;
use heapatlas::dump::redact::tokens::Key;
use heapatlas::dump::redact::{Level, Redaction, redact};
use heapatlas::graph::NodeKind;
use heapatlas_fuzz::heap::HeapFile;
use heapatlas_fuzz::{on_disk, open};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Of {
    Heap(HeapFile),
    Bytes(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
struct Asked {
    of: Of,
    level: u8,
}

fuzz_target!(|asked: Asked| {
    let bytes = match &asked.of {
        Of::Heap(heap) => &heap.bytes,
        Of::Bytes(bytes) => bytes,
    };
    let level = [Level::Values, Level::Keys, Level::Names][usize::from(asked.level % 3)];
    let mut out = Vec::new();
    let done = on_disk(bytes, |path| {
        let key = Key::from_bytes(b"key");
        redact(path, Redaction { level, key }, &mut out, &mut |_, _| Ok(()), &Task::new())
    });
    let (Ok(_), Some(before)) = (done, open(bytes)) else { return };
    let after = open(&out).expect("what was redacted opens if it did before");
    assert_eq!(before.graph().node_count(), after.graph().node_count());
    assert_eq!(before.graph().edge_count(), after.graph().edge_count());
    // Where a field of names is missing, the first string stands for all of them, and goes as the value that it is.
    let has_names = !before.problems().iter().any(|problem| problem.what.contains("does not name"));
    for node in before.graph().nodes() {
        assert_eq!(before.id(node), after.id(node));
        assert_eq!(before.graph().self_size(node), after.graph().self_size(node));
        assert_eq!(before.graph().kind(node), after.graph().kind(node));
        let (was, is) = (before.graph().raw_name(node), after.graph().raw_name(node));
        if matches!(before.graph().kind(node), NodeKind::String | NodeKind::RegExp) {
            assert_eq!(was.utf16_len(), is.utf16_len());
        } else if level == Level::Values && has_names {
            assert_eq!(was, is);
        }
    }
});
