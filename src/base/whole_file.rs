//! Files that are written whole or not at all.
//!
//! What is written goes into a file without a name, or, where the system has none such, with another name, which takes the
//! place of the old one when it is whole. So nothing half written is left, even if the program is ended meanwhile.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// Lets `contents` write the file at `path`. What is there and is no file, such as a pipe or a device, is written to as it is.
pub fn write<E: From<io::Error>>(
    path: &Path,
    contents: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), E>,
) -> Result<(), E> {
    // A link stays one.
    let place = path.canonicalize();
    let path = place.as_deref().unwrap_or(path);
    if let Ok(facts) = std::fs::metadata(path) {
        if facts.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
        }
        if !facts.is_file() {
            let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
            return fill(&mut file, contents);
        }
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    let mut builder = tempfile::Builder::new();
    open_to_others(&mut builder);
    if let Some(mut file) = nameless(folder) {
        fill(&mut file, contents)?;
        // It gets a name that nobody has, for a moment: one that is taken is not given again.
        let named = builder.make_in(folder, |name| give_name(&file, name))?;
        named.persist(path).map_err(|error| E::from(error.error))?;
        return Ok(());
    }
    let mut file = builder.tempfile_in(folder)?;
    fill(file.as_file_mut(), contents)?;
    file.persist(path).map_err(|error| E::from(error.error))?;
    Ok(())
}

/// Do both paths lead to one file?
pub fn is_same(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn fill<E: From<io::Error>>(
    file: &mut File,
    contents: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), E>,
) -> Result<(), E> {
    let mut out = BufWriter::new(file);
    let written = contents(&mut out).and_then(|()| Ok(out.flush()?));
    // What could not be written is not tried again.
    drop(out.into_parts());
    written
}

/// A file in `folder` that has no name and so goes with the program, if the system has such.
#[cfg(target_os = "linux")]
fn nameless(folder: &Path) -> Option<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let opened = rustix::fs::open(folder, flags, Mode::from_raw_mode(0o666));
    opened.ok().map(File::from)
}

#[cfg(target_os = "linux")]
fn give_name(file: &File, name: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd as _;

    use rustix::fs::{AtFlags, CWD};
    let link = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(rustix::fs::linkat(CWD, link, CWD, name, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
const fn nameless(_: &Path) -> Option<File> {
    None
}

#[cfg(not(target_os = "linux"))]
fn give_name(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// As any new file, and not for its owner alone as temporary ones are.
#[cfg(unix)]
fn open_to_others(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(std::fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
const fn open_to_others(_: &mut tempfile::Builder<'_, '_>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        write::<io::Error>(&path, |out| out.write_all(b"first")).unwrap();
        let failed = write(&path, |out| {
            out.write_all(b"second")?;
            Err(io::Error::other("full"))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_is_as_others_are_and_a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        write::<io::Error>(&path, |out| out.write_all(b"first")).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&path, &link).unwrap();
            write::<io::Error>(&link, |out| out.write_all(b"second")).unwrap();
            assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
            let plain = folder.path().join("plain");
            std::fs::write(&plain, "").unwrap();
            let facts = |path: &Path| std::fs::metadata(path).unwrap().permissions();
            assert_eq!(facts(&path), facts(&plain));
        }
        let second: &[u8] = if cfg!(unix) { b"second" } else { b"first" };
        assert_eq!(std::fs::read(&path).unwrap(), second);
        let error = write::<io::Error>(folder.path(), |_| Ok(())).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_device_stays_one() {
        let full = Path::new("/dev/full");
        let error = write::<io::Error>(full, |out| out.write_all(&vec![7; 1 << 20])).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        let error = write::<io::Error>(full, |out| out.write_all(b"little")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(!std::fs::metadata(full).unwrap().is_file());
    }
}
