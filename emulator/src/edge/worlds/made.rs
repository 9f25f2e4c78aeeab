//! The worlds of a server: how they are made, found, and given up.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::naming::{DEFAULT, NameError, check};
use super::world::World;
use crate::cloud::Cloud;
use crate::edge::clock::{ClockError, Mode, WallClock};
use crate::edge::functions::FunctionRunner;
use crate::edge::outbound::Outbound;
use crate::edge::outside::World as Outside;
use crate::edge::stages::Stages;
use crate::host::{Clock as _, Driving, Host};
use crate::kernel::{Settings, SignatureMode};
use crate::wire::{Rejection, Timestamp};

/// How often worlds are looked at that nobody uses.
const LOOK: Duration = Duration::from_secs(5);

/// Which worlds a server may have besides its own.
#[derive(Clone, Copy, Debug)]
pub struct WorldSettings {
    /// A request that names one makes it. Else only pages do.
    pub on_first_use: bool,
    /// Most at once.
    pub worlds_max: usize,
    /// How long, by the machine's clock, one is kept that no request names; for ever without.
    pub idle_max: Option<Duration>,
}

impl Default for WorldSettings {
    fn default() -> Self {
        let hour = Duration::from_secs(3600);
        Self { on_first_use: false, worlds_max: 1000, idle_max: Some(hour) }
    }
}

/// What worlds are made of.
pub(in crate::edge) struct Maker {
    pub(in crate::edge) settings: Settings,
    pub(in crate::edge) mode: Mode,
    pub(in crate::edge) servers: Outbound,
    pub(in crate::edge) functions: FunctionRunner,
    pub(in crate::edge) worlds: WorldSettings,
    pub(in crate::edge) stages: Stages,
    /// Whether the server's own world outlives it, which the others do not.
    pub(in crate::edge) keeps: bool,
}

/// What a world may be told at its making.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) seed: Option<u64>,
    pub(super) mode: Option<Mode>,
    pub(super) start: Option<Timestamp>,
}

/// Why a world is not made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(super) enum NotMade {
    #[error(transparent)]
    Name(#[from] NameError),
    #[error("the world {0} is there already")]
    There(Arc<str>),
    #[error("there is no world {0}")]
    NoSource(Arc<str>),
    #[error("the world {0} has panicked, so there is nothing to go on with")]
    Broken(Arc<str>),
    #[error(
        "{0} worlds are there, which is the most; DELETE /_skyrig/worlds/NAME gives one up, and \
         `skyrig serve --worlds-max` allows more"
    )]
    Full(usize),
    #[error(transparent)]
    Clock(#[from] ClockError),
}

/// The worlds of a server.
pub(in crate::edge) struct Worlds {
    maker: Maker,
    /// The one that every server has.
    own: Arc<World>,
    others: RwLock<BTreeMap<Arc<str>, Arc<World>>>,
    /// Whether hosts and access keys may name one: not on a server that never had any.
    are_there: AtomicBool,
    since: Instant,
}

impl Worlds {
    pub(in crate::edge) fn new(maker: Maker, (host, clock): (Arc<Host>, Arc<WallClock>)) -> Self {
        let since = Instant::now();
        let own = (maker.functions.clone(), maker.stages.clone());
        let own = Arc::new(World::new(DEFAULT.into(), (host, clock), own, since));
        let are_there = AtomicBool::new(maker.worlds.on_first_use);
        Self { maker, own, others: RwLock::default(), are_there, since }
    }

    pub(in crate::edge) fn own(&self) -> &Arc<World> {
        &self.own
    }

    /// Whether hosts and access keys may name a world.
    pub(in crate::edge) fn are_there(&self) -> bool {
        self.are_there.load(Ordering::Relaxed)
    }

