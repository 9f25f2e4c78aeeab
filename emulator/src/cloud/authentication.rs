//! Who a request is from: its access key, and where signatures are verified, the proof.
//!
//! A signature is read and compared outside the lock where there is one ([`Call::read_signature`],
//! [`Call::prove`]); only looking the key up needs the state.

use bytes::Bytes;
use http::request::Parts;

use super::call::{Call, Origin};
use super::core::Cloud;
use crate::kernel::{Secret, SignatureMode};
use crate::wire::WireError;
use crate::wire::sigv4::{Signed, Unauthenticated};

/// What is known of a request's signature.
#[derive(Debug)]
pub(super) enum Signature {
    /// Nobody has looked.
    Unread,
    Read {
        signed: Result<Box<Signed>, Unauthenticated>,
        /// A secret, and whether the signature was made with it.
        proof: Option<(Secret, bool)>,
    },
}

impl Call {
    /// Reads the signature of the request that this call was decoded from.
    pub fn read_signature(&mut self, parts: &Parts, body: &Bytes) {
        let signed = Signed::read(parts, body).map(Box::new);
        self.signature = Signature::Read { signed, proof: None };
    }

    /// Compares the signature with what `secret` makes of the request; costs some hashing.
    pub fn prove(&mut self, secret: Secret) {
        if let Signature::Read { signed: Ok(signed), proof } = &mut self.signature {
            let made_with_it = signed.is_made_with(secret.reveal());
            *proof = Some((secret, made_with_it));
        }
    }
}

impl Cloud {
    /// The secret that a call's signature has to be made with, if its access key is known.
    pub fn secret_of(&self, call: &Call) -> Option<Secret> {
        let key = call.caller.access_key_id.as_deref()?;
        self.kernel.secret(key).map(|(secret, _)| secret.clone())
    }

    /// Says who calls, from the access key of the request.
    ///
    /// # Errors
    /// When AWS would not believe it.
    pub(super) fn authenticate(&self, call: &mut Call) -> Result<(), WireError> {
        if !matches!(call.origin, Origin::Client) {
            return Ok(());
        }
        let verify = self.settings().signatures == SignatureMode::Verify;
        let verified = if verify { self.verify(call) } else { Ok(()) };
        let identified = verified.and_then(|()| self.identify(call));
        let (service, protocol) = call.speaks();
        identified.map_err(|reason| reason.in_words_of(service, protocol))
    }

    fn identify(&self, call: &mut Call) -> Result<(), Unauthenticated> {
        let Some(key) = call.caller.access_key_id.as_deref() else {
            return Ok(());
        };
        if let Some(session) = self.kernel.sessions.get(key) {
            if session.is_over(self.now()) && !call.operation.facts.unsigned {
                return Err(Unauthenticated::ExpiredToken);
            }
            call.caller.session = Some(session.clone());
        } else if let Some(known) = self.kernel.identities.key(key) {
            call.caller.user = Some(known.user.clone());
        }
        if let Some(account) = self.kernel.account_of(key) {
            call.caller.scope.account = account.clone();
        }
        Ok(())
    }

    fn verify(&self, call: &Call) -> Result<(), Unauthenticated> {
        // What names no key may still be a header of somebody's own scheme.
        if call.operation.facts.unsigned && call.caller.access_key_id.is_none() {
            return Ok(());
        }
        let (signed, proof) = match &call.signature {
            Signature::Unread => return Err(Unauthenticated::Missing),
            Signature::Read { signed: Err(Unauthenticated::Missing), .. }
                if call.operation.facts.unsigned =>
            {
                return Ok(());
            }
            Signature::Read { signed, proof } => (signed.as_ref().map_err(Clone::clone)?, proof),
        };
        let unknown = || Unauthenticated::UnknownKey { with_token: signed.token.is_some() };
        let key = call.caller.access_key_id.as_deref();
        let (secret, token) = key.and_then(|key| self.kernel.secret(key)).ok_or_else(unknown)?;
        let token_fits = match (token, &signed.token) {
            (Some(wanted), Some(given)) => wanted.is(given),
            (None, None) => true,
            _ => false,
        };
        if !token_fits {
            return Err(unknown());
        }
        signed.check_scope(call.format.service)?;
        signed.check_time(self.now(), call.format.protocol)?;
        let proven = proof.as_ref().filter(|(of, _)| of == secret).map(|(_, proven)| *proven);
        if proven.unwrap_or_else(|| signed.is_made_with(secret.reveal())) {
            Ok(())
        } else {
            Err(Unauthenticated::Mismatch)
        }
    }
}

#[cfg(test)]
mod tests;
