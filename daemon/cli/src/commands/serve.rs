//! `ipr serve`: the daemon, from its configuration to its last connection.

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::Args;
use core_model::{FingerprintKey, Secret, Sources};
use daemon_history::record::RecordKey;
use daemon_store::Store;
use daemon_web::{WebOptions, WebState};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    config::{self, Config, Mistakes, SecretReader},
    failure::Failure,
    logging, runtime, terminal,
};

/// Run the daemon.
///
/// It plans every pull request of the repositories in its configuration, answers with one comment, and applies what was
/// merged. Stop it with SIGTERM or SIGINT: it hands its work back and goes on after the next start.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The daemon's configuration [default: $XDG_CONFIG_HOME/ipr/ipr.yaml if it exists, then /etc/ipr/ipr.yaml].
    #[arg(long, env = "IPR_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Check the configuration and its secrets, and stop.
    #[arg(long)]
    check: bool,
}

/// The daemon's own secrets, read.
struct Keys {
    github_token: Secret,
    webhook_secret: Secret,
    record_key: RecordKey,
    fingerprint_key: FingerprintKey,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let path = config::path(arguments.config.clone());
    let (config, sources) = config::load(&path)?;
    let keys = read_keys(&config, sources)?;
    if arguments.check {
        anstream::println!("{}: nothing is wrong", path.display());
        return Ok(ExitCode::SUCCESS);
    }
    let _logging = logging::start(&config.log)?;
    runtime::block_on(serve(config, keys))??;
    Ok(ExitCode::SUCCESS)
}

/// Reads all secrets, so that all mistakes are told at once.
fn read_keys(config: &Config, sources: Sources) -> Result<Keys, Failure> {
    let variables = |name: &str| std::env::var(name).ok();
    let mut reader = SecretReader::new(config, &variables);
    let keys = (reader.github_token(), reader.webhook_secret(), reader.record_key(), reader.fingerprint_key());
    let diagnostics = reader.diagnostics;
    let (Some(github_token), Some(webhook_secret), Some(record_key), Some(fingerprint_key)) = keys else {
        return Err(Mistakes { diagnostics, sources }.into());
    };
    terminal::print_diagnostics(&diagnostics, &sources);
    Ok(Keys { github_token, webhook_secret, record_key, fingerprint_key })
}

async fn serve(config: Config, keys: Keys) -> Result<(), Failure> {
    let stop = stop_on_signal()?;
    let store = open_store(&config).await?;
    let listener = listen(&config).await?;
    let is_ready = Arc::new(AtomicBool::new(false));
    let asked = is_ready.clone();
    let state = WebState::new(WebOptions {
        store: store.clone(),
        webhook_secret: keys.webhook_secret,
        version: env!("CARGO_PKG_VERSION"),
        is_ready: Box::new(move || asked.load(Ordering::Relaxed)),
        environments: Box::new(Vec::new),
    });
    tracing::info!(listen = %config.listen, state = %config.state.display(), "serving");
    let web = tokio::spawn(daemon_web::serve(listener, daemon_web::router(state), stop.clone()));
    is_ready.store(true, Ordering::Relaxed);
    stop.cancelled().await;
    is_ready.store(false, Ordering::Relaxed);
    tracing::info!("stopping");
    web.await.map_err(|error| Failure::of("Web server broke down", error))?;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn open_store(config: &Config) -> Result<Store, Failure> {
    let folder = &config.state;
    tokio::fs::create_dir_all(folder)
        .await
        .map_err(|error| Failure::of("Cannot make state folder", error).hint(format!("`state` in the configuration is {}", folder.display())))?;
    Store::open(config.database()).await.map_err(|error| Failure::of("Cannot open database", error))
}

async fn listen(config: &Config) -> Result<TcpListener, Failure> {
    TcpListener::bind(config.listen).await.map_err(|error| {
        Failure::of("Cannot listen", error).hint(format!("`listen` in the configuration is {}; is another daemon running?", config.listen))
    })
}

/// A token that SIGTERM and SIGINT cancel. A second signal ends the process at once.
fn stop_on_signal() -> Result<CancellationToken, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = |error| Failure::of("Cannot watch for signals", error);
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        next().await;
        token.cancel();
        next().await;
        tracing::warn!("told to stop a second time: ending at once");
        std::process::exit(1);
    });
    Ok(stop)
}
