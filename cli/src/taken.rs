//! What the environment says in LocalStack's words, so that a set-up which was made for it goes on.
//!
//! Flags win. What has no effect here is said once.
//!
//! Source: docs.localstack.cloud, "Configuration", "Simple Queue Service (SQS)".

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use skyrig::edge::AllowedHost;
use skyrig::kernel::{PublicAddress, QueueUrls};
use skyrig::registry;

/// Where LocalStack's image keeps what is to last.
const VOLUME: &str = "/var/lib/localstack";
const PORT: u16 = 4566;

/// Variables without effect here, and why. What ends with `_` is the beginning of several.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    ("ACTIVATE_PRO", "there is nothing to activate"),
    ("ALLOW_NONSTANDARD_REGIONS", "every region is taken"),
    ("BUCKET_MARKER_LOCAL", "there is no S3"),
    ("CFN_", "there is no CloudFormation"),
    ("DISABLE_CORS_", "see --allow-origin"),
    ("DISABLE_EVENTS", "nobody is told anything"),
    ("DYNAMODB_", "tables are in memory, or where --data says"),
    ("EAGER_SERVICE_LOADING", "every service is there from the start"),
    ("EDGE_BIND_HOST", "see GATEWAY_LISTEN"),
    ("EDGE_PORT", "see GATEWAY_LISTEN"),
    ("ENFORCE_IAM", "policies of identities are not enforced"),
    ("EXTRA_CORS_ALLOWED_", "see --allow-origin"),
    ("FORCE_SHUTDOWN", "SIGTERM ends it"),
    ("HOSTNAME_EXTERNAL", "see LOCALSTACK_HOST"),
    ("KINESIS_", "there is no Kinesis"),
    ("LAMBDA_", "functions run as processes, see --functions"),
    ("LOCALSTACK_API_KEY", "no key is needed"),
    ("LOCALSTACK_AUTH_TOKEN", "no token is needed"),
    ("MAIN_CONTAINER_NAME", "no other containers are begun"),
    ("OPENSEARCH_", "there is no OpenSearch"),
    ("PARITY_AWS_ACCESS_KEY_ID", "keys are as on AWS"),
    ("PERSIST_ALL", "all of it is kept"),
    ("PROVIDER_OVERRIDE_", "there is one of each service"),
    ("SKIP_INFRA_DOWNLOADS", "nothing is fetched"),
    ("SKIP_SSL_CERT_DOWNLOAD", "see --tls"),
    ("SNAPSHOT_", "what happened is on disk before it is answered"),
    ("SQS_CLOUDWATCH_METRICS_REPORT_INTERVAL", "metrics come each minute, as on AWS"),
    ("SQS_DISABLE_CLOUDWATCH_METRICS", "metrics cost next to nothing"),
    ("SQS_ENABLE_MESSAGE_RETENTION_PERIOD", "messages are always forgotten in time"),
    ("STRICT_SERVICE_LOADING", "every service is there from the start"),
];

/// What is taken from the environment.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Taken {
    /// `GATEWAY_LISTEN`.
    pub(crate) listen: Option<SocketAddr>,
    /// `LOCALSTACK_HOST`, and the names below it.
    pub(crate) hosts: Vec<AllowedHost>,
    pub(crate) public: PublicAddress,
    /// `PERSISTENCE`.
    pub(crate) data: Option<PathBuf>,
    /// The rules that only make a client wait are lifted by name.
    pub(crate) relaxed: bool,
    /// `DEBUG` or `LS_LOG`, as a filter of the log.
    pub(crate) log: Option<String>,
    /// What is to be said.
    pub(crate) notes: Vec<String>,
}

/// A variable that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}={value} is not understood: {reason}")]
pub(crate) struct TakenError {
    name: &'static str,
    value: String,
    reason: String,
}

/// The variables of the environment.
type Variables = Vec<(String, String)>;

impl Taken {
    /// Takes what there is; without `PERSISTENCE`, or with `--data`, the disk is not looked at.
    ///
    /// # Errors
    /// [`TakenError`] for a value that means nothing.
    pub(crate) fn of(variables: &Variables, data: Option<&Path>) -> Result<Self, TakenError> {
        let mut taken = Self::default();
        taken.listen(variables)?;
        taken.address(variables)?;
        // Whoever says where needs no volume.
        if data.is_none() {
            taken.persistence(variables)?;
        }
        taken.services(variables);
        taken.waiting(variables);
        taken.log = log(variables);
        taken.note_others(variables);
        Ok(taken)
    }

