//! What did a replay find? Told so that it can be shown to anybody.

use std::fmt;

use crate::version::Version;

/// A request that a router answered otherwise than its simulator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub request: String,
    /// What the router said, reply by reply.
    pub router: Vec<String>,
    pub simulator: Vec<String>,
}

/// What a replay found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// As the router itself names its release.
    pub release: String,
    /// The simulated release that it was compared with: the newest that is not newer.
    pub version: Version,
    pub requests: usize,
    pub differences: Vec<Difference>,
    /// Requests that the user may not make, which were not compared.
    pub kept_back: Vec<String>,
    /// Requests, and properties in the answers that the simulator knows nothing of.
    pub besides: Vec<(String, Vec<String>)>,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = |replies: &[String]| replies.join(" / ");
        write!(formatter, "{}\n  router     {}\n  simulator  {}", self.request, answer(&self.router), answer(&self.simulator))
    }
}

impl fmt::Display for Replay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "RouterOS {} beside the simulator of {}, of test-sim-routeros {}",
            self.release,
            self.version,
            env!("CARGO_PKG_VERSION")
        )?;
        writeln!(formatter, "{} of {} requests were answered otherwise", self.differences.len(), self.requests)?;
        writeln!(formatter, "Nothing below is a value that somebody configured: in forms, letters stand as `a` and digits as `9`.")?;
        writeln!(formatter, "Those who wrote this ran it against simulators only, and against no real router: what differs may be its own mistake.")?;
        for difference in &self.differences {
            writeln!(formatter, "\n{difference}")?;
        }
        if !self.kept_back.is_empty() {
            writeln!(formatter, "\nNot compared, as this user may not ask:")?;
        }
        for request in &self.kept_back {
            writeln!(formatter, "  {request}")?;
        }
        if !self.besides.is_empty() {
            writeln!(formatter, "\nTold besides, which the simulator knows nothing of, and the engine does not ask for:")?;
        }
        for (request, names) in &self.besides {
            writeln!(formatter, "  {request}  {}", names.join(" "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replay_is_told_in_one_piece() {
        let words = |text: &str| vec![text.to_owned()];
        let found = Replay {
            release: "7.19.3 (stable)".to_owned(),
            version: Version::V7_18,
            requests: 3,
            differences: vec![Difference {
                request: "/ip/pool/print".to_owned(),
                router: words("no row tells `ranges`"),
                simulator: words("each does"),
            }],
            kept_back: words("/user/print"),
            besides: vec![("/ip/address/print".to_owned(), words("slave"))],
        };
        let told = found.to_string();
        let tail: Vec<&str> = told.lines().skip(4).collect();
        let expected = "\n/ip/pool/print\n  router     no row tells `ranges`\n  simulator  each does\n\nNot compared, as this user may not ask:\n  /user/print\n\nTold besides, which the simulator knows nothing of, and the engine does not ask for:\n  /ip/address/print  slave";
        assert_eq!(tail.join("\n"), expected);
        assert!(told.contains("against simulators only, and against no real router"), "{told}");
    }
}
