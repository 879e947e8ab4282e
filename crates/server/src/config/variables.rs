//! Variables of the environment that bear our name: settings, those of our own tools, and no others. A misspelled one that was
//! ignored would leave a server as no one wanted it.

use super::error::ConfigError;
use super::sections::EXAMPLE;

/// What the variable of a setting starts with: `PORTCULLIS__SERVER__LISTEN`.
pub const PREFIX: &str = "PORTCULLIS__";

/// What every variable of ours starts with.
const OURS: &str = "PORTCULLIS_";

/// Variables of the scripts and tests of this repository, which the server may find in its environment.
pub const OF_TOOLS: &[&str] =
    &["PORTCULLIS_BINARY", "PORTCULLIS_BROWSER", "PORTCULLIS_SERVER", "PORTCULLIS_TEST_DATABASE_URL"];

/// Refuses the first variable that bears our name and means nothing, or that is written otherwise than its setting.
pub fn check<'v>(mut names: impl Iterator<Item = &'v str>) -> Result<(), ConfigError> {
    names.try_for_each(|name| {
        let is_ours = name.get(..OURS.len()).is_some_and(|start| start.eq_ignore_ascii_case(OURS));
        if !is_ours || OF_TOOLS.contains(&name) || is_of_cluster(name) {
            return Ok(());
        }
        let meant = settings().find(|setting| letters(setting) == letters(name));
        match meant {
            Some(setting) if setting == name => Ok(()),
            Some(setting) => Err(ConfigError::variable(
                name,
                &format!(
                    "There is no such setting. Did you mean \
             {setting}?"
                ),
            )),
            // Read as a setting, whose error says what there is in its place.
            None if name.starts_with(PREFIX) => Ok(()),
            None => Err(ConfigError::variable(
                name,
                "There is no such setting. The format is PORTCULLIS__SECTION__NAME, with two underscores between the \
                 parts. `portcullis config example` lists all settings.",
            )),
        }
    })
}

/// The variables of all settings, as the example has them.
fn settings() -> impl Iterator<Item = String> {
    let lines = EXAMPLE.lines().map(|line| line.strip_prefix('#').unwrap_or(line));
    lines
        .scan(String::new(), |section, line| {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                *section = name.replace('.', "__");
            }
            let setting = line.split_once(" = ").filter(|(name, _)| is_name(name));
            Some(setting.map(|(name, _)| format!("{PREFIX}{section}__{name}").to_uppercase()))
        })
        .flatten()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// Kubernetes tells every container of the services of its namespace: one that is called portcullis is no mistake of anyone.
fn is_of_cluster(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(OURS) else { return false };
    let is_port = |text: &str| text.split('_').next().is_some_and(|port| port.parse::<u16>().is_ok());
    matches!(rest, "SERVICE_HOST" | "SERVICE_PORT" | "PORT")
        || rest.starts_with("SERVICE_PORT_")
        || rest.strip_prefix("PORT_").is_some_and(is_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str) -> String {
        check(std::iter::once(name)).map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn a_variable_that_is_misspelled_is_refused_with_the_setting_that_was_meant() {
        for (name, meant) in [
            ("PORTCULLIS_SERVER_PUBLIC_URL", "PORTCULLIS__SERVER__PUBLIC_URL"),
            ("PORTCULLIS__SERVER_PUBLIC_URL", "PORTCULLIS__SERVER__PUBLIC_URL"),
            ("PORTCULLIS__SERVER__PUBLICURL", "PORTCULLIS__SERVER__PUBLIC_URL"),
            ("portcullis__server__public_url", "PORTCULLIS__SERVER__PUBLIC_URL"),
            ("PORTCULLIS_MAIL_SMTP_PASSWORD_FILE", "PORTCULLIS__MAIL__SMTP__PASSWORD_FILE"),
        ] {
            assert_eq!(said(name), format!("variable {name}: There is no such setting. Did you mean {meant}?"));
        }
        for name in ["PORTCULLIS_", "PORTCULLIS_CONFIG", "PORTCULLIS_SERVICE", "PORTCULLIS_PORT_HTTP", "Portcullis_Dev"]
        {
            assert!(said(name).contains("config example"), "{name}: {}", said(name));
        }
    }

    #[test]
    fn settings_tools_others_and_what_a_cluster_tells_are_no_mistakes() {
        for name in OF_TOOLS.iter().copied().chain([
            "PORTCULLIS__SERVER__PUBLIC_URL",
            "PORTCULLIS__LIMITS__CONNECTIONS_PER_SOURCE",
            "PORTCULLIS__MAIL__SMTP__HOST",
            "PORTCULLIS_SERVICE_HOST",
            "PORTCULLIS_SERVICE_PORT_HTTP",
            "PORTCULLIS_PORT",
            "PORTCULLIS_PORT_8080_TCP_ADDR",
            "PORTCULLIS",
            "DATABASE_URL",
            "MY_PORTCULLIS_X",
            "PORTCÜLLIS_X",
        ]) {
            assert_eq!(said(name), "", "{name}");
        }
    }
}
