//! Configuration: what the operator writes, and what the program says about it.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use server::config::{Config, EXAMPLE, Mode, OF_TOOLS};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// Loads a file with a database of this folder; in development mode where no public address is in it.
    fn load(&self, text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let mode = if text.contains("public_url") { Mode::Production } else { Mode::Development };
        self.load_as(mode, text, variables)
    }

    fn load_as(&self, mode: Mode, text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let database = self.0.path().join("portcullis.db");
        let text =
            text.replace("DATABASE", database.to_str().unwrap()).replace("FOLDER", self.0.path().to_str().unwrap());
        let file = self.write("portcullis.toml", &text);
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::from(Some(&file), mode, &variables).map_err(|error| error.to_string())
    }
}

const KEY: &str = "secret_key = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'";
const DATABASE: &str = "[database]\npath = 'DATABASE'\n";

#[test]
fn every_setting_of_the_example_is_one_and_all_of_them_together_are_right() {
    // Uncomment everything, but what excludes each other.
    let excluded = [
        "url = \"postgres",
        "url_file",
        "#password_file",
        "#secret_key_file",
        "#path = \"catalog",
        "connections = 16",
        "#ca_file",
    ];
    let lines = EXAMPLE.lines().filter(|line| !excluded.iter().any(|word| line.contains(word)));
    let text: Vec<String> = lines
        .map(|line| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => setting.to_owned(),
            _ => line.to_owned(),
        })
        .collect();
    let text = text.join("\n").replace("secret_key = \"\"", KEY).replace("data/portcullis.db", "DATABASE");
    let config = Folder::new().load(&text, &[]).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(config.smtp.unwrap().host, "smtp.example.com");
    assert!(!config.development);
    for setting in ["url_file", "password_file", "secret_key_file", "connections", "ca_file"] {
        assert!(EXAMPLE.contains(&format!("#{setting} = ")), "{setting}");
    }
}

#[test]
fn the_development_mode_has_a_key_of_its_own_that_nobody_else_can_read() {
    let folder = Folder::new();
    let key = folder.0.path().join("secret.key");
    let first = folder.load(DATABASE, &[]).unwrap();
    assert!(!key.exists(), "who only looks whether the configuration is right changes nothing");
    first.unkept_key.as_ref().unwrap().keep().unwrap();
    assert!(first.development && first.smtp.is_none());
    assert_eq!(first.settings.public_url, "http://localhost:8080");
    assert_eq!(
        first.key.fingerprint(),
        folder.load(DATABASE, &[]).unwrap().key.fingerprint(),
        "the same at the next start"
    );
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(key).unwrap().permissions()) & 0o777, 0o600);
}

#[test]
fn the_development_mode_is_asked_for_and_has_no_public_address() {
    let folder = Folder::new();
    let said = |mode, text: &str| folder.load_as(mode, &format!("{DATABASE}{text}"), &[]).map(|_| ()).unwrap_err();
    for text in ["", "[server]\nlisten = '127.0.0.1:9090'\n", &format!("[security]\n{KEY}\n")] {
        let missing = said(Mode::Production, text);
        assert!(missing.starts_with("server.public_url: It is missing"), "{missing}");
        assert!(
            missing.contains("--dev") && missing.contains("PORTCULLIS__SERVER__PUBLIC_URL"),
            "both ways: {missing}"
        );
    }
    let both = said(Mode::Development, "[server]\npublic_url = 'https://admin.example.com'\n");
    assert!(both.starts_with("server.public_url: ") && both.contains("Remove one"), "{both}");
    assert!(!folder.0.path().join("secret.key").exists(), "nothing was made");
}

#[test]
fn one_source_leaves_connections_to_others() {
    let folder = Folder::new();
    let of = |limits: &str| folder.load(&format!("{DATABASE}[limits]\n{limits}"), &[]);
    let limits = of("connections = 50\nconnections_per_source = 20\nheader_timeout_seconds = 3").unwrap().connections;
    assert_eq!((limits.most, limits.per_source, limits.head.as_secs(), limits.idle.as_secs()), (50, 20, 3, 150));
    for wrong in ["connections = 50", "connections = 50\nconnections_per_source = 50"] {
        let said = of(wrong).map(|_| ()).unwrap_err();
        assert!(said.starts_with("limits.connections_per_source: ") && said.contains("50"), "{said}");
    }
}

