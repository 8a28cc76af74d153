//! What can a test do to a BMC? Look at the machine, change it by hand, and make the BMC or the network sick.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

use crate::machine::{BootFlags, User};
use crate::network::{Direction, Weather};
use crate::server::{locked, serve};
use crate::world::{Fault, Kit, Misbehaviour, Request, World};

/// A BMC on a port of the loopback. It is gone when it is dropped.
pub struct SimBmc {
    world: Arc<Mutex<World>>,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for SimBmc {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SimBmc {
    pub async fn start() -> Self {
        Self::made_of(Kit::default()).await
    }

    pub async fn made_of(kit: Kit) -> Self {
        Self::made_at((Ipv4Addr::LOCALHOST, 0).into(), kit).await.expect("a port of the loopback")
    }

    /// At an address of the loopback, which has many. The BMCs of a rack have one port, and the second may find it taken.
    pub async fn made_at(place: SocketAddr, kit: Kit) -> std::io::Result<Self> {
        let socket = UdpSocket::bind(place).await?;
        let address = socket.local_addr().expect("it is bound");
        let world = Arc::new(Mutex::new(World::new(kit)));
        let task = tokio::spawn(serve(socket, world.clone()));
        Ok(Self { world, address, task })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    fn look<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut locked(&self.world))
    }

    /// As it left the factory, with another kit if one is given.
    pub fn rebuild(&self, kit: Option<Kit>) {
        self.look(|world| *world = World::new(kit.unwrap_or_else(|| world.kit.clone())));
    }

    pub fn is_on(&self) -> bool {
        self.look(|world| world.machine.on)
    }

    /// Somebody presses the button.
    pub fn press(&self, on: bool) {
        self.look(|world| if on { world.machine.start() } else { world.machine.on = false });
    }

    pub fn boot_flags(&self) -> BootFlags {
        self.look(|world| world.machine.flags())
    }

    /// Somebody else sets the flags.
    pub fn set_boot_flags(&self, flags: BootFlags) {
        let bit = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
        let first = bit(flags.valid, 0x80) | bit(flags.lasting, 0x40) | bit(flags.uefi, 0x20);
        self.look(|world| world.machine.boot_flags = [first, flags.device << 2, 0, 0, 0]);
    }

    /// What each start booted from.
    pub fn boots(&self) -> Vec<BootFlags> {
        self.look(|world| world.machine.boots.clone())
    }

    pub fn cycles(&self) -> u32 {
        self.look(|world| world.machine.cycles)
    }

    pub fn resets(&self) -> u32 {
        self.look(|world| world.machine.resets)
    }

    pub fn identified_s(&self) -> Vec<u8> {
        self.look(|world| world.machine.identified_s.clone())
    }

    pub fn restore_policy(&self) -> u8 {
        self.look(|world| world.machine.restore_policy)
    }

    pub fn set_restore_policy(&self, policy: u8) {
        self.look(|world| world.machine.restore_policy = policy);
    }

    /// The user of this name, in whatever slot.
    pub fn user(&self, name: &str) -> Option<User> {
        self.look(|world| world.machine.users.iter().find(|user| user.name == name).cloned())
    }

    /// Somebody else sets up a slot, counted from 1.
    pub fn set_user(&self, slot: usize, user: User) {
        self.look(|world| world.machine.users[slot - 1] = user);
    }

    pub fn users(&self) -> Vec<User> {
        self.look(|world| world.machine.users.iter().filter(|user| !user.name.is_empty()).cloned().collect())
    }

    /// A parameter of the BMC's own addresses: 3 address, 4 source, 6 netmask, 12 gateway, 20 VLAN.
    pub fn lan(&self, parameter: u8) -> Vec<u8> {
        self.look(|world| world.machine.lan[&parameter].clone())
    }

    /// From now on it is gone from where it was when it gets another address.
    pub fn follow_its_address(&self) {
        self.look(|world| world.machine.follows_its_address = true);
    }

    pub fn set_lan(&self, parameter: u8, value: &[u8]) {
        self.look(|world| drop(world.machine.lan.insert(parameter, value.to_vec())));
    }

    /// A parameter of the serial console: 1 enabled, 2 authentication, 5 and 6 the bit rates.
    pub fn console(&self, parameter: usize) -> u8 {
        self.look(|world| world.machine.console[parameter][0])
    }

    pub fn set_console(&self, parameter: usize, value: u8) {
        self.look(|world| world.machine.console[parameter][0] = value);
    }

    /// The states of a sensor, one bit each: 1 CPU, 2 inlet, 3 fan, 4 power supply.
    pub fn set_sensor(&self, number: u8, states: u16) {
        self.look(|world| world.machine.sensors.iter_mut().filter(|sensor| sensor.number == number).for_each(|sensor| sensor.states = states));
    }

    /// An event of a sensor, with the seconds since 1970.
    pub fn log_event(&self, sensor_kind: u8, sensor: u8, seconds: u32) {
        self.look(|world| {
            let id = (world.machine.events.len() as u16 + 1).to_le_bytes();
            let time = seconds.to_le_bytes();
            let event = [id[0], id[1], 2, time[0], time[1], time[2], time[3], 0x20, 0, 4, sensor_kind, sensor, 0x01, 0x57, 100, 90];
            world.machine.events.push(event);
        });
    }

    pub fn events(&self) -> usize {
        self.look(|world| world.machine.events.len())
    }

    pub fn lose_events(&self) {
        self.look(|world| world.machine.events_lost = true);
    }

    /// The operating system takes no notice of a request to shut down.
    pub fn ignore_shutdown(&self) {
        self.look(|world| world.machine.ignores_shutdown = true);
    }

    /// The firmware never comes to look at the boot flags.
    pub fn hang_before_boot(&self) {
        self.look(|world| world.machine.never_boots = true);
    }

    /// Commands that were carried out, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.look(|world| world.requests.clone())
    }

