//! The public key of a certificate of any version, and the verification of a signature with it.
//!
//! The TLS library reads only certificates of X.509 version 3. If a certificate proves only the
//! possession of its key, its version does not matter, as for libpq.

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::{CertificateError, DigitallySignedStruct, Error, PeerMisbehaved};

/// Checks the signature of a handshake with the key of a certificate.
pub(super) fn verify_signature(
    message: &[u8],
    certificate: &[u8],
    signature: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let broken = Error::InvalidCertificate(CertificateError::BadEncoding);
    let (algorithm, key) = public_key(certificate).ok_or(broken)?;
    let known = algorithms.mapping.iter().filter(|(scheme, _)| *scheme == signature.scheme);
    let mut known = known.flat_map(|(_, it)| it.iter());
    let right = known.find(|it| it.public_key_alg_id().as_ref() == algorithm);
    let right = right.ok_or(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme)?;
    match right.verify_signature(key, message, signature.signature()) {
        Ok(()) => Ok(HandshakeSignatureValid::assertion()),
        Err(_) => Err(CertificateError::BadSignature.into()),
    }
}

/// The tags of DER that are met here.
const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;
const EXPLICIT_VERSION: u8 = 0xa0;

/// The algorithm of a certificate's public key, without its own tag and length, and the key: the
/// SubjectPublicKeyInfo of RFC 5280, section 4.1.
fn public_key(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    let (certificate, _) = element(certificate, SEQUENCE)?;
    let (mut fields, _) = element(certificate, SEQUENCE)?;
    if let Some((_, rest)) = element(fields, EXPLICIT_VERSION) {
        fields = rest;
    }
    // Serial number, signature, issuer, validity, subject.
    for _ in 0..5 {
        fields = any(fields)?.2;
    }
    let (info, _) = element(fields, SEQUENCE)?;
    let (algorithm, rest) = element(info, SEQUENCE)?;
    let (bits, _) = element(rest, BIT_STRING)?;
    // The first byte says how many bits of the last are unused: none.
    let (0, key) = bits.split_first()? else { return None };
    Some((algorithm, key))
}

/// The content of the first element, which has this tag, and what follows it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = any(bytes)?;
    (found == tag).then_some((content, rest))
}

/// Tag and content of the first element, and what follows it.
fn any(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, bytes) = bytes.split_first()?;
    let (first, bytes) = bytes.split_first()?;
    let (length, bytes) = match first {
        ..=0x7f => (usize::from(*first), bytes),
        0x81..=0x84 => {
            let (length, rest) = bytes.split_at_checked(usize::from(first & 0x7f))?;
            (length.iter().fold(0, |sum, it| sum << 8 | usize::from(*it)), rest)
        }
        _ => return None,
    };
    let (content, rest) = bytes.split_at_checked(length)?;
    Some((*tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_has_no_key() {
        for bytes in [&b""[..], b"0", b"0\x84\xff\xff\xff\xff", b"0\x020\0", b"0\x80\0\0"] {
            assert_eq!(public_key(bytes), None, "{bytes:?}");
        }
    }
}
