/// Packages of Debian and Ubuntu that people install by name: beside a machine such a word needs no "package" before it.
#[rustfmt::skip]
pub(crate) const PACKAGES: &[&str] = &[
    "ansible", "apache2", "auditd", "bind9", "borgbackup", "build-essential", "ccache", "certbot", "chrony", "cifs-utils", "clamav", "cmake", "curl", "dnsmasq",
    "dnsutils", "docker", "docker-compose", "docker.io", "emacs", "ethtool", "exim4", "fail2ban", "ffmpeg", "fzf", "gcc", "gdb", "ghostscript", "git", "git-lfs",
    "glances", "gnupg", "golang", "graphviz", "gzip", "haproxy", "htop", "httpie", "ifstat", "iftop", "imagemagick", "iotop", "iperf", "iperf3", "ipmitool", "jq",
    "keepalived", "lftp", "libvirt", "lldpd", "lm-sensors", "lsof", "lvm2", "lynx", "mailutils", "make", "mariadb-client", "mariadb-server", "maven", "mc",
    "memcached", "moreutils", "mosh", "mtr", "mysql-client", "nano", "ncdu", "neovim", "net-tools", "netcat", "nfs-common", "nfs-kernel-server", "nfs-utils", "nginx", "nginx-extras", "nmap",
    "nodejs", "npm", "ntp", "ntpdate", "nvme-cli", "open-vm-tools", "openjdk-11-jre", "openjdk-17-jdk", "openjdk-17-jre", "openjdk-21-jre", "openssh-server", "openvpn", "p7zip", "parted",
    "perl", "php-fpm", "pip", "podman", "postfix", "postgresql", "postgresql-client", "prometheus-node-exporter", "pv", "python3", "python3-pip", "python3-venv",
    "qemu-guest-agent", "rclone", "redis-server", "redis-tools", "restic", "ripgrep", "rsync", "rsyslog", "ruby", "rustc", "samba", "screen", "smartmontools", "smbclient", "snapd", "snmpd",
    "socat", "sqlite3", "squid", "strace", "subversion", "supervisor", "sysstat", "tcpdump", "telegraf", "telnet", "tmux", "tree", "ufw", "unattended-upgrades", "unzip", "vim", "vim-nox",
    "w3m", "wget", "whois", "wireguard", "wireguard-tools", "xz-utils", "zabbix-agent", "zabbix-agent2", "zip", "zsh", "zstd", "caddy",
];
