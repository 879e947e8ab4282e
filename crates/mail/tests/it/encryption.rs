//! TLS with mail servers, and servers that do not get it right.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mail::sink::{Misbehavior, SmtpSink, TlsAcceptor, rustls};
use mail::{Encryption, MailError, SendError, Smtp, SmtpConfig, Step};

use crate::ID;
use crate::dialog::mail;
use crate::sending::with_login;

async fn send(smtp: &Smtp) -> Result<(), SendError> {
    smtp.send("bo@acme.example", ID, &mail()).await
}

#[tokio::test]
async fn without_tls_nothing_is_sent_when_tls_is_asked_for() {
    let sink = SmtpSink::start().await.unwrap();
    for encryption in [Encryption::Starttls, Encryption::Tls] {
        let config = SmtpConfig { encryption, timeout_seconds: 1, ..with_login(sink.config()) };
        let smtp = Smtp::new(&config).unwrap();
        assert!(!send(&smtp).await.unwrap_err().is_permanent());
    }
    assert!(sink.mails().is_empty());
}

/// A server whose certificate is from an authority of our own, and the file of that authority.
async fn private(encryption: Encryption, folder: &Path) -> (SmtpSink, PathBuf) {
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let key = rcgen::KeyPair::generate().unwrap();
    let pem = authority.self_signed(&key).unwrap().pem();
    let issuer = rcgen::Issuer::new(authority, key);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, &issuer).unwrap();
    let file = folder.join("ca.pem");
    std::fs::write(&file, pem).unwrap();
    (SmtpSink::start_encrypted(encryption, acceptor(&certificate, &key)).await.unwrap(), file)
}

fn acceptor(certificate: &rcgen::Certificate, key: &rcgen::KeyPair) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.serialize_der().try_into().unwrap())
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

#[tokio::test]
async fn a_private_authority_is_believed_where_its_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for encryption in [Encryption::Starttls, Encryption::Tls] {
        let (sink, file) = private(encryption, folder.path()).await;
        let refused = send(&Smtp::new(&with_login(sink.config())).unwrap()).await.unwrap_err();
        assert!(!refused.is_permanent() && refused.to_string().contains("certificate"), "{refused}");
        assert!(sink.mails().is_empty(), "nothing was said to a stranger");

        let config = SmtpConfig { ca_file: Some(file), ..with_login(sink.config()) };
        send(&Smtp::new(&config).unwrap()).await.unwrap();
        assert_eq!(sink.mails().pop().unwrap().login.as_deref(), Some("portcullis:hunter2"));
    }
    let no_certificate = folder.path().join("empty.pem");
    std::fs::write(&no_certificate, "nothing").unwrap();
    let (sink, _) = private(Encryption::Tls, folder.path()).await;
    let config = SmtpConfig { ca_file: Some(no_certificate), ..sink.config() };
    assert!(matches!(Smtp::new(&config), Err(MailError::CaFile { .. })));
}

/// As `openssl req -x509` makes it: a certificate that says of itself that it is an authority.
#[tokio::test]
async fn the_very_certificate_of_a_server_is_believed_where_its_file_is_named_and_only_for_its_name() {
    let folder = tempfile::tempdir().unwrap();
    for (name, is_authority) in [("127.0.0.1", true), ("127.0.0.1", false), ("elsewhere.example", true)] {
        let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        if is_authority {
            params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        }
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let file = folder.path().join("server.pem");
        std::fs::write(&file, certificate.pem()).unwrap();
        let sink = SmtpSink::start_encrypted(Encryption::Tls, acceptor(&certificate, &key)).await.unwrap();
        let stranger = send(&Smtp::new(&with_login(sink.config())).unwrap()).await.unwrap_err();
        assert!(stranger.to_string().contains("certificate"), "{stranger}");
        let config = SmtpConfig { ca_file: Some(file), ..with_login(sink.config()) };
        let sent = send(&Smtp::new(&config).unwrap()).await;
        assert_eq!(sent.is_ok(), name == "127.0.0.1", "{name} {is_authority}: {sent:?}");
    }
}

/// Somebody in between can write what is not encrypted.
#[tokio::test]
async fn what_comes_along_with_the_answer_to_starttls_is_not_taken_for_what_the_server_says_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let (sink, file) = private(Encryption::Starttls, folder.path()).await;
    let more = b"220 go ahead\r\n250-evil\r\n250-SMTPUTF8\r\n250 AUTH LOGIN\r\n535 no\r\n354 go ahead\r\n250 kept";
    sink.misbehave_at(Step::Encrypt, "", Misbehavior::Says(more.to_vec()));
    let smtp = Smtp::new(&SmtpConfig { ca_file: Some(file), ..with_login(sink.config()) }).unwrap();

    send(&smtp).await.unwrap();
    assert_eq!(sink.mails()[0].login.as_deref(), Some("portcullis:hunter2"));
    let refused = smtp.send("b\u{f6}@acme.example", ID, &mail()).await.unwrap_err();
    assert!(refused.to_string().contains("ASCII"), "the server itself never said SMTPUTF8: {refused}");
}

#[tokio::test]
async fn a_server_that_does_not_encrypt_is_told_of_no_mail() {
    let folder = tempfile::tempdir().unwrap();
    let (sink, file) = private(Encryption::Starttls, folder.path()).await;
    let config = SmtpConfig { ca_file: Some(file), timeout_seconds: 1, ..with_login(sink.config()) };
    let says = |words: &[u8]| Misbehavior::Says(words.to_vec());
    for (how, step) in [
        (says(b"454 4.7.0 TLS not available"), Some(Step::Encrypt)),
        (says(b"334 go ahead"), Some(Step::Encrypt)),
        (Misbehavior::HangUp, Some(Step::Encrypt)),
        (Misbehavior::Flood(b"220-go ahead\r\n".to_vec()), Some(Step::Encrypt)),
        (Misbehavior::Silence, None),
    ] {
        sink.misbehave_at(Step::Encrypt, "", how.clone());
        let smtp = Smtp::new(&config).unwrap();
        let failed = smtp.try_out("bo@acme.example", ID, &mail(), &mut |_, _| {}).await.unwrap_err();
        assert_eq!(failed.step, step, "{how:?} {failed:?}");
        assert!(matches!(failed.error, SendError::Unreachable(_)), "{how:?} {failed:?}");
    }
    assert!(sink.mails().is_empty());
}
