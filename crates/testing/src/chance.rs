//! Chance that repeats: the same in every run, so that a failure does too.

/// A source of choices that depend on its seed only, by SplitMix64.
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// One that begins at this seed.
    pub fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`, which is above 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0) as usize % end
    }

    /// One of these.
    pub fn one<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// None of these, or one, or two that may be the same.
    pub fn some<T: Clone>(&mut self, all: &[T]) -> Vec<T> {
        if self.below(2) == 0 {
            return Vec::new();
        }
        let wanted = 1 + self.below(2);
        (0..wanted).map(|_| self.one(all)).collect()
    }

    /// One to `longest` characters of a text.
    pub fn text(&mut self, of: &str, longest: usize) -> String {
        let characters: Vec<char> = of.chars().collect();
        (0..1 + self.below(longest)).map(|_| characters[self.below(characters.len())]).collect()
    }
}

/// The number at this place of the sequence that begins at 0.
pub(crate) fn at(place: u64) -> u64 {
    mix(place.wrapping_mul(STEP))
}

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(state: u64) -> u64 {
    let mut z = state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
