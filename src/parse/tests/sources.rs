//! Files as they lie on the disk: plain, compressed, cut.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::facts;
use crate::base::task::{Cancelled, Stage, Task};
use crate::fixture::Fixture;
use crate::parse::columns::Columns;
use crate::parse::error::LoadError;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

/// So many that compressing them takes many blocks.
const NODES: usize = 20_000;

fn heap() -> Vec<u8> {
    let lines: Vec<String> = (0..NODES)
        .map(|at| {
            format!(
                "n{at}/{} -next{}-> n{}",
                at * 7919 % 4096,
                at % 97,
                (at + 1) * 31 % NODES
            )
        })
        .collect();
    Fixture::new(&lines.join("\n")).bytes()
}

struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn read(&self, name: &str, bytes: &[u8]) -> Result<Columns, LoadError> {
        crate::parse::read(&self.write(name, bytes), &Task::new())
    }
}

#[test]
fn compressed_files_are_known_by_their_bytes() {
    let (files, bytes) = (Files::new(), heap());
    let plain = facts(&files.read("a.heapsnapshot", &bytes).unwrap());
    let coded = [
        gzip(&bytes),
        zstd(&bytes),
        [zstd(&bytes[..999]), zstd(&bytes[999..])].concat(),
    ];
    for (at, coded) in coded.iter().enumerate() {
        let columns = files.read("b.heapsnapshot", coded).unwrap();
        assert_eq!(facts(&columns), plain, "{at}");
    }
    assert_eq!(
        facts(&files.read("plain.heapsnapshot.gz", &bytes).unwrap()),
        plain
    );
    let members = [gzip(&bytes[..5000]), gzip(&bytes[5000..])].concat();
    assert_eq!(facts(&files.read("c", &members).unwrap()), plain);
}

#[test]
fn a_cut_compressed_file_is_read_as_far_as_it_goes() {
    let (files, bytes) = (Files::new(), heap());
    for coded in [gzip(&bytes), zstd(&bytes)] {
        let cut = &coded[..coded.len() - 40];
        let columns = files.read("cut.gz", cut).unwrap();
        let problem = columns.problems[0].to_string();
        assert!(
            problem.starts_with("the compressed data ends too soon: "),
            "{problem}"
        );
        assert!(columns.problems.len() > 1, "{:?}", columns.problems);
        assert_eq!(columns.nodes.tags.len(), NODES);
        let cut = &coded[..60];
        assert!(matches!(
            files.read("cut.gz", cut),
            Err(LoadError::Malformed { .. })
        ));
    }
}

#[test]
fn a_damaged_compressed_file_is_refused() {
    let (files, bytes) = (Files::new(), heap());
    let mut damaged = gzip(&bytes);
    let end = damaged.len() - 6;
    damaged[end] ^= 0x55;
    let error = files.read("damaged.gz", &damaged).unwrap_err().to_string();
    assert!(
        error.starts_with("damaged snapshot: in section \"gzip\""),
        "{error}"
    );
    let mut damaged = zstd(&bytes);
    damaged[8..40].fill(0xFF);
    let error = files.read("damaged.zst", &damaged).unwrap_err().to_string();
    assert!(
        error.starts_with("damaged snapshot: in section \"zstd\""),
        "{error}"
    );
}

#[test]
fn what_is_inside_is_named() {
    let files = Files::new();
    let page = b"<!DOCTYPE html><title>Sign in</title>";
    for coded in [page.to_vec(), gzip(page), zstd(page)] {
        let error = files.read("page", &coded).unwrap_err().to_string();
        assert!(
            error.starts_with("not a heap snapshot: this is an HTML page. "),
            "{error}"
        );
    }
    let error = files
        .read("twice.gz", &gzip(&gzip(b"{}")))
        .unwrap_err()
        .to_string();
    assert!(error.contains("gzip data inside compressed data"), "{error}");
    assert!(
        files
            .read("empty", b"")
            .unwrap_err()
            .to_string()
            .contains("an empty file")
    );
    for short in [&b"\x1F\x8B"[..], b"\x28\xB5\x2F\xFD", b"{"] {
        assert!(files.read("short", short).is_err());
    }
}

#[test]
fn what_unpacks_to_more_than_could_be_opened_is_not_unpacked_to_its_end() {
    let files = Files::new();
    let bomb = [&b"{\"snapshot\":{},\"nodes\":["[..], &b"0,".repeat(8 << 20)].concat();
    for coded in [gzip(&bomb), zstd(&bomb)] {
        let path = files.write("bomb.gz", &coded);
        let task = Task::new();
        task.allow_memory(1 << 20);
        let error = crate::parse::read(&path, &task).unwrap_err();
        assert!(
            matches!(error, crate::parse::error::LoadError::Memory { .. }),
            "{error}"
        );
        let read = task.progress();
        assert_eq!(read.stage, Stage::Open);
        assert!(read.memory < 3 << 20, "{}", read.memory);
    }
}

#[test]
fn what_unpacks_to_no_snapshot_is_not_unpacked_to_its_end() {
    let files = Files::new();
    let mut cases = vec![vec![0; 8 << 20], b"<html>".repeat(1 << 20)];
    // White space may come before anything; then the end tells.
    cases.push([vec![b' '; 8000], vec![1; 8 << 20]].concat());
    for (bytes, found) in cases.iter().zip(["binary data", "an HTML page", "binary data"]) {
        for coded in [gzip(bytes), zstd(bytes)] {
            let path = files.write("bomb.gz", &coded);
            let task = Task::new();
            let error = crate::parse::read(&path, &task).unwrap_err().to_string();
            assert!(error.contains(&format!("this is {found}")), "{error}");
            let whole = task.progress().stage > Stage::Open;
            assert_eq!(whole, bytes[0] == b' ', "{found}");
        }
    }
}

