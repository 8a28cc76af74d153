//! How well does the assistant read, in figures? `cargo xtask assistant-eval` runs this.
//!
//! With the argument `misses` the requests of the working part that did not come out are listed; those of the held-out part never are.
//! With `say` each line of the standard input is read as a request of its own, and what comes of it is printed.

use daemon_assistant::{Outcome, Request, View, read};
use jiff::Zoned;
use test_assistant::{corpus, figures, rendering, types, world};

fn main() -> anyhow::Result<()> {
    let (files, registry, now) = (world::files(), types::registry(), world::now());
    let view = View::new(&files, &registry);
    if std::env::args().any(|argument| argument == "say") {
        return say(&view, &now);
    }
    let work = figures::measure(&corpus::work()?, &view, &now);
    let held = figures::measure(&corpus::held()?, &view, &now);
    println!("deterministic reading, no model\n\nworking part\n{work}\n\nheld-out part\n{held}");
    if std::env::args().any(|argument| argument == "misses") {
        println!("\nmisses of the working part");
        work.misses.iter().for_each(|miss| println!("  {miss}"));
    }
    Ok(())
}

/// What comes of each line.
fn say(view: &View<'_>, now: &Zoned) -> anyhow::Result<()> {
    for line in std::io::stdin().lines() {
        let line = line?;
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
