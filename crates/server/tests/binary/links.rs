//! The folder of the data may belong to the user of the server, and root works in it: whatever links that user puts there, what
//! they lead to is neither read, nor written, nor given away.

use std::fs::{Permissions, create_dir, metadata, set_permissions, write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use crate::installation::Installation;

/// Whom the folder belongs to where root runs this test.
const SERVER: u32 = 4321;

/// A file that is nobody's business, outside a data folder that belongs to somebody else where that can be arranged.
struct Trap {
    place: tempfile::TempDir,
    target: PathBuf,
    data: PathBuf,
    before: (u32, u32, Vec<u8>),
}

impl Trap {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let (target, data) = (place.path().join("target"), place.path().join("data"));
        write(&target, "precious").unwrap();
        set_permissions(&target, Permissions::from_mode(0o644)).unwrap();
        create_dir(&data).unwrap();
        set_permissions(&data, Permissions::from_mode(0o700)).unwrap();
        // Anybody but root works in a folder of their own.
        let _ = chown(&data, Some(SERVER), Some(SERVER));
        let before = state(&target);
        Self { place, target, data, before }
    }

    fn here(&self) -> Installation {
        Installation::new(("DATABASE__PATH", self.at("portcullis.db").display().to_string()))
    }

    fn at(&self, name: &str) -> PathBuf {
        self.data.join(name)
    }

    fn link(&self, name: &str) {
        let link = self.at(name);
        let _ = std::fs::remove_file(&link);
        symlink(&self.target, link).unwrap();
    }

    fn assert_untouched(&self, what: &str) {
        assert_eq!(state(&self.target), self.before, "{what}");
    }
}

fn state(file: &Path) -> (u32, u32, Vec<u8>) {
    let found = metadata(file).unwrap();
    (found.uid(), found.permissions().mode(), std::fs::read(file).unwrap())
}

#[test]
fn a_link_in_the_data_folder_is_followed_by_no_command_and_its_target_stays_whose_it_is() {
    for name in ["portcullis.db", "portcullis.db.lock"] {
        for command in [&["migrate"][..], &["serve"], &["after-restore"], &["replace-key"]] {
            let trap = Trap::new();
            trap.here().expect(0, &["migrate"]);
            trap.link(name);
            let said = trap.here().expect(4, command);
            assert!(said.contains(name) && said.contains("is a link"), "{said}");
            trap.assert_untouched(&format!("{command:?} with a link for {name}"));
        }
    }
    let trap = Trap::new();
    trap.link("portcullis.db");
    for command in [&["account", "list"][..], &["events", "verify"], &["backup", "copy.db"]] {
        assert!(trap.here().expect(4, command).contains("is a link"));
        trap.assert_untouched(&format!("{command:?}"));
    }
}

#[test]
fn a_restore_follows_no_link_either_and_writes_over_none() {
    let trap = Trap::new();
    let here = trap.here();
    let copy = trap.place.path().join("copy.db").display().to_string();
    here.expect(0, &["migrate"]);
    here.expect(0, &["backup", &copy]);
    for name in ["portcullis.db.restoring", "portcullis.db.restoring-wal", "portcullis.db-wal", "portcullis.db-shm"] {
        trap.link(name);
        here.expect(0, &["restore", &copy]);
        trap.assert_untouched(name);
    }
    // A name is taken by a link, be it one that leads nowhere.
    let nowhere = trap.place.path().join("nowhere");
    let mut names = (2..).map(|number| format!("portcullis.db.before-restore-{number}"));
    let next = names.find(|name| !trap.at(name).exists()).unwrap();
    symlink(&nowhere, trap.at(&next)).unwrap();
    here.expect(0, &["restore", &copy]);
    assert!(!nowhere.exists());

    trap.link("portcullis.db");
    let said = here.expect(1, &["restore", &copy]);
    assert!(said.contains("is a link"), "{said}");
    trap.assert_untouched("restore over a link");
}

#[test]
fn what_is_no_backup_of_ours_is_given_to_nobody() {
    let trap = Trap::new();
    trap.link("nightly.db");
    let said = trap.here().expect(1, &["restore", trap.at("nightly.db").to_str().unwrap()]);
    assert!(said.contains("nothing was changed"), "{said}");
    trap.assert_untouched("restore from a link");
    assert!(!trap.at("portcullis.db.restoring").exists() && !trap.at("portcullis.db").exists());
}

#[test]
fn a_backup_is_never_written_through_a_link() {
    let trap = Trap::new();
    let here = trap.here();
    here.expect(0, &["migrate"]);
    let nowhere = trap.place.path().join("nowhere");
    for target in [&nowhere, &trap.target] {
        let link = trap.at("copy.db");
        let _ = std::fs::remove_file(&link);
        symlink(target, &link).unwrap();
        assert!(here.expect(2, &["backup", link.to_str().unwrap()]).contains("already exists"));
    }
    assert!(!nowhere.exists());
    trap.assert_untouched("backup");
}

#[test]
fn a_backup_belongs_to_whom_its_folder_belongs() {
    let trap = Trap::new();
    let here = trap.here();
    here.expect(0, &["migrate"]);
    here.expect(0, &["backup", trap.at("nightly.db").to_str().unwrap()]);
    let (made, folder) = (metadata(trap.at("nightly.db")).unwrap(), metadata(&trap.data).unwrap());
    assert_eq!((made.uid(), made.gid(), made.permissions().mode() & 0o777), (folder.uid(), folder.gid(), 0o600));
}

#[test]
fn what_root_makes_at_a_first_start_belongs_to_whom_the_folder_belongs_and_is_private() {
    let trap = Trap::new();
    let data = trap.at("new").join("data");
    let here = Installation::new(("DATABASE__PATH", data.join("portcullis.db").display().to_string()));
    here.expect(0, &["migrate"]);
    let owner = metadata(&trap.data).unwrap().uid();
    for (made, mode) in [
        (trap.at("new"), 0o700),
        (data.clone(), 0o700),
        (data.join("portcullis.db"), 0o600),
        (data.join("portcullis.db.lock"), 0o600),
    ] {
        let found = metadata(&made).unwrap();
        assert_eq!((found.uid(), found.permissions().mode() & 0o777), (owner, mode), "{}", made.display());
    }
}
