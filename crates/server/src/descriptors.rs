//! How many files and sockets this process may have open at once.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use web::ConnectionLimits;

/// Those of the log, the listener, the mail server, the runtime and whatever else is no client and no database.
const RESERVED: usize = 64;
/// Those of one connection to the database: SQLite has a file, its log and its index open.
const PER_DATABASE_CONNECTION: usize = 4;

/// Lets this process have as many as the system permits it; gives how many that are, and `None` where there is no limit.
pub fn raise() -> Option<usize> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if limit.current != limit.maximum
        && let Err(error) = setrlimit(Resource::Nofile, raised)
    {
        tracing::warn!(%error, "The limit of open files couldn't be raised.");
    }
    getrlimit(Resource::Nofile).current.map(|files| usize::try_from(files).unwrap_or(usize::MAX))
}

/// The limits of connections with which so many open files are enough for the database, too. One source gets no more than half.
pub fn fit(wanted: ConnectionLimits, files: Option<usize>, database_connections: usize) -> ConnectionLimits {
    let most = files.map_or(wanted.most, |files| {
        let reserved = database_connections.saturating_mul(PER_DATABASE_CONNECTION).saturating_add(RESERVED);
        // Where there are very few, half of them.
        wanted.most.min(files.saturating_sub(reserved).max(files / 2))
    });
    ConnectionLimits { most, per_source: wanted.per_source.min(most.div_ceil(2)), ..wanted }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_the_database_and_places_for_others() {
        let wanted = ConnectionLimits { most: 4_096, per_source: 256, ..ConnectionLimits::default() };
        let fitting = |files, database| {
            let limits = fit(wanted, files, database);
            (limits.most, limits.per_source)
        };
        assert_eq!(fitting(None, 16), (4_096, 256));
        assert_eq!(fitting(Some(1_048_576), 16), (4_096, 256));
        assert_eq!(fitting(Some(1_024), 16), (896, 256));
        assert_eq!(fitting(Some(256), 16), (128, 64));
        assert_eq!(fitting(Some(256), 1_000), (128, 64));
        assert_eq!(fitting(Some(3), 16), (1, 1));
    }

    #[test]
    fn the_soft_limit_is_raised_to_the_hard_one() {
        let limit = getrlimit(Resource::Nofile).maximum.map(|files| usize::try_from(files).unwrap());
        assert_eq!(raise(), limit);
    }
}
