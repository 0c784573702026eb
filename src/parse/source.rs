//! Where the bytes come from: files, standard input, compressed data.
//!
//! Plain files are mapped. Everything else is written to a temporary file without a name first, decoded on the way, and that
//! is mapped; only what is smaller than [`HELD`] stays in memory. So a compressed snapshot of any size takes disk space and
//! no memory.
//!
//! A file may be changed while it is read, most likely because it is still being written: [`Source::check`] tells. A pipe
//! may give nothing for hours: it is read on a thread of its own ([`pipe`](super::pipe)), so that the wait can be called off.

use std::fs::{File, Metadata};
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;
use std::time::SystemTime;

use tempfile::{SpooledData, SpooledTempFile};

use super::error::{LoadError, Problem};
use super::input::{CHUNK, Input};
use super::pipe::Pipe;
use super::{sniff, tail};
use crate::base::memory::Mapping;
use crate::base::task::{Stage, Task};

/// Decoded bytes up to this many are kept in memory.
const HELD: usize = 32 << 20;

/// A byte of memory is taken for so many bytes of a file at least, whatever it is made of (`estimate`: of edges most).
const BYTES_A_BYTE: u64 = 3;

/// By so many decoded bytes it is told whether the others are worth unpacking.
const LOOKED_AT: usize = 4096;

/// The bytes of a file, decoded.
#[derive(Debug)]
pub(super) struct Source {
    bytes: Bytes,
    /// What was wrong with the compressed data.
    pub(super) problem: Option<Problem>,
    /// The file, if it is mapped itself, and what it was when it was opened.
    file: Option<(File, State)>,
    /// Where the zeros begin that it ends in.
    end: usize,
}

/// What is different of a file that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    len: u64,
    modified: Option<SystemTime>,
}

impl State {
    fn of(facts: &Metadata) -> Self {
        Self {
            len: facts.len(),
            modified: facts.modified().ok(),
        }
    }
}

#[derive(Debug)]
enum Bytes {
    Mapped(Mapping),
    Held(Vec<u8>),
}

impl Source {
    /// Opens the file at `path`; `-` is standard input.
    pub(super) fn open(path: &Path, task: &Task) -> Result<Self, LoadError> {
        let failed = |source| LoadError::Open {
            path: path.to_owned(),
            source,
        };
        if path.as_os_str() == "-" {
            task.begin(Stage::Open, 0);
            return Spool::new(path, task).fill(Pipe::new(|| Ok(io::stdin()), task).map_err(failed)?);
        }
        let facts = std::fs::metadata(path).map_err(failed)?;
        if facts.is_dir() {
            return Err(sniff::directory(path));
        }
        if !facts.is_file() {
            task.begin(Stage::Open, 0);
            let owned = path.to_owned();
            let pipe = Pipe::new(move || File::open(owned), task).map_err(failed)?;
            return Spool::new(path, task).fill(pipe);
        }
        let mut file = File::open(path).map_err(failed)?;
        let facts = file.metadata().map_err(failed)?;
        task.begin(Stage::Open, facts.len());
        task.expect_bytes(facts.len());
        let head = read_head(&mut file).map_err(failed)?;
        // A file that says it is empty and is not has no bytes on a disk that could be mapped.
        let mappable = facts.is_file() && facts.len() > 0;
        if mappable
            && Coding::of(&head) == Coding::Plain
            && let Ok(map) = Mapping::new(&file)
        {
            let end = tail::end(map.bytes(), Some(&file), task)?;
            return Ok(Self {
                bytes: Bytes::Mapped(map),
                problem: None,
                file: Some((file, State::of(&facts))),
                end,
            });
        }
        Spool::new(path, task).fill(Cursor::new(head).chain(file))
    }

    /// What `make` writes, as if it were the file at `path`.
    pub(super) fn made<E: From<LoadError>>(
        path: &Path,
        task: &Task,
        make: impl FnOnce(&mut dyn io::Write) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut spool = Spool::new(path, task);
        make(&mut spool)?;
        Ok(spool.into_source(None)?)
    }