    fn listen(&mut self, variables: &Variables) -> Result<(), TakenError> {
        let name = "GATEWAY_LISTEN";
        let Some(value) = value(variables, name) else { return Ok(()) };
        let mut all = value.split(',').map(str::trim).filter(|it| !it.is_empty());
        let Some(first) = all.next() else { return Ok(()) };
        let with_port = match first.rsplit_once(':') {
            Some(("", port)) => format!("0.0.0.0:{port}"),
            Some(_) => first.to_owned(),
            None => format!("{first}:{PORT}"),
        };
        let parsed = with_port.parse::<SocketAddr>();
        let refuse = |_| refused(name, value, "ADDRESS:PORT is wanted".to_owned());
        self.listen = Some(parsed.map_err(refuse)?);
        let others: Vec<&str> = all.collect();
        if !others.is_empty() {
            let others = others.join(", ");
            self.notes.push(format!("{name}: only {first} is listened at, not {others}"));
        }
        Ok(())
    }

    /// `LOCALSTACK_HOST` and `SQS_ENDPOINT_STRATEGY`.
    fn address(&mut self, variables: &Variables) -> Result<(), TakenError> {
        let name = "LOCALSTACK_HOST";
        if let Some(value) = value(variables, name) {
            let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
            let parts = value.rsplit_once(':').filter(|(_, port)| is_port(port));
            let host = parts.map_or(value, |(host, _)| host);
            let is_address = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
            if !is_address {
                for host in [host.to_owned(), format!("*.{host}")] {
                    let parsed = host.parse::<AllowedHost>();
                    let parsed = parsed.map_err(|error| refused(name, value, error.to_string()))?;
                    self.hosts.push(parsed);
                }
            }
            self.public.host = Some(value.to_owned());
        }
        let name = "SQS_ENDPOINT_STRATEGY";
        self.public.queue_urls = match value(variables, name) {
            None | Some("dynamic") => QueueUrls::AsAsked,
            Some("standard") => QueueUrls::Standard,
            Some("domain") => QueueUrls::Domain,
            Some("path") => QueueUrls::Path,
            Some("off") => QueueUrls::Plain,
            Some(other) => {
                let reason = "standard, domain, path, dynamic or off is wanted".to_owned();
                return Err(refused(name, other, reason));
            }
        };
        if self.public.host.is_some() && self.public.queue_urls == QueueUrls::AsAsked {
            let note = "LOCALSTACK_HOST: addresses that are handed out have the host by which a \
                        client asks, unless SQS_ENDPOINT_STRATEGY is set";
            self.notes.push(note.to_owned());
        }
        Ok(())
    }

    fn persistence(&mut self, variables: &Variables) -> Result<(), TakenError> {
        let name = "PERSISTENCE";
        let Some(value) = value(variables, name).filter(|value| is_on(value)) else {
            return Ok(());
        };
        let volume = Path::new(VOLUME);
        if !volume.is_dir() {
            let reason = format!("there is no {VOLUME}; say where with --data FOLDER");
            return Err(refused(name, value, reason));
        }
        self.data = Some(volume.join("skyrig"));
        Ok(())
    }

    fn services(&mut self, variables: &Variables) {
        let Some(value) = value(variables, "SERVICES") else { return };
        let here: Vec<&str> = registry().services().iter().map(|it| it.name).collect();
        let known = |name: &str| here.contains(&name) || name == "stepfunctions";
        let names = value.split(',').map(|it| it.split(':').next().unwrap_or_default().trim());
        let missing: Vec<&str> = names.filter(|it| !it.is_empty() && !known(it)).collect();
        let note = match missing.is_empty() {
            true => "SERVICES: every service is there, not only those".to_owned(),
            false => format!("SERVICES: not here are {}", missing.join(", ")),
        };
        self.notes.push(note);
    }

    fn waiting(&mut self, variables: &Variables) {
        let names = ["SQS_DELAY_PURGE_RETRY", "SQS_DELAY_RECENTLY_DELETED"];
        let given: Vec<&str> = names.iter().filter_map(|it| value(variables, it)).collect();
        self.relaxed = !given.is_empty() && !given.iter().any(|value| is_on(value));
    }

    fn note_others(&mut self, variables: &Variables) {
        let row = |name: &str| {
            let is = |known: &str| match known.strip_suffix('_') {
                Some(_) => name.starts_with(known) && name != known,
                None => name == known,
            };
            WITHOUT_EFFECT.iter().find(|(known, _)| is(known))
        };
        for (name, _) in variables {
            // LocalStack takes its variables also with this in front.
            let plain = name.strip_prefix("LOCALSTACK_").unwrap_or(name);
            if let Some((_, why)) = row(name).or_else(|| row(plain)) {
                self.notes.push(format!("{name} has no effect here: {why}"));
            }
        }
    }
}

fn refused(name: &'static str, value: &str, reason: String) -> TakenError {
    TakenError { name, value: value.to_owned(), reason }
}

/// A variable that is set to something.
fn value<'a>(variables: &'a Variables, name: &str) -> Option<&'a str> {
    let found = variables.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

fn is_on(value: &str) -> bool {
    value == "1" || value.eq_ignore_ascii_case("true")
}

