//! What other processes and nodes changed: read from the change feed, so that nothing stale is answered from memory.

use std::collections::BTreeMap;

use domain::core::failure::Failure;
use domain::core::timestamp::{Seconds, Timestamp};
use store::Engine;
use store::installation::{Installation, Standing};

use crate::core::app::App;
use crate::core::generations::Topic;
use crate::core::key_check;

/// A transaction that took its place in the feed commits within this time or never: the database ends longer ones.
const LONGEST_TRANSACTION: Seconds = Seconds::minutes(2);

/// Entries that are kept for nodes that are behind. Whoever is further behind may have missed some, and forgets everything.
pub(crate) const KEPT: i64 = 10_000;

/// With more places to watch than this, the oldest are given up, and forgetting everything stands for what was there.
const MOST_GAPS: usize = 500;

/// Where a node stands in the change feed.
///
/// PostgreSQL gives places before the commit, so an entry may appear *before* ones that were read already. Places that
/// were passed over are watched until no one can fill them anymore.
#[derive(Debug)]
pub struct FeedReader {
    head: i64,
    /// That of the database that was read.
    epoch: i64,
    gaps: BTreeMap<i64, Timestamp>,
}

impl FeedReader {
    /// Begins at the end of the feed.
    pub async fn start(app: &App) -> Result<Self, Failure> {
        let mut tx = app.db.read().await?;
        let standing = key_check::check(app, &mut tx).await?;
        drop(tx);
        let mut reader = Self::at_end(app, &standing);
        reader.read(app).await?;
        Ok(reader)
    }

    fn at_end(app: &App, standing: &Standing) -> Self {
        const LOOK_BACK: i64 = 200;
        // What is on its way to be committed may take a place before the end: look at the latest places once more.
        let back = if app.db.engine() == Engine::Postgres { LOOK_BACK } else { 0 };
        Self { head: (standing.feed_head - back).max(0), epoch: standing.epoch, gaps: BTreeMap::new() }
    }

    /// Forgets what was changed since the last time. Says how many entries there were.
    ///
    /// # Errors
    /// The database does not answer: what is remembered may be old. Or the installation has another key, which
    /// [`App::key_lost`] tells.
    pub async fn read(&mut self, app: &App) -> Result<usize, Failure> {
        let now = app.clock.now();
        let mut tx = app.db.read().await?;
        let standing = key_check::check(app, &mut tx).await?;
        // A backup took the place of the database: its feed may end before what was read of the other one.
        if standing.epoch != self.epoch || standing.feed_head < self.head {
            *self = Self::at_end(app, &standing);
            app.principals().forget(&Topic::Everything);
        }
        self.gaps.retain(|_, noticed| now < noticed.plus(LONGEST_TRANSACTION));
        let places: Vec<i64> = self.gaps.keys().copied().collect();
        let entries = Installation(&mut tx).feed_after(self.head, &places).await?;
        let gives_places_early = tx.engine() == Engine::Postgres;
        drop(tx);
        let is_too_far_behind = entries.last().is_some_and(|(seq, _)| seq - self.head > KEPT);
        for (seq, topic) in &entries {
            self.pass(*seq, now, gives_places_early);
            if let Ok(topic) = topic.parse::<Topic>() {
                app.principals().forget(&topic);
            }
        }
        if self.gives_up_gaps() || is_too_far_behind {
            app.principals().forget(&Topic::Everything);
        }
        Ok(entries.len())
    }

    /// Keeps the newest places: what takes an old one has had the longest time to commit.
    fn gives_up_gaps(&mut self) -> bool {
        let are_too_many = self.gaps.len() > MOST_GAPS;
        while self.gaps.len() > MOST_GAPS {
            self.gaps.pop_first();
        }
        are_too_many
    }

    fn pass(&mut self, seq: i64, now: Timestamp, watch_gaps: bool) {
        self.gaps.remove(&seq);
        if seq <= self.head {
            return;
        }
        if watch_gaps {
            let most = i64::try_from(MOST_GAPS).unwrap_or(i64::MAX);
            // One more than the limit is enough to be over it.
            let first = (self.head + 1).max(seq - most - 1);
            self.gaps.extend((first..seq).map(|gap| (gap, now)));
        }
        self.head = seq;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_were_passed_over_are_watched_until_they_are_filled() {
        let mut reader = FeedReader { head: 10, epoch: 1, gaps: BTreeMap::new() };
        let now = Timestamp::from_micros(0);
        for seq in [11, 14, 12] {
            reader.pass(seq, now, true);
        }
        assert_eq!((reader.head, reader.gaps.keys().copied().collect::<Vec<_>>()), (14, vec![13]));
        reader.pass(1_000_000, now, true);
        assert!(reader.gaps.len() > MOST_GAPS && reader.gaps.len() < MOST_GAPS + 10, "bounded, and seen as too many");
        assert!(reader.gives_up_gaps() && !reader.gives_up_gaps());
        assert_eq!(
            (reader.gaps.len(), reader.gaps.keys().next_back()),
            (MOST_GAPS, Some(&999_999)),
            "the newest are watched"
        );
    }
}
