//! The installation's secret key, and secrets in files.

use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use service::core::random::{OsRandom, Random};
use service::core::secrets::InstallationKey;
use store::{Folder, name_beside};

use super::error::ConfigError;
use super::exposure::{self, Holds};
use super::sections::{Secret, Security};

/// A secret that is given as a value or as a file, not both. A file that others can read is a warning.
pub fn secret(
    name: &str,
    value: Option<Secret>,
    file: Option<&PathBuf>,
    warnings: &mut Vec<String>,
) -> Result<Option<String>, ConfigError> {
    warnings
        .extend(file.and_then(|file| exposure::of(file, Holds::Secrets)).map(|told| format!("{name}_file: {told}")));
    match (value, file) {
        (Some(_), Some(_)) => Err(ConfigError::setting(name, &format!("Give either {name} or {name}_file, not both."))),
        (Some(Secret(value)), None) => Ok(Some(value)),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path).map_err(|error| ConfigError::file(path, None, &error))?;
            Ok(Some(text.trim().to_owned()))
        }
        (None, None) => Ok(None),
    }
}

/// A key that was made for the development mode and is not written down yet.
pub struct UnkeptKey {
    path: PathBuf,
    text: String,
}

/// The key in a file.
///
/// # Errors
/// There is none.
pub fn read(path: &Path) -> Result<InstallationKey, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::file(path, None, &error))?;
    parse(&path.display().to_string(), text.trim())
}

/// Refuses a key that others can read; in development mode it is only told.
///
/// # Errors
/// It is the key of a production.
pub fn check_exposure(path: &Path, is_development: bool, warnings: &mut Vec<String>) -> Result<(), ConfigError> {
    match exposure::of(path, Holds::Secrets) {
        Some(told) if is_development => warnings.push(format!("{}: {told}", path.display())),
        Some(told) => {
            let reason =
                format!("It contains the secret key. {told} If someone may have read it, also replace the key.");
            return Err(ConfigError::file(path, None, &reason));
        }
        None => {}
    }
    Ok(())
}

/// The configured key, or in development mode the one beside the database; a new one when it is missing.
pub fn key(
    security: Security,
    development_file: Option<&Path>,
    warnings: &mut Vec<String>,
) -> Result<(InstallationKey, Option<UnkeptKey>), ConfigError> {
    let name = "security.secret_key";
    if let Some(file) = security.secret_key_file.as_deref().or(development_file) {
        check_exposure(file, development_file.is_some(), warnings)?;
    }
    // What there is to be said of its file is said.
    let configured = secret(name, security.secret_key, security.secret_key_file.as_ref(), &mut Vec::new())?;
    match (configured, development_file) {
        (Some(text), _) => Ok((parse(name, &text)?, None)),
        (None, Some(path)) => of_development(path),
        (None, None) => Err(ConfigError::setting(
            name,
            "It is missing. Links in emails are derived from it. Create one with `openssl rand -base64 32`, keep it \
             secret and separate from your backups, and set it as security.secret_key_file.",
        )),
    }
}

fn parse(name: &str, text: &str) -> Result<InstallationKey, ConfigError> {
    let bytes = hexadecimal(text).or_else(|| {
        [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD].iter().find_map(|engine| engine.decode(text).ok())
    });
    let secret = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    secret.map(|secret| InstallationKey::new(&secret)).ok_or_else(|| {
        ConfigError::setting(
            name,
            "It must be 32 random bytes in base64 or hexadecimal. Create one with `openssl rand -base64 32`.",
        )
    })
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect::<Option<_>>()?;
    (digits.len() == 64)
        .then(|| digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

fn of_development(path: &Path) -> Result<(InstallationKey, Option<UnkeptKey>), ConfigError> {
    if path.exists() {
        return Ok((read(path)?, None));
    }
    let mut secret = [0; 32];
    OsRandom::default().fill(&mut secret);
    let unkept = UnkeptKey { path: path.to_owned(), text: STANDARD.encode(secret) };
    Ok((parse(&path.display().to_string(), &unkept.text)?, Some(unkept)))
}

impl UnkeptKey {
    /// Writes it beside the database, where the next start finds it.
    ///
    /// # Errors
    /// The file system does not let us.
    pub fn keep(&self) -> Result<(), ConfigError> {
        self.write().map_err(|error| ConfigError::file(&self.path, None, &error))
    }

    fn write(&self) -> std::io::Result<()> {
        let folder = Folder::make_for(&self.path)?;
        let mut file = folder.create(&name_beside(&self.path, ""))?;
        writeln!(file, "{}", self.text)?;
        folder.give(&file)
    }
}
