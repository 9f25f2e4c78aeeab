//! Which servers outside may be called.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::str::FromStr;

use ipnet::IpNet;

/// What the user lets this call besides servers on the same machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedOutbound {
    who: Who,
    /// Any, if none is named.
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    Network(IpNet),
    /// A name in small letters, whatever address it has.
    Host(String),
    /// All names below a name.
    Below(String),
    /// Nobody, not even on the same machine.
    Nobody,
}

/// A text that names nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no network (10.0.0.0/8), address or host (hooks.example.com, *.example.com), with or \
     without a port, and not 'none'"
)]
pub struct AllowedOutboundError(String);

impl FromStr for AllowedOutbound {
    type Err = AllowedOutboundError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || AllowedOutboundError(text.to_owned());
        if text == "none" {
            return Ok(Self { who: Who::Nobody, port: None });
        }
        if let Some(who) = network(text) {
            return Ok(Self { who, port: None });
        }
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) => (name, Some(port.parse().map_err(|_| error())?)),
            None => (text, None),
        };
        let bare = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let who = network(bare.unwrap_or(name)).or_else(|| host(name)).ok_or_else(error)?;
        Ok(Self { who, port })
    }
}

fn network(text: &str) -> Option<Who> {
    let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse::<IpNet>().ok().or_else(one).map(Who::Network)
}

fn host(text: &str) -> Option<Who> {
    let (name, below) = match text.strip_prefix("*.") {
        Some(name) => (name, true),
        None => (text, false),
    };
    let is_label = |label: &str| {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        !label.is_empty() && label.len() < 64 && label.chars().all(is_allowed)
    };
    // What ends in a number would be an address.
    let ends_in_number = name.rsplit('.').next()?.bytes().all(|byte| byte.is_ascii_digit());
    if ends_in_number || !name.split('.').all(is_label) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    Some(if below { Who::Below(name) } else { Who::Host(name) })
}

impl AllowedOutbound {
    fn lets(&self, name: &str, address: SocketAddr) -> bool {
        let ip = address.ip().to_canonical();
        let is_named = || match &self.who {
            Who::Network(network) => network.contains(&ip),
            Who::Host(host) => host == name && is_ordinary(ip),
            Who::Below(host) => {
                let rest = name.strip_suffix(host.as_str());
                rest.is_some_and(|rest| rest.ends_with('.')) && is_ordinary(ip)
            }
            Who::Nobody => false,
        };
        self.port.is_none_or(|port| port == address.port()) && is_named()
    }
}

