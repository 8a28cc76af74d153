//! How long may things take on a machine, and how often is looked?

use std::time::Duration;

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// One change, with all its packets and their repetitions.
    pub call: Duration,
    /// Putting an image into a drive, with taking the old one out.
    pub media: Duration,
    /// Until a machine that was switched shows it.
    pub power: Duration,
    /// Until the firmware has taken an override of the boot order. Large servers need minutes to get there.
    pub boot: Duration,
    /// Reading all sensors.
    pub health: Duration,
    /// Between two looks.
    pub look_every: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            call: Duration::from_secs(60),
            media: Duration::from_secs(300),
            power: Duration::from_secs(60),
            boot: Duration::from_secs(600),
            health: Duration::from_secs(20),
            look_every: Duration::from_secs(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timeouts;

    /// A limit below would leave unknown what the driver was about to tell.
    #[test]
    fn an_image_has_the_time_that_each_of_its_requests_may_take() {
        let each = Timeouts::default();
        let (out, in_place) = (each.answer + each.task + each.settle, each.insert + each.task + each.settle);
        assert!(Limits::default().media >= out + in_place);
    }
}
