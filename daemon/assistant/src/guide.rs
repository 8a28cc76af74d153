//! Which questions does `ipr new` ask? Guided questions on a terminal, each with its limits; the answers become a request.
//!
//! The terminal is the command line's: this part knows the questions, their defaults and what is wrong with an answer. What comes out is
//! a sentence that the same reader reads, so that the wizard can do nothing that a request could not.

use core_model::Name;
use core_model::units::Size;

/// What a new thing is for. A profile fills in what its kind usually needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    pub name: &'static str,
    pub meaning: &'static str,
    pub cores: &'static str,
    pub memory: &'static str,
    pub disk: &'static str,
    pub os: &'static str,
}

/// The profiles that are offered, the commonest first.
pub const PROFILES: &[Profile] = &[
    Profile { name: "web-server", meaning: "Serves pages; more memory than disk.", cores: "2", memory: "4GB", disk: "40GB", os: "debian-12" },
    Profile {
        name: "database-server",
        meaning: "Holds data; memory for its cache, and a large disk.",
        cores: "4",
        memory: "16GB",
        disk: "200GB",
        os: "debian-12",
    },
    Profile { name: "development-machine", meaning: "Somebody works on it.", cores: "4", memory: "8GB", disk: "80GB", os: "debian-12" },
    Profile { name: "container-host", meaning: "Runs containers.", cores: "8", memory: "16GB", disk: "200GB", os: "debian-12" },
    Profile { name: "cache-node", meaning: "Keeps copies in memory.", cores: "2", memory: "8GB", disk: "20GB", os: "debian-12" },
    Profile { name: "branch-router", meaning: "Routes for a small site.", cores: "1", memory: "1GB", disk: "10GB", os: "debian-12" },
];

/// One question of the guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub key: &'static str,
    pub text: &'static str,
    /// Said behind the question: what is taken, and the limits.
    pub hint: &'static str,
    /// An empty answer leaves it out.
    pub is_optional: bool,
}

/// The questions in their order.
pub const STEPS: &[Step] = &[
    Step { key: "count", text: "How many machines?", hint: "1 to 50", is_optional: false },
    Step { key: "name", text: "What are they called?", hint: "a DNS label; several are numbered", is_optional: false },
    Step { key: "environment", text: "In which environment?", hint: "one of ipr.yaml", is_optional: false },
    Step { key: "cores", text: "How many processors?", hint: "1 to 64", is_optional: false },
    Step { key: "memory", text: "How much memory?", hint: "512MB to 1TB", is_optional: false },
    Step { key: "disk", text: "How large a disk?", hint: "10GB to 10TB", is_optional: false },
    Step { key: "os", text: "Which operating system?", hint: "for example debian-12", is_optional: false },
    Step { key: "network", text: "On which network?", hint: "the name of a network resource, or nothing", is_optional: true },
    Step { key: "ip", text: "Which static address?", hint: "for example 10.0.20.15/24; nothing for DHCP", is_optional: true },
    Step { key: "vlan", text: "Which VLAN?", hint: "1 to 4094, or nothing", is_optional: true },
    Step { key: "tags", text: "Which tags?", hint: "words with commas, or nothing", is_optional: true },
];

/// The answers so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guide {
    answers: Vec<(&'static str, String)>,
}

