//! From a file and variables to sections, with the place of whatever is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::de::IntoDeserializer;
use toml::{Table, Value};

use super::error::ConfigError;
use super::sections::Sections;
use super::variables::{self, PREFIX};

/// The file that is read when none is named.
pub const USUAL_FILE: &str = "portcullis.toml";

/// What was found, before it is checked.
#[derive(Debug)]
pub struct Found {
    /// The sections.
    pub sections: Sections,
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// Whether the secret key stands in the file itself.
    pub file_has_key: bool,
    /// Whether any secret does.
    pub file_has_secrets: bool,
}

/// Where a setting stands, the variable that makes it, and its text.
type Texts<'v> = BTreeMap<Vec<String>, (&'v str, &'v str)>;

/// Reads `file`, or [`USUAL_FILE`] if it exists, and lays the `variables` over it.
pub fn read(file: Option<&Path>, variables: &[(String, String)]) -> Result<Found, ConfigError> {
    variables::check(variables.iter().map(|(name, _)| name.as_str()))?;
    let usual = Path::new(USUAL_FILE);
    let file = file.or_else(|| usual.exists().then_some(usual));
    let (in_file, mut table) = match file {
        Some(path) => read_file(path)?,
        None => (Sections::default(), Table::new()),
    };
    let ours: Vec<_> = variables.iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
    let mut texts = BTreeMap::new();
    for (name, value) in &ours {
        let path = path_of(name);
        set(&mut table, &path, Value::String(value.clone()))
            .ok_or_else(|| ConfigError::variable(name, "There is no such setting."))?;
        texts.insert(path, (name.as_str(), value.as_str()));
    }
    let sections = understand(table, &texts)?;
    let file_has_key = in_file.security.secret_key.is_some();
    let has_password = in_file.mail.smtp.is_some_and(|smtp| smtp.password.is_some());
    let file_has_secrets = file_has_key || has_password || in_file.database.url.is_some();
    Ok(Found { sections, file: file.map(Path::to_owned), file_has_key, file_has_secrets })
}

fn read_file(path: &Path) -> Result<(Sections, Table), ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::file(path, None, &error))?;
    // Once by itself, because only then its errors have a line.
    let sections = toml::from_str::<Sections>(&text).map_err(|error| at_line(path, &text, &error))?;
    Ok((sections, toml::from_str(&text).map_err(|error| at_line(path, &text, &error))?))
}

fn at_line(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let line = error.span().map(|span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1);
    ConfigError::file(path, line, &error.message())
}

fn path_of(name: &str) -> Vec<String> {
    let rest = name.strip_prefix(PREFIX).unwrap_or_default();
    rest.split("__").map(str::to_lowercase).collect()
}

fn set(table: &mut Table, path: &[String], value: Value) -> Option<()> {
    let (last, sections) = path.split_last()?;
    let mut at = table;
    for section in sections {
        at = at.entry(section.clone()).or_insert_with(|| Value::Table(Table::new())).as_table_mut()?;
    }
    at.insert(last.clone(), value);
    Some(())
}

/// A variable is a text, until a field says that it wants something else: then it is read as TOML, or where a list is
/// wanted, as one with commas. So a password of digits stays a text and a port becomes a number.
fn understand(mut table: Table, texts: &Texts<'_>) -> Result<Sections, ConfigError> {
    let mut read_otherwise = BTreeSet::new();
    loop {
        let tried = Value::Table(table.clone());
        let error = match serde_path_to_error::deserialize::<_, Sections>(tried.into_deserializer()) {
            Ok(sections) => return Ok(sections),
            Err(error) => error,
        };
        // An entry of a list, `trusted_proxies[1]`, was set with its list.
        let name = |part: &str| part.split('[').next().unwrap_or(part).to_owned();
        let at: Vec<String> = error.path().to_string().split('.').map(name).collect();
        let reason = error.inner().message().to_owned();
        let complaint = complaint(&at, &reason, texts);
        let Some((_, text)) = texts.get(&at).filter(|_| read_otherwise.insert(at.clone())) else {
            return Err(complaint);
        };
        let Some(other) = other_reading(text, &reason) else { return Err(complaint) };
        if set(&mut table, &at, other).is_none() {
            return Err(complaint);
        }
    }
}

fn other_reading(text: &str, reason: &str) -> Option<Value> {
    let as_toml = toml::from_str::<Table>(&format!("value = {text}")).ok().and_then(|mut table| table.remove("value"));
    match as_toml {
        Some(value @ (Value::Integer(_) | Value::Boolean(_) | Value::Array(_))) => Some(value),
        Some(_) | None if reason.contains("sequence") => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Some(Value::Array(parts.map(|part| Value::String(part.to_owned())).collect()))
        }
        Some(_) | None => None,
    }
}

