//! Which images can be made where no registry of the world is reachable? Those of Debian's own packages, as installed here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::json;

use super::error::ImageError;
use super::files::Files;
use super::image::Image;

const PROGRAM_FOLDERS: [&str; 6] = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"];
const PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What scripts in blueprints and health checks call; busybox is all of them.
const APPLETS: [&str; 24] = [
    "[", "cat", "chmod", "chown", "cp", "date", "echo", "env", "false", "grep", "kill", "ln", "ls", "mkdir", "mv", "printf", "rm", "sed", "sh",
    "sleep", "test", "touch", "true", "wget",
];

const MIME_TYPES: &str = "/etc/nginx/mime.types";

/// A web server that is told nothing else shows one page.
const NGINX_CONFIGURATION: &str = "\
user root;
pid /run/nginx.pid;
error_log /dev/stderr warn;
events {}
http {
  include /etc/nginx/mime.types;
  access_log /dev/stdout;
  server { listen 80; root /usr/share/nginx/html; }
}
";

/// nginx with busybox as its shell, made of the packages nginx-light and busybox-static. Reads files and runs `ldd`: call it
/// where blocking is fine.
pub fn nginx() -> Result<Image, ImageError> {
    let [nginx, busybox] = installed([("nginx", "nginx-light"), ("busybox", "busybox-static")])?;
    let mut files = Files::default()
        .folder("tmp", 0o1777)
        .file("etc/passwd", 0o644, "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n")
        .file("etc/group", 0o644, "root:x:0:\nnogroup:x:65534:\n")
        .file("etc/nginx/mime.types", 0o644, read(Path::new(MIME_TYPES))?)
        .file("etc/nginx/nginx.conf", 0o644, NGINX_CONFIGURATION)
        .file("usr/share/nginx/html/index.html", 0o644, "<!doctype html><title>nginx</title><p>It works.</p>\n")
        .file("usr/sbin/nginx", 0o755, read(&nginx)?)
        .file("bin/busybox", 0o755, read(&busybox)?);
    for folder in ["dev", "proc", "root", "run", "sys", "var/cache/nginx", "var/lib/nginx", "var/log/nginx"] {
        files = files.folder(folder, 0o755);
    }
    for applet in APPLETS {
        files = files.link(&format!("bin/{applet}"), "busybox");
    }
    for library in libraries(&nginx)?.into_iter().chain(libraries(&busybox)?) {
        let path = library.display().to_string();
        files = files.file(path.trim_start_matches('/'), 0o755, read(&library)?);
    }
    let configuration =
        json!({"Env": [PATH], "Cmd": ["nginx", "-g", "daemon off;"], "ExposedPorts": {"80/tcp": {}}, "StopSignal": "SIGQUIT", "WorkingDir": "/"});
    Image::from_files(&files, &configuration)
}

/// Where each program is. All that are missing are told at once, with the packages that bring them.
fn installed<const N: usize>(wanted: [(&str, &str); N]) -> Result<[PathBuf; N], ImageError> {
    let found = wanted.map(|(program, _)| PROGRAM_FOLDERS.iter().map(|folder| Path::new(folder).join(program)).find(|path| path.is_file()));
    let missing: Vec<(&str, &str)> = wanted.iter().zip(&found).filter(|(_, path)| path.is_none()).map(|(wanted, _)| *wanted).collect();
    if !missing.is_empty() {
        let programs: Vec<&str> = missing.iter().map(|(program, _)| *program).collect();
        let packages: Vec<&str> = missing.iter().map(|(_, package)| *package).collect();
        let verb = if missing.len() == 1 { "is" } else { "are" };
        return Err(ImageError::NotInstalled { programs: format!("{} {verb}", programs.join(" and ")), packages: packages.join(" ") });
    }
    Ok(found.map(Option::unwrap_or_default))
}

fn read(path: &Path) -> Result<Vec<u8>, ImageError> {
    fs::read(path).map_err(|source| ImageError::Read { path: path.display().to_string(), source })
}

/// The libraries that a program is linked to, and the loader; none for one that is linked statically.
fn libraries(program: &Path) -> Result<BTreeSet<PathBuf>, ImageError> {
    let name = || program.display().to_string();
    let asked = Command::new("ldd").arg(program).env("LC_ALL", "C").stdin(Stdio::null()).output();
    let output = asked.map_err(|source| ImageError::Libraries { program: name(), source })?;
    parse_libraries(&String::from_utf8_lossy(&output.stdout)).map_err(|line| ImageError::MissingLibrary { program: name(), line })
}

/// Reads `libz.so.1 => /lib/libz.so.1 (0x7f..)` and `/lib64/ld-linux.so.2 (0x7f..)`. What the kernel maps by itself has no path.
fn parse_libraries(listing: &str) -> Result<BTreeSet<PathBuf>, String> {
    let mut found = BTreeSet::new();
    for line in listing.lines().map(str::trim) {
        if line.ends_with("not found") {
            return Err(line.to_owned());
        }
        let place = line.split_once(" => ").map_or(line, |(_, place)| place);
        let path = place.split(" (").next().unwrap_or_default();
        if path.starts_with('/') {
            found.insert(PathBuf::from(path));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_read_from_what_ldd_says() {
        let listing = "\tlinux-vdso.so.1 (0x1)\n\tlibz.so.1 => /lib/libz.so.1 (0x2)\n\t/lib64/ld-linux-x86-64.so.2 (0x3)\n";
        let expected = ["/lib/libz.so.1", "/lib64/ld-linux-x86-64.so.2"].map(PathBuf::from);
        assert_eq!(parse_libraries(listing), Ok(BTreeSet::from(expected)));
        assert_eq!(parse_libraries("\tnot a dynamic executable\n"), Ok(BTreeSet::new()));
        assert_eq!(parse_libraries("\tlibz.so.1 => not found\n"), Err("libz.so.1 => not found".to_owned()));
    }

    #[test]
    fn all_that_is_missing_is_told_with_its_packages() {
        let refused = installed([("no-such-a", "package-a"), ("no-such-b", "package-b")]).map(drop);
        let told = refused.map_err(|error| error.to_string());
        let expected =
            "make an image of Debian's packages: no-such-a and no-such-b are not installed here. Hint: apt-get install --yes package-a package-b";
        assert_eq!(told, Err(expected.to_owned()));
    }
}
