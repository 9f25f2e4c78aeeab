//! Checks what a system file says as a whole.

use super::file::{Busy, ClockMode, Command, Process, Ready, Setup, System};
use super::parts::{Named, Text};
use crate::script::Way;
use std::collections::BTreeSet;

/// Most processes of a system.
const PROCESSES_MAX: u64 = 50;
/// The emulator's own bounds.
const FACTOR_MIN: f64 = 0.001;
const FACTOR_MAX: f64 = 1e6;
/// What flags would take from the rehearsal.
const OWN_FLAGS: [&str; 4] = ["--listen", "--clock", "--seed", "--data"];

/// All complaints: the way to the place, and the text.
pub(super) fn complaints(system: &System) -> Vec<(Vec<Way>, String)> {
    let mut checker = Checker { ports: &system.ports, found: Vec::new() };
    checker.system(system);
    checker.found
}

struct Checker<'a> {
    ports: &'a [String],
    found: Vec<(Vec<Way>, String)>,
}

impl Checker<'_> {
    fn system(&mut self, system: &System) {
        if let ClockMode::Scaled(factor) = system.clock
            && !(FACTOR_MIN..=FACTOR_MAX).contains(&factor)
        {
            let text = format!("`scaled` is from {FACTOR_MIN} to {FACTOR_MAX}");
            self.complain(&[key("clock"), key("scaled")], text);
        }
        for (at, Text(flag)) in system.emulator.iter().enumerate() {
            if OWN_FLAGS.iter().any(|own| flag.split('=').next() == Some(own)) {
                let text = format!("{flag} is up to the rehearsal");
                self.complain(&[key("emulator"), Way::Index(at)], text);
            }
        }
        for (at, port) in system.ports.iter().enumerate() {
            let is_name = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
            if port.is_empty() || !port.chars().all(is_name) {
                let text = "a port's name has letters, digits, `-` and `_`".to_owned();
                self.complain(&[key("ports"), Way::Index(at)], text);
            }
        }
        self.texts(&[key("env")], &system.env);
        for (at, step) in system.setup.iter().enumerate() {
            let place = [key("setup"), Way::Index(at)];
            if let Setup::Run { run, env, .. } = step {
                self.command(&place, run);
                self.texts(&[&place[..], &[key("env")]].concat(), env);
            }
        }
        self.processes(system);
        if let Some(http) = &system.http {
            self.address(&[key("http")], http);
        }
    }

    fn processes(&mut self, system: &System) {
        if system.processes.0.is_empty() && system.setup.is_empty() {
            let text = "a system has processes, or a set-up that makes its functions".to_owned();
            self.complain(&[key("processes")], text);
        }
        for (name, process) in &system.processes.0 {
            self.process(&[key("processes"), key(name)], process);
        }
        let sum = system.processes.0.iter().map(|(_, process)| process.copies);
        if sum.fold(0, u64::saturating_add) > PROCESSES_MAX {
            let text = format!("no more than {PROCESSES_MAX} processes");
            return self.complain(&[key("processes")], text);
        }
        let mut names = BTreeSet::new();
        for (name, _) in system.members() {
            if !names.insert(name.clone()) {
                self.complain(&[key("processes")], format!("two processes would be called {name}"));
            }
        }
    }

    fn process(&mut self, place: &[Way], process: &Process) {
        let part = |name: &str| [place, &[key(name)]].concat();
        self.command(&part("command"), &process.command);
        self.texts(&part("env"), &process.env);
        if process.copies == 0 {
            self.complain(&part("copies"), "at least one copy".to_owned());
        }
        match &process.ready {
            Ready::Http(address) => {
                self.address(&[&part("ready")[..], &[key("http")]].concat(), address);
            }
            Ready::Port(port) => {
                let place = [&part("ready")[..], &[key("port")]].concat();
                if port.parse::<u16>().is_err() && !port.starts_with("${port.") {
                    self.complain(&place, format!("`{port}` is no port"));
                }
                self.text(&place, port);
            }
            Ready::Log(words) if words.is_empty() => {
                self.complain(&part("ready"), "`log` is the text that it writes".to_owned());
            }
            Ready::Log(_) | Ready::Calls => {}
        }
        if let Busy::Http(address) = &process.busy {
            self.address(&[&part("busy")[..], &[key("http")]].concat(), address);
        }
    }

    fn command(&mut self, place: &[Way], command: &Command) {
        match command {
            Command::Line(line) if line.trim().is_empty() => {
                self.complain(place, "a command has at least one word".to_owned());
            }
            Command::Program(words) if words.first().is_none_or(String::is_empty) => {
                self.complain(place, "a command begins with its program".to_owned());
            }
            Command::Line(line) => self.text(place, line),
            Command::Program(words) => words.iter().for_each(|word| self.text(place, word)),
        }
    }

    fn address(&mut self, place: &[Way], address: &str) {
        if !address.starts_with("http://") {
            let text = format!("`{address}` is no address: http://HOST:PORT/… is wanted");
            self.complain(place, text);
        }
        self.text(place, address);
    }

    fn texts(&mut self, place: &[Way], texts: &Named<Text>) {
        for (name, Text(text)) in &texts.0 {
            self.text(&[place, &[key(name)]].concat(), text);
        }
    }

    /// Ports that are named must be there.
    fn text(&mut self, place: &[Way], text: &str) {
        for rest in text.split("${port.").skip(1) {
            let name = rest.split('}').next().unwrap_or(rest);
            if !self.ports.iter().any(|port| port == name) {
                let text = format!("`{name}` is not among `ports`");
                self.complain(place, text);
            }
        }
    }

    fn complain(&mut self, place: &[Way], text: String) {
        self.found.push((place.to_vec(), text));
    }
}

fn key(name: &str) -> Way {
    Way::Key(name.to_owned())
}
