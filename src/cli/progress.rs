//! How far a load is, shown on standard error while it lasts.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::base::task::Task;
use crate::base::units;

/// A load shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the bar is brought up to date.
const TICK: Duration = Duration::from_millis(100);
/// The bar's resolution.
const STEPS: f32 = 1000.0;

/// Runs `load`; if it takes long and a person is looking, shows how far it is.
/// The memory that it may take is `free`.
pub(super) fn watch<T>(path: &Path, free: Option<u64>, load: impl FnOnce(&Task) -> T) -> T {
    let task = Task::new();
    if !std::io::stderr().is_terminal() {
        return load(&task);
    }
    std::thread::scope(|scope| {
        let (done, wait) = mpsc::sync_channel::<()>(1);
        let shown = &task;
        let watcher = std::thread::Builder::new().name("progress".to_owned());
        // Without a thread there is no bar, and the load goes on all the same.
        let _watcher = watcher.spawn_scoped(scope, move || show(path, free, shown, &wait));
        let loaded = load(&task);
        drop(done);
        loaded
    })
}

/// Draws until the other end of `wait` is dropped.
fn show(path: &Path, free: Option<u64>, task: &Task, wait: &Receiver<()>) {
    if wait.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let bar = ProgressBar::with_draw_target(Some(1000), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:24} {msg}") {
        bar.set_style(style);
    }
    let name = path.file_name().unwrap_or(path.as_os_str());
    bar.set_prefix(name.to_string_lossy().into_owned());
    loop {
        let progress = task.progress();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a fraction from 0 to 1"
        )]
        bar.set_position((progress.fraction * STEPS) as u64);
        let bytes = match progress.total_bytes {
            0 => units::human_bytes(progress.bytes),
            total => format!(
                "{} of {}",
                units::human_bytes(progress.bytes.min(total)),
                units::human_bytes(total)
            ),
        };
        let memory = match (progress.memory, free) {
            (0, _) => String::new(),
            (needed, None) => format!(", needs about {} of memory", units::human_bytes(needed)),
            (needed, Some(free)) => format!(
                ", needs about {} of {} of memory",
                units::human_bytes(needed),
                units::human_bytes(free)
            ),
        };
        bar.set_message(format!("{}, {bytes}{memory}", progress.stage.title()));
        if wait.recv_timeout(TICK) != Err(RecvTimeoutError::Timeout) {
            break;
        }
    }
    bar.finish_and_clear();
}
