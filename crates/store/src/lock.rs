//! One server per SQLite file.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::{Owner, StoreError};

/// Held for the life of the server. The operating system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct ServerLock {
    _file: File,
}

impl ServerLock {
    /// Takes the lock beside the database at `path`, or says that another server has it.
    ///
    /// # Errors
    /// [`StoreError::AlreadyRunning`], or the file system does not let us.
    pub fn take(path: &Path) -> Result<Self, StoreError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let lock = PathBuf::from(name);
        let unusable = |error: std::io::Error| StoreError::unavailable(format!("{}: {error}", lock.display()));
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&lock).map_err(unusable)?;
        // Or the server could not take it where a command of root's came first.
        Owner::of(path).and_then(|owner| owner.give(&lock)).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::AlreadyRunning(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }
}
