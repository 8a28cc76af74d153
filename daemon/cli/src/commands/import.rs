//! `ipr import`: what would a blueprint of what exists say?

mod addresses;
mod ask;
mod blueprint;
mod group;
mod names;
mod settings;

use std::{
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::Args;
use core_model::{Diagnostic, Name, TargetName};

use crate::{
    config::{self, Config},
    engines::{self, Reach},
    failure::Failure,
    runtime, terminal,
};

/// How long a target may take to tell everything.
const READ_MAX: Duration = Duration::from_secs(10 * 60);
/// More than this is no text that a target wrote.
const EXPORT_BYTES_MAX: u64 = 32 << 20;

/// Write what exists on a target as a blueprint.
///
/// Everything that is not managed yet is written with `lifecycle: {adopt: true}`. The plan of that blueprint adopts it and
/// changes nothing. Keep of it what this repository is to manage. The target is only read, and with `--export` not even that.
///
/// With `--members` or `--members-from` a whole group is imported: each address is asked, those that do not answer are listed, and with
/// `--output` the members are written into ipr.yaml and their machines into a new blueprint.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A target of the daemon's configuration; of a group, one member: `rack1/node-01`. With `--export` its kind will do: `mikrotik`.
    target: TargetName,
    /// A text that the target wrote itself, in place of the target: what `/export` of a MikroTik router shows.
    #[arg(long, value_name = "FILE", conflicts_with = "address")]
    export: Option<PathBuf>,
    /// Where that member is.
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// Where members of the group are: `10.9.0.11`, `10.9.0.11-10.9.0.30`, `10.9.0.0/24`, or with a name `node-01=10.9.0.11`; several with
    /// commas between them. Names that are not given come from the host name, the serial number or the address.
    #[arg(long, value_name = "ADDRESSES", value_delimiter = ',', conflicts_with_all = ["address", "export"])]
    members: Vec<String>,
    /// A file with the same, one on each line.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["address", "export"])]
    members_from: Option<PathBuf>,
    /// The environment of the members, where the configuration lets several use the group.
    #[arg(long, short)]
    environment: Option<Name>,
    /// A folder of the managed repository, for a whole group.
    #[arg(long, default_value = ".")]
    path: PathBuf,
    /// A new file, in place of the standard output: `blueprints/imported.yaml`.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The daemon's configuration: it says how the target is reached [default: $XDG_CONFIG_HOME/ipr/ipr.yaml if it exists,
    /// then /etc/ipr/ipr.yaml].
    #[arg(long, env = "IPR_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    if !arguments.members.is_empty() || arguments.members_from.is_some() {
        let (config, _) = config::load(&config::path(arguments.config.clone()))?;
        return group::run(&config, &arguments.wish());
    }
    let blueprint = match &arguments.export {
        Some(file) => from_export(file, arguments)?,
        None => {
            let (config, _) = config::load(&config::path(arguments.config.clone()))?;
            runtime::block_on(read(&config, arguments))??
        }
    };
    let Some(file) = &arguments.output else {
        terminal::print(blueprint);
        return Ok(ExitCode::SUCCESS);
    };
    new_file(file, &blueprint)?;
    let next = "Keep of it what is to be managed, then see that nothing would change";
    terminal::tell(format_args!("{} is written. {next}: ipr plan\n", file.display()));
    Ok(ExitCode::SUCCESS)
}

impl Arguments {
    fn wish(&self) -> group::Wish<'_> {
        group::Wish {
            group: &self.target,
            members: &self.members,
            list: self.members_from.as_deref(),
            environment: self.environment.as_ref(),
            output: self.output.as_deref(),
            folder: &self.path,
        }
    }
}

fn new_file(file: &Path, text: &str) -> Result<(), Failure> {
    let refused = |error| Failure::of("File not written", error).hint("name a file that does not exist yet, in a folder that does");
    let mut created = std::fs::File::create_new(file).map_err(refused)?;
    created.write_all(text.as_bytes()).map_err(refused)
}

/// The text alone is enough: no configuration is needed where the kind of target is named.
fn from_export(file: &Path, arguments: &Arguments) -> Result<String, Failure> {
    let named = &arguments.target;
    let provider = match engines::provider(named.as_str()) {
        Some(provider) => Some(provider),
        None => {
            let (config, _) = config::load(&config::path(arguments.config.clone()))?;
            engines::provider(&engines::known(&config, named)?.provider)
        }
    };
    let refused = |detail: String| Failure::new(Diagnostic::error("Nothing imported", detail));
    let Some(import) = provider.and_then(|provider| provider.import_text) else {
        return Err(refused(format!("`{named}` is no kind of target that writes its configuration as a text."))
            .hint("leave `--export` out, and the target itself is asked"));
    };
    let mut text = Vec::new();
    let opened =
        std::fs::File::open(file).map_err(|error| Failure::of("Nothing imported", error).hint(format!("see that {} is there", file.display())))?;
    opened.take(EXPORT_BYTES_MAX).read_to_end(&mut text).map_err(|error| Failure::of("Nothing imported", error))?;
    // Comments may be in the code page of whoever typed them.
    import(&String::from_utf8_lossy(&text)).map_err(|why| refused(format!("{} cannot be read: {why}.", file.display())))
}

async fn read(config: &Config, arguments: &Arguments) -> Result<String, Failure> {
    let target = engines::known(config, &arguments.target)?;
    let failed = |error| Failure::of("Nothing imported", error);
    let place = engines::place(target, &arguments.target, arguments.address.as_deref());
    let place = place.map_err(|why| Failure::new(Diagnostic::error("Nothing imported", format!("The target `{}`: {why}.", target.name))))?;
    let reach = Reach::read(target, &place).map_err(|why| Failure::new(Diagnostic::error("Nothing imported", why)))?;
    let engine = engines::connect(reach).map_err(failed)?;
    let late =
        |_| Failure::new(Diagnostic::error("Nothing imported", format!("The target did not tell everything within {} s.", READ_MAX.as_secs())));
    tokio::time::timeout(READ_MAX, engine.import()).await.map_err(late)?.map_err(failed)
}