    pub(super) fn limits(&self) -> WorldSettings {
        self.maker.worlds
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<Arc<str>, Arc<World>>> {
        // Every change is one insertion or removal.
        self.others.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, BTreeMap<Arc<str>, Arc<World>>> {
        self.others.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// A world that is there.
    pub(in crate::edge) fn get(&self, name: &str) -> Option<Arc<World>> {
        if name == DEFAULT {
            return Some(Arc::clone(&self.own));
        }
        self.read().get(name).cloned()
    }

    /// All that are there, the server's own first.
    pub(super) fn all(&self) -> Vec<Arc<World>> {
        [&self.own].into_iter().chain(self.read().values()).cloned().collect()
    }

    /// The world that a request names, made if that is allowed.
    ///
    /// # Errors
    /// Why there is none.
    pub(in crate::edge) fn of(&self, name: &str) -> Result<Arc<World>, Rejection> {
        if let Some(world) = self.get(name) {
            world.is_used();
            return Ok(world);
        }
        if !self.maker.worlds.on_first_use {
            return Err(Rejection::World(format!(
                "there is no world {name}; POST /_skyrig/worlds/{name} makes it, and `skyrig serve \
                 --worlds` lets a request make what it names"
            )));
        }
        match self.make(name, &Wanted::default()) {
            Ok(world) => Ok(world),
            Err(NotMade::There(_)) => {
                self.get(name).ok_or_else(|| Rejection::World(format!("{name} has just gone")))
            }
            Err(full @ NotMade::Full(_)) => Err(Rejection::NoRoomForWorld(full.to_string())),
            Err(reason) => Err(Rejection::World(reason.to_string())),
        }
    }

    /// Makes an empty world.
    pub(super) fn make(&self, name: &str, wanted: &Wanted) -> Result<Arc<World>, NotMade> {
        check(name)?;
        let mode = wanted.mode.unwrap_or(self.maker.mode);
        let clock = match wanted.start {
            Some(start) => WallClock::beginning(mode, start)?,
            None => WallClock::new(mode)?,
        };
        let seed = wanted.seed.unwrap_or_else(|| self.seed_of(name));
        let settings =
            Settings { seed, start: clock.now(), resets: 0, ..self.maker.settings.clone() };
        self.add(name, Cloud::new(settings), clock)
    }

    /// Makes a world that goes on as another one does now.
    pub(super) fn fork(&self, name: &str, from: &str) -> Result<Arc<World>, NotMade> {
        check(name)?;
        if self.get(name).is_some() {
            return Err(NotMade::There(name.into()));
        }
        let source = self.get(from).ok_or_else(|| NotMade::NoSource(from.into()))?;
        let cloud = source.host.fork().ok_or_else(|| NotMade::Broken(from.into()))?;
        let clock = WallClock::beginning(source.clock.mode(), source.clock.now())?;
        let settings = cloud.settings().clone();
        let world = self.add(name, cloud, clock)?;
        // Its clients, and what it had asked of the world outside, are the other one's.
        world.host.resume(settings);
        Ok(world)
    }

    fn add(&self, name: &str, cloud: Cloud, clock: WallClock) -> Result<Arc<World>, NotMade> {
        let (name, clock) = (Arc::<str>::from(name), Arc::new(clock));
        let mut others = self.write();
        if name.as_ref() == DEFAULT || others.contains_key(&name) {
            return Err(NotMade::There(name));
        }
        if others.len() >= self.maker.worlds.worlds_max {
            return Err(NotMade::Full(others.len()));
        }
        let functions = self.maker.functions.for_world(&name, cloud.settings().seed);
        let outside = Outside { servers: self.maker.servers.clone(), functions: functions.clone() };
        let verifies = cloud.settings().signatures == SignatureMode::Verify;
        let time = (clock.clone() as _, Driving::Driver);
        let host = Host::around(cloud, time, (Box::new(outside), None), verifies);
        let own = (functions, self.maker.stages.clone());
        let world = World::new(Arc::clone(&name), (host, clock), own, self.since);
        let world = Arc::new(world);
        world.begin();
        others.insert(Arc::clone(&name), Arc::clone(&world));
        drop(others);
        self.are_there.store(true, Ordering::Relaxed);
        tracing::info!(world = %name, "a world begins");
        if self.maker.keeps {
            tracing::warn!(world = %name, "it is in memory only: --data keeps the server's own");
        }
        Ok(world)
    }

    /// Another one for each name, so that ids of one world are unknown in the others.
    fn seed_of(&self, name: &str) -> u64 {
        let drawn = Sha256::digest(format!("{} {name}", self.maker.settings.seed));
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&drawn[..8]);
        u64::from_le_bytes(bytes)
    }

    /// Gives a world up; `false` if it is not there.
    pub(super) fn remove(&self, name: &str) -> bool {
        let removed = self.write().remove(name);
        if let Some(world) = &removed {
            world.end();
            tracing::info!(world = name, "a world was given up");
        }
        removed.is_some()
    }

    /// Gives up those that nobody uses, for ever.
    pub(in crate::edge) async fn expire(self: Arc<Self>) {
        let Some(idle_max) = self.maker.worlds.idle_max else { return };
        loop {
            tokio::time::sleep(LOOK.min(idle_max)).await;
            let mut others = self.write();
            // A request that is under way holds its world.
            let is_over =
                |world: &Arc<World>| Arc::strong_count(world) == 1 && world.idle() >= idle_max;
            let over: Vec<_> = others.extract_if(.., |_, world| is_over(world)).collect();
            drop(others);
            for (name, world) in over {
                world.end();
                tracing::info!(world = %name, "nobody has used it for long: it was given up");
            }
        }
    }

    /// Ends what waits in all of them: the server is about to stop.
    pub(in crate::edge) fn drop_waiting(&self) {
        self.own.host.drop_waiting();
        for world in self.read().values() {
            world.end();
        }
    }
}
