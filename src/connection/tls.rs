//! TLS as defined by libpq's `sslmode` and `sslrootcert` (manual section 34.19), with rustls.
//!
//! If root certificates are given, the certificate chain of a server is verified in every mode that
//! encrypts; only `verify-full` also verifies the host name. Without root certificates `require`
//! encrypts without verification, and `verify-*` fail.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{
    CertificateDer, CertificateRevocationListDer, PrivateKeyDer, ServerName, UnixTime,
};
use rustls::server::ParsedCertificate;
use rustls::version::{TLS12, TLS13};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    SupportedProtocolVersion,
};

use super::error::ConnectError;
use super::ssl::{RootCertificates, Ssl, SslMode, TlsVersions};
use super::x509;

/// The TLS client that the settings ask for.
pub(super) fn client(ssl: &Ssl) -> Result<ClientConfig, ConnectError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = verifier(ssl, &provider)?;
    let versions: &[&SupportedProtocolVersion] = match ssl.versions {
        TlsVersions::Both => &[&TLS13, &TLS12],
        TlsVersions::Tls12 => &[&TLS12],
        TlsVersions::Tls13 => &[&TLS13],
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|it| setup("TLS", it))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match &ssl.client {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let chain = certificates(certificate)?;
            let shown = key.display().to_string();
            check_private(key).map_err(|it| setup(&shown, it))?;
            let key = PrivateKeyDer::from_pem_file(key).map_err(|it| setup(&shown, it))?;
            builder.with_client_auth_cert(chain, key).map_err(|it| setup(&shown, it))?
        }
    };
    config.enable_sni = ssl.names_server;
    Ok(config)
}

/// Whether nobody else can read a key: as libpq has it, a key of root may be readable for its group
/// (manual section 34.19.3).
#[cfg(unix)]
fn check_private(key: &Path) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::metadata(key).map_err(|it| it.to_string())?;
    let (forbidden, right) = if found.uid() == 0 { (0o037, "0640") } else { (0o077, "0600") };
    match found.mode() & forbidden {
        _ if !found.is_file() => Err("it is not a regular file".to_owned()),
        0 => Ok(()),
        _ => Err(format!("others have permissions on it (chmod {right})")),
    }
}

#[cfg(not(unix))]
fn check_private(_key: &Path) -> Result<(), String> {
    Ok(())
}

fn verifier(
    ssl: &Ssl,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, ConnectError> {
    let must_verify = matches!(ssl.mode, SslMode::VerifyCa | SslMode::VerifyFull);
    let trusted = match &ssl.root {
        Some(RootCertificates::File(path)) if must_verify || path.exists() => certificates(path)?,
        Some(RootCertificates::System) => rustls_native_certs::load_native_certs().certs,
        Some(RootCertificates::File(_)) | None => Vec::new(),
    };
    if trusted.is_empty() {
        if must_verify {
            return Err(ConnectError::NoRootCertificates);
        }
        return Ok(Arc::new(AcceptAny { provider: Arc::clone(provider) }));
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(trusted.iter().cloned());
    let inner = WebPkiServerVerifier::builder_with_provider(roots.into(), Arc::clone(provider))
        .with_crls(revoked(ssl)?)
        .build()
        .map_err(|it| setup("the root certificates", it))?;
    let check_name = ssl.mode == SslMode::VerifyFull;
    Ok(Arc::new(Chain { inner, trusted, check_name }))
}

/// The lists of certificates that were revoked.
fn revoked(ssl: &Ssl) -> Result<Vec<CertificateRevocationListDer<'static>>, ConnectError> {
    let Some(path) = &ssl.revoked else { return Ok(Vec::new()) };
    let shown = path.display().to_string();
    let lists = CertificateRevocationListDer::pem_file_iter(path);
    let lists = lists.and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let lists = lists.map_err(|it| setup(&shown, it))?;
    match lists.is_empty() {
        false => Ok(lists),
        true => Err(setup(&shown, "it contains no certificate revocation list")),
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, ConnectError> {
    let shown = path.display().to_string();
    let certificates = CertificateDer::pem_file_iter(path).map_err(|it| setup(&shown, it))?;
    let certificates: Result<Vec<_>, _> = certificates.collect();
    let certificates = certificates.map_err(|it| setup(&shown, it))?;
    if certificates.is_empty() {
        return Err(setup(&shown, "it contains no certificate"));
    }
    Ok(certificates)
}

fn setup(what: &str, reason: impl ToString) -> ConnectError {
    ConnectError::TlsSetup { what: what.to_owned(), reason: reason.to_string() }
}

/// Checks the chain, and the name where asked. A certificate that is itself among the trusted ones
/// passes, as with OpenSSL: self-signed servers are set up that way.
#[derive(Debug)]
struct Chain {
    inner: Arc<WebPkiServerVerifier>,
    trusted: Vec<CertificateDer<'static>>,
    check_name: bool,
}

impl ServerCertVerifier for Chain {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.trusted.iter().any(|it| it == end_entity) {
            if self.check_name {
                let parsed = ParsedCertificate::try_from(end_entity)?;
                rustls::client::verify_server_name(&parsed, name)?;
            }
            return Ok(ServerCertVerified::assertion());
        }
        // The name is what it checks last, so a wrong one means that the chain is right.
        match self.inner.verify_server_cert(end_entity, intermediates, name, ocsp_response, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.check_name => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Whether a certificate is not of X.509 version 3, the only one that the library reads. `openssl
/// x509 -req` without extensions, as the manual of PostgreSQL has it (section 18.9.5), makes others.
fn is_of_another_version(error: &Error) -> bool {
    let Error::InvalidCertificate(CertificateError::Other(other)) = error else { return false };
    other.to_string().contains("UnsupportedCertVersion")
}

/// Encrypts without asking who is there, which is what `require` and below promise.
#[derive(Debug)]
struct AcceptAny {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AcceptAny {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        match verify_tls12_signature(message, certificate, signature, algorithms) {
            Err(error) if is_of_another_version(&error) => {
                x509::verify_signature(message, certificate, signature, algorithms)
            }
            verdict => verdict,
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        match verify_tls13_signature(message, certificate, signature, algorithms) {
            Err(error) if is_of_another_version(&error) => {
                x509::verify_signature(message, certificate, signature, algorithms)
            }
            verdict => verdict,
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
