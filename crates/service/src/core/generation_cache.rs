//! The one kind of cache behind [`Principals`](crate::core::principals::Principals): it answers only with what is still current.

use std::hash::Hash;
use std::sync::Arc;

use domain::core::timestamp::Timestamp;
use quick_cache::Equivalent;
use quick_cache::sync::Cache;

use crate::core::clock::Clock;
use crate::core::generations::{DependsOn, Generations, Seen};

/// A value that can be remembered under a key.
pub trait Cacheable<Q: ?Sized>: Clone {
    /// Whose changes end it.
    fn depends_on(&self, key: &Q) -> DependsOn;

    /// When it ends without any change; `None` for never.
    fn valid_until(&self) -> Option<Timestamp> {
        None
    }
}

/// Values by their keys, each with the generations that were noted before it was read.
///
/// ```text
/// if let Some(found) = cache.get(&key) { return Ok(found) }
/// let seen = generations.of(DependsOn::Account(account));   // before the database is asked
/// let value = …;
/// cache.keep(key, value.clone(), seen);
/// ```
/// A change between noting and keeping makes the value too old to be given, instead of being missed.
pub struct GenerationCache<K, V> {
    values: Cache<K, (V, Seen)>,
    generations: Arc<Generations>,
    clock: Arc<dyn Clock>,
}

impl<K: Eq + Hash, V: Clone> GenerationCache<K, V> {
    /// A cache of at most so many values.
    pub fn new(capacity: usize, generations: &Arc<Generations>, clock: &Arc<dyn Clock>) -> Self {
        Self { values: Cache::new(capacity), generations: Arc::clone(generations), clock: Arc::clone(clock) }
    }

    /// The value of a key, if nothing it depends on was changed since it was read, and its time is not over.
    pub fn get<Q>(&self, key: &Q) -> Option<V>
    where
        Q: Equivalent<K> + Hash + ?Sized,
        V: Cacheable<Q>,
    {
        let (value, seen) = self.values.get(key)?;
        let is_current = self.generations.are_still(seen, value.depends_on(key))
            && value.valid_until().is_none_or(|end| self.clock.now() < end);
        is_current.then_some(value)
    }

    /// Remembers a value that was read after `seen` was noted.
    pub fn keep(&self, key: K, value: V, seen: Seen) {
        self.values.insert(key, (value, seen));
    }
}
