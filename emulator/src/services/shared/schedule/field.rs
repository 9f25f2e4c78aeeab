//! One field of a cron expression: numbers, names, ranges, steps and lists of them.

/// What a field may hold.
pub(super) struct Field {
    pub(super) min: u32,
    pub(super) max: u32,
    /// What may be written for numbers, from `min` on.
    pub(super) names: &'static [&'static str],
    /// Whether a range may go over the end: `FRI-MON`.
    pub(super) wraps: bool,
}

/// A set of numbers from 0 to 255.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers([u64; 4]);

impl Numbers {
    pub(super) fn insert(&mut self, number: u32) {
        self.0[number as usize / 64] |= 1 << (number % 64);
    }

    pub(super) fn contains(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|bits| bits >> (number % 64) & 1 == 1)
    }

    /// The least number that is not below `from`.
    pub(super) fn next(&self, from: u32) -> Option<u32> {
        (from..256).find(|number| self.contains(*number))
    }
}

impl Field {
    /// Reads a whole field. The numbers in the set count from the field's least.
    pub(super) fn parse(&self, text: &str) -> Option<Numbers> {
        let mut numbers = Numbers::default();
        for part in text.split(',') {
            self.part(part, &mut numbers)?;
        }
        Some(numbers)
    }

    /// A single number or name.
    pub(super) fn value(&self, text: &str) -> Option<u32> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let number = match named {
            Some(at) => self.min + u32::try_from(at).ok()?,
            None => digits(text)?,
        };
        (self.min..=self.max).contains(&number).then_some(number)
    }

    fn part(&self, text: &str, numbers: &mut Numbers) -> Option<()> {
        let (range, step) = match text.split_once('/') {
            None => (text, None),
            Some((range, step)) => (range, Some(digits(step)?)),
        };
        let span = self.max - self.min + 1;
        if step.is_some_and(|step| step == 0 || step >= span) {
            return None;
        }
        let (first, last) = match range.split_once('-') {
            Some((first, last)) => (self.value(first)?, self.value(last)?),
            None if range == "*" => (self.min, self.max),
            None => {
                let first = self.value(range)?;
                (first, if step.is_some() { self.max } else { first })
            }
        };
        if last < first && !self.wraps {
            return None;
        }
        let (from, length) = (first - self.min, (last + span - first) % span);
        for offset in (0..=length).step_by(step.unwrap_or(1) as usize) {
            numbers.insert((from + offset) % span);
        }
        Some(())
    }
}

/// A number of digits only, of a size that no field is near to.
pub(super) fn digits(text: &str) -> Option<u32> {
    let only_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    only_digits.then(|| text.parse().ok()).flatten()
}
