//! How are Proxmox's macros spelled? It takes any case and tells them back in its own.

/// Source: `$pve_fw_macros` of pve-firewall `src/PVE/Firewall.pm`. One that is not here is taken as it is written.
const NAMES: &[&str] = &[
    "Amanda", "Auth", "BGP", "BitTorrent", "BitTorrent32", "CVS", "Ceph", "Citrix", "DAAP", "DCC", "DHCPfwd", "DHCPv6", "DNS", "Distcc", "FTP",
    "Finger", "GNUnet", "GRE", "Git", "HKP", "HTTP", "HTTPS", "ICPV2", "ICQ", "IMAP", "IMAPS", "IPIP", "IPsec", "IPsecah", "IPsecnat", "IRC",
    "Jetdirect", "L2TP", "LDAP", "LDAPS", "MDNS", "MSNP", "MSSQL", "Mail", "Munin", "MySQL", "NNTP", "NNTPS", "NTP", "NeighborDiscovery", "OSPF",
    "OpenVPN", "PCA", "PMG", "POP3", "POP3S", "PPtP", "Ping", "PostgreSQL", "Printer", "RDP", "RIP", "RNDC", "Razor", "Rdate", "Rsync", "SANE",
    "SMB", "SMBswat", "SMTP", "SMTPS", "SNMP", "SPAMD", "SPICEproxy", "SSH", "SVN", "SixXS", "Squid", "Submission", "Syslog", "TFTP", "Telnet",
    "Telnets", "Time", "Trcrt", "VNC", "VNCL", "Web", "Webcache", "Webmin", "Whois",
];

/// The macro as Proxmox tells it back.
pub(crate) fn spelled(text: &str) -> String {
    NAMES.iter().find(|name| name.eq_ignore_ascii_case(text)).map_or_else(|| text.to_owned(), |name| (*name).to_owned())
}
