//! What commands get, and the set-up that is done once before the processes start.

use super::system::{Busy, Command, Named, Setup, System, Text};
use crate::aws::Aws;
use crate::stage::local::{Launch, Process};
use crate::timeline::Timeline;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::net::TcpListener;
use std::path::PathBuf;

/// What every command finds in its environment besides its own.
const SETTINGS: [(&str, &str); 9] = [
    ("AWS_ACCESS_KEY_ID", "test"),
    ("AWS_SECRET_ACCESS_KEY", "test"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_DEFAULT_REGION", "us-east-1"),
    // Nothing of whoever rehearses may lead to the real AWS.
    ("AWS_CONFIG_FILE", "/dev/null"),
    ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
    ("NO_PROXY", "127.0.0.1,localhost"),
    // Its last words are in the log when it dies.
    ("PYTHONUNBUFFERED", "1"),
];
const PROXIES: [&str; 6] =
    ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/// What stands for what in the texts of a system file.
#[derive(Clone, Debug)]
pub(super) struct Places {
    ports: BTreeMap<String, u16>,
    folder: PathBuf,
    /// What commands must not inherit.
    removed: Vec<OsString>,
}

impl Places {
    /// Free ports by the names of the file. They are taken from the system one by one, so nobody
    /// else has them for the moment.
    pub(super) fn find(system: &System) -> Result<Self, String> {
        let mut held = Vec::new();
        let mut ports = BTreeMap::new();
        for name in &system.ports {
            let listener = TcpListener::bind("127.0.0.1:0");
            let listener = listener.map_err(|error| format!("no port is free: {error}"))?;
            let address = listener.local_addr().map_err(|error| error.to_string())?;
            ports.insert(name.clone(), address.port());
            held.push(listener);
        }
        let is_of_aws = |name: &OsStr| name.to_str().is_some_and(|it| it.starts_with("AWS_"));
        let inherited = std::env::vars_os().map(|(name, _)| name).filter(|name| is_of_aws(name));
        let removed = inherited.chain(PROXIES.map(OsString::from)).collect();
        Ok(Self { ports, folder: system.folder.clone(), removed })
    }

    /// A text with the ports filled in.
    pub(super) fn filled(&self, text: &str) -> String {
        let fill = |text: String, (name, port): (&String, &u16)| {
            text.replace(&format!("${{port.{name}}}"), &port.to_string())
        };
        self.ports.iter().fold(text.to_owned(), fill)
    }

    /// The same of the address in `busy`.
    pub(super) fn busy(&self, busy: &Busy) -> Busy {
        match busy {
            Busy::Http(address) => Busy::Http(self.filled(address)),
            other => other.clone(),
        }
    }

    /// How `command` is started by the name of `name`, with the emulator at `endpoint`.
    pub(super) fn launch(
        &self,
        name: &str,
        (command, directory): (&Command, Option<&str>),
        environments: [&Named<Text>; 2],
        endpoint: &str,
    ) -> Launch {
        let words: Vec<String> = match command {
            Command::Program(words) => words.iter().map(|word| self.filled(word)).collect(),
            Command::Line(line) => ["/bin/sh", "-c"]
                .map(str::to_owned)
                .into_iter()
                .chain([self.filled(line)])
                .collect(),
        };
        let (program, arguments) =
            words.split_first().map_or_else(Default::default, |(first, rest)| {
                (PathBuf::from(first), rest.iter().map(OsString::from).collect())
            });
        let own = [
            ("AWS_ENDPOINT_URL".to_owned(), format!("http://{endpoint}")),
            ("SKYRIG_PROCESS".to_owned(), name.to_owned()),
        ];
        let given = environments.into_iter().flat_map(|it| &it.0);
        let given = given.map(|(name, Text(text))| (name.clone(), self.filled(text)));
        let fixed = SETTINGS.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Launch {
            name: name.to_owned(),
            program,
            arguments,
            settings: fixed.into_iter().chain(own).chain(given).collect(),
            removed: self.removed.clone(),
            directory: Some(
                directory.map_or_else(|| self.folder.clone(), |it| self.folder.join(it)),
            ),
            with_descendants: true,
        }
    }
}

/// Does the set-up. Its commands are `setup-1` and so on.
pub(super) async fn set_up(
    system: &System,
    places: &Places,
    aws: &Aws,
    endpoint: &str,
    timeline: &Timeline,
) -> Result<(), String> {
    for (number, step) in (1_u64..).zip(&system.setup) {
        let name = format!("setup-{number}");
        match step {
            Setup::Call { service, operation, with } => {
                let input = serde_json::Value::Object(with.clone());
                let done = aws.ask(service, operation, &input).await;
                done.map_err(|error| format!("{name}: {error}"))?;
                timeline.note(&name, format!("{service} {operation}"));
            }
            Setup::Run { run, env, directory, within } => {
                let environments = [&system.env, env];
                let command = (run, directory.as_deref());
                let launch = places.launch(&name, command, environments, endpoint);
                let mut process = Process::launch(launch)?;
                let log = process.log();
                if let Err(error) = process.success(within.0).await {
                    return Err(format!("{error}\n{}", log.text().trim_end()));
                }
                timeline.note(&name, "is done");
            }
        }
    }
    Ok(())
}
