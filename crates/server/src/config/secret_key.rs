//! The installation's secret key, and secrets in files.

use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use service::secrets::InstallationKey;
use service::world::{RealWorld, World};

use super::ConfigError;
use super::sections::{Secret, Security};

/// A secret that is given as a value or as a file, not both.
pub fn secret(name: &str, value: Option<Secret>, file: Option<&PathBuf>) -> Result<Option<String>, ConfigError> {
    match (value, file) {
        (Some(_), Some(_)) => Err(ConfigError::setting(name, &format!("give either {name} or {name}_file, not both"))),
        (Some(Secret(value)), None) => Ok(Some(value)),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path).map_err(|error| ConfigError::file(path, None, &error))?;
            Ok(Some(text.trim().to_owned()))
        }
        (None, None) => Ok(None),
    }
}

/// The configured key, or in development mode the one beside the database, which is made when it is missing.
pub fn key(security: Security, development_file: Option<&Path>) -> Result<InstallationKey, ConfigError> {
    let name = "security.secret_key";
    match (secret(name, security.secret_key, security.secret_key_file.as_ref())?, development_file) {
        (Some(text), _) => parse(name, &text),
        (None, Some(path)) => of_development(path),
        (None, None) => Err(ConfigError::setting(
            name,
            "it is missing; links in mails are derived from it. Make one with `openssl rand -base64 32`, keep it secret and \
             with your backups, and give it as security.secret_key_file",
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
            "it must be 32 random bytes in base64 or hexadecimal; make one with `openssl rand -base64 32`",
        )
    })
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect::<Option<_>>()?;
    (digits.len() == 64)
        .then(|| digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

fn of_development(path: &Path) -> Result<InstallationKey, ConfigError> {
    if !path.exists() {
        make(path).map_err(|error| ConfigError::file(path, None, &error))?;
    }
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::file(path, None, &error))?;
    parse(&path.display().to_string(), text.trim())
}

fn make(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut secret = [0; 32];
    RealWorld::default().fill(&mut secret);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(path)?, "{}", STANDARD.encode(secret))
}
