//! `test-sim-routeros [VERSION [open]]` starts a simulated router for other programs, until Ctrl-C. With `open`, no rule or
//! address keeps anybody out.
//! `test-sim-routeros replay ADDRESS:PORT sha256:FINGERPRINT|plain USER [changes]` asks a router what the simulator is asked too, and
//! says where they differ; the password is in `IPR_REPLAY_PASSWORD`. Without `changes` it only reads.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use test_sim_routeros::{Behaviour, ClockSource, DataPath, Extent, Router, RouterOptions, Subject, Version, Way, replay};

const USAGE: &str = "usage: test-sim-routeros [VERSION [open]] | replay ADDRESS:PORT sha256:FINGERPRINT|plain USER [changes]";

type Outcome = Result<ExitCode, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => serve(Version::V7_20, DataPath::Judged).await,
        ["replay", address, way, user] => compare(address, way, user, Extent::Reads).await,
        ["replay", address, way, user, "changes"] => compare(address, way, user, Extent::ReadsAndChanges).await,
        ["replay", ..] => Err(USAGE.into()),
        [version] => serve(parse(version)?, DataPath::Judged).await,
        [version, "open"] => serve(parse(version)?, DataPath::Open).await,
        _ => Err(USAGE.into()),
    }
}

fn parse(version: &str) -> Result<Version, String> {
    let known = Version::ALL.map(Version::as_str).join(", ");
    Version::parse(version).ok_or_else(|| format!("no release {version}; there are: {known}. {USAGE}"))
}

/// Prints the addresses, the user, and the certificate with its fingerprint.
async fn serve(version: Version, data_path: DataPath) -> Outcome {
    let behaviour = Behaviour { data_path, ..Behaviour::default() };
    let router = Router::start(RouterOptions { version, clock: ClockSource::Runtime, behaviour, ..RouterOptions::default() }).await?;
    let file = std::env::temp_dir().join(format!("routeros-{}.pem", std::process::id()));
    std::fs::write(&file, router.certificate_pem())?;
    let fingerprint: String = router.certificate_fingerprint().iter().map(|byte| format!("{byte:02x}")).collect();
    println!("version      {}", router.version());
    println!("api          {}", router.api_address());
    println!("api-ssl      {}", router.api_tls_address());
    println!("rest         https://{}/rest", router.rest_address());
    println!("ssh          {} {}", router.ssh_address(), router.ssh_fingerprint());
    println!("user         {} {}", router.user(), router.password());
    println!("certificate  {} sha256 {fingerprint}", file.display());
    std::io::stdout().flush()?;
    tokio::signal::ctrl_c().await?;
    router.stop().await;
    std::fs::remove_file(&file)?;
    Ok(ExitCode::SUCCESS)
}

async fn compare(address: &str, way: &str, user: &str, extent: Extent) -> Outcome {
    let password = std::env::var("IPR_REPLAY_PASSWORD").map_err(|_| "no password. Hint: put it in IPR_REPLAY_PASSWORD")?;
    let way = Way::parse(way).ok_or("no way. Hint: `sha256:` and the fingerprint of the certificate of api-ssl, or `plain` for api")?;
    let subject = Subject { address: address.parse()?, way, user, password: &password };
    let found = match replay(subject, extent).await {
        Ok(found) => found,
        Err(error) => {
            let source = error.source().map_or_else(String::new, |source| format!(": {source}"));
            eprintln!("{error}{source}");
            return Ok(ExitCode::from(2));
        }
    };
    print!("{found}");
    Ok(if found.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
