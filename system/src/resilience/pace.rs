//! How much is taken on at once: halved when AWS throttles, one more after each batch that went
//! well.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    now: u32,
    most: u32,
}

impl Pace {
    /// Begins with all of `most`.
    pub fn new(most: u32) -> Self {
        Self { now: most, most }
    }

    pub fn now(self) -> u32 {
        self.now
    }

    pub fn throttled(&mut self) {
        self.now = (self.now / 2).max(1);
    }

    pub fn went_well(&mut self) {
        self.now = (self.now + 1).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn it_slows_down_fast_and_speeds_up_slowly() {
        let mut pace = Pace::new(10);
        let mut seen = Vec::new();
        for _ in 0..5 {
            pace.throttled();
            seen.push(pace.now());
        }
        assert_eq!(seen, [5, 2, 1, 1, 1]);
        (0..20).for_each(|_| pace.went_well());
        assert_eq!(pace.now(), 10);
    }
}
