//! `ipr serve`: the daemon, from its configuration to its last connection.

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use clap::Args;
use core_model::Diagnostic;
use daemon_app::Daemon;
use daemon_store::Store;
use daemon_web::{WebOptions, WebState};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    assembly::Assembly,
    config::{self, Config},
    environments,
    failure::Failure,
    gauges,
    keys::Keys,
    logging, runtime, signals, terminal,
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

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let path = config::path(arguments.config.clone());
    let (config, sources) = config::load(&path)?;
    let keys = Keys::read(&config, sources)?;
    if arguments.check {
        terminal::print(format_args!("{}: nothing is wrong\n", path.display()));
        return Ok(ExitCode::SUCCESS);
    }
    let _logging = logging::start(&config.log)?;
    runtime::block_on(serve(config, keys))??;
    Ok(ExitCode::SUCCESS)
}

/// Webhooks are taken in as soon as there is a database to keep them; the work on them begins when GitHub answers.
async fn serve(config: Config, keys: Keys) -> Result<(), Failure> {
    let stop = signals::stop_on_signal()?;
    let config = Arc::new(config);
    let store = open_store(&config).await?;
    let assembly = Assembly::new(config.clone(), &keys, stop.clone())?;
    let listener = listen(&config).await?;
    // With port 0 the system chose one, and only this line says which.
    let address = listener.local_addr().unwrap_or(config.listen);
    let is_ready = Arc::new(AtomicBool::new(false));
    let asked = is_ready.clone();
    let state = WebState::new(WebOptions {
        store: store.clone(),
        webhook_secret: keys.webhook_secret,
        version: env!("CARGO_PKG_VERSION"),
        is_ready: Box::new(move || asked.load(Ordering::Relaxed)),
        environments: environments::question(config.clone(), store.clone()),
        gauges: gauges::question(assembly.measurements()),
    });
    tracing::info!(listen = %address, state = %config.state.display(), "serving");
    let mut tasks = JoinSet::new();
    tasks.spawn(daemon_web::serve(listener, daemon_web::router(state), stop.clone()));
    tasks.spawn(work(assembly, store.clone(), config.sweep_every, is_ready.clone(), stop.clone()));
    let mut broken = None;
    while let Some(ended) = tasks.join_next().await {
        is_ready.store(false, Ordering::Relaxed);
        if !stop.is_cancelled() || ended.is_err() {
            broken = Some(ended);
        }
        // Neither goes on without the other.
        stop.cancel();
    }
    store.close().await;
    tracing::info!("stopped");
    match broken {
        None => Ok(()),
        Some(Err(panic)) => Err(Failure::of("Daemon broke down", panic).hint("this is a bug in the daemon; its log says more")),
        Some(Ok(())) => Err(Failure::new(Diagnostic::error("Daemon broke down", "A part of the daemon ended before it was told to."))),
    }
}

/// The daemon's flows, from when GitHub answers until the token is cancelled.
async fn work(assembly: Assembly, store: Store, sweep_every: Duration, is_ready: Arc<AtomicBool>, stop: CancellationToken) {
    match assembly.projects(&store).await {
        Ok(projects) => {
            tracing::info!(repositories = projects.len(), "ready");
            is_ready.store(true, Ordering::Relaxed);
            Daemon::new(store, projects, sweep_every, stop).run().await;
        }
        // The only way out of waiting for GitHub.
        Err(_) => tracing::info!("told to stop before GitHub answered"),
    }
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
