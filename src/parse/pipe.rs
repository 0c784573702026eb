//! What gives its bytes when it likes: pipes, terminals, devices.
//!
//! A read of a pipe waits until its other end writes, and opening one until there is another end. No thread that someone waits
//! for may hang there: a thread of its own reads, and whoever takes the bytes asks every now and then whether to go on. If not,
//! that thread is left behind; it ends with the next bytes, or with the program.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use super::input::CHUNK;
use crate::base::task::Task;

/// Blocks that are read ahead.
const AHEAD: usize = 2;

/// How often it is asked whether to go on.
const PATIENCE: Duration = Duration::from_millis(50);

/// The bytes that another thread reads. When the task is called off, an error ends them.
pub(super) struct Pipe<'a> {
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: io::Cursor<Vec<u8>>,
    ended: bool,
    task: &'a Task,
}

impl<'a> Pipe<'a> {
    /// Reads what `open` opens.
    pub(super) fn new<R: Read>(
        open: impl FnOnce() -> io::Result<R> + Send + 'static,
        task: &'a Task,
    ) -> io::Result<Self> {
        let (sender, blocks) = sync_channel(AHEAD);
        std::thread::Builder::new()
            .name("pipe".to_owned())
            .spawn(move || {
                let mut reader = match open() {
                    Ok(reader) => reader,
                    Err(error) => return drop(sender.send(Err(error))),
                };
                loop {
                    let mut block = vec![0; CHUNK];
                    let read = match reader.read(&mut block) {
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                        read => read,
                    };
                    let is_last = !matches!(read, Ok(1..));
                    let read = read.map(|len| {
                        block.truncate(len);
                        block
                    });
                    if sender.send(read).is_err() || is_last {
                        return;
                    }
                }
            })?;
        Ok(Self {
            blocks,
            block: io::Cursor::default(),
            ended: false,
            task,
        })
    }
}

impl Read for Pipe<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.block.read(buffer)?;
            if read > 0 || self.ended || buffer.is_empty() {
                return Ok(read);
            }
            match self.blocks.recv_timeout(PATIENCE) {
                Ok(block) => {
                    let block = block?;
                    self.ended = block.is_empty();
                    self.block = io::Cursor::new(block);
                }
                Err(RecvTimeoutError::Timeout) if !self.task.is_cancelled() => {}
                Err(_) => return Err(io::Error::other("nobody waits for it any more")),
            }
        }
    }
}
