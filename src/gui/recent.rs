//! The files that were opened lately, kept between runs.

use std::path::PathBuf;

use eframe::egui::{Context, Id};

use crate::job::Source;

const MOST: usize = 12;

fn storage() -> Id {
    Id::unique("heapatlas recent files")
}

/// The files, the last one first.
pub(crate) fn files(ctx: &Context) -> Vec<PathBuf> {
    ctx.data_mut(|data| data.get_persisted(storage()))
        .unwrap_or_default()
}

/// That file was opened just now.
pub(crate) fn opened(ctx: &Context, source: &Source) {
    let Some(path) = source.file() else { return };
    let Ok(path) = std::path::absolute(path) else {
        return;
    };
    let mut files = files(ctx);
    files.retain(|file| *file != path);
    files.insert(0, path);
    files.truncate(MOST);
    ctx.data_mut(|data| data.insert_persisted(storage(), files));
}
