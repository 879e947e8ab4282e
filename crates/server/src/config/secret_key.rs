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

/// A key that was made for the development mode and is not written down yet.
pub struct UnkeptKey {
    path: PathBuf,
    text: String,
}

/// The configured key, or in development mode the one beside the database; a new one when it is missing.
pub fn key(
    security: Security,
    development_file: Option<&Path>,
) -> Result<(InstallationKey, Option<UnkeptKey>), ConfigError> {
    let name = "security.secret_key";
    match (secret(name, security.secret_key, security.secret_key_file.as_ref())?, development_file) {
        (Some(text), _) => Ok((parse(name, &text)?, None)),
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

fn of_development(path: &Path) -> Result<(InstallationKey, Option<UnkeptKey>), ConfigError> {
    let name = path.display().to_string();
    if path.exists() {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::file(path, None, &error))?;
        return Ok((parse(&name, text.trim())?, None));
    }
    let mut secret = [0; 32];
    RealWorld::default().fill(&mut secret);
    let unkept = UnkeptKey { path: path.to_owned(), text: STANDARD.encode(secret) };
    Ok((parse(&name, &unkept.text)?, Some(unkept)))
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
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        writeln!(options.open(&self.path)?, "{}", self.text)
    }
}
