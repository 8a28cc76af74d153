//! What happens to the bare machine, and how does its BMC fail?

use std::fmt;

use test_sim_bmc::SimBmc;

/// What the daemon's configuration and the stories call it.
pub(crate) const TARGET: &str = "metal";
/// Where the daemon finds the password of the account.
pub(crate) const PASSWORD_VARIABLE: &str = "IPR_METAL_PASSWORD";
/// The account that the simulated BMC left the factory with.
pub(crate) const PASSWORD: &str = "password";
pub(crate) const USER: &str = "admin";
/// Chassis Control, by which a machine is switched and reset.
const CHASSIS_CONTROL: (u8, u8) = (0x00, 0x02);
/// The simulator's third sensor.
const FAN: u8 = 3;
/// IPMI 2.0, table 42-2: the states of limits.
const BELOW_LOWER_CRITICAL: u16 = 0b11;
/// Table 28-14: the device that boot flags name.
const PXE: u8 = 1;

/// The target's part of the daemon's configuration, with the lines that say where the BMC is and how it is known.
pub(crate) fn target(address: &str, owner_id: &str, repository: &str) -> String {
    format!(
        r#"  {TARGET}:
    provider: ipmi
    {address}
    user: {USER}
    password: {{env: {PASSWORD_VARIABLE}}}
    owner_id: {owner_id}
    repositories: [{repository}]
    environments: [prod]
"#
    )
}

/// A machine that is on, behind its BMC.
pub struct Metal {
    bmc: SimBmc,
}

impl fmt::Debug for Metal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Metal").field("address", &self.bmc.address()).finish_non_exhaustive()
    }
}

impl Metal {
    pub(crate) async fn start() -> Self {
        Self { bmc: SimBmc::start().await }
    }

    /// The target's part of the daemon's configuration.
    pub(crate) fn configuration(&self, owner_id: &str, repository: &str) -> String {
        target(&format!("endpoint: ipmi://{}", self.bmc.address()), owner_id, repository)
    }

    /// How often its power was taken away and given back.
    pub fn cycles(&self) -> u32 {
        self.bmc.cycles()
    }

    /// Lets the answer to the next order about its power get lost. The order is carried out.
    pub fn lose_the_answer_to_a_reset(&self) {
        let (function, command) = CHASSIS_CONTROL;
        self.bmc.lose_replies(function, command, 1);
    }

    /// Its fan turns too slowly.
    pub fn fail_a_fan(&self) {
        self.bmc.set_sensor(FAN, BELOW_LOWER_CRITICAL);
    }

    /// Somebody sets that it stays off when mains power comes back.
    pub fn stay_off_by_hand(&self) {
        self.bmc.set_restore_policy(0);
    }

    /// Of each start, whether it was from the network for this once.
    pub fn booted_from_the_network(&self) -> Vec<bool> {
        let from_network = |flags: test_sim_bmc::BootFlags| flags.valid && !flags.lasting && flags.device == PXE;
        self.bmc.boots().into_iter().map(from_network).collect()
    }

    /// How many commands its BMC carried out.
    pub fn commands(&self) -> usize {
        self.bmc.requests().len()
    }

    /// What must hold at the end of every story.
    pub(crate) fn assert_tidy(&self) {
        assert!(self.bmc.is_on(), "the machine was left off");
    }
}
