//! `test-sim-routeros [VERSION]` starts a simulated router for other programs, until Ctrl-C.
//!
//! It prints the addresses, the user, the certificate's fingerprint, and the file with the certificate.

use std::error::Error;
use std::io::Write;

use test_sim_routeros::{ClockSource, Router, RouterOptions, Version};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let version = match std::env::args().nth(1) {
        None => Version::V7_20,
        Some(text) => Version::parse(&text).ok_or_else(|| format!("no release {text}; there are {:?}", Version::ALL.map(Version::as_str)))?,
    };
    let router = Router::start(RouterOptions { version, clock: ClockSource::Runtime, ..RouterOptions::default() }).await?;
    let file = std::env::temp_dir().join(format!("routeros-{}.pem", std::process::id()));
    std::fs::write(&file, router.certificate_pem())?;
    let fingerprint: String = router.certificate_fingerprint().iter().map(|byte| format!("{byte:02x}")).collect();
    println!("version      {}", router.version());
    println!("api          {}", router.api_address());
    println!("api-ssl      {}", router.api_tls_address());
    println!("rest         https://{}/rest", router.rest_address());
    println!("user         {} {}", router.user(), router.password());
    println!("certificate  {} sha256 {fingerprint}", file.display());
    std::io::stdout().flush()?;
    tokio::signal::ctrl_c().await?;
    router.stop().await;
    std::fs::remove_file(&file)?;
    Ok(())
}