    /// Bytes that lie in memory.
    pub(super) const fn held(bytes: Vec<u8>) -> Self {
        Self {
            end: bytes.len(),
            bytes: Bytes::Held(bytes),
            problem: None,
            file: None,
        }
    }

    /// Asked when all was read: is the file what it was when it was opened? It is an error if it has become shorter, or could
    /// not be read, and a problem if it was changed in another way.
    pub(super) fn check(&self, path: &Path) -> Result<Option<Problem>, LoadError> {
        let lost = |what: &str| LoadError::Open {
            path: path.to_owned(),
            source: io::Error::new(io::ErrorKind::UnexpectedEof, what),
        };
        let is_whole = match &self.bytes {
            Bytes::Mapped(mapping) => mapping.is_whole(),
            Bytes::Held(_) => true,
        };
        let Some((file, before)) = &self.file else {
            return if is_whole {
                Ok(None)
            } else {
                Err(lost("what was unpacked of it can no longer be read"))
            };
        };
        let now = file.metadata().map_or(*before, |facts| State::of(&facts));
        if now.len < before.len {
            return Err(lost(
                "it became shorter while it was being read; open it again when it is written to its end",
            ));
        }
        if !is_whole {
            return Err(lost(
                "a part of it could not be read: the disk, or the connection to it, may have failed",
            ));
        }
        Ok((now != *before).then(|| Problem {
            section: "file".to_owned(),
            offset: None,
            what: if now.len > before.len {
                format!(
                    "the file is still being written: it had {} bytes when it was opened and has {} now; open it again when it is \
                     written to its end",
                    before.len, now.len
                )
            } else {
                "the file was changed while it was being read, so that nothing in it can be trusted: open it again".to_owned()
            },
        }))
    }

    /// The bytes, ready to be read.
    pub(super) fn input<'a>(&'a self, path: &'a Path, task: &'a Task) -> Input<'a> {
        let mapping = match &self.bytes {
            Bytes::Mapped(mapping) => Some(mapping),
            Bytes::Held(_) => None,
        };
        Input {
            bytes: &self.bytes.all()[..self.end],
            mapping,
            path,
            task,
            chunk: CHUNK,
        }
    }

    /// Why the file is cut, if that is seen: it ends in zeros.
    pub(super) fn why_cut(&self) -> Option<Problem> {
        let zeros = self.bytes.all().len() - self.end;
        (zeros > 0).then(|| tail::problem(zeros, self.end))
    }
}

impl Bytes {
    fn all(&self) -> &[u8] {
        match self {
            Self::Mapped(mapping) => mapping.bytes(),
            Self::Held(bytes) => bytes,
        }
    }
}

/// How a file is written, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Plain,
    Gzip,
    Zstd,
}

impl Coding {
    fn of(head: &[u8]) -> Self {
        match head {
            [0x1F, 0x8B, ..] => Self::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD] => Self::Zstd,
            _ => Self::Plain,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "file",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// The first four bytes, or all if there are fewer.
fn read_head(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    reader.take(4).read_to_end(&mut head)?;
    Ok(head)
}

/// Bytes on their way to memory or to a temporary file.
struct Spool<'a> {
    path: &'a Path,
    task: &'a Task,
    file: SpooledTempFile,
    len: u64,
    /// The first bytes, until they are looked at.
    head: Vec<u8>,
}

impl<'a> Spool<'a> {
    fn new(path: &'a Path, task: &'a Task) -> Self {
        Self {
            path,
            task,
            file: SpooledTempFile::new(HELD),
            len: 0,
            head: Vec::new(),
        }
    }

    /// Takes all bytes of `reader`, decoded.
    fn fill(mut self, mut reader: impl Read) -> Result<Source, LoadError> {
        let head = read_head(&mut reader);
        self.task.check()?;
        let head = head.map_err(|error| self.unreadable(error))?;
        let coding = Coding::of(&head);
        let counted = BufReader::new(Counted {
            reader: Cursor::new(head).chain(reader),
            task: self.task,
        });
        let problem = match coding {
            Coding::Plain => self.copy(counted, coding)?,
            Coding::Gzip => self.copy(flate2::bufread::MultiGzDecoder::new(counted), coding)?,
            Coding::Zstd => {
                let decoder = zstd::stream::read::Decoder::with_buffer(counted);
                self.task.check()?;
                self.copy(decoder.map_err(|error| self.unreadable(error))?, coding)?
            }
        };
        self.into_source(problem)
    }

