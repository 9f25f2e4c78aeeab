//! Commands, flags and the environment variables behind them.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use visitors::{AllowedHost, AllowedOrigin};

use super::cost::CostArgs;
use super::detector::DetectorAction;
use super::dlq::DlqAction;
use super::infra::InfraAction;
use super::load::LoadArgs;
use super::mail::MailArgs;
use super::stream;
use crate::app::projections::ReadModel;
use crate::config::TimingProfile;
use crate::domain::Timestamp;
use crate::role::{Role, Saga};

/// An event-driven order system on AWS messaging services.
#[derive(Debug, Parser)]
#[command(name = "orderflow", version)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) settings: Settings,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Args, Debug)]
pub(super) struct Settings {
    /// Where an emulator of AWS listens, for example http://127.0.0.1:4566.
    #[arg(long, global = true, env = "AWS_ENDPOINT_URL", value_name = "URL")]
    pub(super) endpoint: Option<String>,
    /// Use AWS itself, with your credentials and at your cost.
    #[arg(long, global = true)]
    pub(super) aws: bool,
    /// AWS region. With an emulator us-east-1 unless given.
    #[arg(long, global = true, env = "AWS_REGION")]
    pub(super) region: Option<String>,
    /// The beginning of every resource's name; systems with different prefixes share nothing.
    #[arg(long, global = true, env = "ORDERFLOW_PREFIX", default_value = "orderflow")]
    pub(super) prefix: String,
    /// The roles orders and payments have FIFO queues, in which messages about one order keep
    /// their order. Give it to every command of such a system.
    #[arg(long, global = true, env = "ORDERFLOW_FIFO")]
    pub(super) fifo: bool,
    /// How long things take.
    #[arg(long, global = true, env = "ORDERFLOW_TIMING", value_enum, default_value = "standard")]
    pub(super) timing: TimingProfile,
    /// Who leads orders through their saga. Give `infra apply` and `run` the same.
    #[arg(long, global = true, env = "ORDERFLOW_SAGA", value_enum, default_value = "choreography")]
    pub(super) saga: Saga,
    /// What is logged, in the syntax of tracing's filters. `run` tells more than the others.
    #[arg(long, global = true, env = "ORDERFLOW_LOG", value_name = "FILTER")]
    pub(super) log: Option<String>,
    /// How log lines are written: for people, or one JSON object a line.
    #[arg(long, global = true, env = "ORDERFLOW_LOG_FORMAT", value_enum, default_value = "text")]
    pub(super) log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run roles until SIGINT or SIGTERM.
    Run(RunArgs),
    /// Run the role `notifications` as a Lambda function: what an archive's `bootstrap` begins.
    Function,
    /// Run a broker in memory until SIGINT or SIGTERM, for several processes of this machine.
    Kafka,
    /// Create, compare or remove the AWS resources.
    Infra {
        #[command(subcommand)]
        action: InfraAction,
    },
    /// What orders cost at AWS, by calls that were counted. Calls nothing.
    Cost(CostArgs),
    /// Place an order, or do something with it.
    Order {
        #[command(subcommand)]
        action: OrderAction,
    },
    /// Count stock, or look at it.
    Stock {
        #[command(subcommand)]
        action: StockAction,
    },
    /// Add, change or remove queues that get notifications, or list them.
    Subscribers {
        #[command(subcommand)]
        action: SubscribersAction,
    },
    /// Send archived events to the roles again, or list such replays.
    #[command(subcommand_negates_reqs = true)]
    Replay {
        #[command(flatten)]
        args: ReplayArgs,
        #[command(subcommand)]
        action: Option<ReplayAction>,
    },
    /// Read every history and say where the books do not agree.
    Audit {
        #[command(subcommand)]
        action: Option<AuditAction>,
    },
    /// Make the read models anew.
    Projections {
        #[command(subcommand)]
        action: ProjectionsAction,
    },
    /// Tell the detector of unusual minutes what is usual.
    Detector {
        #[command(subcommand)]
        action: DetectorAction,
    },
    /// Offer orders at a steady rate, and tell what has become of each.
    Load(LoadArgs),
    /// Show what customers and staff were sent.
    Mail(MailArgs),
    /// Look into a dead-letter queue; repair its messages, send them back or discard them. Or look
    /// at what of the stream could not be counted.
    Dlq {
        #[command(subcommand)]
        action: DlqAction,
    },
}

