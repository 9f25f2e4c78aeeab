//! Dead letters on the command line, and what of the stream was put aside.

use std::io::Read;

use clap::{Args, Subcommand};

use super::entry::Session;
use super::print::say;
use super::stream;
use crate::app::refused::{self, RefusedRecord};
use crate::dead_letters::{self, DeadLetter, Which};
use crate::role::{Input, Role};
use crate::roles::readable;

#[derive(Debug, Subcommand)]
pub(super) enum DlqAction {
    /// Show messages with the reason of their failure.
    #[command(alias = "list")]
    Inspect(DlqArgs),
    /// Send messages back to the role's queue.
    Redrive(DlqArgs),
    /// Send one message back with another body.
    Repair {
        #[command(flatten)]
        args: DlqArgs,
        /// A file with the body, or - for the standard input.
        #[arg(long)]
        body: String,
    },
    /// Delete messages for good; they are printed.
    Discard {
        #[command(flatten)]
        args: DlqArgs,
        #[arg(long, conflicts_with = "message")]
        all: bool,
    },
}

#[derive(Args, Debug)]
pub(super) struct DlqArgs {
    /// The role whose dead-letter queue it is. "analytics" has none: `inspect` shows the records of
    /// the stream that it put aside.
    #[arg(value_enum, required_unless_present = "queue")]
    pub(super) role: Option<Role>,
    #[arg(long, value_enum, conflicts_with = "role", value_name = "ROLE")]
    pub(super) queue: Option<Role>,
    /// Only the message with this id.
    #[arg(long, value_name = "ID", conflicts_with = "limit")]
    pub(super) message: Option<String>,
    /// At most so many messages.
    #[arg(long, default_value_t = 1000)]
    pub(super) limit: usize,
    /// For analytics: the stream's brokers, HOST:PORT,… (those that `run --kafka` was given, or
    /// that it says it has).
    #[arg(long, env = "ORDERFLOW_KAFKA", value_name = "BROKERS", value_parser = stream::parse)]
    pub(super) kafka: Option<String>,
}

pub(super) async fn dlq(session: &Session, action: DlqAction) -> Result<(), String> {
    let Session { config, aws } = session;
    let names = &config.names;
    match action {
        DlqAction::Inspect(args) if args.role()?.input() == Input::Stream => {
            inspect_stream(session, &args).await?;
        }
        DlqAction::Inspect(args) => {
            let role = args.queue()?;
            let letters = dead_letters::list(aws, names, role, &which(&args)).await;
            let letters = letters.map_err(|failure| failure.to_string())?;
            say!("{} in {}", letters.len(), names.dead_letter_queue(role));
            letters.iter().for_each(show);
        }
        DlqAction::Redrive(args) => {
            let role = args.queue()?;
            let sent = dead_letters::redrive(aws, names, role, &which(&args)).await;
            let sent = sent.map_err(|failure| failure.to_string())?;
            say!("{sent} sent back to {}", names.queue(role));
            found(&args, sent)?;
        }
        DlqAction::Repair { args, body } => {
            let role = args.queue()?;
            let id = args.message.as_deref().ok_or("which message? Give --message ID")?;
            let body = read(&body)?;
            let repaired =
                dead_letters::repair(aws, names, role, id, body.trim_end(), readable).await;
            let repaired = repaired.map_err(|failure| failure.to_string())?;
            found(&args, usize::from(repaired))?;
            say!("{id} repaired and sent back to {}", names.queue(role));
        }
        DlqAction::Discard { args, all } => {
            let role = args.queue()?;
            if args.message.is_none() && !all {
                return Err("which message? Give --message ID, or --all".into());
            }
            let gone = dead_letters::discard(aws, names, role, &which(&args)).await;
            let gone = gone.map_err(|failure| failure.to_string())?;
            say!("{} discarded from {}", gone.len(), names.dead_letter_queue(role));
            gone.iter().for_each(show);
            found(&args, gone.len())?;
        }
    }
    Ok(())
}

