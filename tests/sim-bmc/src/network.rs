//! What becomes of packets on the way? They are lost, doubled or overtaken, by a seed.

/// How bad the network is, in percent of packets in each direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weather {
    pub seed: u64,
    pub lost: u64,
    pub doubled: u64,
    /// Held back until the next one has gone by.
    pub overtaken: u64,
}

impl Weather {
    pub const FINE: Self = Self { seed: 0, lost: 0, doubled: 0, overtaken: 0 };
}

/// One direction.
pub(crate) struct Direction<T> {
    weather: Weather,
    state: u64,
    held: Option<T>,
}

impl<T: Clone> Direction<T> {
    pub(crate) fn new(weather: Weather, salt: u64) -> Self {
        Self { weather, state: weather.seed.wrapping_mul(2).wrapping_add(salt), held: None }
    }

    /// What arrives when this packet is sent.
    pub(crate) fn pass(&mut self, packet: T) -> Vec<T> {
        let mut arrived = Vec::new();
        if self.happens(self.weather.lost) {
            return self.with_held(arrived);
        }
        if self.held.is_none() && self.happens(self.weather.overtaken) {
            self.held = Some(packet);
            return arrived;
        }
        if self.happens(self.weather.doubled) {
            arrived.push(packet.clone());
        }
        arrived.push(packet);
        self.with_held(arrived)
    }

    fn with_held(&mut self, mut arrived: Vec<T>) -> Vec<T> {
        arrived.extend(self.held.take());
        arrived
    }

    fn happens(&mut self, percent: u64) -> bool {
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % 100 < percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fine_weather_passes_everything_once() {
        let mut direction = Direction::new(Weather::FINE, 0);
        assert_eq!((0..100).flat_map(|packet| direction.pass(packet)).collect::<Vec<_>>(), (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn bad_weather_is_the_same_for_the_same_seed() {
        let weather = Weather { seed: 7, lost: 30, doubled: 10, overtaken: 10 };
        let arrived = |weather: Weather| {
            let mut direction = Direction::new(weather, 1);
            (0..1_000).flat_map(|packet| direction.pass(packet)).collect::<Vec<_>>()
        };
        assert_eq!(arrived(weather), arrived(weather));
        assert_ne!(arrived(weather), arrived(Weather { seed: 8, ..weather }));
        assert!((600..900).contains(&arrived(weather).len()), "{}", arrived(weather).len());
        assert!(!arrived(weather).is_sorted(), "some are overtaken");
    }
}
