//! Which fields mean the same on every provider? Their names, units and meaning; an engine may refuse one, never rename it.
//!
//! Engines put these into their tables and add how a change is made, for example `CPU.restart()`.

use crate::schema::{Check, Field, Kind};

pub const CPU: Field =
    Field::new("cpu", Kind::Thousandths { min: 10, max: 1_024_000 }, "How many processors the machine may use; fractions are shares of one.");
pub const MEMORY: Field = Field::new("memory", Kind::Size, "How much memory the machine may use.");
pub const STORAGE: Field = Field::new("storage", Kind::Size, "How large the machine's first disk is.");
pub const OS: Field = Field::new("os", Kind::Text, "The operating system that is installed, for example `debian-12`.");
pub const IMAGE: Field = Field::new("image", Kind::Checked(&IMAGE_REFERENCE), "The image the machine is made from.");
pub const ENV: Field = Field::new("env", Kind::Map(&Kind::Text), "Environment variables.").accepts_secret();
pub const PORTS: Field = Field::new("ports", Kind::Set(&Kind::Checked(&PORT_MAPPING)), "Published ports, `[address:]host:inside[/protocol]`.");
pub const COMMAND: Field = Field::new("command", Kind::Command, "What runs, in place of the image's own command.");
/// In a card of a machine. What the network says follows, and the machine waits for it.
pub const LINK: Field = Field::new("link", Kind::Link(&["network"]), "The network it is in: what the network says follows where it is left out.");

/// What a network tells those in it, among its `specs` and under these names whatever its provider: the number of its VLAN, and an
/// address in it with the length of the network, of its router or of the node that has it.
pub const NETWORK_VLAN: &str = "vlan";
pub const NETWORK_ADDRESS: &str = "address";

/// `[registry/]path[:tag][@digest]`. The canonical text keeps what was written; two references with digests are the same
/// when their digests are.
pub const IMAGE_REFERENCE: Check = Check { what: "an image reference", example: "ghcr.io/acme/shop:1.4.2", parse: image, comparable: image_identity };

/// `[address:]host port:inside port[/protocol]`. Canonical: `address:host:inside/protocol`, all four parts.
pub const PORT_MAPPING: Check = Check { what: "a port mapping", example: "127.0.0.1:8080:80", parse: port_mapping, comparable: Check::whole };

fn image(text: &str) -> Result<String, String> {
    let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
    if let Some(digest) = digest {
        let hexadecimal = digest.strip_prefix("sha256:").ok_or("has a digest that does not start with `sha256:`")?;
        if hexadecimal.len() != 64 || !hexadecimal.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err("has a digest that is not 64 hexadecimal digits".to_owned());
        }
    }
    let (path, tag) = match name.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (name, None),
    };
    let allowed = |text: &str, more: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    if tag.is_some_and(|tag| !allowed(tag, "._-") || tag.len() > 128) {
        return Err("has a tag with characters that a tag cannot have".to_owned());
    }
    let mut segments = path.split('/');
    let first_is_host = path.contains('/') && segments.clone().next().is_some_and(|host| host.contains(['.', ':']) || host == "localhost");
    if first_is_host {
        segments.next();
    }
    if segments.any(|segment| !allowed(segment, "._-") || segment.chars().any(|c| c.is_ascii_uppercase())) {
        return Err("has a path that is not made of lower-case words and `/`".to_owned());
    }
    Ok(text.to_owned())
}

fn image_identity(text: &str) -> &str {
    text.split_once('@').map_or(text, |(_, digest)| digest)
}

fn port_mapping(text: &str) -> Result<String, String> {
    let (mapping, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    if !matches!(protocol, "tcp" | "udp" | "sctp") {
        return Err("names a protocol other than tcp, udp and sctp".to_owned());
    }
    let (front, inside) = mapping.rsplit_once(':').ok_or("has no `:` between the host's port and the port inside")?;
    let (address, host) = front.rsplit_once(':').unwrap_or(("0.0.0.0", front));
    let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
    let address: std::net::IpAddr = bare.parse().map_err(|_| "does not start with an IP address")?;
    let port = |text: &str| text.parse::<u16>().ok().filter(|port| *port > 0).ok_or("has a port that is not between 1 and 65535");
    let (host, inside) = (port(host)?, port(inside)?);
    Ok(format!("{}:{host}:{inside}/{protocol}", if address.is_ipv6() { format!("[{address}]") } else { address.to_string() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_checked() {
        let digest = "a".repeat(64);
        for good in ["nginx", "postgres:16.4", "ghcr.io/acme/shop:1.4.2", "127.0.0.1:5000/lab/busybox:1", &format!("nginx:1@sha256:{digest}")] {
            assert_eq!(image(good), Ok(good.to_owned()));
        }
        for bad in ["", "Nginx", "nginx:", "nginx:a b", "nginx@sha256:abc", "nginx@md5:x", "a//b"] {
            assert!(image(bad).is_err(), "{bad}");
        }
        assert_eq!(image_identity("nginx:1@sha256:x"), image_identity("nginx:2@sha256:x"));
    }

    #[test]
    fn port_mappings_have_one_form() {
        assert_eq!(port_mapping("8080:80").as_deref(), Ok("0.0.0.0:8080:80/tcp"));
        assert_eq!(port_mapping("127.0.0.1:53:53/udp").as_deref(), Ok("127.0.0.1:53:53/udp"));
        assert_eq!(port_mapping("[::1]:80:80").as_deref(), Ok("[::1]:80:80/tcp"));
        for bad in ["80", "x:80", "80:0", "80:70000", "80:80/icmp", "host:80:80"] {
            assert!(port_mapping(bad).is_err(), "{bad}");
        }
    }
}
