//! What is asked of the activity log: which entries, and which piece of them.

use domain::activity::filter::EventFilter;
use domain::core::ids::AccountId;

use crate::Tx;
use crate::activity::log_visibility::LogVisibility;
use crate::db::tenant::of_tenant;

/// Which entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventSelection {
    /// By what is in them.
    pub filter: EventFilter,
    /// What the reader may see; `None` is everything.
    pub sight: Option<LogVisibility>,
}

/// Which piece of the log, newest entries first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventWindow {
    /// Where the piece begins, itself excluded; `None` at the end of the log.
    pub from: Option<i64>,
    /// From older to newer entries.
    pub backward: bool,
    /// The most entries wanted.
    pub limit: i64,
}

/// The activity log of one account, as it is read.
pub struct EventList<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(EventList);