#[derive(Args, Debug)]
pub(super) struct RunArgs {
    /// "all", or roles separated by commas.
    #[arg(long, default_value = "all")]
    pub(super) roles: Roles,
    /// Where the API listens, if its role runs.
    #[arg(long, env = "ORDERFLOW_LISTEN", default_value = "127.0.0.1:8080")]
    pub(super) listen: SocketAddr,
    /// Another name by which clients may ask the API, such as shop.example.com or *.example.com.
    /// Addresses, localhost and names without a dot are known.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(super) allow_host: Vec<AllowedHost>,
    /// Web pages that may use the API although they come from elsewhere, such as
    /// http://localhost:3000.
    #[arg(long, value_name = "ORIGIN", value_delimiter = ',')]
    pub(super) allow_origin: Vec<AllowedOrigin>,
    /// The stream's brokers: "embedded" (in this process, in memory), HOST:PORT,…, or with TLS
    /// and AWS credentials iam://HOST:PORT,… (see docs/kafka.md).
    #[arg(long, env = "ORDERFLOW_KAFKA", default_value = "embedded", value_name = "BROKERS",
        value_parser = stream::parse)]
    pub(super) kafka: String,
    /// A file with the token that every request but those for health must bring, in the header
    /// "authorization: Bearer TOKEN". The variable ORDERFLOW_TOKEN may hold the token itself.
    #[arg(long, env = "ORDERFLOW_TOKEN_FILE", value_name = "FILE")]
    pub(super) token_file: Option<PathBuf>,
    /// Requests of one client (an IPv4 address, or an IPv6 network of 64 bits) in a second, twice
    /// as many at once; 0 is any number, for when all come through a proxy.
    #[arg(long, env = "ORDERFLOW_REQUESTS_PER_SECOND", default_value = "500", value_name = "N")]
    pub(super) requests_per_second: PerSecond,
    /// For rehearsals: whoever may use the API may break the simulated payment gateway. Never with
    /// --aws.
    #[arg(long)]
    pub(super) demo: bool,
}

/// Requests in a second, if they are bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PerSecond(pub(super) Option<u32>);

#[derive(Debug, Subcommand)]
pub(super) enum OrderAction {
    Place {
        #[arg(long)]
        customer: String,
        /// PRODUCT:QUANTITY:PRICE, the price of one piece in minor units. Can be repeated.
        #[arg(long = "item", required = true, value_name = "PRODUCT:QUANTITY:PRICE")]
        items: Vec<Item>,
        #[arg(long, default_value = "USD")]
        currency: String,
        /// Made up unless given.
        #[arg(long)]
        order_id: Option<String>,
    },
    Confirm {
        order_id: String,
        #[arg(long, default_value = "card")]
        payment_method: String,
    },
    Cancel {
        order_id: String,
        #[arg(long)]
        reason: Option<String>,
    },
    Get {
        order_id: String,
        /// Read the history instead of the read side.
        #[arg(long)]
        consistent: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum StockAction {
    /// So many pieces are on hand.
    Count {
        product: String,
        on_hand: u64,
    },
    Get {
        product: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum AuditAction {
    /// Show what the bus told of one order, and whether something is missing.
    Trail { order_id: String },
}

#[derive(Debug, Subcommand)]
pub(super) enum ProjectionsAction {
    /// Compare them with the histories and repair what differs. The system may run meanwhile.
    Rebuild {
        /// Both of them by default.
        #[arg(long, value_enum)]
        name: Option<ReadModel>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum SubscribersAction {
    List,
    /// A new queue; its name is the prefix, "-" and NAME.
    Add(SubscriberArgs),
    /// Replaces the filter.
    Change(SubscriberArgs),
    /// Removes the queue too, with all that is in it.
    Remove {
        name: String,
    },
}

/// Each list may be given by commas or by repeating the flag; values of a list are alternatives.
#[derive(Args, Debug)]
pub(super) struct SubscriberArgs {
    pub(super) name: String,
    /// customer, staff or both.
    #[arg(long, required = true, value_delimiter = ',')]
    pub(super) audience: Vec<String>,
    /// normal, high; both unless given.
    #[arg(long, value_delimiter = ',')]
    pub(super) priority: Vec<String>,
    /// Like "Order Shipped"; all unless given.
    #[arg(long, value_delimiter = ',')]
    pub(super) event_type: Vec<String>,
    /// Customer ids; all unless given.
    #[arg(long, value_delimiter = ',')]
    pub(super) customer: Vec<String>,
}

#[derive(Args, Debug)]
pub(super) struct ReplayArgs {
    /// The time of the first event, like 2026-01-31T12:00:00Z.
    #[arg(long, required = true, value_name = "TIME", value_parser = Timestamp::parse)]
    pub(super) from: Option<Timestamp>,
    /// The time up to which events are replayed. AWS archives events within ten minutes or so.
    #[arg(long, required = true, value_name = "TIME", value_parser = Timestamp::parse)]
    pub(super) to: Option<Timestamp>,
    /// Only to this role; can be repeated. All roles unless given.
    #[arg(long, value_enum, value_name = "ROLE", value_delimiter = ',')]
    pub(super) role: Vec<Role>,
    /// Tell how far it is until it is over; succeed only if it completes.
    #[arg(long)]
    pub(super) wait: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum ReplayAction {
    /// All replays that AWS still knows.
    List,
}

/// Roles of one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Roles(pub(super) Vec<Role>);

/// One `--item`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) product: String,
    pub(super) quantity: u64,
    pub(super) price: u64,
}

impl std::str::FromStr for Roles {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self(Role::ALL.to_vec()));
        }
        let role = |name: &str| {
            Role::parse(name.trim()).ok_or_else(|| {
                let known: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
                format!("{name:?} is no role; there are {}", known.join(", "))
            })
        };
        let mut roles = text.split(',').map(role).collect::<Result<Vec<_>, _>>()?;
        roles.sort_unstable();
        roles.dedup();
        Ok(Self(roles))
    }
}

impl std::str::FromStr for PerSecond {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(Some(text.parse()?).filter(|rate| *rate > 0)))
    }
}

impl std::str::FromStr for Item {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = || {
            let mut parts = text.rsplitn(3, ':');
            let price = parts.next()?.parse().ok()?;
            let quantity = parts.next()?.parse().ok()?;
            Some(Self { product: parts.next()?.to_owned(), quantity, price })
        };
        parsed().ok_or_else(|| format!("{text:?} is not PRODUCT:QUANTITY:PRICE"))
    }
}

