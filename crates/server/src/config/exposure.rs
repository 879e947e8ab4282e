//! Files of secrets that others on this machine could read or change.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// What a file holds, as far as others are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Secrets: its group may read them, no one else.
    Secrets,
    /// What decides about us, but is no secret: others may read it.
    Settings,
    /// All data, whose owner decides about the group.
    Data,
}

impl Holds {
    /// The permissions that are too much.
    const fn too_much(self) -> u32 {
        match self {
            Self::Secrets => 0o027,
            Self::Settings => 0o002,
            Self::Data => 0o007,
        }
    }
}

/// What is wrong with the permissions of a file or folder, and how to mend it; `None` where nothing is, or nothing is there.
pub fn of(path: &Path, holds: Holds) -> Option<String> {
    let found = std::fs::metadata(path).ok()?;
    // A pipe or the like is not there for others to find.
    let is_lasting = found.is_file() || found.is_dir();
    is_lasting.then(|| complaint(path, found.permissions().mode() & 0o777, holds)).flatten()
}

fn complaint(path: &Path, mode: u32, holds: Holds) -> Option<String> {
    let too_much = mode & holds.too_much();
    let what = match (too_much & 0o002, too_much & 0o005, too_much & 0o020) {
        (0, 0, 0) => return None,
        (0, 0, _) => "Its group can change it",
        (0, _, _) => "Every user of this machine can read it",
        (..) => "Every user of this machine can change it",
    };
    let right = mode & !holds.too_much();
    Some(format!("{what} (mode {mode:03o}). Protect it with `chmod {right:03o} {}`.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_can_do_is_told_with_the_command_that_ends_it() {
        let told = |mode, holds| complaint(Path::new("key"), mode, holds);
        for fine in [0o400, 0o600, 0o640, 0o440, 0o700, 0o750] {
            assert_eq!(told(fine, Holds::Secrets), None, "{fine:o}");
        }
        assert_eq!(told(0o644, Holds::Settings), None);
        assert_eq!(told(0o770, Holds::Data), None, "a folder of a container's group");
        let told = |mode, holds| told(mode, holds).unwrap();
        assert_eq!(
            told(0o644, Holds::Secrets),
            "Every user of this machine can read it (mode 644). Protect it with `chmod 640 key`."
        );
        assert!(told(0o666, Holds::Secrets).starts_with("Every user of this machine can change it"));
        assert!(told(0o660, Holds::Secrets).starts_with("Its group can change it"));
        assert!(told(0o646, Holds::Settings).contains("`chmod 644 key`"));
        assert!(told(0o755, Holds::Data).contains("`chmod 750 key`"));
    }
}