#[test]
fn a_variable_with_our_name_that_is_no_setting_is_refused() {
    let folder = Folder::new();
    let url = "PORTCULLIS_SERVER_PUBLIC_URL";
    let said = folder.load(DATABASE, &[(url, "https://admin.example.com")]).map(|_| ()).unwrap_err();
    assert!(said.contains(url) && said.contains("Did you mean PORTCULLIS__SERVER__PUBLIC_URL?"), "{said}");
}

/// Every variable with our name and one underscore that scripts, tests and pages of this repository have.
#[test]
fn the_variables_of_our_own_tools_are_known() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut waiting: Vec<PathBuf> =
        ["scripts", "console/e2e", "console/scripts", "crates", "bench/src", "Makefile", ".ci", "CONTRIBUTING.md"]
            .map(|place| root.join(place))
            .to_vec();
    waiting.extend(["vite.config.ts", "vitest.stories.config.ts"].map(|file| root.join("console").join(file)));
    let mut found = std::collections::BTreeSet::new();
    while let Some(place) = waiting.pop() {
        if place.is_dir() {
            waiting.extend(std::fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()));
        } else if let Ok(text) = std::fs::read_to_string(&place)
            && !place.ends_with("config/variables.rs")
            && !place.ends_with("server/config.rs")
            && !place.ends_with("binary/development.rs")
        {
            let names = text
                .split("PORTCULLIS_")
                .skip(1)
                .map(|rest| rest.split(|c: char| !c.is_ascii_uppercase() && c != '_').next().unwrap().to_owned());
            found.extend(names.filter(|name| !name.is_empty() && !name.starts_with('_')));
        }
    }
    let known: std::collections::BTreeSet<String> =
        OF_TOOLS.iter().map(|name| name.trim_start_matches("PORTCULLIS_").to_owned()).collect();
    assert_eq!(found, known, "server/src/config/variables.rs lists them");
}

#[test]
fn the_public_address_is_written_as_browsers_write_an_origin() {
    let folder = Folder::new();
    for (written, meant) in [
        ("HTTPS://Admin.Example.com:443/Portal", "https://admin.example.com/Portal"),
        ("https://admin.example.com.", "https://admin.example.com"),
        ("https://admin.example.com:8443", "https://admin.example.com:8443"),
        ("http://localhost:80", "http://localhost"),
        ("https://[2001:DB8::1]:443", "https://[2001:db8::1]"),
    ] {
        let text = format!("{DATABASE}[server]\npublic_url = '{written}'\n[security]\n{KEY}");
        assert_eq!(folder.load(&text, &[]).unwrap().settings.public_url, meant);
    }
}

