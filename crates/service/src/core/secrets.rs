//! Tokens of sessions, links and API keys: made here, stored only as hashes.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::core::hexadecimal::hexadecimal;
use domain::core::ids::{AccountId, LinkId};
use sha2::{Digest, Sha256};

const SECRET_LENGTH: usize = 43;

/// A secret text that is shown once (a cookie, a link, a key). Never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token of 256 random bits behind a prefix that tells scanners of leaked secrets what it is.
    pub fn new(prefix: &str, secret: &[u8; 32]) -> Self {
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(secret)))
    }

    /// Takes a token from outside; `None` unless it has exactly the form of one (X4: nothing shorter, longer or older).
    pub fn read(prefix: &str, text: &str) -> Option<Self> {
        let secret = text.strip_prefix(prefix)?;
        let decoded = URL_SAFE_NO_PAD.decode(secret).ok()?;
        (secret.len() == SECRET_LENGTH && decoded.len() == 32).then(|| Self(text.to_owned()))
    }

    /// The text itself, for the one place that hands it out.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored: SHA-256, hexadecimal. A plain hash is enough for 256 random bits.
    pub fn hash(&self) -> String {
        hexadecimal(&self.digest())
    }

    /// The same hash as bytes, for keys of caches.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Prefix of session tokens.
pub const SESSION_PREFIX: &str = "pcs_";
/// Prefix of the tokens that recognize a browser at its next sign-in.
pub const DEVICE_PREFIX: &str = "pcd_";
/// Prefix of API keys.
pub const API_KEY_PREFIX: &str = "pck_";
/// Prefix of the tokens in links.
pub const LINK_PREFIX: &str = "pcl_";

/// The installation's secret key. Tokens of links are derived from it, so that a mail that waits in the outbox needs no
/// token in the database, and a stolen copy of the database opens nothing. The ends of activity logs are sealed with a key
/// derived from it, so that whoever can write to the database can write no log.
#[derive(Clone)]
pub struct InstallationKey {
    key: hmac::Key,
    log_key: hmac::Key,
    cover_key: [u8; 32],
}

impl InstallationKey {
    /// From 32 secret bytes.
    pub fn new(secret: &[u8; 32]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let log_key = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&key, b"activity log, form 1").as_ref());
        let cover_key = bytes_of(&hmac::sign(&key, b"covered texts, form 1"));
        Self { key, log_key, cover_key }
    }

    /// The token of a link.
    pub fn link_token(&self, id: LinkId) -> Token {
        let tag = hmac::sign(&self.key, format!("link:{id}").as_bytes());
        Token::new(LINK_PREFIX, &bytes_of(&tag))
    }

    /// Encrypts a text that goes out and comes back, so that no one else reads or makes one; it opens only in the same place.
    /// The same text in the same place gives the same bytes, which is all that they tell (RFC 8452).
    pub fn cover(&self, place: &str, text: &[u8]) -> Option<Vec<u8>> {
        let mut covered = text.to_vec();
        self.cipher()?.seal_in_place_append_tag(no_nonce(), Aad::from(place.as_bytes()), &mut covered).ok()?;
        Some(covered)
    }

    /// The text that [`InstallationKey::cover`] made these bytes of; `None` where it did not.
    pub fn uncover(&self, place: &str, mut covered: Vec<u8>) -> Option<Vec<u8>> {
        let text = self.cipher()?.open_in_place(no_nonce(), Aad::from(place.as_bytes()), &mut covered).ok()?;
        Some(text.to_vec())
    }

    fn cipher(&self) -> Option<LessSafeKey> {
        Some(LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, &self.cover_key).ok()?))
    }

    /// A name for the key that gives nothing away; every node of an installation must have the same.
    pub fn fingerprint(&self) -> String {
        let tag = hmac::sign(&self.key, b"fingerprint");
        hexadecimal(tag.as_ref().get(..8).unwrap_or_default())
    }

    /// Seals the end of an account's activity log: no one without the key can write another end.
    pub fn seal(&self, account: AccountId, count: i64, head: &str) -> String {
        hexadecimal(hmac::sign(&self.log_key, sealed(account, count, head).as_bytes()).as_ref())
    }

    /// Whether this key sealed this end of the account's activity log.
    pub fn has_sealed(&self, account: AccountId, count: i64, head: &str, seal: &str) -> bool {
        let sealed = sealed(account, count, head);
        from_hexadecimal(seal).is_some_and(|tag| hmac::verify(&self.log_key, sealed.as_bytes(), &tag).is_ok())
    }

    /// Seals which accounts there are: no one without the key can remove one, or add one, unnoticed.
    pub fn seal_accounts(&self, accounts: &[AccountId]) -> String {
        hexadecimal(hmac::sign(&self.log_key, sealed_accounts(accounts).as_bytes()).as_ref())
    }

    /// Whether this key sealed that there are these accounts.
    pub fn has_sealed_accounts(&self, accounts: &[AccountId], seal: &str) -> bool {
        let sealed = sealed_accounts(accounts);
        from_hexadecimal(seal).is_some_and(|tag| hmac::verify(&self.log_key, sealed.as_bytes(), &tag).is_ok())
    }

    /// A stable name for something that must not be stored in the clear (an address in a throttle).
    pub fn pseudonym(&self, kind: &str, text: &str) -> String {
        let tag = hmac::sign(&self.key, format!("{kind}:{text}").as_bytes());
        hexadecimal(tag.as_ref().get(..16).unwrap_or_default())
    }
}

