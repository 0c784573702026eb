//! Compressed data: any bytes behind the mark of gzip or zstd, or a heap that was compressed and then damaged or cut. It opens
//! or is refused, as what it unpacks to is, as far as it goes.
#![no_main]

use std::io::Write as _;
use std::path::Path;

use arbitrary::Arbitrary;
use heapatlas::base::task::Task;
use heapatlas::parse;
use heapatlas_fuzz::heap::HeapFile;
use heapatlas_fuzz::on_disk;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Packed {
    zstd: bool,
    of: Of,
    /// Bytes that are changed, by their places.
    damage: Vec<(u16, u8)>,
    cut: Option<u16>,
}

#[derive(Arbitrary, Debug)]
enum Of {
    Heap(HeapFile),
    Bytes(Vec<u8>),
    /// What follows the mark.
    Raw(Vec<u8>),
}

impl Packed {
    fn bytes(&self) -> (Vec<u8>, bool) {
        let plain = match &self.of {
            Of::Heap(heap) => &heap.bytes,
            Of::Bytes(bytes) => bytes,
            Of::Raw(bytes) => {
                let mark: &[u8] = if self.zstd { b"\x28\xB5\x2F\xFD" } else { b"\x1F\x8B\x08" };
                return ([mark, bytes].concat(), false);
            }
        };
        let mut packed = if self.zstd {
            zstd::encode_all(plain.as_slice(), 1).expect("memory takes all")
        } else {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(plain).expect("memory takes all");
            encoder.finish().expect("memory takes all")
        };
        let mut is_whole = true;
        for &(at, byte) in &self.damage {
            let at = usize::from(at) % packed.len();
            is_whole &= packed[at] == byte;
            packed[at] = byte;
        }
        if let Some(cut) = self.cut {
            let cut = usize::from(cut) % (packed.len() + 1);
            is_whole &= cut == packed.len();
            packed.truncate(cut);
        }
        (packed, is_whole)
    }
}

fuzz_target!(|packed: Packed| {
    let (bytes, is_whole) = packed.bytes();
    let read = on_disk(&bytes, |path| parse::read(path, &Task::new()));
    if let (true, Of::Heap(heap)) = (is_whole, &packed.of) {
        let plain = parse::read_bytes(&heap.bytes, Path::new("plain"), &Task::new());
        match (read, plain) {
            (Ok(read), Ok(plain)) => {
                assert_eq!(read.problems, plain.problems);
                assert_eq!(read.nodes.tags, plain.nodes.tags);
            }
            (Err(_), Err(_)) => {}
            (read, _) => panic!("packed or not makes a difference: {:?}", read.err()),
        }
    }
});
