//! The code of a function, as a request brings it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::error::LambdaError;
use super::package;
use super::version::Version;
use crate::kernel::{Context, Package};
use crate::wire::Blob;

/// Where code comes from; the members of `Code`, or of `UpdateFunctionCode`.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    pub(super) zip: Option<Blob>,
    pub(super) image_uri: Option<String>,
    pub(super) s3_bucket: Option<String>,
    pub(super) source_kms_key_arn: Option<String>,
}

/// Code that was checked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Code {
    Zip { package: Package, unpacked: u64 },
    Image(String),
}

impl Source {
    /// `key_member` names the member of the archive's key.
    ///
    /// # Errors
    /// `InvalidParameterValueException`, or what strict mode refuses.
    pub(super) fn read(
        self,
        ctx: &mut Context<'_>,
        key_member: &'static str,
    ) -> Result<Code, LambdaError> {
        if self.source_kms_key_arn.is_some() {
            ctx.not_honoured(key_member)?;
        }
        match (self.zip, self.image_uri, self.s3_bucket) {
            (Some(zip), None, None) => {
                let (package, unpacked) = read_zip(zip)?;
                Ok(Code::Zip { package, unpacked })
            }
            (None, Some(uri), None) => Ok(Code::Image(uri)),
            (None, None, Some(_)) => Err(LambdaError::NotImplemented(
                "Code from S3 (S3Bucket, S3Key): send it as ZipFile; it",
            )),
            // Unverified: the texts.
            (None, None, None) => {
                Err(LambdaError::parameter("Please provide a source for function code."))
            }
            _ => Err(LambdaError::parameter(
                "Please do not provide other FunctionCode parameters when providing a ZipFile.",
            )),
        }
    }
}

impl Code {
    /// Checks that it is of the kind that the function has.
    ///
    /// # Errors
    /// `InvalidParameterValueException`.
    // Unverified: the texts.
    pub(super) fn check_kind(&self, is_image: bool) -> Result<(), LambdaError> {
        match (self, is_image) {
            (Self::Zip { .. }, false) | (Self::Image(_), true) => Ok(()),
            (Self::Zip { .. }, true) => Err(LambdaError::parameter(
                "Please provide ImageUri when creating or updating a function with packageType \
                 Image.",
            )),
            (Self::Image(_), false) => Err(LambdaError::parameter(
                "Please don't provide ImageUri when creating or updating a function with \
                 packageType Zip.",
            )),
        }
    }
}

/// A checked archive, and its bytes when it is unpacked.
///
/// # Errors
/// `InvalidParameterValueException`.
pub(super) fn read_zip(zip: Blob) -> Result<(Package, u64), LambdaError> {
    if zip.0.is_empty() {
        return Err(package::PackageError::Empty.into());
    }
    let unpacked = package::check(&zip.0)?.bytes;
    let sha256 = STANDARD.encode(Sha256::digest(&zip.0)).into();
    Ok((Package { sha256, zip: Bytes::from(zip.0) }, unpacked))
}

impl Version {
    /// Checks what its code and its layers take together.
    ///
    /// # Errors
    /// `InvalidParameterValueException`.
    pub(super) fn check_unpacked(&self) -> Result<(), LambdaError> {
        let of_layers = self.settings.layers.iter().map(|layer| layer.unpacked);
        let bytes = of_layers.fold(self.settings.unpacked, u64::saturating_add);
        if bytes < package::UNPACKED_BYTES_MAX {
            return Ok(());
        }
        Err(LambdaError::Parameter(format!(
            "Function code combined with layers exceeds the maximum allowed size of {} bytes. The \
             actual size is {bytes} bytes.",
            package::UNPACKED_BYTES_MAX
        )))
    }

    /// Its code is `code` from now on.
    pub(super) fn set_code(&mut self, code: Code) {
        let run = Arc::make_mut(&mut self.run);
        match code {
            Code::Zip { package, unpacked } => {
                self.code_size = package.zip.len() as u64;
                self.code_sha256 = package.sha256.to_string();
                self.settings.unpacked = unpacked;
                self.image_uri = None;
                run.code = Some(package);
            }
            Code::Image(uri) => {
                self.code_size = 0;
                let digest = Sha256::digest(uri.as_bytes());
                self.code_sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                self.settings.unpacked = 0;
                self.image_uri = Some(uri);
                run.code = None;
            }
        }
    }
}
