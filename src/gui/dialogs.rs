//! The system's file dialog, and what stands in for it where there is none.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

use eframe::Frame;

use super::export::{self, Document, Stopped};
use crate::base::task::Task;
use crate::job::Jobs;

/// A dialog that may be open.
#[derive(Debug, Default)]
pub(crate) struct Dialogs {
    open: Option<Open>,
    /// Files being written: what became of each, in words.
    writing: Vec<Receiver<String>>,
}

#[derive(Debug)]
struct Open {
    answer: Receiver<Answer>,
    since: Instant,
}

#[derive(Debug)]
enum Answer {
    /// These files are to be opened.
    Files(Vec<PathBuf>),
    /// The user chose no file for it.
    NoPlace(Arc<dyn Document>),
    /// This file.
    Place(Arc<dyn Document>, PathBuf),
}

/// How a dialog ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// With these files.
    Chosen(Vec<PathBuf>),
    /// With none.
    Dismissed,
    /// So soon that nobody can have seen it: this system has no dialog.
    Unavailable,
    /// The same, and there is something to be written.
    Unsaved(Arc<dyn Document>),
    /// With a file to write that into.
    Place(Arc<dyn Document>, PathBuf),
    /// It was written, or why not.
    Saved(String),
}

/// Nobody closes a dialog sooner than this.
const GLIMPSE: Duration = Duration::from_millis(300);

impl Dialogs {
    /// Opens the dialog for files, on a thread of its own; `wake` is called when it has closed.
    pub(crate) fn pick_files(
        &mut self,
        frame: &Frame,
        wake: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<()> {
        // Made here, since some systems want that on the thread of the window, and waited for elsewhere.
        let dialog = rfd::AsyncFileDialog::new()
            .set_parent(frame)
            .set_title("Open heap snapshots")
            .add_filter(
                "Heap snapshots",
                &["heapsnapshot", "heaptimeline", "heapprofile", "gz", "zst", "json"],
            )
            .add_filter("All files", &["*"])
            .pick_files();
        self.begin(wake, move || {
            let chosen = wait_for(dialog).unwrap_or_default();
            Answer::Files(chosen.iter().map(|file| file.path().to_owned()).collect())
        })
    }

    /// Opens the dialog for a file to write `document` into.
    pub(crate) fn save(
        &mut self,
        frame: &Frame,
        document: Arc<dyn Document>,
        wake: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<()> {
        let dialog = rfd::AsyncFileDialog::new()
            .set_parent(frame)
            .set_title(document.wish());
        let extension = document.forms().first().map_or("", |(_, extension)| extension);
        let dialog = dialog.set_file_name(format!("{}.{extension}", document.name()));
        let filtered = document.forms().iter().fold(dialog, |dialog, (name, extension)| {
            dialog.add_filter(*name, &[*extension])
        });
        let dialog = filtered.save_file();
        self.begin(wake, move || match wait_for(dialog) {
            Some(file) => Answer::Place(document, file.path().to_owned()),
            None => Answer::NoPlace(document),
        })
    }

    /// Writes `document` into the file at `path`, on a thread of its own; `jobs` lists that.
    pub(crate) fn write(
        &mut self,
        document: Arc<dyn Document>,
        path: PathBuf,
        jobs: &Jobs,
        wake: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<()> {
        let (sender, receiver) = sync_channel(1);
        let work = jobs.beside(document.doing());
        std::thread::Builder::new()
            .name("writing".to_owned())
            .spawn(move || {
                let said = written(&*document, &path, work.task());
                drop(work);
                // Nobody listens if the window has closed meanwhile.
                let _ = sender.send(said);
                wake();
            })?;
        self.writing.push(receiver);
        Ok(())
    }

    fn begin(
        &mut self,
        wake: impl FnOnce() + Send + 'static,
        answer: impl FnOnce() -> Answer + Send + 'static,
    ) -> std::io::Result<()> {
        if self.open.is_some() {
            return Ok(());
        }
        let (sender, receiver) = sync_channel(1);
        std::thread::Builder::new()
            .name("file-dialog".to_owned())
            .spawn(move || {
                // Nobody listens if the window has closed meanwhile.
                let _ = sender.send(answer());
                wake();
            })?;
        self.open = Some(Open {
            answer: receiver,
            since: Instant::now(),
        });
        Ok(())
    }

    /// How the dialog ended, once it has.
    pub(crate) fn poll(&mut self) -> Option<Ended> {
        for at in 0..self.writing.len() {
            let said = match self.writing[at].try_recv() {
                Err(TryRecvError::Empty) => continue,
                Ok(said) => said,
                Err(TryRecvError::Disconnected) => "Writing the file failed".to_owned(),
            };
            self.writing.remove(at);
            return Some(Ended::Saved(said));
        }
        let open = self.open.as_ref()?;
        let answer = match open.answer.try_recv() {
            Ok(answer) => answer,
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => Answer::Files(Vec::new()),
        };
        let lasted = open.since.elapsed();
        self.open = None;
        Some(ended(answer, lasted))
    }
}

fn ended(answer: Answer, lasted: Duration) -> Ended {
    let was_seen = lasted >= GLIMPSE;
    match answer {
        Answer::Files(files) if !files.is_empty() => Ended::Chosen(files),
        Answer::Files(_) | Answer::NoPlace(_) if was_seen => Ended::Dismissed,
        Answer::Files(_) => Ended::Unavailable,
        Answer::NoPlace(document) => Ended::Unsaved(document),
        Answer::Place(document, path) => Ended::Place(document, path),
    }
}

/// Writes `document`, and says what became of it.
fn written(document: &dyn Document, path: &Path, task: &Task) -> String {
    match export::write(document, path, task) {
        Ok(said) if said.is_empty() => format!("Wrote {}", path.display()),
        Ok(said) => format!("Wrote {}: {said}", path.display()),
        Err(Stopped::Cancelled) => format!("Cancelled: {} was not written", path.display()),
        Err(Stopped::Not(why)) => why,
        Err(error) => format!("Could not write {}: {error}", path.display()),
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs `future` to its end on this thread.
fn wait_for<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let (mut future, mut context) = (pin!(future), Context::from_waker(&waker));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_nobody_saw_is_no_dialog() {
        let none = || Answer::Files(Vec::new());
        assert!(matches!(
            ended(none(), Duration::from_millis(10)),
            Ended::Unavailable
        ));
        assert!(matches!(ended(none(), Duration::from_secs(2)), Ended::Dismissed));
        let files = Answer::Files(vec![PathBuf::from("a.heapsnapshot")]);
        assert!(matches!(ended(files, Duration::ZERO), Ended::Chosen(files) if files.len() == 1));
    }
}
