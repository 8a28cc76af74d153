//! How well does the assistant read, in figures? `cargo xtask assistant-eval` runs this.
//!
//! With the argument `misses` the requests of the working part that did not come out are listed; those of the held-out part never are.
//! With `endpoint=URL name=MODEL` the requests that the rules do not understand go to a model, whose key is in IPR_MODEL_KEY if it wants one.
//! With `file=PATH` a corpus file of one's own is run alone, with its misses: requests in the words of the people who will write them.
//! With `say` each line of the standard input is read as a request of its own, and what comes of it is printed.

use std::cell::Cell;
use std::time::Duration;

use core_model::Secret;
use daemon_assistant::{Outcome, Proposer as _, Reading, Request, View, read, read_with};
use daemon_model::{Endpoint, Settings};
use jiff::Zoned;
use test_assistant::{corpus, figures, rendering, types, world};

/// For one answer.
const MODEL_TIMEOUT: Duration = Duration::from_secs(120);

fn main() -> anyhow::Result<()> {
    let (files, registry, now) = (world::files(), types::registry(), world::now());
    let view = View::new(&files, &registry);
    if std::env::args().any(|argument| argument == "say") {
        return say(&view, &now);
    }
    let model = model()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (asked, accepted) = (Cell::new(0), Cell::new(0));
    let reader = |request: &Request<'_>, view: &View<'_>| {
        let Some(model) = &model else { return read(request, view) };
        let (turn, reading) = runtime.block_on(read_with(request, view, model));
        asked.set(asked.get() + usize::from(reading != Reading::Deterministic));
        accepted.set(accepted.get() + usize::from(matches!(reading, Reading::Model { .. })));
        turn
    };
    if let Some(path) = std::env::args().find_map(|argument| argument.strip_prefix("file=").map(str::to_owned)) {
        let figures = figures::measure(&corpus::file(&path)?, &view, &now, &reader);
        println!("{figures}\n");
        figures.misses.iter().for_each(|miss| println!("  {miss}"));
        return Ok(());
    }
    let measure = |cases: &[corpus::Case]| match &model {
        None => figures::measure_on_all_cores(cases, &files, &registry, &now),
        Some(_) => figures::measure(cases, &view, &now, &reader),
    };
    let (work, held) = (measure(&corpus::work()?), measure(&corpus::held()?));
    let strangers = corpus::strangers()?.into_iter().map(|(hand, cases)| (hand, measure(&cases)));
    let strangers: Vec<_> = strangers.collect();
    match &model {
        None => println!("deterministic reading, no model"),
        Some(model) => println!("with the model {}: asked {} times, accepted {} times", model.name(), asked.get(), accepted.get()),
    }
    println!("\nworking part\n{work}\n\nheld-out part\n{held}");
    strangers.iter().for_each(|(hand, figures)| println!("\nheld-out part by the {hand}\n{figures}"));
    if std::env::args().any(|argument| argument == "misses") {
        println!("\nmisses of the working part");
        work.misses.iter().for_each(|miss| println!("  {miss}"));
    }
    Ok(())
}

/// The model of the arguments; nothing of it is asked yet.
fn model() -> anyhow::Result<Option<Endpoint>> {
    let argument = |key: &str| std::env::args().find_map(|argument| argument.strip_prefix(key).map(str::to_owned));
    let (root, model) = match (argument("endpoint="), argument("name=")) {
        (Some(root), Some(model)) => (root.parse()?, model),
        (None, None) => return Ok(None),
        _ => anyhow::bail!("a model has both an endpoint and a name: endpoint=http://127.0.0.1:11434/v1 name=qwen2.5:3b"),
    };
    // It fails only if there is one already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let key = std::env::var("IPR_MODEL_KEY").ok().map(Secret::new);
    Ok(Some(Endpoint::new(Settings { root, model, key, timeout: MODEL_TIMEOUT })?))
}

/// What comes of each line.
fn say(view: &View<'_>, now: &Zoned) -> anyhow::Result<()> {
    for line in std::io::stdin().lines() {
        // As in the corpus.
        let line = line?.replace("\\n", "\n");
        let outcome = read(&Request { text: &line, now, about: None }, view).outcome;
        println!("{line}\n    {}", rendering::outcome(&outcome));
        match outcome {
            Outcome::Question(question) => {
                println!("    {}{}", question.text, question.options.iter().map(|option| format!(" [{}]", option.label)).collect::<String>())
            }
            Outcome::Refusal(refusal) => println!("    {}", refusal.text),
            _ => {}
        }
    }
    Ok(())
}