/// Shows records and leaves them where they are.
async fn inspect_stream(session: &Session, args: &DlqArgs) -> Result<(), String> {
    if args.message.is_some() {
        return Err("records of the stream have no message id; leave --message out".into());
    }
    let names = &session.config.names;
    let brokers = args.kafka.as_deref().filter(|it| *it != "embedded").ok_or(
        "which brokers? Give --kafka HOST:PORT,…: a broker that is embedded in `run` is at the \
         address that `run` tells",
    )?;
    let stream = stream::connect(brokers, &[Role::Analytics])?.ok_or("there is no stream")?;
    let reader = Session::deps().ids.next_id();
    let records = refused::list(&*stream, names, &reader, args.limit).await;
    let records = records.map_err(|failure| failure.to_string())?;
    say!("{} in {}", records.len(), refused::topic(names));
    records.iter().for_each(show_record);
    Ok(())
}

fn which(args: &DlqArgs) -> Which {
    match &args.message {
        Some(message_id) => Which::One(message_id.clone()),
        None => Which::Any(args.limit),
    }
}

fn found(args: &DlqArgs, count: usize) -> Result<(), String> {
    match &args.message {
        Some(id) if count == 0 => Err(format!("there is no dead letter {id}")),
        _ => Ok(()),
    }
}

fn read(path: &str) -> Result<String, String> {
    if path == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|error| error.to_string())?;
        return Ok(text);
    }
    std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))
}

fn show(letter: &DeadLetter) {
    say!("\nmessage  {}", letter.message_id);
    match &letter.note {
        Some(note) => {
            say!("was      {}", note.message_id);
            say!("failed   {} attempt(s), received {} time(s)", note.attempts, note.receive_count);
            say!("last     {}", note.failed_at.to_rfc3339());
            say!("code     {}", note.code);
            say!("reason   {}", note.reason);
        }
        None => say!("reason   unknown: no consumer lived to note it"),
    }
    say!("body     {}", letter.body);
}

fn show_record(record: &RefusedRecord) {
    let RefusedRecord { place, came_from, reason, cut_from, key, value, .. } = record;
    say!("\nrecord   {}/{}/{}", place.of.topic, place.of.partition, place.offset);
    say!("was      {}", came_from.as_deref().unwrap_or("unknown"));
    say!("happened {}", record.timestamp.to_rfc3339());
    say!("reason   {}", reason.as_deref().unwrap_or("unknown"));
    say!("key      {key}");
    match cut_from {
        Some(bytes) => say!("body     {value} (cut from {bytes} bytes)"),
        None => say!("body     {value}"),
    }
}

impl DlqArgs {
    fn role(&self) -> Result<Role, String> {
        self.role.or(self.queue).ok_or_else(|| "which role's dead-letter queue?".into())
    }

    /// The role, if it has a queue.
    fn queue(&self) -> Result<Role, String> {
        let role = self.role()?;
        match role.input() {
            Input::Queue(_) => Ok(role),
            Input::Requests => Err(format!(
                "the role {role} has no queue, and so no dead letters: whoever asks it is told \
                 what is wrong"
            )),
            Input::Stream => Err(format!(
                "the role {role} has no queue: it reads the stream, whose records stay where they \
                 are; `dlq inspect {role}` shows those that it put aside"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::args::{Cli, Command};
    use super::*;

    fn args(line: &str) -> DlqArgs {
        let cli = Cli::try_parse_from(line.split(' ')).expect(line);
        let Command::Dlq { action } = cli.command else { panic!("{line}") };
        match action {
            DlqAction::Inspect(args)
            | DlqAction::Redrive(args)
            | DlqAction::Repair { args, .. }
            | DlqAction::Discard { args, .. } => args,
        }
    }

    #[test]
    fn a_dead_letter_queue_is_named_by_flag_or_position() {
        for line in ["orderflow dlq list payments", "orderflow dlq inspect --queue payments"] {
            assert_eq!(args(line).queue(), Ok(Role::Payments), "{line}");
        }
        assert!(Cli::try_parse_from(["orderflow", "dlq", "list"]).is_err());
    }

    #[test]
    fn a_role_without_a_queue_says_so() {
        for role in Role::ALL {
            let has_queue = matches!(role.input(), Input::Queue(_));
            for verb in ["inspect", "redrive", "discard --all", "repair --body x --message m"] {
                let found = args(&format!("orderflow dlq {verb} --queue {role}")).queue();
                let says = format!("the role {role} has no queue");
                match found {
                    Ok(found) => assert!(has_queue && found == role, "{verb} {role}"),
                    Err(why) => assert!(!has_queue && why.starts_with(&says), "{verb}: {why}"),
                }
            }
        }
    }
}