fn log(variables: &Variables) -> Option<String> {
    let level = match value(variables, "LS_LOG") {
        Some("warning") => Some("warn"),
        Some("trace-internal") => Some("trace"),
        Some(level @ ("trace" | "debug" | "info" | "warn" | "error")) => Some(level),
        _ => value(variables, "DEBUG").filter(|value| is_on(value)).map(|_| "debug"),
    };
    level.map(|level| format!("skyrig={level},warn"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(variables: &[(&str, &str)]) -> Result<Taken, TakenError> {
        let owned = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Taken::of(&owned.collect(), None)
    }

    fn address(text: &str) -> Option<SocketAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn without_variables_nothing_changes() {
        assert_eq!(taken(&[]), Ok(Taken::default()));
        let others = [("HOME", "/"), ("DEBUG", "app:*"), ("LAMBDA", "1"), ("PERSISTENCE", "0")];
        assert_eq!(taken(&others), Ok(Taken::default()));
    }

    #[test]
    fn who_says_where_the_state_is_kept_needs_no_volume() {
        let variables = vec![("PERSISTENCE".to_owned(), "1".to_owned())];
        assert_eq!(Taken::of(&variables, Some(Path::new("here"))), Ok(Taken::default()));
    }

    #[test]
    fn where_to_listen_is_read_in_every_form() {
        for (value, expected) in [
            ("0.0.0.0:4566", "0.0.0.0:4566"),
            (":4510", "0.0.0.0:4510"),
            ("127.0.0.1", "127.0.0.1:4566"),
            (" 127.0.0.1:1 , 127.0.0.1:443", "127.0.0.1:1"),
            ("[::1]:4566", "[::1]:4566"),
        ] {
            let found = taken(&[("GATEWAY_LISTEN", value)]).unwrap();
            assert_eq!(found.listen, address(expected), "{value}");
            assert_eq!(found.notes.len(), usize::from(value.contains(',')), "{value}");
        }
        let error = taken(&[("GATEWAY_LISTEN", "here")]).unwrap_err().to_string();
        let expected = "GATEWAY_LISTEN=here is not understood: ADDRESS:PORT is wanted";
        assert_eq!(error, expected);
    }

    #[test]
    fn addresses_of_queues_follow_the_strategy() {
        for (value, expected) in [
            ("standard", QueueUrls::Standard),
            ("domain", QueueUrls::Domain),
            ("path", QueueUrls::Path),
            ("off", QueueUrls::Plain),
            ("dynamic", QueueUrls::AsAsked),
            ("", QueueUrls::AsAsked),
        ] {
            let set = [("SQS_ENDPOINT_STRATEGY", value), ("LOCALSTACK_HOST", "stack:4566")];
            let found = taken(&set).unwrap();
            assert_eq!(found.public.queue_urls, expected);
            assert_eq!(found.public.host.as_deref(), Some("stack:4566"));
            let names: Vec<AllowedHost> =
                ["stack", "*.stack"].iter().map(|it| it.parse().unwrap()).collect();
            assert_eq!(found.hosts, names);
            assert_eq!(found.notes.len(), usize::from(expected == QueueUrls::AsAsked));
        }
        assert!(taken(&[("SQS_ENDPOINT_STRATEGY", "port")]).is_err());
        assert!(taken(&[("LOCALSTACK_HOST", "http://a/b")]).is_err());
        assert_eq!(taken(&[("LOCALSTACK_HOST", "10.0.0.1:1")]).unwrap().hosts, []);
    }

    #[test]
    fn what_has_no_effect_is_said() {
        let set = [
            ("SERVICES", "sqs,s3:4572,stepfunctions"),
            ("LAMBDA_KEEPALIVE_MS", "1"),
            ("LOCALSTACK_AUTH_TOKEN", "secret"),
            ("LOCALSTACK_EAGER_SERVICE_LOADING", "1"),
        ];
        let notes = taken(&set).unwrap().notes;
        assert_eq!(notes.len(), 4, "{notes:?}");
        assert_eq!(notes[0], "SERVICES: not here are s3");
        let expected =
            "LAMBDA_KEEPALIVE_MS has no effect here: functions run as processes, see --functions";
        assert_eq!(notes[1], expected);
        assert!(notes.iter().all(|note| !note.contains("secret")), "{notes:?}");
    }

    #[test]
    fn levels_and_waiting_are_taken() {
        let log = |set: &[(&str, &str)]| taken(set).unwrap().log;
        assert_eq!(log(&[("DEBUG", "1")]).as_deref(), Some("skyrig=debug,warn"));
        assert_eq!(log(&[("DEBUG", "1"), ("LS_LOG", "warning")]).unwrap(), "skyrig=warn,warn");
        assert_eq!(log(&[("LS_LOG", "loud")]), None);
        let relaxed = |set: &[(&str, &str)]| taken(set).unwrap().relaxed;
        assert!(relaxed(&[("SQS_DELAY_PURGE_RETRY", "0")]));
        assert!(!relaxed(&[("SQS_DELAY_PURGE_RETRY", "0"), ("SQS_DELAY_RECENTLY_DELETED", "1")]));
    }
}
