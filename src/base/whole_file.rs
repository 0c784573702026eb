//! Files that are written whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// Lets `contents` write the file at `path`: into another one first, which takes its place when it is whole.
pub fn write<E: From<io::Error>>(
    path: &Path,
    contents: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), E>,
) -> Result<(), E> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    open_to_others(&mut builder);
    let mut file = builder.tempfile_in(folder.unwrap_or_else(|| Path::new(".")))?;
    let mut out = BufWriter::new(file.as_file_mut());
    contents(&mut out)?;
    out.flush()?;
    drop(out);
    file.persist(path).map_err(|error| E::from(error.error))?;
    Ok(())
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
}
