//! Which web pages may use a service that listens on somebody's own machine.
//!
//! A browser lets any page send requests to 127.0.0.1, and says in `Host`, `Origin` and
//! `Sec-Fetch-Site` which page asks; a page can forge none of them. Other programs send neither
//! `Origin` nor `Sec-Fetch-Site`, and nothing here is about them, except that the host must be a
//! known one: a page's own host may have been made to point here (DNS rebinding).
//!
//! Pure: heads of requests in, verdicts and headers out. Both HTTP services of this workspace use
//! it.
//!
//! Source: the Fetch standard ("`Origin` header", "CORS protocol"); W3C, "Fetch Metadata Request
//! Headers", which browsers send to `https:`, `localhost`, `*.localhost` and loopback addresses.

mod answer;
mod host;
mod origin;
mod verdict;

pub use answer::shield;
pub use host::{AllowedHost, InvalidHost};
pub use origin::{AllowedOrigin, InvalidOrigin};
pub use verdict::{Deed, Preflight, Refusal, Verdict, Visitors};
