//! One server per SQLite file.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::StoreError;
use crate::db::folder::{Folder, name_beside};

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
        let unusable = |error: std::io::Error| StoreError::unavailable(format!("{}.lock: {error}", path.display()));
        // Where a command of root's comes first, it belongs to who owns the folder, or the server could not take it.
        let folder = Folder::of(path).map_err(unusable)?;
        let file = folder.find_or_create(&name_beside(path, ".lock")).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::AlreadyRunning(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }
}
