//! Time and chance, behind one trait, so that a test repeats to the byte.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use domain::core::ids::Id;
use domain::core::timestamp::Timestamp;
use uuid::{Builder, Uuid};

/// Where instants and random bytes come from.
pub trait World: Send + Sync + 'static {
    /// The current instant.
    fn now(&self) -> Timestamp;
    /// Fills `bytes` with bytes that nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's clock and its cryptographic random source.
#[derive(Debug, Default)]
pub struct RealWorld {
    random: SystemRandom,
}

impl World for RealWorld {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }

    fn fill(&self, bytes: &mut [u8]) {
        if self.random.fill(bytes).is_err() {
            tracing::error!(
                "The operating system provides no random bytes. Stopping, because nothing would be secure \
             without them."
            );
            std::process::abort();
        }
    }
}

/// Makes ids and secrets out of a [`World`].
impl dyn World {
    /// A new id, sortable by the time it was made (UUIDv7).
    pub fn new_id<T: Id>(&self) -> T {
        let mut random = [0; 10];
        self.fill(&mut random);
        let millis = u64::try_from(self.now().micros() / 1_000).unwrap_or_default();
        T::from_uuid(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// 256 random bits.
    pub fn new_secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        self.fill(&mut secret);
        secret
    }

    /// A new UUID for things that are not ours to type (request ids).
    pub fn new_uuid(&self) -> Uuid {
        let mut random = [0; 16];
        self.fill(&mut random);
        Builder::from_random_bytes(random).into_uuid()
    }
}
