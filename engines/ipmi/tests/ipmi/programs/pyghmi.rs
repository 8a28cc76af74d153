//! What does pyghmi's BMC hear? It writes down the raw bytes of boot options: an oracle that shares no code with us.

use std::process::Stdio;
use std::time::Duration;

use core_model::Secret;
use engine_ipmi::driver::{BootDevice, BootMode, BootOverride, Driver, PowerOrder, PowerState};
use engine_ipmi::{IpmiDriver, IpmiOptions, Patience};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::{not_run, permit, program};

/// A machine in memory that prints a line for each thing that is done to it.
const BMC: &str = r#"
import json, sys
from pyghmi.ipmi import bmc
class Machine(bmc.Bmc):
    def __init__(self, authdata, port):
        super().__init__(authdata, port=port, address='127.0.0.1')
        self.power, self.boot = 'off', 'default'
    def tell(self, **what): print(json.dumps(what), flush=True)
    def get_boot_device(self): return self.boot
    def set_boot_device(self, device): self.boot = device
    def set_system_boot_options(self, request, session):
        self.tell(boot=list(bytearray(request['data'])))
        return super().set_system_boot_options(request, session)
    def cold_reset(self): pass
    def get_power_state(self): return self.power
    def power_off(self): self.power = 'off'; self.tell(power='off')
    def power_on(self): self.power = 'on'; self.tell(power='on')
    def power_cycle(self): self.tell(power='cycle')
    def power_reset(self): self.tell(power='reset')
    def power_shutdown(self): self.power = 'off'; self.tell(power='shutdown')
    def pulse_diag(self): self.tell(power='diag')
    def is_active(self): return self.power == 'on'
    def iohandler(self, data): pass
machine = Machine({'admin': 'password'}, int(sys.argv[1]))
machine.tell(listening=True)
machine.listen()
"#;

struct Pyghmi {
    _program: Child,
    lines: Lines<BufReader<ChildStdout>>,
    port: u16,
}

impl Pyghmi {
    /// With the Python that Debian's package is for.
    async fn start() -> Option<Self> {
        let python = program("/usr/bin/python3", "python3-pyghmi")?;
        let has_it = Command::new(&python).args(["-c", "import pyghmi.ipmi.bmc"]).output().await.unwrap().status.success();
        if !has_it {
            not_run("no pyghmi. Hint: apt-get install python3-pyghmi");
            return None;
        }
        let port = std::net::UdpSocket::bind("[::]:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(python);
        command.args(["-c", BMC, &port.to_string()]).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut started = Self { _program: child, lines, port };
        assert_eq!(started.told().await, json!({"listening": true}));
        Some(started)
    }

    async fn told(&mut self) -> Value {
        let line = self.lines.next_line().await.unwrap().expect("it tells something");
        serde_json::from_str(&line).unwrap()
    }

    fn options(&self) -> IpmiOptions {
        let mut options = IpmiOptions::new(&format!("127.0.0.1:{}", self.port), "admin", Secret::new("password")).unwrap();
        options.patience = Patience { reply: Duration::from_millis(500), tries: 5 };
        options
    }
}

#[tokio::test]
async fn it_hears_the_bytes_of_the_standard() {
    let Some(mut bmc) = Pyghmi::start().await else { return };
    let subject = crate::world::subject().await;
    for (device, is_lasting, uefi, flags) in
        [(BootDevice::Pxe, true, true, [0xe0, 0x04]), (BootDevice::Disk, false, true, [0xa0, 0x08]), (BootDevice::Cdrom, true, false, [0xc0, 0x14])]
    {
        let mode = Some(if uefi { BootMode::Uefi } else { BootMode::Legacy });
        let mut login = IpmiDriver::new(bmc.options()).open().await.unwrap();
        let permit = permit(&subject).await;
        // It keeps the device alone, and we say so.
        let kept = login.set_boot(&permit, BootOverride { device, mode, is_lasting }).await;
        login.close().await.unwrap();
        let mut heard = Vec::new();
        for _ in 0..5 {
            heard.push(bmc.told().await);
        }
        let expected = [json!([0, 1]), json!([4, 1, 1]), json!([5, flags[0], flags[1], 0, 0, 0]), json!([0, 2]), json!([0, 0])];
        assert_eq!(heard, expected.map(|boot| json!({"boot": boot})));
        let error = kept.expect_err("the flags are dropped");
        eprintln!("pyghmi's BMC cannot: {error}");
        assert!(error.to_string().contains("keeps something else"), "{error}");
    }
}

#[tokio::test]
async fn it_is_switched() {
    let Some(mut bmc) = Pyghmi::start().await else { return };
    let subject = crate::world::subject().await;
    for (order, told) in [(PowerOrder::On, "on"), (PowerOrder::ShutDown, "shutdown"), (PowerOrder::On, "on"), (PowerOrder::Off, "off")] {
        let mut login = IpmiDriver::new(bmc.options()).open().await.unwrap();
        login.set_power(&permit(&subject).await, order).await.unwrap();
        assert_eq!(bmc.told().await, json!({"power": told}));
        let state = if order == PowerOrder::On { PowerState::On } else { PowerState::Off };
        assert_eq!(login.power().await.unwrap(), state);
        login.close().await.unwrap();
    }
}