/// The error of a setting names its variable; the one of a whole section, the variables in it.
fn complaint(at: &[String], reason: &str, texts: &Texts<'_>) -> ConfigError {
    let below: Vec<&str> = texts.iter().filter(|(path, _)| path.starts_with(at)).map(|(_, (name, _))| *name).collect();
    match below.as_slice() {
        [] => ConfigError::setting(&at.join("."), reason),
        names => ConfigError::variable(&names.join(", "), reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_with(variables: &[(&str, &str)], text: &str) -> Result<Sections, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("portcullis.toml");
        std::fs::write(&file, text).unwrap();
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        read(Some(&file), &variables)
            .map(|found| found.sections)
            .map_err(|error| error.to_string().replace(&format!("{}/", folder.path().display()), ""))
    }

    #[test]
    fn variables_lie_over_the_file_and_become_what_the_setting_wants() {
        let variables = [
            ("PORTCULLIS__LIMITS__REQUESTS_PER_MINUTE", "70"),
            ("PORTCULLIS__SERVER__TRUSTED_PROXIES", "10.0.0.1, fd00::/8"),
            ("PORTCULLIS__MAIL__SMTP__HOST", "mail"),
            ("PORTCULLIS__MAIL__SMTP__FROM", "a@b.example"),
            ("PORTCULLIS__MAIL__SMTP__PASSWORD", "12345"),
            ("UNRELATED", "1"),
        ];
        let sections = read_with(&variables, "[limits]\nrequests_per_minute = 5\n[log]\nfilter = 'warn'").unwrap();
        assert_eq!((sections.limits.requests_per_minute.get(), sections.log.filter.as_str()), (70, "warn"));
        assert_eq!(sections.server.trusted_proxies.len(), 2);
        assert_eq!(sections.mail.smtp.unwrap().password.unwrap().0, "12345");
    }

    #[test]
    fn a_mail_server_is_reached_at_the_usual_port_of_its_encryption() {
        let port = |encryption: &str| {
            let text = format!("[mail.smtp]\nhost = 'mail'\nfrom = 'a@b.example'\n{encryption}");
            let smtp = read_with(&[], &text).unwrap().mail.smtp.unwrap().complete(None);
            (smtp.port, smtp.timeout_seconds)
        };
        assert_eq!(port(""), (587, 20));
        assert_eq!(port("encryption = 'tls'"), (465, 20));
        assert_eq!(port("encryption = 'none'"), (25, 20));
        assert_eq!(port("encryption = 'tls'\nport = 2465\ntimeout_seconds = 5"), (2465, 5));
    }

    #[test]
    fn whatever_is_wrong_is_named_with_its_place() {
        let place = |variables: &[(&str, &str)], text: &str| {
            let error = read_with(variables, text).unwrap_err();
            error.split(": ").next().unwrap().to_owned()
        };
        assert_eq!(place(&[], "[server]\n\nlisten = 7"), "portcullis.toml:3");
        assert_eq!(place(&[], "[server]\ncolor = 7"), "portcullis.toml:2");
        assert_eq!(
            place(&[("PORTCULLIS__LIMITS__REQUESTS_PER_MINUTE", "many")], ""),
            "variable PORTCULLIS__LIMITS__REQUESTS_PER_MINUTE"
        );
        assert_eq!(place(&[], "[limits]\nrequests_per_minute = 0"), "portcullis.toml:2", "no budget at all");
        assert_eq!(
            place(&[("PORTCULLIS__LIMITS__REQUESTS_PER_MINUTE", "0")], ""),
            "variable PORTCULLIS__LIMITS__REQUESTS_PER_MINUTE"
        );
        assert_eq!(place(&[("PORTCULLIS__LIMIT__X", "7")], ""), "variable PORTCULLIS__LIMIT__X");
        assert_eq!(place(&[("PORTCULLIS__SERVER", "7")], ""), "variable PORTCULLIS__SERVER");
        assert_eq!(place(&[], "[server]\n\ntrusted_proxies = ['10.0.0.0/33']"), "portcullis.toml:3");
        let proxies = "PORTCULLIS__SERVER__TRUSTED_PROXIES";
        assert!(place(&[(proxies, "10.0.0.1, proxy.example")], "").starts_with("variable PORTCULLIS__SERVER"));
    }
}
