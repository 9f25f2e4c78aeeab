//! What customers and staff were sent.

use clap::Args;

use super::entry::Session;
use super::print::say;
use crate::app::mailbox::{self, Letter, Reading};

#[derive(Args, Debug)]
pub(super) struct MailArgs {
    /// Delete what was shown.
    #[arg(long)]
    pub(super) take: bool,
    /// At most so many letters of each mailbox.
    #[arg(long, default_value_t = 100)]
    pub(super) limit: usize,
}

pub(super) async fn mail(session: &Session, args: MailArgs) -> Result<(), String> {
    let reading = if args.take { Reading::Take } else { Reading::Look };
    let names = &session.config.names;
    let letters = mailbox::read(&session.aws, names, args.limit, reading).await;
    let letters = letters.map_err(|failure| {
        format!("{failure} (has `orderflow infra apply` been run for this prefix?)")
    })?;
    say!("{} letter(s)", letters.len());
    for Letter { mailbox, sent_at, to, subject, text } in &letters {
        say!("\n{sent_at}  {mailbox}  to {to}: {subject}");
        say!("  {}", text.replace('\n', "\n  "));
    }
    Ok(())
}
