//! Dead letters on the command line.

use std::io::Read;

use super::args::{DlqAction, DlqArgs};
use super::entry::Session;
use super::print::say;
use crate::dead_letters::{self, DeadLetter, Which};

pub(super) async fn dlq(session: &Session, action: DlqAction) -> Result<(), String> {
    let Session { config, aws } = session;
    let names = &config.names;
    match action {
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
            let repaired = dead_letters::repair(aws, names, role, id, body.trim_end()).await;
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
            say!(
                "failed   {} attempt(s), received {} time(s)",
                note.attempts, note.receive_count
            );
            say!("last     {}", note.failed_at.to_rfc3339());
            say!("code     {}", note.code);
            say!("reason   {}", note.reason);
        }
        None => say!("reason   unknown: no consumer lived to note it"),
    }
    say!("body     {}", letter.body);
}
