//! Access keys from files in AWS's format, and from the environment.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use skyrig::kernel::{AccessKey, AccessKeys, Account, Secret};

/// Far more than any such file has.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Why a file of credentials cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CredentialsError {
    #[error("cannot read {path}: {reason}")]
    Unreadable { path: PathBuf, reason: io::Error },
    #[error("{path}, line {line}: {reason}")]
    Malformed { path: PathBuf, line: usize, reason: String },
    #[error("{path} is longer than {FILE_BYTES_MAX} bytes")]
    TooLong { path: PathBuf },
}

/// What is known of one profile so far.
#[derive(Default)]
struct Profile {
    line: usize,
    id: Option<String>,
    secret: Option<String>,
    token: Option<String>,
    account: Option<String>,
}

/// Adds the keys of every profile of a file.
///
/// Source: AWS SDKs and tools reference guide, "Format of the shared config and credentials files".
///
/// # Errors
/// [`CredentialsError`] when the file cannot be read or understood.
pub(crate) fn read(path: &Path, keys: &mut AccessKeys) -> Result<(), CredentialsError> {
    let unreadable = |reason| CredentialsError::Unreadable { path: path.to_owned(), reason };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut text = String::new();
    file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(CredentialsError::TooLong { path: path.to_owned() });
    }
    parse(&text, keys).map_err(|(line, reason)| CredentialsError::Malformed {
        path: path.to_owned(),
        line,
        reason,
    })
}

/// The number of the line that is wrong, from 1, and why.
fn parse(text: &str, keys: &mut AccessKeys) -> Result<(), (usize, String)> {
    let mut profile: Option<Profile> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with('[') {
            if !line.ends_with(']') {
                return Err((number, format!("'{line}' is not a profile")));
            }
            add(profile.take(), keys)?;
            profile = Some(Profile { line: number, ..Profile::default() });
            continue;
        }
        let Some((name, value)) = line.split_once('=') else {
            return Err((number, "expected NAME = VALUE".to_owned()));
        };
        let Some(profile) = &mut profile else {
            return Err((number, "expected a profile first, such as [default]".to_owned()));
        };
        let value = Some(value.trim().to_owned());
        match name.trim().to_ascii_lowercase().as_str() {
            "aws_access_key_id" => profile.id = value,
            "aws_secret_access_key" => profile.secret = value,
            "aws_session_token" => profile.token = value,
            "aws_account_id" => profile.account = value,
            // Regions, roles and the rest say nothing about keys.
            _ => {}
        }
    }
    add(profile, keys)
}

fn add(profile: Option<Profile>, keys: &mut AccessKeys) -> Result<(), (usize, String)> {
    let Some(Profile { line, id, secret, token, account }) = profile else { return Ok(()) };
    let (id, secret) = match (id, secret) {
        (Some(id), Some(secret)) => (id, secret),
        (None, None) => return Ok(()),
        _ => {
            let text = "a key needs aws_access_key_id and aws_secret_access_key";
            return Err((line, text.to_owned()));
        }
    };
    if let Some(other) = account.as_ref().filter(|account| !Account::is_number(account)) {
        return Err((line, format!("aws_account_id must have 12 digits, not be '{other}'")));
    }
    let account = account.map(|account| Account(account.into()));
    let key = AccessKey { secret: Secret::from(secret), token: token.map(Secret::from), account };
    keys.by_id.insert(id, key);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<AccessKeys, (usize, String)> {
        let mut keys = AccessKeys::default();
        parse(text, &mut keys).map(|()| keys)
    }

    #[test]
    fn every_profile_is_read() {
        let text = "# mine\n[default]\naws_access_key_id = A\naws_secret_access_key=s=1\n\n\
                    [other]\nregion = eu-west-1\n[third]\n AWS_ACCESS_KEY_ID=B\n\
                    aws_secret_access_key = t\naws_session_token = u\n\
                    aws_account_id = 123456789012\n";
        let keys = parsed(text).unwrap();
        let found = keys.by_id.iter().map(|(id, key)| {
            let token = key.token.as_ref().map(Secret::reveal);
            let account = key.account.as_ref().map(|account| &*account.0);
            (id.as_str(), key.secret.reveal(), token, account)
        });
        let found: Vec<_> = found.collect();
        let second = ("B", "t", Some("u"), Some("123456789012"));
        assert_eq!(found, [("A", "s=1", None, None), second]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, line) in [
            ("[default]\naws_access_key_id = A\n", 1),
            ("aws_access_key_id = A", 1),
            ("[a]\n\nnonsense\n", 3),
            ("[a\n", 1),
            ("[a]\naws_access_key_id=A\naws_secret_access_key=s\naws_account_id=1\n[b]\n", 1),
        ] {
            assert_eq!(parsed(text).map_err(|(line, _)| line), Err(line), "{text}");
        }
    }
}
