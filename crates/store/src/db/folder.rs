//! The folder of a database. Root may work in one that belongs to the server's user, who may put links there: what is made in
//! it is made exclusively, readable by its owner alone, and given away by its descriptor, never by its name.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{Error, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, fchown};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, mkdirat, openat, unlinkat};
use rustix::io::Errno;

const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::RDONLY).union(OFlags::CLOEXEC);
const TO_READ: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
const TO_WRITE: OFlags = OFlags::RDWR.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Who owns something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Owner {
    user: u32,
    group: u32,
}

impl Owner {
    fn of(file: &File) -> Result<Self, Error> {
        let found = file.metadata()?;
        Ok(Self { user: found.uid(), group: found.gid() })
    }

    /// Transfers ownership of a file that we created. Without root that isn't permitted, and the file stays ours.
    fn give(self, made: &File) -> Result<(), Error> {
        const ROOT: u32 = 0;
        let maker = Self::of(made)?;
        if maker == self {
            return Ok(());
        }
        match fchown(made, Some(self.user), Some(self.group)) {
            Err(error) if error.kind() == ErrorKind::PermissionDenied && maker.user != ROOT => Ok(()),
            outcome => outcome,
        }
    }
}

/// A folder that is held open: a file made in it lies in this very folder, whatever its path leads to by then.
#[derive(Debug)]
pub struct Folder {
    handle: OwnedFd,
    path: PathBuf,
    owner: Owner,
}

impl Folder {
    /// The folder that `file` lies in, or will lie in. It may be a link itself: the operator has named it.
    ///
    /// # Errors
    /// There is none, or it cannot be opened.
    pub fn of(file: &Path) -> Result<Self, Error> {
        Self::open(folder_of(file))
    }

    /// The same, made where it is missing: for its owner alone, who is the owner of the folder above it.
    ///
    /// # Errors
    /// It can be neither opened nor made.
    pub fn make_for(file: &Path) -> Result<Self, Error> {
        let path = std::path::absolute(folder_of(file))?;
        let missing: Vec<&OsStr> = path.ancestors().take_while(|at| !at.exists()).filter_map(Path::file_name).collect();
        let there = path.ancestors().find(|at| at.exists()).unwrap_or(&path);
        let mut folder = Self::open(there)?;
        for name in missing.into_iter().rev() {
            folder = folder.make(name)?;
        }
        Ok(folder)
    }

    fn open(path: &Path) -> Result<Self, Error> {
        let handle = openat(CWD, path, FOLDER, Mode::empty())?;
        let owner = Owner::of(&File::from(handle.try_clone()?))?;
        Ok(Self { handle, path: path.to_owned(), owner })
    }

    fn make(&self, name: &OsStr) -> Result<Self, Error> {
        match mkdirat(&self.handle, name, Mode::RWXU) {
            // Another process was quicker.
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        let handle = openat(&self.handle, name, FOLDER.union(OFlags::NOFOLLOW), Mode::empty())?;
        let made = File::from(handle.try_clone()?);
        let is_ours = made.metadata()?.uid() == rustix::process::geteuid().as_raw();
        if is_ours {
            self.owner.give(&made)?;
        }
        Ok(Self { handle, path: self.path.join(name), owner: Owner::of(&made)? })
    }

    /// The file of this name in the folder, for reading and writing; `None` where there is none.
    ///
    /// # Errors
    /// It is a link or no plain file, or cannot be opened.
    pub fn find(&self, name: &OsStr) -> Result<Option<File>, Error> {
        match self.open_file(name, TO_WRITE) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            outcome => outcome.map(Some),
        }
    }

    /// The same, only for reading.
    ///
    /// # Errors
    /// There is none; else as of [`Folder::find`].
    pub fn read(&self, name: &OsStr) -> Result<File, Error> {
        self.open_file(name, TO_READ)
    }