impl Guide {
    /// Starts with what a profile says; those questions offer it as their default.
    pub fn default_for(profile: Option<&Profile>, step: &Step) -> Option<&'static str> {
        let profile = profile?;
        match step.key {
            "cores" => Some(profile.cores),
            "memory" => Some(profile.memory),
            "disk" => Some(profile.disk),
            "os" => Some(profile.os),
            _ => None,
        }
    }

    /// The question that comes next; `None` when all are answered.
    pub fn next(&self) -> Option<&'static Step> {
        STEPS.get(self.answers.len())
    }

    /// Takes an answer, or says what is wrong with it: a sentence to show before asking again.
    pub fn answer(&mut self, text: &str) -> Result<(), String> {
        let Some(step) = self.next() else { return Ok(()) };
        let text = text.trim();
        if text.is_empty() && !step.is_optional {
            return Err(format!("An answer is needed: {}.", step.hint));
        }
        if !text.is_empty() {
            check(step.key, text).map_err(|problem| format!("`{text}` {problem}; {}.", step.hint))?;
        }
        self.answers.push((step.key, text.to_owned()));
        Ok(())
    }

    /// The request that the answers stand for.
    pub fn request(&self) -> String {
        let get = |key: &str| self.answers.iter().find(|(own, _)| *own == key).map(|(_, text)| text.as_str()).filter(|text| !text.is_empty());
        let mut sentence = match get("count") {
            None | Some("1") => "create a VM".to_owned(),
            Some(count) => format!("create {count} VMs"),
        };
        let parts = [
            ("name", " named ", ""),
            ("environment", " in ", ""),
            ("cores", " with ", " cores"),
            ("memory", ", ", " of memory"),
            ("disk", ", ", " of disk"),
            ("os", ", ", ""),
            ("network", ", on the network ", ""),
            ("ip", ", with the IP address ", ""),
            ("vlan", ", in VLAN ", ""),
            ("tags", ", with the tags ", ""),
        ];
        for (key, before, after) in parts {
            if let Some(text) = get(key) {
                sentence.push_str(before);
                sentence.push_str(text);
                sentence.push_str(after);
            }
        }
        sentence
    }
}

fn check(key: &str, text: &str) -> Result<(), String> {
    let number = |min: u64, max: u64| {
        let in_range = text.parse::<u64>().is_ok_and(|number| (min..=max).contains(&number));
        if in_range { Ok(()) } else { Err(format!("is not a number from {min} to {max}")) }
    };
    let size = |min: &str, max: &str| {
        let bounds = min.parse::<Size>().ok().zip(max.parse::<Size>().ok());
        let given = text.parse::<Size>().map_err(|error| error.to_string())?;
        if bounds.is_some_and(|(min, max)| (min..=max).contains(&given)) { Ok(()) } else { Err("is outside the limits".to_owned()) }
    };
    match key {
        "count" => number(1, 50),
        "name" | "environment" | "network" => text.parse::<Name>().map(|_| ()).map_err(|error| error.to_string()),
        "cores" => number(1, 64),
        "memory" => size("512MB", "1TB"),
        "disk" => size("10GB", "10TB"),
        "ip" => text.parse::<ipnet::IpNet>().map(|_| ()).map_err(|_| "is not an address with a prefix length".to_owned()),
        "vlan" => number(1, 4094),
        "os" => word(text),
        "tags" => text.split(',').map(str::trim).try_for_each(word),
        _ => Ok(()),
    }
}

fn word(text: &str) -> Result<(), String> {
    let is_word = !text.is_empty() && text.len() <= 60 && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter));
    if is_word { Ok(()) } else { Err("is not made of letters, digits, `.`, `_` and `-`".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_become_a_request_and_limits_hold() {
        let mut guide = Guide::default();
        assert!(guide.answer("51").is_err());
        for text in ["3", "worker", "prod", "2", "4GB", "40GB", "debian-12", "lan", "", "", "blue, green"] {
            assert_eq!(guide.answer(text), Ok(()), "{text}");
        }
        assert_eq!(guide.next(), None);
        assert_eq!(
            guide.request(),
            "create 3 VMs named worker in prod with 2 cores, 4GB of memory, 40GB of disk, debian-12, on the network lan, with the tags blue, green"
        );
    }

    #[test]
    fn each_limit_is_checked() {
        for (key, bad) in [
            ("name", "Web_01"),
            ("cores", "65"),
            ("memory", "511MB"),
            ("disk", "11TB"),
            ("vlan", "4095"),
            ("ip", "10.0.0.1"),
            ("os", "a;b"),
            ("tags", "a,,b"),
        ] {
            assert!(check(key, bad).is_err(), "{key} {bad}");
        }
    }
}
