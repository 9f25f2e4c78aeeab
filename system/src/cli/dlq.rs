//! Dead letters on the command line.

use super::args::DlqAction;
use super::entry::Session;
use crate::dead_letters;

pub(super) async fn dlq(session: &Session, action: DlqAction) -> Result<(), String> {
    let Session { config, aws } = session;
    match action {
        DlqAction::List(args) => {
            let role = args.queue()?;
            let letters = dead_letters::list(aws, &config.names, role, args.limit).await;
            let letters = letters.map_err(|failure| failure.to_string())?;
            println!("{} in {}", letters.len(), config.names.dead_letter_queue(role));
            for letter in letters {
                println!("\nmessage  {}", letter.message_id);
                match letter.note {
                    Some(note) => {
                        println!("failed   {} time(s)", note.receive_count);
                        println!("last     {}", note.failed_at.to_rfc3339());
                        println!("reason   {}", note.reason);
                    }
                    None => println!("reason   unknown: no consumer lived to note it"),
                }
                println!("body     {}", letter.body);
            }
        }
        DlqAction::Redrive(args) => {
            let role = args.queue()?;
            let sent = dead_letters::redrive(aws, &config.names, role, args.limit).await;
            let sent = sent.map_err(|failure| failure.to_string())?;
            println!("{sent} sent back to {}", config.names.queue(role));
        }
    }
    Ok(())
}
