//! `skyrig worlds`: which worlds an emulator that runs has; make, fork, give up.

use std::fmt::Write as _;

use clap::Subcommand;
use serde_json::{Value, json};

use crate::asking::encoded;
use crate::client::{ClientError, Endpoint};

const PAGE: &str = "/_skyrig/worlds";

#[derive(Debug, clap::Args)]
pub(crate) struct Worlds {
    #[command(subcommand)]
    deed: Option<Deed>,
    #[command(flatten)]
    endpoint: Endpoint,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Make an empty world, or one that goes on as another one does now.
    Make {
        name: String,
        #[arg(long, value_name = "NAME", conflicts_with = "seed")]
        from: Option<String>,
        /// Seed of its ids; else one that its name decides.
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Give a world up.
    Remove { name: String },
}

impl Worlds {
    /// What is there, or what was done.
    ///
    /// # Errors
    /// [`ClientError`], also when the emulator refuses.
    pub(crate) fn run(&self) -> Result<String, ClientError> {
        let page = |name: &str| format!("{PAGE}/{}", encoded(name));
        match &self.deed {
            None => self.list(),
            Some(Deed::Make { name, from, seed }) => {
                let (query, input) = match (from, seed) {
                    (Some(from), _) => (format!("?from={}", encoded(from)), json!({})),
                    (None, Some(seed)) => (String::new(), json!({ "seed": seed })),
                    (None, None) => (String::new(), json!({})),
                };
                self.endpoint.post(&format!("{}{query}", page(name)), &input)?;
                Ok(format!("{name} is there: {}/w/{name}", self.endpoint.url()))
            }
            Some(Deed::Remove { name }) => {
                self.endpoint.delete(&page(name))?;
                Ok(format!("{name} was given up"))
            }
        }
    }

    fn list(&self) -> Result<String, ClientError> {
        let told: Value = self.endpoint.read(&self.endpoint.page(PAGE)?)?;
        let mut lines = String::new();
        for world in told["worlds"].as_array().into_iter().flatten() {
            let text = |name: &str| world[name].as_str().unwrap_or_default();
            let idle = world["idle_seconds"].as_u64().unwrap_or_default();
            // Writing to a String can't fail.
            let _ = writeln!(
                lines,
                "{:24} {}  clock {}  seed {}  used {idle} s ago",
                text("name"),
                text("now"),
                text("mode"),
                world["seed"]
            );
        }
        Ok(lines)
    }
}