/// Whether a name may lead there. Whoever runs a name's DNS could let it lead to the addresses of a
/// machine's own network card: those of a cloud's metadata are among them.
fn is_ordinary(ip: IpAddr) -> bool {
    let is_link_local = match ip {
        IpAddr::V4(ip) => ip.is_link_local() || ip.is_broadcast(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    };
    !is_link_local && !ip.is_multicast() && !ip.is_unspecified()
}

/// Judges addresses.
#[derive(Debug)]
pub(super) struct Judge {
    allowed: Vec<AllowedOutbound>,
    /// Where this emulator listens.
    own: SocketAddr,
}

impl Judge {
    pub(super) fn new(allowed: Vec<AllowedOutbound>, own: SocketAddr) -> Self {
        Self { allowed, own }
    }

    /// Whether `address`, which the lower-case `name` has, may be called.
    ///
    /// # Errors
    /// Why not, and what would let it.
    pub(super) fn judge(&self, name: &str, address: SocketAddr) -> Result<(), String> {
        if self.is_own(address) {
            return Err(format!("{address} is skyrig's own port, which it does not call"));
        }
        let nobody = self.allowed.iter().any(|it| it.who == Who::Nobody);
        let is_here = address.ip().to_canonical().is_loopback() && !nobody;
        if is_here || self.allowed.iter().any(|it| it.lets(name, address)) {
            return Ok(());
        }
        let ip = address.ip();
        Err(format!(
            "skyrig does not call {address}, as it is not on this machine; --allow-outbound {ip} \
             lets it"
        ))
    }

    fn is_own(&self, address: SocketAddr) -> bool {
        let (ip, own) = (address.ip().to_canonical(), self.own.ip().to_canonical());
        let everywhere = own.is_unspecified();
        address.port() == self.own.port()
            && (ip == own
                || ip.is_unspecified()
                || (everywhere && (ip.is_loopback() || is_of_this_machine(ip))))
    }
}

/// Only a machine's own addresses can be bound to.
fn is_of_this_machine(ip: IpAddr) -> bool {
    UdpSocket::bind((ip, 0)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(allowed: &[&str], own: &str, name: &str, address: &str) -> bool {
        let allowed = allowed.iter().map(|text| text.parse().expect("a rule")).collect();
        let judge = Judge::new(allowed, own.parse().expect("an address"));
        judge.judge(name, address.parse().expect("an address")).is_ok()
    }

    #[test]
    fn the_address_is_judged_and_not_the_name() {
        const OWN: &str = "127.0.0.1:4566";
        for (allowed, name, address, is_let) in [
            (&[][..], "localhost", "127.0.0.1:80", true),
            (&[], "evil.example", "127.9.9.9:80", true),
            (&[], "::1", "[::1]:80", true),
            (&[], "x", "[::ffff:127.0.0.1]:80", true),
            (&[], "localhost", "10.0.0.1:80", false),
            (&[], "x", "0.0.0.0:80", false),
            (&[], "x", "[::]:80", false),
            (&[], "metadata", "169.254.169.254:80", false),
            (&["none"], "localhost", "127.0.0.1:80", false),
            (&["none", "127.0.0.1:81"], "localhost", "127.0.0.1:81", true),
            (&["none", "127.0.0.1:81"], "localhost", "127.0.0.1:82", false),
            (&["10.0.0.0/8"], "x", "10.1.2.3:1", true),
            (&["10.0.0.0/8"], "x", "[::ffff:10.1.2.3]:1", true),
            (&["10.0.0.0/8"], "x", "11.1.2.3:1", false),
            (&["10.0.0.0/8:443"], "x", "10.1.2.3:443", true),
            (&["10.0.0.0/8:443"], "x", "10.1.2.3:80", false),
            (&["10.0.0.1"], "x", "10.0.0.2:80", false),
            (&["fd00::/8"], "x", "[fd00::1]:80", true),
            (&["[fd00::1]:80"], "x", "[fd00::1]:81", false),
            (&["hooks.example"], "hooks.example", "192.0.2.1:80", true),
            (&["hooks.example:80"], "hooks.example", "192.0.2.1:81", false),
            (&["hooks.example"], "a.hooks.example", "192.0.2.1:80", false),
            (&["hooks.example"], "hooks.example", "169.254.169.254:80", false),
            (&["hooks.example", "169.254.0.0/16"], "hooks.example", "169.254.169.254:80", true),
            (&["*.example"], "a.b.example", "192.0.2.1:80", true),
            (&["*.example"], "example", "192.0.2.1:80", false),
            (&["*.example"], "anexample", "192.0.2.1:80", false),
            (&["0.0.0.0/0"], "x", "127.0.0.1:4566", false),
            (&["0.0.0.0/0"], "x", "0.0.0.0:4566", false),
            (&["::/0"], "x", "[::ffff:127.0.0.1]:4566", false),
        ] {
            assert_eq!(judge(allowed, OWN, name, address), is_let, "{allowed:?} {name} {address}");
        }
        for address in ["127.0.0.1:1", "127.3.0.1:1", "[::1]:1"] {
            assert!(!judge(&[], "0.0.0.0:1", "x", address), "{address}");
        }
    }

    #[test]
    fn what_names_nobody_is_refused() {
        for text in ["", "http://a", "a:b", "a:70000", "10.0.0.0/33", "1.2.3", "a..b", "a/b", "*"] {
            assert!(text.parse::<AllowedOutbound>().is_err(), "{text}");
        }
    }
}
