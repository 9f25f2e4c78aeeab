//! skyrig in a container, for tests: an image for the crate `testcontainers`.
//!
//! ```no_run
//! # #[cfg(feature = "testcontainers")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use skyrig_testcontainers::{PORT, Skyrig};
//! use testcontainers::runners::AsyncRunner as _;
//!
//! let container = Skyrig::default().with_flags(["--clock", "manual"]).start().await?;
//! let port = container.get_host_port_ipv4(PORT).await?;
//! let endpoint = format!("http://{}:{port}", container.get_host().await?);
//! # Ok(())
//! # }
//! ```
#![cfg(feature = "testcontainers")]

use std::borrow::Cow;

use testcontainers::core::{ContainerPort, WaitFor};
use testcontainers::{Image, ImageExt as _};

pub use testcontainers;

/// The port inside of the container.
pub const PORT: u16 = 4566;
const NAME: &str = "skyrig";
const TAG: &str = env!("CARGO_PKG_VERSION");
const SERVE: [&str; 3] = ["serve", "--listen", "0.0.0.0:4566"];

/// The image. It is ready when it says `Ready.`: then clients are served, and the scripts of
/// `ready.d` have been run.
#[derive(Clone, Debug)]
pub struct Skyrig {
    name: String,
    tag: String,
    flags: Vec<String>,
}

impl Default for Skyrig {
    fn default() -> Self {
        Self::of(NAME, TAG)
    }
}

impl Skyrig {
    /// Another image, by name and tag.
    pub fn of(name: impl Into<String>, tag: impl Into<String>) -> Self {
        Self { name: name.into(), tag: tag.into(), flags: Vec::new() }
    }

    /// More flags of `skyrig serve`.
    #[must_use]
    pub fn with_flags(mut self, flags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.flags.extend(flags.into_iter().map(Into::into));
        self
    }

    /// The same with a variable of its environment, such as `DEBUG`.
    #[must_use]
    pub fn with_variable(
        self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> testcontainers::ContainerRequest<Self> {
        self.with_env_var(name, value)
    }
}

impl Image for Skyrig {
    fn name(&self) -> &str {
        &self.name
    }

    fn tag(&self) -> &str {
        &self.tag
    }

    fn ready_conditions(&self) -> Vec<WaitFor> {
        vec![WaitFor::message_on_stdout("Ready.")]
    }

    fn cmd(&self) -> impl IntoIterator<Item = impl Into<Cow<'_, str>>> {
        SERVE.into_iter().chain(self.flags.iter().map(String::as_str))
    }

    fn expose_ports(&self) -> &[ContainerPort] {
        &[ContainerPort::Tcp(PORT)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(image: &Skyrig) -> Vec<String> {
        image.cmd().into_iter().map(|it| Into::<Cow<'_, str>>::into(it).into_owned()).collect()
    }

    #[test]
    fn flags_follow_those_that_make_it_reachable() {
        let image = Skyrig::default().with_flags(["--clock", "manual"]).with_flags(["--seed=7"]);
        let expected = ["serve", "--listen", "0.0.0.0:4566", "--clock", "manual", "--seed=7"];
        assert_eq!(command(&image), expected);
        assert_eq!((image.name(), image.tag()), ("skyrig", env!("CARGO_PKG_VERSION")));
        assert_eq!(Skyrig::of("a", "b").tag(), "b");
    }
}
