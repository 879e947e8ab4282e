//! Every kind of work that a job may be. A capability that has a new one adds a line.

use crate::bulk;
use crate::jobs::Kind;

/// The kinds.
pub const ALL: [Kind; 1] = [bulk::job::KIND];
