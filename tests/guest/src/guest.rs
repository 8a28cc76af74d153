//! Which machine is it? One with a disk, a drive for CDs, and a card whose network has nothing but what QEMU itself answers: DHCP, and
//! TFTP with our sector in it.

use std::fs::{self, OpenOptions};
use std::path::Path;

use tempfile::TempDir;

use crate::console::{Console, FROM_DISK, FROM_NETWORK, Start};
use crate::firmware::sector;
use crate::libvirt::Libvirt;
use crate::tools::{Missing, program};

const NAME: &str = "node1";
const GUID: &str = "4c4c4544-0033-4610-8050-b4c04f305077";
const DISK_BYTES: u64 = 1 << 20;
const KVM: &str = "/dev/kvm";

/// Whether the guest will be started from the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    Unused,
    Used,
}

/// A machine that is off.
#[derive(Debug)]
pub struct Guest {
    // The guest ends before the folder goes that it is in.
    libvirt: Libvirt,
    console: Console,
    folder: TempDir,
    domain: String,
}

impl Guest {
    pub async fn start(network: Network) -> Result<Self, Missing> {
        let qemu = program("qemu-system-x86_64", "qemu-system-x86")?;
        let folder = tempfile::Builder::new().prefix("guest-").tempdir().expect("a folder for temporary files can be made");
        let path = folder.path();
        let mut disk = sector(FROM_DISK);
        disk.resize(DISK_BYTES as usize, 0);
        fs::write(path.join("disk.img"), disk).expect("the test's folder is its own");
        fs::create_dir(path.join("tftp")).expect("the test's folder is its own");
        fs::write(path.join("tftp/boot"), sector(FROM_NETWORK)).expect("the test's folder is its own");
        let console = Console::listen(&path.join("console"));
        let libvirt = Libvirt::start(path).await?;
        let domain = domain(path, &qemu, accelerator(network));
        let guest = Self { libvirt, console, folder, domain };
        guest.rebuild().await;
        Ok(guest)
    }

    /// The domain's name in libvirt.
    pub fn name(&self) -> &'static str {
        NAME
    }

    pub fn guid(&self) -> &'static str {
        GUID
    }

    /// What clients of libvirt connect to.
    pub fn libvirt_uri(&self) -> String {
        self.libvirt.uri()
    }

    /// Makes it anew, as it was at first: off, and started from its disk.
    pub async fn rebuild(&self) {
        let is_known = self.libvirt.virsh(&["domstate", NAME]).await.is_ok();
        if is_known {
            self.press(false).await;
        }
        let file = self.folder.path().join("domain.xml");
        fs::write(&file, &self.domain).expect("the test's folder is its own");
        self.virsh(&["define", &file.to_string_lossy()]).await;
    }

    /// Switches it on, or cuts its power, as somebody beside it would.
    pub async fn press(&self, on: bool) {
        if self.is_on().await != on {
            self.virsh(&[if on { "start" } else { "destroy" }, NAME]).await;
        }
    }

    pub async fn is_on(&self) -> bool {
        self.virsh(&["domstate", NAME]).await == "running"
    }

    /// Where each of its starts came from, so far.
    pub fn starts(&self) -> Vec<Start> {
        self.console.starts()
    }

    /// Waits until it was started so many times, counted from the first.
    pub async fn started(&self, times: usize) -> Vec<Start> {
        self.console.wait_for_starts(times).await
    }

    /// All that firmware and guest wrote to the serial console.
    pub fn console(&self) -> String {
        self.console.text()
    }

    async fn virsh(&self, arguments: &[&str]) -> String {
        self.libvirt.virsh(arguments).await.unwrap_or_else(|why| panic!("virsh {arguments:?}: {why}"))
    }
}

/// libvirt's word for how the processor is made. Where it is not KVM, the test's output says why.
fn accelerator(network: Network) -> &'static str {
    let why_not = match OpenOptions::new().read(true).write(true).open(KVM) {
        Err(error) => Some(format!("{KVM} cannot be opened: {error}")),
        Ok(_) if network == Network::Used && !has_virtualisation() => {
            Some("KVM is here without the processor's own virtualisation, and iPXE hangs under it".to_owned())
        }
        Ok(_) => None,
    };
    match why_not {
        None => "kvm",
        Some(why) => {
            eprintln!("NOT TESTED WITH KVM: {why}. QEMU emulates the processor instead");
            "qemu"
        }
    }
}

fn has_virtualisation() -> bool {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    text.lines().find(|line| line.starts_with("flags")).is_some_and(|line| line.split(' ').any(|flag| flag == "vmx" || flag == "svm"))
}

/// SeaBIOS and iPXE write to the serial port, too. libvirt has no words for TFTP in QEMU's own network, so QEMU is told directly.
fn domain(folder: &Path, qemu: &Path, accelerator: &str) -> String {
    let (folder, qemu) = (folder.display(), qemu.display());
    format!(
        r#"<domain type='{accelerator}' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>{NAME}</name>
  <uuid>{GUID}</uuid>
  <memory unit='MiB'>32</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type><boot dev='hd'/><bios useserial='yes'/></os>
  <features><acpi/></features>
  <cpu mode='custom' match='exact' check='none'><model>qemu64</model><feature policy='disable' name='svm'/></cpu>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>{qemu}</emulator>
    <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{folder}/disk.img'/><target dev='vda' bus='virtio'/></disk>
    <disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>
    <interface type='user'><mac address='52:54:00:00:00:77'/><model type='virtio'/></interface>
    <serial type='unix'><source mode='connect' path='{folder}/console'/><target port='0'/></serial>
    <memballoon model='none'/>
  </devices>
  <qemu:commandline>
    <qemu:arg value='-set'/><qemu:arg value='netdev.hostnet0.restrict=on'/>
    <qemu:arg value='-set'/><qemu:arg value='netdev.hostnet0.tftp={folder}/tftp'/>
    <qemu:arg value='-set'/><qemu:arg value='netdev.hostnet0.bootfile=boot'/>
  </qemu:commandline>
  <qemu:capabilities><qemu:del capability='netdev.json'/></qemu:capabilities>
</domain>
"#
    )
}
