//! What a running server and its sessions share.

use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::misbehavior::Misbehavior;
use super::received::ReceivedMail;
use crate::Step;

/// What a running server and its sessions share.
pub(super) struct Inbox {
    pub(super) mails: watch::Sender<Vec<ReceivedMail>>,
    pub(super) mood: Mutex<Mood>,
    pub(super) connections: AtomicUsize,
    pub(super) hears_no_goodbye: AtomicBool,
    pub(super) tls: Option<Tls>,
}

/// How the server encrypts.
pub(super) struct Tls {
    pub(super) acceptor: TlsAcceptor,
    pub(super) at_once: bool,
}

/// How the server treats its clients.
#[derive(Clone)]
pub(super) enum Mood {
    Accepting,
    Refusing(Step, String),
    /// Refuses mails that say this, with that.
    Censoring(String, String),
    /// Keeps emails immediately and confirms them after this time.
    Slow(Duration),
    /// Does this at a step, where it is about recipients with these words in their address.
    Misbehaving(Step, String, Misbehavior),
    Dropping,
    Silent,
}

impl Inbox {
    pub(super) fn new(tls: Option<Tls>) -> Self {
        Self {
            mails: watch::Sender::default(),
            mood: Mutex::new(Mood::Accepting),
            connections: AtomicUsize::new(0),
            hears_no_goodbye: AtomicBool::new(false),
            tls,
        }
    }

    pub(super) fn mood(&self) -> Mood {
        lock(&self.mood).clone()
    }

    pub(super) fn set_mood(&self, mood: Mood) {
        *lock(&self.mood) = mood;
    }

    pub(super) fn keep(&self, mail: ReceivedMail) {
        self.mails.send_modify(|mails| mails.push(mail));
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
