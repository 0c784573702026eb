//! Writing beside computing: what is made is written by one thread while others make what comes next.
//!
//! Parts of the file that stay as they are need no memory meanwhile; of what was made a bounded amount waits.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::dump::Fault;
use crate::parse::raw::RawFile;

/// Bytes that may wait to be written.
const MOST: usize = 48 << 20;

/// How many things may wait, bytes or not.
const WAITING: usize = 256;

/// How much is copied at a time.
const BLOCK: usize = 4 << 20;

/// Names that were replaced, with what took their places.
pub(super) type Renamed = Vec<(JsString, JsString)>;

/// What is to be done next.
enum Next {
    /// Write these bytes.
    Made(Vec<u8>),
    /// Write what the file has there: numbers only.
    Copied(Range<usize>),
    /// Tell of these.
    Renamed(Renamed),
}

/// The room that is left for what waits.
struct Room {
    left: Mutex<Left>,
    changed: Condvar,
}

struct Left {
    bytes: usize,
    /// Nobody writes any more.
    closed: bool,
}

impl Room {
    fn lock(&self) -> MutexGuard<'_, Left> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room for `bytes`, all of it if it is more than there ever is.
    fn take(&self, bytes: usize) -> Result<(), Cancelled> {
        let waits = |left: &mut Left| left.bytes < bytes.min(MOST) && !left.closed;
        let mut left = self
            .changed
            .wait_while(self.lock(), waits)
            .unwrap_or_else(PoisonError::into_inner);
        if left.closed {
            return Err(Cancelled);
        }
        left.bytes -= bytes.min(MOST);
        Ok(())
    }

    fn give(&self, bytes: usize) {
        self.lock().bytes += bytes.min(MOST);
        self.changed.notify_all();
    }
}

/// Where those who compute put what they made.
pub(super) struct Outlet<'a> {
    sender: SyncSender<Next>,
    room: &'a Room,
}

impl Outlet<'_> {
    fn send(&self, next: Next) -> Result<(), Cancelled> {
        self.sender.send(next).map_err(|_gone| Cancelled)
    }

    /// Writes `bytes`.
    pub(super) fn made(&self, bytes: Vec<u8>) -> Result<(), Cancelled> {
        self.room.take(bytes.len())?;
        self.send(Next::Made(bytes))
    }

    /// Writes what the file has at `range`, which holds numbers only.
    pub(super) fn copied(&self, range: Range<usize>) -> Result<(), Cancelled> {
        self.send(Next::Copied(range))
    }

    /// Tells of names that were replaced.
    pub(super) fn renamed(&self, renamed: Renamed) -> Result<(), Cancelled> {
        self.send(Next::Renamed(renamed))
    }
}

/// Runs `make` on a thread of its own, and writes to `out` on this one what it puts into its outlet.
pub(super) fn write<T: Send>(
    file: &RawFile,
    out: &mut impl Write,
    told: &mut dyn FnMut(JsStr<'_>, JsStr<'_>) -> io::Result<()>,
    task: &Task,
    make: impl FnOnce(&Outlet<'_>) -> Result<T, Fault> + Send,
) -> Result<T, Fault> {
    let room = Room {
        left: Mutex::new(Left {
            bytes: MOST,
            closed: false,
        }),
        changed: Condvar::new(),
    };
    let (sender, receiver) = sync_channel(WAITING);
    std::thread::scope(|scope| {
        let room = &room;
        let maker = std::thread::Builder::new().name("redaction".to_owned());
        let maker = maker.spawn_scoped(scope, move || make(&Outlet { sender, room }))?;
        let written = write_all(file, &receiver, room, out, told, task);
        room.lock().closed = true;
        room.changed.notify_all();
        drop(receiver);
        let made = match maker.join() {
            Ok(made) => made,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        // If it could not be written, that is why no more was made.
        written?;
        made
    })
}

fn write_all(
    file: &RawFile,
    next: &Receiver<Next>,
    room: &Room,
    out: &mut impl Write,
    told: &mut dyn FnMut(JsStr<'_>, JsStr<'_>) -> io::Result<()>,
    task: &Task,
) -> Result<(), Fault> {
    for next in next {
        match next {
            Next::Made(bytes) => {
                out.write_all(&bytes)?;
                room.give(bytes.len());
            }
            Next::Copied(range) => copy(file, range, out, task)?,
            Next::Renamed(names) => {
                for (from, to) in names {
                    told(from.as_js(), to.as_js())?;
                }
            }
        }
    }
    Ok(())
}

fn copy(file: &RawFile, range: Range<usize>, out: &mut impl Write, task: &Task) -> Result<(), Fault> {
    let bytes = file.bytes(task);
    for start in range.clone().step_by(BLOCK) {
        let block = start..(start + BLOCK).min(range.end);
        if memchr::memchr(b'"', &bytes[block.clone()]).is_some() {
            return Err(io::Error::other("a section of numbers holds a text").into());
        }
        out.write_all(&bytes[block.clone()])?;
        file.consumed(block, task)?;
    }
    Ok(())
}
