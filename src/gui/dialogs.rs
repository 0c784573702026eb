//! The system's file dialog, and what stands in for it where there is none.

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

use eframe::Frame;

/// A dialog that may be open.
#[derive(Debug, Default)]
pub(crate) struct Dialogs {
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    answer: Receiver<Vec<PathBuf>>,
    since: Instant,
}

/// How a dialog ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With these files.
    Chosen(Vec<PathBuf>),
    /// With none.
    Dismissed,
    /// So soon that nobody can have seen it: this system has no dialog.
    Unavailable,
}

/// Nobody closes a dialog sooner than this.
const GLIMPSE: Duration = Duration::from_millis(300);

impl Dialogs {
    /// Opens the dialog, on a thread of its own; `wake` is called when it has closed.
    pub(crate) fn pick_files(
        &mut self,
        frame: &Frame,
        wake: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<()> {
        if self.open.is_some() {
            return Ok(());
        }
        // Made here, since some systems want that on the thread of the window, and waited for elsewhere.
        let dialog = rfd::AsyncFileDialog::new()
            .set_parent(frame)
            .set_title("Open heap snapshots")
            .add_filter(
                "Heap snapshots",
                &["heapsnapshot", "heaptimeline", "gz", "zst", "json"],
            )
            .add_filter("All files", &["*"])
            .pick_files();
        let (sender, answer) = sync_channel(1);
        std::thread::Builder::new()
            .name("file-dialog".to_owned())
            .spawn(move || {
                let chosen = wait_for(dialog).unwrap_or_default();
                let paths = chosen.iter().map(|file| file.path().to_owned()).collect();
                // Nobody listens if the window has closed meanwhile.
                let _ = sender.send(paths);
                wake();
            })?;
        self.open = Some(Open {
            answer,
            since: Instant::now(),
        });
        Ok(())
    }

    /// How the dialog ended, once it has.
    pub(crate) fn poll(&mut self) -> Option<Ended> {
        let open = self.open.as_ref()?;
        let chosen = match open.answer.try_recv() {
            Ok(chosen) => chosen,
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => Vec::new(),
        };
        let lasted = open.since.elapsed();
        self.open = None;
        Some(ended(chosen, lasted))
    }
}

fn ended(chosen: Vec<PathBuf>, lasted: Duration) -> Ended {
    if !chosen.is_empty() {
        Ended::Chosen(chosen)
    } else if lasted < GLIMPSE {
        Ended::Unavailable
    } else {
        Ended::Dismissed
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
        assert_eq!(ended(Vec::new(), Duration::from_millis(10)), Ended::Unavailable);
        assert_eq!(ended(Vec::new(), Duration::from_secs(2)), Ended::Dismissed);
        let files = vec![PathBuf::from("a.heapsnapshot")];
        assert_eq!(ended(files.clone(), Duration::ZERO), Ended::Chosen(files));
    }
}