#[test]
fn production_asks_for_what_is_missing_and_warns_of_what_is_odd() {
    let folder = Folder::new();
    let refused = |text: &str| folder.load(&format!("{DATABASE}{text}"), &[]).map(|_| ()).unwrap_err();
    let accepted = |text: &str| folder.load(&format!("{DATABASE}{text}"), &[]).unwrap();
    let url = "[server]\npublic_url = 'https://admin.example.com/'\n";
    assert!(refused(url).starts_with("security.secret_key: It is missing"));
    assert!(refused("[server]\nlisten = '0.0.0.0:8080'").contains("set server.public_url"));
    assert!(refused("[server]\npublic_url = 'admin.example.com'").contains("https://"));
    for odd in ["https://a.example/?q", "https://a.example//x", "https://a.example/a b", "https:///x"] {
        assert!(refused(&format!("[server]\npublic_url = '{odd}'")).contains("optional path"), "{odd}");
    }
    assert!(refused(&format!("{url}[security]\nsecret_key = 'short'")).contains("32 random bytes"));
    let config = accepted(&format!("{url}[security]\n{KEY}"));
    assert_eq!(config.settings.public_url, "https://admin.example.com");
    let below = accepted(&format!("[server]\npublic_url = 'https://example.com/tools/admin/'\n[security]\n{KEY}"));
    assert_eq!(below.settings.public_url, "https://example.com/tools/admin");
    assert!(config.warnings.iter().any(|warning| warning.contains("no mail server")), "{:?}", config.warnings);
    let open = accepted(&format!("{}[security]\n{KEY}", url.replace("https", "http")));
    assert!(open.warnings.iter().any(|warning| warning.contains("Use https")), "{:?}", open.warnings);
    for (host, is_local) in [("localhost:8080", true), ("127.0.0.1", true), ("localhost.evil.example", false)] {
        let config = accepted(&format!("[server]\npublic_url = 'http://{host}'\n[security]\n{KEY}"));
        assert_eq!(config.warnings.iter().all(|warning| !warning.contains("Use https")), is_local, "{host}");
    }
    for (setting, place) in [
        ("[log]\nfilter = 'info,store=loud'", "log.filter: "),
        ("[limits]\nrequests_per_minute = 0", "FOLDER/portcullis.toml:"),
        ("connections = 0", "FOLDER/portcullis.toml:3"),
    ] {
        let place = place.replace("FOLDER", folder.0.path().to_str().unwrap());
        let said = refused(&format!("{setting}\n{url}[security]\n{KEY}"));
        assert!(said.starts_with(&place), "{said}");
    }
    let mail =
        |more: &str| format!("{url}[security]\n{KEY}\n[mail.smtp]\nhost = 'localhost'\nfrom = 'a@b.example'\n{more}\n");
    for (setting, reason) in [
        ("ca_file = 'FOLDER/no-authority.pem'", "`ca_file`"),
        ("ca_file = 'FOLDER/portcullis.toml'", "no PEM certificate"),
        ("helo_name = 'not a name'", "`helo_name` must be a host name"),
        ("per_minute = 0", "nonzero"),
        ("[mail]\nreply_to = 'somebody'", "It must be \"none\", \"inviter\", or an address"),
    ] {
        let said = refused(&mail(setting));
        assert!(said.contains(reason), "{setting}: {said}");
    }
    let config =
        accepted(&mail("helo_name = 'portcullis.example.com'\nper_minute = 30\n[mail]\nreply_to = 'Help@Example.com'"));
    assert_eq!(config.settings.reply_to, mail::ReplyTo::Address("help@example.com".to_owned()));
    assert_eq!(config.smtp.unwrap().per_minute.map(u32::from), Some(30));
    for seconds in ["0", "121", "300"] {
        let smtp = format!("[mail.smtp]\nhost = 'localhost'\nfrom = 'a@b.example'\ntimeout_seconds = {seconds}\n");
        assert!(
            refused(&format!("{url}[security]\n{KEY}\n{smtp}")).starts_with("mail.smtp.timeout_seconds"),
            "{seconds}"
        );
    }
}

