//! What do most tests need to have there before they begin?

use super::{DiskSize, Guest, GuestKind, Running, Volume, World};

impl World {
    /// A VM template with an 8 GiB base disk on `local-lvm`, a cloud-init drive's slot free, on one node.
    pub fn add_template(&mut self, vmid: u32, name: &str, node: &str) {
        let volume = format!("local-lvm:base-{vmid}-disk-0");
        let mac = format!("virtio=BC:24:11:FF:00:{:02X},bridge=vmbr0", vmid % 256);
        self.add_disk(vmid, node, &volume, DiskSize(8 << 30));
        let disk = format!("{volume},size=8G");
        let config = [
            ("name", name),
            ("template", "1"),
            ("cores", "2"),
            ("memory", "2048"),
            ("ostype", "l26"),
            ("scsihw", "virtio-scsi-single"),
            ("scsi0", &disk),
            ("net0", &mac),
            ("boot", "order=scsi0"),
            ("agent", "1"),
        ];
        self.guests.insert(vmid, Guest::new(GuestKind::Qemu, node, &config));
    }

    /// A VM with an 8 GiB disk on `local-lvm` at `scsi0` and these further options, running or not.
    pub fn add_vm(&mut self, vmid: u32, name: &str, node: &str, running: bool, options: &[(&str, &str)]) {
        let volume = format!("local-lvm:vm-{vmid}-disk-0");
        self.add_disk(vmid, node, &volume, DiskSize(8 << 30));
        let disk = format!("{volume},size=8G");
        let mac = format!("virtio=BC:24:11:EE:{:02X}:{:02X},bridge=vmbr0", vmid / 256 % 256, vmid % 256);
        let mut guest = Guest::new(
            GuestKind::Qemu,
            node,
            &[("name", name), ("scsihw", "virtio-scsi-single"), ("scsi0", &disk), ("net0", &mac), ("boot", "order=scsi0"), ("ostype", "l26")],
        );
        guest.config.extend(options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        if running {
            let config = guest.config.clone();
            guest.running = Some(Running { since_ms: self.now_ms, pid: 5_000 + u64::from(vmid), paused: false, config });
        }
        self.guests.insert(vmid, guest);
    }

    /// An unprivileged container with an 8 GiB root on `local-lvm` and these further options, running or not.
    pub fn add_container(&mut self, vmid: u32, name: &str, node: &str, running: bool, options: &[(&str, &str)]) {
        let volume = format!("local-lvm:vm-{vmid}-disk-0");
        self.add_disk(vmid, node, &volume, DiskSize(8 << 30));
        let root = format!("{volume},size=8G");
        let card = format!("name=eth0,bridge=vmbr0,hwaddr=BC:24:11:CC:{:02X}:{:02X},type=veth", vmid / 256 % 256, vmid % 256);
        let usual = [
            ("hostname", name),
            ("rootfs", &root),
            ("net0", &card),
            ("memory", "512"),
            ("swap", "512"),
            ("ostype", "debian"),
            ("arch", "amd64"),
            ("unprivileged", "1"),
        ];
        let mut guest = Guest::new(GuestKind::Lxc, node, &usual);
        guest.config.extend(options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        if running {
            let config = guest.config.clone();
            guest.running = Some(Running { since_ms: self.now_ms, pid: 5_000 + u64::from(vmid), paused: false, config });
        }
        self.guests.insert(vmid, guest);
    }

    /// A file such as `local:vztmpl/debian.tar.zst` or `local:iso/debian.iso` on a node.
    pub fn add_file(&mut self, node: &str, volume: &str, size: DiskSize) {
        let name = volume.split_once(':').map_or(volume, |(_, name)| name);
        let content = name.split('/').next().unwrap_or_default().to_owned();
        let format = name.rsplit('.').next().unwrap_or_default().to_owned();
        let created_s = self.now_s();
        let file = Volume { size_bytes: size.0, used_bytes: size.0, format, content, created_s, ..Volume::default() };
        self.put_volume(node, volume, file);
    }

    fn add_disk(&mut self, vmid: u32, node: &str, volume: &str, size: DiskSize) {
        let created_s = self.now_s();
        let disk = Volume {
            size_bytes: size.0,
            used_bytes: size.0,
            format: "raw".to_owned(),
            content: "images".to_owned(),
            vmid: Some(vmid),
            created_s,
            ..Volume::default()
        };
        self.put_volume(node, volume, disk);
    }
}