fn bytes_of(tag: &hmac::Tag) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
    bytes
}

/// What this cipher makes of a text depends on the text itself, so its nonce may always be the same.
fn no_nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

fn sealed(account: AccountId, count: i64, head: &str) -> String {
    format!("{account}\n{count}\n{head}")
}

/// The first line is no id, so that no list of accounts passes for the end of a log.
fn sealed_accounts(accounts: &[AccountId]) -> String {
    accounts.iter().fold(format!("accounts\n{}", accounts.len()), |text, account| format!("{text}\n{account}"))
}

/// Only what [`hexadecimal`] writes: a seal has one spelling.
fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    pairs.collect()
}

impl fmt::Debug for InstallationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InstallationKey({})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::core::ids::Id;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn x4_a_token_with_any_bit_or_length_changed_is_not_the_token(secret: [u8; 32], position in 0usize..47, byte in 33u8..127) {
            let token = Token::new(SESSION_PREFIX, &secret);
            prop_assert_eq!(Token::read(SESSION_PREFIX, token.reveal()), Some(token.clone()));
            let mut changed = token.reveal().as_bytes().to_vec();
            changed[position] = byte;
            let changed = String::from_utf8(changed).unwrap();
            if changed != token.reveal() {
                prop_assert!(Token::read(SESSION_PREFIX, &changed).is_none_or(|other| other.hash() != token.hash()));
            }
            prop_assert_eq!(Token::read(SESSION_PREFIX, token.reveal().get(..46).unwrap()), None);
            prop_assert_eq!(Token::read(SESSION_PREFIX, &format!("{}A", token.reveal())), None);
            prop_assert_eq!(Token::read(API_KEY_PREFIX, token.reveal()), None);
        }
    }

    proptest! {
        #[test]
        fn d8_a_seal_is_of_one_key_one_account_one_count_and_one_head(key: [u8; 32], id: u128, count: i64, head in "[0-9a-f]{64}", at in 0usize..64) {
            let account = |id| AccountId::from_uuid(uuid::Uuid::from_u128(id));
            let ours = InstallationKey::new(&key);
            let seal = ours.seal(account(id), count, &head);
            prop_assert!(ours.has_sealed(account(id), count, &head, &seal));
            let mut another = key;
            another[0] ^= 1;
            prop_assert!(!InstallationKey::new(&another).has_sealed(account(id), count, &head, &seal));
            prop_assert!(!ours.has_sealed(account(id ^ 1), count, &head, &seal));
            prop_assert!(!ours.has_sealed(account(id), count.wrapping_add(1), &head, &seal));
            prop_assert!(!ours.has_sealed(account(id), count, head.get(1..).unwrap(), &seal));
            let mut changed = seal.clone().into_bytes();
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            for wrong in [String::from_utf8(changed).unwrap(), seal.get(..at).unwrap().to_owned(), seal.to_uppercase() + "A", "é".repeat(32)] {
                prop_assert!(!ours.has_sealed(account(id), count, &head, &wrong), "{}", wrong);
            }
        }
    }

    /// If this fails, no log of an existing installation would have its seal anymore.
    #[test]
    fn d8_the_seal_is_frozen() {
        let account = AccountId::from_uuid(uuid::Uuid::from_u128(1));
        let seal = InstallationKey::new(&[7; 32]).seal(account, 3, "00ff");
        assert_eq!(seal, "f95c29af7a21d04d2b8a5f6b8f3f50b60fbaa890e1036b944a7a6a7d9b934f0f");
    }

    #[test]
    fn a_token_and_a_key_do_not_show_in_debug_output() {
        let token = Token::new(SESSION_PREFIX, &[7; 32]);
        assert!(!format!("{token:?}").contains(token.reveal().get(4..12).unwrap()));
    }
}
