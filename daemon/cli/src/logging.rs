//! Where do log lines go? To standard error, and to a file for each day if the configuration names a folder.

use std::io::IsTerminal;

use tracing_appender::{
    non_blocking::WorkerGuard,
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::{EnvFilter, Layer, Registry, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    config::{LogConfig, LogFormat},
    failure::Failure,
};

/// Which lines are written; the form is that of `RUST_LOG`.
const FILTER_VARIABLE: &str = "IPR_LOG";
const FILTER: &str = "info";
const FILE_PREFIX: &str = "ipr";
const FILES_KEPT: usize = 14;

/// Writes what is still in memory when it is dropped.
#[must_use]
pub(crate) struct Logging(#[expect(dead_code, reason = "held until the process ends")] Option<WorkerGuard>);

/// Sets the process up to log. Called once.
pub(crate) fn start(config: &LogConfig) -> Result<Logging, Failure> {
    let filter = std::env::var(FILTER_VARIABLE).ok().and_then(|text| text.parse::<EnvFilter>().ok()).unwrap_or_else(|| EnvFilter::new(FILTER));
    let console = layer(config.format, std::io::stderr, std::io::stderr().is_terminal());
    let mut layers = vec![console];
    let mut guard = None;
    if let Some(directory) = &config.directory {
        let files = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix(FILE_PREFIX)
            .filename_suffix("log")
            .max_log_files(FILES_KEPT)
            .build(directory)
            .map_err(|error| Failure::of("Cannot write logs", error).hint(format!("`log.directory` is {}", directory.display())))?;
        let (writer, worker) = tracing_appender::non_blocking(files);
        layers.push(layer(config.format, writer, false));
        guard = Some(worker);
    }
    // It fails only if something logs already, and then lines go there.
    let _ = Registry::default().with(layers.with_filter(filter)).try_init();
    Ok(Logging(guard))
}

type Lines = Box<dyn Layer<Registry> + Send + Sync>;

fn layer<W>(format: LogFormat, writer: W, colour: bool) -> Lines
where
    W: for<'a> tracing_subscriber::fmt::MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(colour);
    match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    }
}