    fn open_file(&self, name: &OsStr, how: OFlags) -> Result<File, Error> {
        let file = match openat(&self.handle, name, how, Mode::empty()) {
            Ok(handle) => File::from(handle),
            Err(Errno::LOOP) => {
                return Err(self.refused(name, "is a link, which isn't followed. Name the file itself."));
            }
            Err(error) => return Err(error.into()),
        };
        if file.metadata()?.is_file() { Ok(file) } else { Err(self.refused(name, "isn't a file.")) }
    }

    /// Makes a file that only we can read, where there is nothing of this name, not even a link.
    ///
    /// # Errors
    /// There is something, or it cannot be made.
    pub fn create(&self, name: &OsStr) -> Result<File, Error> {
        let flags = TO_WRITE.union(OFlags::CREATE).union(OFlags::EXCL);
        Ok(File::from(openat(&self.handle, name, flags, Mode::RUSR.union(Mode::WUSR))?))
    }

    /// Gives a file that we made to the owner of the folder.
    ///
    /// # Errors
    /// Root is not let either.
    pub fn give(&self, made: &File) -> Result<(), Error> {
        self.owner.give(made)
    }

    /// The file of this name, made and given to the owner of the folder where there is none.
    ///
    /// # Errors
    /// As of [`Folder::find`] and [`Folder::create`].
    pub fn find_or_create(&self, name: &OsStr) -> Result<File, Error> {
        loop {
            if let Some(file) = self.find(name)? {
                return Ok(file);
            }
            match self.create(name) {
                // Another process was quicker.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(file) => {
                    self.give(&file)?;
                    return Ok(file);
                }
            }
        }
    }

    /// Removes the file or link of this name, if there is one.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn remove(&self, name: &OsStr) -> Result<(), Error> {
        match unlinkat(&self.handle, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn refused(&self, name: &OsStr, reason: &str) -> Error {
        Error::new(ErrorKind::InvalidInput, format!("{} {reason}", self.path.join(name).display()))
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The name of a file in its folder, or of one that lies beside it: `beside(path, ".lock")`.
pub fn name_beside(file: &Path, suffix: &str) -> OsString {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    name
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn d7_a_link_is_neither_followed_nor_written_over_and_what_is_made_is_private() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        std::fs::write(at("target"), "precious").unwrap();
        symlink(at("target"), at("link")).unwrap();
        symlink(at("nowhere"), at("dangling")).unwrap();
        let folder = Folder::of(&at("link")).unwrap();
        for name in ["link", "dangling"] {
            let name: &OsStr = name.as_ref();
            for refused in
                [folder.find(name).map(drop), folder.read(name).map(drop), folder.find_or_create(name).map(drop)]
            {
                assert!(refused.unwrap_err().to_string().contains("is a link"), "{name:?}");
            }
            assert_eq!(folder.create(name).unwrap_err().kind(), ErrorKind::AlreadyExists);
        }
        assert!(folder.find("..".as_ref()).is_err() && folder.find("missing".as_ref()).unwrap().is_none());
        assert!(!at("nowhere").exists() && std::fs::read(at("target")).unwrap() == b"precious");
        let made = folder.find_or_create("made".as_ref()).unwrap();
        assert_eq!(made.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        folder.remove("link".as_ref()).unwrap();
        assert!(at("target").exists() && !at("link").exists());
    }

    #[test]
    fn a_missing_folder_is_made_for_its_owner_alone_and_stays_the_same_when_its_name_leads_elsewhere() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("deep").join("data");
        let folder = Folder::make_for(&data.join("portcullis.db")).unwrap();
        for made in [data.parent().unwrap(), &data] {
            assert_eq!(made.metadata().unwrap().permissions().mode() & 0o777, 0o700, "{}", made.display());
        }
        std::fs::rename(&data, place.path().join("moved")).unwrap();
        std::fs::create_dir(place.path().join("trap")).unwrap();
        symlink(place.path().join("trap"), &data).unwrap();
        folder.find_or_create("portcullis.db.lock".as_ref()).unwrap();
        assert!(place.path().join("moved").join("portcullis.db.lock").exists());
        assert_eq!(std::fs::read_dir(place.path().join("trap")).unwrap().count(), 0);
    }
}