impl ReplayArgs {
    /// Whether anything was given at all.
    pub(super) fn is_any(&self) -> bool {
        self.from.is_some() || self.to.is_some() || !self.role.is_empty() || self.wait
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn roles_are_a_list_of_names() {
        let all: Roles = "all".parse().expect("all");
        assert_eq!(all.0, Role::ALL);
        let two: Roles = "payments, api,payments".parse().expect("two roles");
        assert_eq!(two.0, [Role::Api, Role::Payments]);
        assert!("api,shipping".parse::<Roles>().is_err());
    }

    #[test]
    fn an_item_is_product_quantity_and_price() {
        let item = Item { product: "p".into(), quantity: 2, price: 999 };
        assert_eq!("p:2:999".parse(), Ok(item));
        for bad in ["p", "p:2", "p:two:9", "p:2:9.99"] {
            assert!(bad.parse::<Item>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_replay_has_two_times_and_a_list_has_none() {
        let line = "orderflow replay --from 2026-01-31T12:00:00Z --to 2026-01-31T13:00:00Z \
                    --role projector --role orders";
        let cli = Cli::try_parse_from(line.split_whitespace()).expect(line);
        let Command::Replay { args, action: None } = cli.command else { panic!("{line}") };
        assert_eq!(args.role, [Role::Projector, Role::Orders]);
        assert!(args.from < args.to && !args.wait);
        for line in ["replay list", "replay --prefix a list", "replay list --prefix a"] {
            let cli = Cli::try_parse_from(["orderflow"].into_iter().chain(line.split(' ')));
            let command = cli.expect(line).command;
            assert!(matches!(command, Command::Replay { action: Some(ReplayAction::List), .. }));
        }
        let check = |arguments: &[&str], complaint: &str| {
            let line = ["orderflow", "replay"].iter().chain(arguments);
            let error = Cli::try_parse_from(line).expect_err("a wrong line").to_string();
            assert!(error.contains(complaint), "{error}");
        };
        check(&["--from", "2026-01-31T12:00:00Z"], "--to <TIME>");
        check(&["--from", "noon", "--to", "2026-01-31T13:00:00Z"], "not a time like");
        check(&["list", "--wait"], "--wait");
    }
}
