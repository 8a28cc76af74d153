//! Where do the stories on a real machine happen? On a guest of QEMU behind a BMC that others wrote, all of it the story's own.

use test_guest::{Guest, Identity, Missing, Network, PASSWORD, Sushy, Systems, USER, VirtualBmc};

use crate::configuration::Wish;
use crate::metal;

/// What the BMC speaks, and so whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// virtualbmc, which keeps a device to boot from for one start only.
    Ipmi,
    /// sushy-tools' emulator, which keeps it for every start.
    Redfish,
}

/// A machine that is off and starts from its disk, or from the network if it is told to.
#[derive(Debug)]
pub struct BareMachine {
    // The BMC asks libvirt, and goes before it.
    bmc: Bmc,
    guest: Guest,
}

#[derive(Debug)]
enum Bmc {
    Virtual(VirtualBmc),
    Sushy(Sushy),
}

impl BareMachine {
    /// `None`: something that it takes is not here, and the test's output says what.
    pub async fn start(protocol: Protocol) -> Option<Self> {
        match Self::made(protocol).await {
            Ok(machine) => return Some(machine),
            Err(missing @ Missing::Refused { .. }) => panic!("{missing}"),
            Err(missing) => eprintln!("NOT TESTED: pull requests on a real machine behind a BMC: {missing}. Hint: run .ci/install, and see .ci/test"),
        }
        None
    }

    async fn made(protocol: Protocol) -> Result<Self, Missing> {
        let guest = Guest::start(Network::Used).await?;
        let bmc = match protocol {
            Protocol::Ipmi => Bmc::Virtual(VirtualBmc::start(&guest, Identity::Guid).await?),
            Protocol::Redfish => Bmc::Sushy(Sushy::start(Systems::Libvirt(guest.libvirt_uri())).await?),
        };
        Ok(Self { bmc, guest })
    }

    /// A world whose `prod` has this machine, too.
    pub fn wish(&self) -> Wish {
        assert_eq!((USER, PASSWORD), (metal::USER, metal::PASSWORD), "all BMCs of these tests know one account");
        let address = match &self.bmc {
            Bmc::Virtual(bmc) => format!("endpoint: ipmi://127.0.0.1:{}", bmc.port()),
            Bmc::Sushy(bmc) => format!("endpoint: https://127.0.0.1:{}\n    fingerprint: \"{}\"", bmc.port(), bmc.fingerprint()),
        };
        Wish { bare_machine: Some(address), ..Wish::default() }
    }

    /// The machine itself, as somebody beside it sees it.
    pub fn guest(&self) -> &Guest {
        &self.guest
    }
}
