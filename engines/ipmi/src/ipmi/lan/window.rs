//! Was this packet seen before? Packets may be doubled, overtaken or played back; each number is taken once.

/// How far a packet may lag behind the newest one. IPMI 2.0, section 6.12.13, asks for 16 at least.
const WIDTH: u32 = 32;

/// The numbers that were taken, as the newest one and a bit for each of those before it.
#[derive(Default)]
pub(super) struct Window {
    newest: u32,
    /// Bit `n`: the number `newest - n` was taken.
    taken: u32,
}

impl Window {
    /// Takes the number, unless it was taken before or is too old. 0 is the number of packets outside of sessions.
    pub(super) fn take(&mut self, number: u32) -> bool {
        if number == 0 {
            return false;
        }
        if number > self.newest {
            let ahead = number - self.newest;
            self.taken = if ahead < WIDTH { (self.taken << ahead) | 1 } else { 1 };
            self.newest = number;
            return true;
        }
        let behind = self.newest - number;
        let bit = if behind < WIDTH { 1 << behind } else { return false };
        let is_new = self.taken & bit == 0;
        self.taken |= bit;
        is_new
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_taken_once_and_not_when_they_are_old() {
        let mut window = Window::default();
        let taken: Vec<bool> = [0, 1, 1, 5, 3, 3, 4, 100, 68, 69, 100, 69, u32::MAX, 100].map(|number| window.take(number)).to_vec();
        let expected = [false, true, false, true, true, false, true, true, false, true, false, false, true, false];
        assert_eq!(taken, expected);
    }

    proptest! {
        #[test]
        fn no_number_is_ever_taken_twice(numbers in prop::collection::vec(0_u32..200, 0..400)) {
            let (mut window, mut seen) = (Window::default(), BTreeSet::new());
            for number in numbers {
                if window.take(number) {
                    prop_assert!(seen.insert(number));
                }
            }
        }
    }
}
