//! TLS with a mail server, whose certificate must be for its name.

use std::path::Path;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use crate::certificates::NamedOrVouchedFor;
use crate::trouble::Trouble;
use crate::{MailError, SmtpConfig};

/// How a connection becomes encrypted.
pub(crate) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Tls {
    /// Believes the authorities of the system, or, where it has none (a bare container), those that Mozilla believes; and those of
    /// the `ca_file` in any case, as authorities and as the certificate of the server itself.
    pub(crate) fn new(config: &SmtpConfig) -> Result<Self, MailError> {
        let name = ServerName::try_from(config.host.clone()).map_err(|_| MailError::Host)?;
        let mut roots = RootCertStore::empty();
        let mut named = Vec::new();
        let native = rustls_native_certs::load_native_certs().certs;
        if native.is_empty() {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        } else {
            // Some systems have one that cannot be read; the others are as good as before.
            roots.add_parsable_certificates(native);
        }
        if let Some(path) = &config.ca_file {
            for certificate in authorities(path)? {
                let added = roots.add(certificate.clone());
                added.map_err(|_| unusable(path, "It contains a certificate that can't be read."))?;
                named.push(certificate);
            }
        }
        let provider = Arc::new(crypto::aws_lc_rs::default_provider());
        let verifier = NamedOrVouchedFor::new(roots, named, Arc::clone(&provider))?;
        let client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(MailError::Tls)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Self { connector: TlsConnector::from(Arc::new(client)), name })
    }

    pub(crate) async fn encrypt<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> Result<TlsStream<S>, Trouble> {
        let encrypted = self.connector.connect(self.name.clone(), stream).await;
        encrypted.map_err(|error| Trouble::Broken(format!("no TLS: {error}")))
    }
}

fn authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, MailError> {
    let text = std::fs::read(path).map_err(|error| unusable(path, &error.to_string()))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let found = found.map_err(|_| unusable(path, "Its certificates can't be read."))?;
    if found.is_empty() {
        return Err(unusable(path, "It contains no PEM certificate (-----BEGIN CERTIFICATE-----)."));
    }
    Ok(found)
}

fn unusable(path: &Path, reason: &str) -> MailError {
    MailError::CaFile { path: path.to_owned(), reason: reason.to_owned() }
}
