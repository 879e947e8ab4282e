//! Password hashing: Argon2id in a small pool of threads of low priority, with a bounded queue and a deadline.
//!
//! Overload answers "later" instead of slowing everyone, memory is bounded by the number of threads (19 MiB each), and
//! the threads give way to requests that only need a moment.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use domain::core::failure::Failure;
use domain::credentials::password::normalize;
use thread_priority::{ThreadBuilderExt, ThreadPriority};
use tokio::sync::oneshot;

/// How long a sign-in may wait for its turn.
const DEADLINE: Duration = Duration::from_secs(8);

/// How many may wait per thread before further ones are told to come back.
const QUEUE_PER_THREAD: usize = 128;

/// What one hash costs.
#[derive(Debug, Clone, Copy)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl HashCost {
    /// OWASP's recommendation for Argon2id: 19 MiB, two passes, one lane.
    pub const OWASP: Self = Self { memory_kib: 19_456, passes: 2 };
}

enum Job {
    Hash { password: String, salt: [u8; 16], answer: oneshot::Sender<Result<String, argon2::password_hash::Error>> },
    Verify { password: String, hash: Option<String>, answer: oneshot::Sender<bool> },
}

/// The pool.
#[derive(Clone)]
pub struct PasswordPool {
    queue: mpsc::SyncSender<Job>,
    submitted: Arc<AtomicU64>,
}

struct Hasher {
    argon2: Argon2<'static>,
    dummy: String,
}

impl PasswordPool {
    /// Starts `threads` threads.
    ///
    /// # Errors
    /// The cost is outside what Argon2 permits, or the system gives no thread.
    pub fn start(threads: usize, cost: HashCost) -> Result<Self, Failure> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(broken)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hasher = Arc::new(Hasher { argon2, dummy: dummy(cost) });
        let (queue, jobs) = mpsc::sync_channel(threads * QUEUE_PER_THREAD);
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..threads {
            let (hasher, jobs) = (Arc::clone(&hasher), Arc::clone(&jobs));
            std::thread::Builder::new()
                .name(format!("password-{number}"))
                .spawn_with_priority(ThreadPriority::Min, move |_| serve(&hasher, &jobs))
                .map_err(|error| Failure::Broken(Box::new(error)))?;
        }
        Ok(Self { queue, submitted: Arc::default() })
    }

    /// Hashes a password in its normal form for storage (PHC string).
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the queue is full or the deadline passed.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, Failure> {
        let (answer, result) = oneshot::channel();
        self.submit(Job::Hash { password, salt, answer })?;
        wait(result).await?.map_err(broken)
    }

    /// Whether what someone typed is the password with this hash. Without a hash, and for what no password can be, the same
    /// work is done for nothing, so that no one learns from the time whether an address is known (D2).
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the queue is full or the deadline passed.
    pub async fn verify(&self, typed: &str, hash: Option<String>) -> Result<bool, Failure> {
        let (answer, result) = oneshot::channel();
        let password = normalize(typed);
        let hash = hash.filter(|_| password.is_some());
        let password = password.unwrap_or_default();
        self.submit(Job::Verify { password, hash, answer })?;
        wait(result).await
    }

    fn submit(&self, job: Job) -> Result<(), Failure> {
        self.queue.try_send(job).map_err(|_| overloaded())?;
        self.submitted.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// How many passwords the pool was given to hash or to check so far.
    pub fn submitted(&self) -> u64 {
        self.submitted.load(Ordering::Relaxed)
    }
}

/// The form of a hash of this cost that no password has: salt and hash are zeros. Checking a password against it is the same
/// work as against any other.
fn dummy(cost: HashCost) -> String {
    let (salt, hash) = ("A".repeat(22), "A".repeat(43));
    format!("$argon2id$v=19$m={},t={},p=1${salt}${hash}", cost.memory_kib, cost.passes)
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::Broken(Box::new(error))
}

fn overloaded() -> Failure {
    Failure::Unavailable("Too many people are signing in right now. Try again in a few seconds.".to_owned())
}

async fn wait<T>(result: oneshot::Receiver<T>) -> Result<T, Failure> {
    match tokio::time::timeout(DEADLINE, result).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(_) => Err(overloaded()),
    }
}

fn serve(hasher: &Hasher, jobs: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        match job {
            Ok(Job::Hash { password, salt, answer }) if !answer.is_closed() => {
                let hash =
                    hasher.argon2.hash_password_with_salt(password.as_bytes(), &salt).map(|hash| hash.to_string());
                let _ = answer.send(hash);
            }
            Ok(Job::Verify { password, hash, answer }) if !answer.is_closed() => {
                let _ = answer.send(hasher.verify(&password, hash.as_deref()));
            }
            Ok(Job::Hash { .. } | Job::Verify { .. }) => {}
            Err(_) => return,
        }
    }
}

impl Hasher {
    fn verify(&self, password: &str, hash: Option<&str>) -> bool {
        let known = hash.is_some();
        let matches = PasswordHash::new(hash.unwrap_or(&self.dummy))
            .is_ok_and(|hash| self.argon2.verify_password(password.as_bytes(), &hash).is_ok());
        known && matches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d2_the_hash_of_nobody_is_read_as_one_of_the_same_cost() {
        let dummy = dummy(HashCost::OWASP);
        let read = PasswordHash::new(&dummy).unwrap();
        let params = Params::try_from(&read).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19_456, 2, 1));
        assert_eq!(read.hash.map(|hash| hash.len()), Some(32));
        assert!(Argon2::default().verify_password(b"any", &read).is_err());
    }

    #[tokio::test]
    async fn a_password_is_recognized_by_its_hash_and_nothing_else_is() {
        let pool = PasswordPool::start(1, HashCost { memory_kib: 8, passes: 1 }).unwrap();
        let hash = pool.hash("correct horse!".to_owned(), [1; 16]).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(pool.verify("correct horse!", Some(hash.clone())).await.unwrap());
        let empty = pool.hash(String::new(), [1; 16]).await.unwrap();
        assert!(
            !pool.verify(&"x".repeat(257), Some(empty)).await.unwrap(),
            "what is too long is not taken for nothing"
        );
        assert!(!pool.verify("correct horse?", Some(hash)).await.unwrap());
        assert!(!pool.verify("nobody has this password", None).await.unwrap());
    }
}
