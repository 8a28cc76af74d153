//! How well does the assistant read, in figures? `cargo xtask assistant-eval` runs this.
//!
//! With the argument `misses` the requests of the working part that did not come out are listed; those of the held-out part never are.

use daemon_assistant::View;
use test_assistant::{corpus, figures, types, world};

fn main() -> anyhow::Result<()> {
    let (files, registry, now) = (world::files(), types::registry(), world::now());
    let view = View::new(&files, &registry);
    let work = figures::measure(&corpus::work()?, &view, &now);
    let held = figures::measure(&corpus::held()?, &view, &now);
    println!("deterministic reading, no model\n\nworking part\n{work}\n\nheld-out part\n{held}");
    if std::env::args().any(|argument| argument == "misses") {
        println!("\nmisses of the working part");
        work.misses.iter().for_each(|miss| println!("  {miss}"));
    }
    Ok(())
}
