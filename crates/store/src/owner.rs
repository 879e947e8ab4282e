//! Files that root makes for a server that runs as somebody else.

use std::fs::metadata;
use std::io::{Error, ErrorKind};
use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;

/// Whose the files of a database are. An operator may work on them as root, and the server has to open them afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    user: u32,
    group: u32,
}

impl Owner {
    /// Of the file at `path`; where there is none yet, of the folder that it will be in, or the nearest above that is there.
    ///
    /// # Errors
    /// The file system does not tell.
    pub fn of(path: &Path) -> Result<Self, Error> {
        let path = std::path::absolute(path)?;
        let place = path.ancestors().find(|place| place.exists()).unwrap_or(&path);
        let found = metadata(place)?;
        Ok(Self { user: found.uid(), group: found.gid() })
    }

    /// Gives them a file or folder that we made. Whoever is not root can give nothing away, and keeps it.
    ///
    /// # Errors
    /// Root is not let either.
    pub fn give(self, file: &Path) -> Result<(), Error> {
        const ROOT: u32 = 0;
        let made = Self::of(file)?;
        if made == self {
            return Ok(());
        }
        match chown(file, Some(self.user), Some(self.group)) {
            Err(error) if error.kind() == ErrorKind::PermissionDenied && made.user != ROOT => Ok(()),
            outcome => outcome,
        }
    }
}
