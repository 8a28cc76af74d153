//! How is a session protected? The cipher suites that we speak, and how one is chosen.
//!
//! IPMI 2.0, table 22-20. Of the fifteen and more suites there are, two are worth having: 17, and 3 for BMCs that know nothing
//! better. Suite 0 has no authentication at all, suites without confidentiality show passwords that are set, and those with
//! RC4 or MD5 are broken: none of them is ever offered.

use std::fmt;

/// A cipher suite that we speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Suite {
    /// RAKP-HMAC-SHA1, HMAC-SHA1-96, AES-CBC-128.
    Three,
    /// RAKP-HMAC-SHA256, HMAC-SHA256-128, AES-CBC-128.
    Seventeen,
}

impl Suite {
    pub fn id(self) -> u8 {
        match self {
            Self::Three => 3,
            Self::Seventeen => 17,
        }
    }

    pub fn from_id(id: u8) -> Option<Self> {
        [Self::Three, Self::Seventeen].into_iter().find(|suite| suite.id() == id)
    }

    /// The numbers of authentication, integrity and confidentiality algorithm. BMCs compare the triple with their own list.
    pub(super) fn algorithms(self) -> [u8; 3] {
        match self {
            Self::Three => [0x01, 0x01, 0x01],
            Self::Seventeen => [0x03, 0x04, 0x01],
        }
    }

    /// How long an authentication code of the handshake is, in bytes.
    pub(super) fn code_bytes(self) -> usize {
        match self {
            Self::Three => 20,
            Self::Seventeen => 32,
        }
    }

    /// How long the code at the end of each packet, and of the handshake's last message, is.
    pub(super) fn trailer_bytes(self) -> usize {
        match self {
            Self::Three => 12,
            Self::Seventeen => 16,
        }
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cipher suite {}", self.id())
    }
}

/// Which suites may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SuiteChoice {
    /// 17 where the BMC offers it, or says nothing; 3 only where it says that it has no 17. What was better once is never
    /// given up.
    #[default]
    Best,
    Only(Suite),
}

/// The suites to try, best first, given what the BMC offers (`None`: it does not say) and what was agreed on before.
pub(super) fn candidates(choice: SuiteChoice, offered: Option<&[u8]>, agreed_before: Option<Suite>) -> Vec<Suite> {
    let wanted = match choice {
        SuiteChoice::Only(suite) => vec![suite],
        SuiteChoice::Best => vec![Suite::Seventeen, Suite::Three],
    };
    let not_worse = |suite: &Suite| agreed_before.is_none_or(|before| *suite >= before);
    let mut left: Vec<Suite> = wanted.into_iter().filter(not_worse).collect();
    if let Some(offered) = offered {
        left.retain(|suite| offered.contains(&suite.id()));
        // A BMC that offers both is never spoken to with the weaker one, whatever goes wrong with the stronger.
        left.truncate(1);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_suite_is_taken_and_never_given_up() {
        use Suite::{Seventeen, Three};
        let best = SuiteChoice::Best;
        for (choice, offered, before, expected) in [
            (best, Some(&[0, 1, 2, 3, 17][..]), None, vec![Seventeen]),
            (best, Some(&[0, 1, 2, 3][..]), None, vec![Three]),
            (best, Some(&[0, 1, 2][..]), None, vec![]),
            (best, None, None, vec![Seventeen, Three]),
            (best, Some(&[3][..]), Some(Seventeen), vec![]),
            (best, None, Some(Seventeen), vec![Seventeen]),
            (best, Some(&[3, 17][..]), Some(Three), vec![Seventeen]),
            (SuiteChoice::Only(Three), Some(&[3, 17][..]), None, vec![Three]),
            (SuiteChoice::Only(Seventeen), Some(&[3][..]), None, vec![]),
            (SuiteChoice::Only(Seventeen), None, None, vec![Seventeen]),
        ] {
            assert_eq!(candidates(choice, offered, before), expected, "{choice:?} {offered:?} {before:?}");
        }
    }
}