#[test]
fn a_secret_is_a_value_or_a_file_and_never_both() {
    let folder = Folder::new();
    folder.write("key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
    let url = "[server]\npublic_url = 'https://a.example'\n";
    let by_file = folder.load(&format!("{DATABASE}{url}[security]\nsecret_key_file = 'FOLDER/key'"), &[]).unwrap();
    let by_value = [("PORTCULLIS__SECURITY__SECRET_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")];
    let by_value = folder.load(&format!("{DATABASE}{url}"), &by_value).unwrap();
    assert_eq!(by_file.key.fingerprint(), by_value.key.fingerprint());
    let both = folder.load(&format!("{DATABASE}{url}[security]\n{KEY}\nsecret_key_file = 'FOLDER/key'"), &[]);
    assert!(both.map(|_| ()).unwrap_err().contains("not both"));
    let missing = folder.load(&format!("{DATABASE}{url}[security]\nsecret_key_file = 'FOLDER/nothing'"), &[]);
    assert!(missing.map(|_| ()).unwrap_err().contains("nothing: No such file"));
}

#[test]
fn d9_a_key_that_others_can_read_is_refused_in_production_and_other_secrets_are_warned_of() {
    let folder = Folder::new();
    folder.write("key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
    folder.write("password", "secret\n");
    let mode = |name: &str, mode| {
        std::fs::set_permissions(folder.0.path().join(name), Permissions::from_mode(mode)).unwrap();
    };
    mode("", 0o700);
    let smtp = "[mail.smtp]\nhost = 'mail'\nfrom = 'a@b.example'\nusername = 'a'\npassword_file = 'FOLDER/password'\n";
    let url = "[server]\npublic_url = 'https://a.example'\n";
    let by_file = format!("{DATABASE}{url}{smtp}[security]\nsecret_key_file = 'FOLDER/key'");
    let warned = |text: &str| folder.load(text, &[]).map(|config| config.warnings);
    for fine in [0o400, 0o600, 0o640] {
        mode("key", fine);
        assert_eq!(warned(&by_file).unwrap(), Vec::<String>::new(), "{fine:o}");
    }
    for open in [0o644, 0o604, 0o660] {
        mode("key", open);
        let refused = warned(&by_file).unwrap_err();
        assert!(refused.contains(&format!("mode {open:o}")) && refused.contains("`chmod "), "{refused}");
    }
    let development = format!("{DATABASE}[security]\nsecret_key_file = 'FOLDER/key'");
    assert!(warned(&development).unwrap()[0].contains("/key: Its group can change it"));

    mode("key", 0o600);
    mode("password", 0o644);
    assert!(
        warned(&by_file).unwrap()[0].starts_with("mail.smtp.password_file: Every user of this machine can read it")
    );
    mode("password", 0o600);
    mode("", 0o755);
    let told = warned(&by_file).unwrap();
    assert!(told.len() == 1 && told[0].contains("mode 755") && told[0].contains("chmod 750"), "{told:?}");
}

#[test]
fn d9_the_file_of_the_configuration_is_as_secret_as_what_stands_in_it() {
    let folder = Folder::new();
    let url = "[server]\npublic_url = 'https://a.example'\n";
    let smtp = "[mail.smtp]\nhost = 'mail'\nfrom = 'a@b.example'\nusername = 'a'\npassword = 'secret'\n";
    let load = |text: &str, mode| {
        let file = folder.write("portcullis.toml", &text.replace("FOLDER", folder.0.path().to_str().unwrap()));
        std::fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let key = [("PORTCULLIS__SECURITY__SECRET_KEY".to_owned(), "ab".repeat(32))];
        let key = if text.contains("secret_key") { &key[..0] } else { &key[..] };
        Config::from(Some(&file), Mode::Production, key)
            .map(|config| config.warnings)
            .map_err(|error| error.to_string())
    };
    let database = "[database]\npath = 'FOLDER/portcullis.db'\n";
    assert!(load(&format!("{database}{url}[security]\n{KEY}"), 0o644).unwrap_err().contains("contains the secret key"));
    assert!(load(&format!("{database}{url}[security]\n{KEY}"), 0o640).is_ok());
    assert!(load(&format!("{database}{url}{smtp}"), 0o644).unwrap()[0].contains("portcullis.toml: Every user"));
    let only_settings = format!("{database}{url}");
    let about_the_file = |mode| load(&only_settings, mode).unwrap().iter().any(|told| told.contains("portcullis.toml"));
    assert!(!about_the_file(0o644) && about_the_file(0o646), "others may read settings and change nothing");
}

#[test]
fn a_broken_catalog_is_refused_with_file_line_and_reason() {
    let folder = Folder::new();
    folder.write("catalog.toml", "\n\n[[permission]]\nkey = 'users'\ncolor = 'blue'\n");
    let error =
        folder.load(&format!("{DATABASE}[catalog]\npath = 'FOLDER/catalog.toml'"), &[]).map(|_| ()).unwrap_err();
    assert!(error.contains("catalog.toml:5: unknown field `color`"), "{error}");
}

#[test]
fn database_url_means_postgresql_and_is_left_alone_where_it_is_somebody_elses() {
    let folder = Folder::new();
    let key = folder.0.path().join("portcullis.db");
    let engine = |url: &str, text: &str| {
        folder
            .load(text, &[("DATABASE_URL", url), ("PORTCULLIS__SECURITY__SECRET_KEY", &"ab".repeat(32))])
            .unwrap()
            .database
            .url
    };
    assert_eq!(engine("postgres://u:p@h/d", "").as_deref(), Some("postgres://u:p@h/d"));
    assert_eq!(engine("mysql://u:p@h/d", ""), None);
    let unreadable = "postgres://u:hidden@h:99999/d";
    for (text, variables, place) in [
        (format!("[database]\nurl = '{unreadable}'"), &[][..], "database.url: "),
        (String::new(), &[("DATABASE_URL", unreadable)], "variable DATABASE_URL: "),
    ] {
        let said = folder.load(&text, variables).map(|_| ()).unwrap_err();
        assert!(said.starts_with(place) && !said.contains("hidden"), "{said}");
    }
    assert_eq!(engine("postgres://u:p@h/d", &format!("[database]\npath = '{}'", key.display())), None);
}

#[test]
fn a_server_that_cannot_be_is_refused_with_its_place() {
    let folder = Folder::new();
    let url = "[server]\npublic_url = 'https://a.example'\n";
    let said = |url: &str, smtp: &str| {
        let smtp = if smtp.is_empty() { String::new() } else { format!("[mail.smtp]\n{smtp}\n") };
        folder.load(&format!("{DATABASE}{url}[security]\n{KEY}\n{smtp}"), &[]).map(|_| ()).unwrap_err()
    };
    let from = "from = 'P <a@b.example>'";
    for host in ["", "mail:587", "smtp://mail:25", "mail example", "mail/x", "-", "a..b"] {
        for encryption in ["none", "starttls", "tls"] {
            let found = said(url, &format!("host = '{host}'\nencryption = '{encryption}'\n{from}"));
            assert!(found.starts_with("mail.smtp.host: "), "{host}: {found}");
        }
    }
    assert!(said(url, &format!("host = 'mail'\nport = 0\n{from}")).starts_with("mail.smtp.port: "));
    for sender in ["P", "m\u{fc}ller@b.example", "a@b.example, c@d.example", "P <a@-.m\u{fc}ller>"] {
        let found = said(url, &format!("host = 'mail'\nfrom = '{sender}'"));
        assert!(found.starts_with("mail.smtp.from: "), "{sender}: {found}");
    }
    for odd in [
        "https://:443",
        "https://a.example:99999",
        "https://a.example:0",
        "https://a.example:",
        "https://a..b",
        "https://[::1",
        "https://a:1:2",
        "https://[x]",
    ] {
        let found = said(&format!("[server]\npublic_url = '{odd}'\n"), "");
        assert!(found.starts_with("server.public_url: "), "{odd}: {found}");
    }
    for right in ["https://a.example:8443", "https://[2001:db8::1]:8443", "https://[::1]", "https://a.example."] {
        folder.load(&format!("{DATABASE}[server]\npublic_url = '{right}'\n[security]\n{KEY}\n"), &[]).unwrap();
    }
    for host in ["mail", "smtp_relay", "192.0.2.1", "2001:db8::1", "mail.example.com."] {
        let smtp = format!("[mail.smtp]\nhost = '{host}'\nfrom = 'P <a@m\u{fc}ller.example>'");
        folder.load(&format!("{DATABASE}{url}[security]\n{KEY}\n{smtp}"), &[]).unwrap();
    }
}

#[test]
fn a_database_url_that_is_misspelled_becomes_no_sqlite_file_in_silence() {
    let folder = Folder::new();
    let key = ("PORTCULLIS__SECURITY__SECRET_KEY", &*"ab".repeat(32));
    for url in ["postgress://u:hidden@h/d", "Postgres://u:hidden@h/d", "postgres:/h/d", "pgsql://h/d"] {
        let said = folder.load("", &[("DATABASE_URL", url), key]).map(|_| ()).unwrap_err();
        assert!(said.starts_with("variable DATABASE_URL: ") && !said.contains("hidden"), "{url}: {said}");
    }
    let config = folder.load("", &[("DATABASE_URL", "mysql://u:hidden@h/d"), key]).unwrap();
    assert!(config.warnings.iter().any(|told| told.contains("DATABASE_URL") && !told.contains("hidden")));
    assert!(config.database.place().starts_with("SQLite in "));
    let config =
        folder.load("", &[("DATABASE_URL", "postgres://u:hidden@db.example:5432/d?sslmode=require"), key]).unwrap();
    assert_eq!(config.database.place(), "PostgreSQL at db.example:5432/d");
}