#[test]
fn paths_that_cannot_be_read() {
    let files = Files::new();
    let error = crate::parse::read(files.0.path(), &Task::new()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("not a heap snapshot: this is a directory. "),
        "{error}"
    );
    let nothing = crate::parse::read(&files.0.path().join("nothing"), &Task::new());
    assert!(matches!(nothing, Err(LoadError::Open { .. })));
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_without_a_place_on_the_disk_is_copied() {
    // It says it has 0 bytes.
    let error = crate::parse::read(Path::new("/proc/self/status"), &Task::new()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("not a heap snapshot: this is some text. "),
        "{error}"
    );
}

#[test]
fn a_cancelled_load_stops() {
    let (files, bytes) = (Files::new(), heap());
    for coded in [bytes.clone(), gzip(&bytes), zstd(&bytes)] {
        let path = files.write("cancelled", &coded);
        let task = Task::new();
        task.cancel();
        assert!(matches!(
            crate::parse::read(&path, &task),
            Err(LoadError::Cancelled(Cancelled))
        ));
    }
}

#[test]
fn progress_ends_with_all_bytes() {
    let (files, bytes) = (Files::new(), heap());
    for coded in [bytes.clone(), gzip(&bytes), zstd(&bytes)] {
        let path = files.write("progress", &coded);
        let task = Task::new();
        crate::parse::read(&path, &task).unwrap();
        let progress = task.progress();
        let left = progress.total_bytes - progress.bytes;
        assert!(left < 200, "{progress:?}");
    }
}

/// Cuts or changes the file at a time when it is being read: when the nodes have been.
fn changed_while_read(path: &Path, change: impl FnOnce() + Send) -> Result<Columns, LoadError> {
    let task = Task::new();
    std::thread::scope(|scope| {
        let read = scope.spawn(|| crate::parse::read(path, &task));
        while task.progress().stage < Stage::Read && !read.is_finished() {
            std::hint::spin_loop();
        }
        change();
        read.join().unwrap()
    })
}

#[test]
fn a_file_that_is_cut_while_it_is_read_is_refused() {
    let (files, bytes) = (Files::new(), heap());
    // Nearly empty lines, so that reading takes a while.
    let long = [&bytes[..bytes.len() - 1], &vec![b' '; 64 << 20][..], b"}"].concat();
    for cut in [0, 1000, bytes.len() / 2] {
        let path = files.write("cut", &long);
        let result = changed_while_read(&path, || {
            let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
            file.set_len(cut as u64).unwrap();
        });
        let error = result.unwrap_err().to_string();
        assert!(
            error.contains("it became shorter while it was being read"),
            "{error}"
        );
    }
}

#[test]
fn a_file_that_grows_while_it_is_read_is_partial() {
    let (files, bytes) = (Files::new(), heap());
    let path = files.write(
        "grows",
        &[&bytes[..bytes.len() - 1], &vec![b' '; 64 << 20][..], b"}"].concat(),
    );
    let columns = changed_while_read(&path, || {
        let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b" ").unwrap();
    })
    .unwrap();
    let problem = columns.problems[0].to_string();
    assert!(
        problem.starts_with("the file is still being written: "),
        "{problem}"
    );
}

#[test]
#[cfg(unix)]
fn a_file_that_another_takes_the_place_of_is_read_as_it_was() {
    let (files, bytes) = (Files::new(), heap());
    let path = files.write("old", &bytes);
    let columns = changed_while_read(&path, || {
        std::fs::rename(files.write("new", b"nothing"), &path).unwrap();
    });
    // Renaming takes place at any time; before the file was opened there was nothing else to read.
    match columns {
        Ok(columns) => assert_eq!(columns.problems, []),
        Err(error) => assert!(error.to_string().contains("not a heap snapshot"), "{error}"),
    }
}

#[cfg(target_os = "linux")]
fn pipe(files: &Files) -> PathBuf {
    let path = files.0.path().join("pipe");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    path
}

#[test]
#[cfg(target_os = "linux")]
fn pipes_are_read_to_their_end() {
    let (files, bytes) = (Files::new(), heap());
    for coded in [bytes.clone(), gzip(&bytes), zstd(&bytes)] {
        let path = pipe(&files);
        let columns = std::thread::scope(|scope| {
            scope.spawn(|| std::fs::write(&path, &coded).unwrap());
            crate::parse::read(&path, &Task::new()).unwrap()
        });
        assert_eq!((columns.nodes.tags.len(), columns.problems.len()), (NODES, 0));
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_pipe_that_stalls_can_be_called_off() {
    let (files, bytes) = (Files::new(), heap());
    let starts = [
        None,
        Some(Vec::new()),
        Some(bytes[..5000].to_vec()),
        Some(gzip(&bytes)[..2000].to_vec()),
    ];
    for start in starts {
        let path = pipe(&files);
        let task = Task::new();
        std::thread::scope(|scope| {
            let read = scope.spawn(|| crate::parse::read(&path, &task));
            // Held open without writing more; `None` is a pipe without another end.
            let end = start.map(|start| {
                let mut end = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
                end.write_all(&start).unwrap();
                end
            });
            std::thread::sleep(std::time::Duration::from_millis(50));
            assert!(!read.is_finished());
            task.cancel();
            let since = std::time::Instant::now();
            assert!(matches!(
                read.join().unwrap(),
                Err(LoadError::Cancelled(Cancelled))
            ));
            assert!(since.elapsed() < std::time::Duration::from_secs(1));
            drop(end);
        });
        std::fs::remove_file(&path).unwrap();
    }
}
