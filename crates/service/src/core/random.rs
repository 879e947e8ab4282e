//! Randomness, behind a trait, so that a test repeats to the byte.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use domain::core::ids::Id;
use domain::core::timestamp::Timestamp;
use uuid::{Builder, Uuid};

/// Where random bytes come from.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes` with bytes that no one can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's cryptographic random source.
#[derive(Debug, Default)]
pub struct OsRandom {
    source: SystemRandom,
}

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) {
        if self.source.fill(bytes).is_err() {
            tracing::error!(
                "The operating system provides no random bytes. Stopping, because nothing would be secure \
             without them."
            );
            std::process::abort();
        }
    }
}

/// Makes ids and secrets out of a [`Random`].
impl dyn Random {
    /// A new id, sortable by the time `now` at which it is made (UUIDv7).
    pub fn id<T: Id>(&self, now: Timestamp) -> T {
        let mut random = [0; 10];
        self.fill(&mut random);
        let millis = u64::try_from(now.micros() / 1_000).unwrap_or_default();
        T::from_uuid(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// 256 random bits.
    pub fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        self.fill(&mut secret);
        secret
    }

    /// A random UUID, for ids that are not typed (request ids).
    pub fn uuid(&self) -> Uuid {
        let mut random = [0; 16];
        self.fill(&mut random);
        Builder::from_random_bytes(random).into_uuid()
    }
}
