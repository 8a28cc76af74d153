//! Starts a simulated GitHub with one repository, for a look in a browser or for other clients, until Ctrl-C.
//!
//! `cargo run -p test-sim --example forge` prints the addresses, a token, and the file with the certificate to trust.

use std::error::Error;

use test_sim::github::{ClockSource, Forge, ForgeOptions, Permission};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = ForgeOptions { clock: ClockSource::System, ..ForgeOptions::default() };
    let forge = Forge::start(options).await?;
    let repository = forge.repository("acme/infra", "main", &[("README.md", "# Infra\n")]).await?;
    let token = repository.user("alice", Permission::Admin).await?;
    repository.user("bob", Permission::Write).await?;
    let mut certificate = tempfile::Builder::new().prefix("forge-").suffix(".pem").tempfile()?;
    std::io::Write::write_all(&mut certificate, forge.certificate_pem().as_bytes())?;
    println!("api          {}", forge.api_url());
    println!("pages        {}/acme/infra/pulls", forge.web_url());
    println!("git          {}", forge.git_url("acme/infra"));
    println!("token        {token} (alice), {} (bob)", forge.token_for("bob"));
    println!("certificate  {}", certificate.path().display());
    tokio::signal::ctrl_c().await?;
    for violation in forge.violations() {
        println!("violation    {}: {}", violation.subject, violation.problem);
    }
    forge.stop().await;
    Ok(())
}