    pub fn forget_requests(&self) {
        self.look(|world| world.requests.clear());
    }

    pub fn sessions_open(&self) -> usize {
        self.look(|world| world.sessions.open())
    }

    /// The most that were open at once.
    pub fn sessions_most(&self) -> usize {
        self.look(|world| world.sessions.most)
    }

    /// All that were ever opened.
    pub fn sessions_opened(&self) -> usize {
        self.look(|world| world.sessions.opened)
    }

    /// The cipher suites of all sessions that were ever opened.
    pub fn suites_used(&self) -> Vec<u8> {
        self.look(|world| world.sessions.suites.clone())
    }

    /// The BMC starts anew: it forgets its sessions, and the machine goes on.
    pub fn restart(&self) {
        self.look(|world| world.sessions.forget());
    }

    pub fn fall_silent(&self) {
        self.look(|world| world.silent = true);
    }

    pub fn come_back(&self) {
        self.look(|world| world.silent = false);
    }

    pub fn set_weather(&self, weather: Weather) {
        self.look(|world| {
            world.incoming = Direction::new(weather, 0);
            world.outgoing = Direction::new(weather, 1);
        });
    }

    /// The next so many commands of this kind are refused with this completion code.
    pub fn refuse(&self, function: u8, command: u8, completion: u8, times: usize) {
        self.add_fault(function, command, Misbehaviour::Refuse(completion), times);
    }

    /// They are carried out, and their answers are lost.
    pub fn lose_replies(&self, function: u8, command: u8, times: usize) {
        self.add_fault(function, command, Misbehaviour::LoseReply, times);
    }

    /// They are neither carried out nor answered.
    pub fn ignore(&self, function: u8, command: u8, times: usize) {
        self.add_fault(function, command, Misbehaviour::Ignore, times);
    }

    /// They are carried out, and answered with too little.
    pub fn garble(&self, function: u8, command: u8, times: usize) {
        self.add_fault(function, command, Misbehaviour::Garble, times);
    }

    fn add_fault(&self, function: u8, command: u8, what: Misbehaviour, times: usize) {
        self.look(|world| world.faults.push(Fault { function, command, what, times }));
    }
}
