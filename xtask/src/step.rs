//! How is one step of CI run and shown? A heading, the command's own output, the time it took.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};

/// One command with a heading.
pub(crate) struct Step<'a> {
    title: &'static str,
    program: &'static str,
    arguments: &'a [&'a str],
    environment: &'a [(&'a str, &'a str)],
}

impl<'a> Step<'a> {
    /// A step that runs cargo.
    pub(crate) const fn cargo(title: &'static str, arguments: &'a [&'a str]) -> Self {
        Step { title, program: "cargo", arguments, environment: &[] }
    }

    /// The same step with these variables in its environment.
    pub(crate) const fn with_environment(mut self, environment: &'a [(&'a str, &'a str)]) -> Self {
        self.environment = environment;
        self
    }

    /// Runs the step in `root`; fails when the command does.
    pub(crate) fn run(&self, root: &Path) -> anyhow::Result<()> {
        let started = self.announce();
        self.execute(root)?;
        println!("--- {} took {:.1} s", self.title, started.elapsed().as_secs_f64());
        Ok(())
    }

    /// Runs the step as the last one: nothing of ours is printed after the command's own summary.
    pub(crate) fn run_last(&self, root: &Path) -> anyhow::Result<()> {
        self.announce();
        self.execute(root)
    }

    fn announce(&self) -> Instant {
        heading(self.title);
        println!("    {} {}", self.program, self.arguments.join(" "));
        Instant::now()
    }

    fn execute(&self, root: &Path) -> anyhow::Result<()> {
        let status = Command::new(self.program)
            .args(self.arguments)
            .envs(self.environment.iter().copied())
            .current_dir(root)
            .status()
            .with_context(|| format!("start `{}` for {}", self.program, self.title))?;
        if !status.success() {
            bail!("{} failed ({status})", self.title);
        }
        Ok(())
    }
}

/// Prints the line that opens a step.
pub(crate) fn heading(title: &str) {
    println!("\n=== {title}");
}

/// Whether this cargo has the subcommand, such as `nextest` or `deny`.
pub(crate) fn cargo_has(subcommand: &str) -> bool {
    Command::new("cargo").args([subcommand, "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
