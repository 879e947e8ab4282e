//! What each source holds of the connections.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// The connections of each source network that has any, and of each IPv6 site around them.
pub type Sources = Mutex<HashMap<Source, usize>>;

/// Who shares connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    Network(IpAddr),
    /// The owner of a /48 has 65,536 networks.
    Site(IpAddr),
}

/// One of the connections of a source, until it is dropped.
#[derive(Debug)]
pub struct Seat {
    pub(super) held: Vec<Source>,
    pub(super) sources: Arc<Sources>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        for source in &self.held {
            if let Some(count) = sources.get_mut(source) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    sources.remove(source);
                }
            }
        }
    }
}
