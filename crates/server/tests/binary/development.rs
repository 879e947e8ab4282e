//! The development mode is asked for; a server that finds no configuration does not begin one by itself.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::installation::{Server, pause};

/// The binary in a folder of its own, without the variables that this test may have.
fn portcullis(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
    command.current_dir(folder).args(arguments).env_remove("DATABASE_URL").stdin(Stdio::null());
    command.envs(variables.iter().copied());
    command
}

fn run(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = portcullis(folder, variables, arguments).output().unwrap();
    (status.code(), String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr))
}

#[test]
fn without_a_configuration_every_command_says_both_ways_out_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &[][..],
        &["serve"],
        &["migrate"],
        &["demo"],
        &["account", "list"],
        &["events", "verify"],
        &["backup", "copy.db"],
        &["restore", "copy.db"],
        &["after-restore"],
        &["replace-key"],
        &["config", "check"],
        &["account", "create", "Acme", "--admin", "ada@acme.example"],
        &["user", "recover", "ada@acme.example", "--account", "acme"],
    ] {
        let (code, said) = run(folder.path(), &[], arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        assert!(said.contains("--dev") && said.contains("PORTCULLIS__SERVER__PUBLIC_URL"), "{arguments:?}: {said}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "something was made");
    for arguments in [&["config", "example"][..], &["openapi"], &["--help"]] {
        assert_eq!(run(folder.path(), &[], arguments).0, Some(0), "{arguments:?}");
    }
}

#[test]
fn a_setting_without_a_value_is_refused_and_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let production = [("PORTCULLIS__SERVER__PUBLIC_URL", "https://admin.example.com"), ("DATABASE_URL", "")];
    for arguments in [&["serve"][..], &["migrate"], &["config", "check"], &["migrate", "--dev"]] {
        let variables = if arguments.contains(&"--dev") { &production[1..] } else { &production[..] };
        let (code, said) = run(folder.path(), variables, arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        assert!(said.contains("DATABASE_URL: The variable is empty"), "{arguments:?}: {said}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "something was made");
    for name in ["PORTCULLIS__DATABASE__PATH", "PORTCULLIS__LOG__FILTER"] {
        let (code, said) = run(folder.path(), &[(name, "")], &["config", "check", "--dev"]);
        assert_eq!((code, said.contains("The setting is empty")), (Some(2), true), "{name}: {said}");
    }
    let named = [("DATABASE_URL", ""), ("PORTCULLIS__DATABASE__PATH", "here.db")];
    let (code, said) = run(folder.path(), &named, &["migrate", "--dev"]);
    assert_eq!(code, Some(0), "the file is named: {said}");
}

#[test]
fn with_dev_commands_work_on_the_data_of_the_development_mode() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in
        [&["--dev", "migrate"][..], &["demo", "--dev"], &["account", "list", "--dev"], &["--dev", "events", "verify"]]
    {
        let (code, said) = run(folder.path(), &[], arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {said}");
    }
    assert!(folder.path().join("data/secret.key").exists());
    let (code, said) =
        run(folder.path(), &[("PORTCULLIS__SERVER__PUBLIC_URL", "https://a.example")], &["--dev", "migrate"]);
    assert!(code == Some(2) && said.contains("server.public_url"), "{said}");
    let (code, said) = run(folder.path(), &[("PORTCULLIS__SERVER__LISTEN", "0.0.0.0:8080")], &["--dev"]);
    assert!(code == Some(2) && said.contains("only on this machine"), "{said}");
}

#[test]
fn a_variable_with_one_underscore_is_refused_with_the_one_that_was_meant() {
    let folder = tempfile::tempdir().unwrap();
    let (code, said) =
        run(folder.path(), &[("PORTCULLIS_SERVER_PUBLIC_URL", "https://a.example")], &["config", "check"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("Did you mean PORTCULLIS__SERVER__PUBLIC_URL?"), "{said}");
    let tools = [("PORTCULLIS_TEST_DATABASE_URL", "postgres://x"), ("PORTCULLIS_PORT_8080_TCP", "tcp://10.0.0.1:8080")];
    let (code, said) = run(folder.path(), &tools, &["--dev", "config", "check"]);
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test]
async fn the_development_mode_answers_this_machine_only() {
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let variables = [("PORTCULLIS__SERVER__LISTEN", listen.as_str()), ("PORTCULLIS__LOG__FILTER", "off")];
    let child = portcullis(folder.path(), &variables, &["--dev"]).stdout(Stdio::null()).spawn().unwrap();
    let _server = Server::of(child);
    let asked = |headers: &str| {
        let mut answer = String::new();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
        let request = format!("GET /dev/mail HTTP/1.1\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).ok()?;
        stream.read_to_string(&mut answer).ok()?;
        answer.get(9..12).map(str::to_owned)
    };
    let own = format!("Host: localhost:{port}\r\n");
    for _ in 0..3_000 {
        if asked(&own).is_some_and(|status| status == "200") {
            break;
        }
        pause(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(asked(&own).as_deref(), Some("200"));
    assert_eq!(asked("Host: evil.example\r\n").as_deref(), Some("421"));
    assert_eq!(asked(&format!("{own}X-Forwarded-For: 127.0.0.1\r\n")).as_deref(), Some("403"));
}
