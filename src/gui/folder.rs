//! The system's own window on a folder.

use std::path::Path;
use std::process::{Command, Stdio};

#[cfg(target_os = "macos")]
const OPENER: &str = "open";
#[cfg(target_os = "windows")]
const OPENER: &str = "explorer";
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
const OPENER: &str = "xdg-open";

/// Shows the folder in which `file` lies. An error is why not, in words.
pub(crate) fn show(file: &Path) -> Result<(), String> {
    let absolute = std::path::absolute(file).map_err(|error| error.to_string())?;
    let folder = absolute.parent().unwrap_or(&absolute);
    let mut opener = Command::new(OPENER);
    opener
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = opener.spawn().map_err(|error| {
        format!(
            "{OPENER} could not be started ({error}). The folder is {}",
            folder.display()
        )
    })?;
    // Nobody waits for it in the window; the thread ends with it.
    let waiting = std::thread::Builder::new().name("folder".to_owned());
    waiting
        .spawn(move || child.wait())
        .map_err(|error| error.to_string())?;
    Ok(())
}
