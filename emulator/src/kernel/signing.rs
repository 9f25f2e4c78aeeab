//! The key with which notifications are signed, and the certificate by which that is verified.
//!
//! A function of the seed, made when it is first needed: so it is no part of the state, and two
//! clouds of one seed sign alike. Whoever knows the seed can make the key: it proves nothing to
//! anybody but a validator under test.

use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs1v15::{self, Pkcs1v15Sign};
use rsa::rand_core::{TryCryptoRng, TryRng};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::asn1::UtcTime;
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{DateTime, EncodePem as _};
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

use super::Ids;
use crate::wire::hex;

/// Bits of the key: the fewest that the cryptography of Go, Java, Node.js and Python takes.
/// AWS's has 2048, which would make a signature cost several times as much.
const BITS: usize = 1024;
/// Characters of a signature in base64.
pub(crate) const SIGNATURE_CHARACTERS: usize = BITS.div_ceil(8).div_ceil(3) * 4;
/// Whose certificate it is: validators look for AWS's name.
const SUBJECT: &str = "CN=sns.amazonaws.com,O=skyrig";

/// Whether notifications are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningMode {
    /// `Signature` is empty.
    #[default]
    Off,
    On,
}

/// `SignatureVersion`: with which digest is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignatureVersion {
    #[default]
    Sha1,
    Sha256,
}

impl SignatureVersion {
    /// As messages and attributes spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "1",
            Self::Sha256 => "2",
        }
    }
}

/// What was made of the seed so far. Clones share it.
#[derive(Clone, Default)]
pub struct SigningKey(Arc<Made>);

#[derive(Default)]
struct Made {
    key: OnceLock<rsa::PrivateKey>,
    path: OnceLock<String>,
}

/// Makes signatures.
#[derive(Clone, Debug)]
pub struct Signer {
    seed: u64,
    mode: SigningMode,
    made: SigningKey,
}

impl Signer {
    /// The key is made when it is first used, and kept in `made`.
    pub fn new(seed: u64, mode: SigningMode, made: SigningKey) -> Self {
        Self { seed, mode, made }
    }

    /// Whether notifications are signed.
    pub fn is_on(&self) -> bool {
        self.mode == SigningMode::On
    }

    fn key(&self) -> &rsa::PrivateKey {
        self.made.0.key.get_or_init(|| {
            // Another stream than that of the ids, which begins with the same seed.
            let mut stream = Stream(Ids::from_seed(self.seed ^ u64::from_be_bytes(*b"sns sign")));
            rsa::PrivateKey::new(&mut stream, BITS).expect("there are primes of this size")
        })
    }

    /// The signature of `text` in base64, by RSASSA-PKCS1-v1_5; `None` where nothing is signed.
    pub fn sign(&self, version: SignatureVersion, text: &str) -> Option<String> {
        self.is_on().then(|| self.signature(version, text))
    }

    fn signature(&self, version: SignatureVersion, text: &str) -> String {
        let signed = match version {
            SignatureVersion::Sha1 => {
                self.key().sign(Pkcs1v15Sign::new::<Sha1>(), &Sha1::digest(text.as_bytes()))
            }
            SignatureVersion::Sha256 => {
                self.key().sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(text.as_bytes()))
            }
        };
        STANDARD.encode(signed.expect("a digest is shorter than the key"))
    }

    /// The path at which the certificate is found. It needs no key.
    pub fn certificate_path(&self) -> &str {
        self.made.0.path.get_or_init(|| {
            let seed = self.seed.to_be_bytes();
            let digest = Sha256::new().chain_update("certificate").chain_update(seed).finalize();
            format!("/SimpleNotificationService-{}.pem", hex(&digest[..16]))
        })
    }

    /// The certificate in PEM: self-signed, valid until 2050.
    pub fn certificate(&self) -> String {
        self.issue().expect("a certificate of fixed parts can be made")
    }

    fn issue(&self) -> Result<String, builder::Error> {
        let signer = pkcs1v15::SigningKey::<Sha256>::new(self.key().clone());
        let public = SubjectPublicKeyInfo::from_key(&self.key().to_public_key())?;
        let day = |year, month, day| -> Result<Time, builder::Error> {
            let date = DateTime::new(year, month, day, 0, 0, 0)?;
            Ok(Time::UtcTime(UtcTime::from_date_time(date)?))
        };
        let validity = Validity::new(day(2020, 1, 1)?, day(2049, 12, 31)?);
        // Positive, as RFC 5280 wants it.
        let serial = SerialNumber::from((self.seed >> 1).max(1));
        let certificate = CertificateBuilder::new(Profile, serial, validity, public)?;
        Ok(certificate.build::<_, pkcs1v15::Signature>(&signer)?.to_pem(LineEnding::LF)?)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

/// A certificate without extensions.
struct Profile;

impl Profile {
    fn name() -> Name {
        SUBJECT.parse().expect("a name of fixed parts")
    }
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _subject: &Name) -> Name {
        Self::name()
    }

    fn get_subject(&self) -> Name {
        Self::name()
    }

    fn build_extensions(
        &self,
        _own: SubjectPublicKeyInfoRef<'_>,
        _issuer: SubjectPublicKeyInfoRef<'_>,
        _certificate: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        Ok(Vec::new())
    }
}

/// What the key is drawn from.
struct Stream(Ids);

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.0.next_u64() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for part in bytes.chunks_mut(8) {
            part.copy_from_slice(&self.0.next_u64().to_le_bytes()[..part.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Stream {}

#[cfg(test)]
mod tests {
    use x509_cert::Certificate;
    use x509_cert::der::DecodePem as _;
    use x509_cert::der::referenced::OwnedToRef as _;

    use super::*;

    #[test]
    fn the_certificate_verifies_what_is_signed() {
        let with_seed = |seed| Signer::new(seed, SigningMode::On, SigningKey::default());
        let signer = with_seed(7);
        let certificate = Certificate::from_pem(signer.certificate()).unwrap();
        let certificate = certificate.tbs_certificate();
        assert_eq!(certificate.subject().to_string(), "CN=sns.amazonaws.com,O=skyrig");
        let public = certificate.subject_public_key_info().owned_to_ref();
        let public = rsa::PublicKey::try_from(public).unwrap();
        let verify = |text: &str, version, signature: &str| {
            let signature = STANDARD.decode(signature).unwrap();
            match version {
                SignatureVersion::Sha1 => public.verify(
                    Pkcs1v15Sign::new::<Sha1>(),
                    &Sha1::digest(text.as_bytes()),
                    &signature,
                ),
                SignatureVersion::Sha256 => public.verify(
                    Pkcs1v15Sign::new::<Sha256>(),
                    &Sha256::digest(text.as_bytes()),
                    &signature,
                ),
            }
        };
        for version in [SignatureVersion::Sha1, SignatureVersion::Sha256] {
            let signature = signer.sign(version, "text").unwrap();
            assert_eq!(signature.len(), SIGNATURE_CHARACTERS);
            verify("text", version, &signature).unwrap();
            verify("another text", version, &signature).unwrap_err();
            assert_eq!(with_seed(7).sign(version, "text"), Some(signature.clone()));
            assert_ne!(with_seed(8).sign(version, "text"), Some(signature));
        }
        let path = signer.certificate_path();
        assert_ne!(path, with_seed(8).certificate_path());
        assert_eq!(path.len(), "/SimpleNotificationService-.pem".len() + 32);
    }
}
