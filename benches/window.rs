//! A frame of the window: at rest, while rows change under the cursor, and while another file is read. Painting by the graphics
//! driver is not in it; telling screen readers is. `HEAPATLAS_BENCH_FILE` names a file to be shown instead of a generated heap.

mod heap;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use eframe::egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use heapatlas::gui::App;
use heapatlas::job::Source;

const OBJECTS: usize = 100_000;

/// The file to be shown: the one that was named, or a generated one in `folder`.
fn file(folder: &tempfile::TempDir) -> PathBuf {
    std::env::var_os("HEAPATLAS_BENCH_FILE").map_or_else(
        || {
            let path = folder.path().join("generated.heapsnapshot");
            std::fs::write(&path, heap::file(OBJECTS)).expect("the folder can be written to");
            path
        },
        PathBuf::from,
    )
}

/// A window on `files` in which everything has come to rest.
fn window(files: &[PathBuf]) -> Harness<'static, App> {
    let sources = files.iter().cloned().map(Source::File).collect();
    let mut window = Harness::builder()
        .with_size([1920.0, 1080.0])
        .build_eframe(move |cc| App::new(&cc.egui_ctx, sources, None).expect("threads start"));
    wait_for(&mut window, "snapshot ready");
    window
}

fn wait_for(window: &mut Harness<'static, App>, label: &str) {
    while window.query_all_by_label_contains(label).next().is_none() {
        std::thread::sleep(Duration::from_millis(2));
        window.step();
    }
}

fn press(window: &mut Harness<'static, App>, key: Key) {
    window.key_press(key);
    for _ in 0..6 {
        window.step();
        std::thread::sleep(Duration::from_millis(4));
    }
}

/// Summary sorted, three levels of it open, and the retainers of an object below.
fn worked_in(files: &[PathBuf]) -> Harness<'static, App> {
    let mut window = window(files);
    window
        .get_by_role_and_label(eframe::egui::accesskit::Role::Tab, "Summary")
        .click();
    window.step();
    wait_for(&mut window, "Sum of all rows");
    press(&mut window, Key::Home);
    for _ in 0..3 {
        press(&mut window, Key::ArrowRight);
        press(&mut window, Key::ArrowRight);
    }
    std::thread::sleep(Duration::from_secs(2));
    for _ in 0..10 {
        window.step();
    }
    window
}

fn frames(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("there is room for a file");
    let mut window = worked_in(&[file(&folder)]);
    let mut group = criterion.benchmark_group("frame");
    group.bench_function("at rest", |bencher| bencher.iter(|| window.step()));
    let mut down = true;
    group.bench_function("other rows", |bencher| {
        bencher.iter(|| {
            window.key_press(if down { Key::PageDown } else { Key::PageUp });
            down = !down;
            window.step();
        });
    });
    group.finish();
}

/// The longest of the frames that are painted while a second file is read: one number, not a mean.
fn while_loading(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("there is room for a file");
    let first = file(&folder);
    let second = folder.path().join("second.heapsnapshot");
    std::fs::copy(&first, &second).expect("there is room for another");
    let mut group = criterion.benchmark_group("longest frame");
    group.sample_size(10);
    group.bench_function("while a second file is read", |bencher| {
        bencher.iter_custom(|rounds| {
            let mut longest = Duration::ZERO;
            for _ in 0..rounds {
                let mut window = worked_in(std::slice::from_ref(&first));
                window.event(eframe::egui::Event::Paste(second.display().to_string()));
                window.step();
                while window
                    .query_all_by_label_contains("2 snapshots ready")
                    .next()
                    .is_none()
                {
                    let start = Instant::now();
                    window.step();
                    longest = longest.max(start.elapsed());
                    std::thread::sleep(Duration::from_millis(8));
                }
            }
            longest * u32::try_from(rounds).unwrap_or(1)
        });
    });
    group.finish();
}

criterion_group!(benches, frames, while_loading);
criterion_main!(benches);