    /// All that was written, ready to be read.
    fn into_source(self, problem: Option<Problem>) -> Result<Source, LoadError> {
        let progress = self.task.progress();
        self.task.expect_bytes(progress.bytes + self.len);
        let bytes = match self.file.into_inner() {
            SpooledData::InMemory(bytes) => Bytes::Held(bytes.into_inner()),
            SpooledData::OnDisk(file) => {
                Bytes::Mapped(Mapping::new(&file).map_err(|source| LoadError::Open {
                    path: self.path.to_owned(),
                    source,
                })?)
            }
        };
        let end = tail::end(bytes.all(), None, self.task)?;
        Ok(Source {
            bytes,
            problem,
            file: None,
            end,
        })
    }

    /// Copies `reader` to its end; tells if the end came too soon.
    fn copy(&mut self, mut reader: impl Read, coding: Coding) -> Result<Option<Problem>, LoadError> {
        let mut buffer = vec![0; CHUNK];
        loop {
            let read = reader.read(&mut buffer);
            // First of all: a pipe that is no longer waited for ends with an error.
            self.task.check()?;
            match read {
                Ok(0) => return Ok(None),
                Ok(read) => self.take(&buffer[..read])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if coding == Coding::Plain || error.raw_os_error().is_some() => {
                    return Err(self.unreadable(error));
                }
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && self.len > 0 => {
                    return Ok(Some(Problem {
                        section: coding.name().to_owned(),
                        offset: Some(self.len),
                        what: format!(
                            "the compressed data ends too soon: {} bytes could be unpacked",
                            self.len
                        ),
                    }));
                }
                Err(error) => {
                    return Err(LoadError::Malformed {
                        section: coding.name().to_owned(),
                        offset: self.len,
                        what: format!("the compressed data is damaged ({error})"),
                        advice: super::input::TAKE_AGAIN.to_owned(),
                        path: self.path.to_owned(),
                    });
                }
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), LoadError> {
        self.look(bytes)?;
        // What unpacks to more than could be opened is not unpacked to its end, lest it fill the disk.
        let needed = self.len / BYTES_A_BYTE;
        if let Some(allowed) = self.task.expect_memory(needed) {
            return Err(LoadError::Memory {
                needed,
                allowed,
                path: self.path.to_owned(),
            });
        }
        io::Write::write_all(self, bytes).map_err(|error| self.unreadable(error))
    }

    /// Ends the load as soon as the first bytes tell that this is no snapshot: a few compressed bytes may unpack to a full
    /// disk.
    fn look(&mut self, bytes: &[u8]) -> Result<(), LoadError> {
        let missing = LOOKED_AT.saturating_sub(self.head.len());
        if missing == 0 {
            return Ok(());
        }
        self.head.extend_from_slice(&bytes[..bytes.len().min(missing)]);
        let head = Input {
            bytes: &self.head,
            mapping: None,
            path: self.path,
            task: self.task,
            chunk: CHUNK,
        };
        if self.head.len() == LOOKED_AT && head.skip_white(0) < LOOKED_AT {
            sniff::object_start(&head)?;
        }
        Ok(())
    }

    fn unreadable(&self, source: io::Error) -> LoadError {
        LoadError::Open {
            path: self.path.to_owned(),
            source,
        }
    }
}

impl io::Write for Spool<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = io::Write::write(&mut self.file, bytes).map_err(|error| {
            let place = std::env::temp_dir();
            let place = place.display();
            let what = format!(
                "no room to unpack it to in {place}: {error}; free some or set TMPDIR to another place"
            );
            io::Error::new(error.kind(), what)
        })?;
        self.len += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reports what is read.
struct Counted<'a, R> {
    reader: R,
    task: &'a Task,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.task.advance(read as u64);
        self.task.read_bytes(read as u64);
        Ok(read)
    }
}
