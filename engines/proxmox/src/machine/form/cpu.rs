//! How many processors? `cpu` is how many the guest may use; the options say cores, sockets and a limit.

use serde_json::{Value, json};

use crate::config::Config;
use crate::guest::edits::Edits;
use crate::guest::option::parse_thousandths;
use crate::guest::wanted::Wanted;

const CPU: &str = "specs.cpu";
const SOCKETS: &str = "specs.sockets";

pub(super) fn read(config: &Config, values: &mut Vec<(String, Value)>, defaults: &mut Vec<(String, Value)>) {
    values.extend([(CPU.to_owned(), json!(thousandths(config))), (SOCKETS.to_owned(), json!(sockets(config)))]);
    // One processor in each socket.
    defaults.extend([(CPU.to_owned(), json!(sockets(config) * 1_000)), (SOCKETS.to_owned(), json!(1))]);
}

fn number(config: &Config, option: &str) -> i64 {
    config.get(option).and_then(|text| text.parse().ok()).filter(|number| *number > 0).unwrap_or(1)
}

fn sockets(config: &Config) -> i64 {
    number(config, "sockets")
}

/// All processors, or the limit where that is lower.
fn thousandths(config: &Config) -> i64 {
    let all = number(config, "cores") * sockets(config) * 1_000;
    let limit = config.get("cpulimit").and_then(parse_thousandths).filter(|limit| *limit > 0);
    limit.map_or(all, |limit| limit.min(all))
}

pub(super) fn write(config: &Config, wanted: &Wanted, edits: &mut Edits) {
    if !wanted.touches(CPU) && !wanted.touches(SOCKETS) {
        return;
    }
    let target = |path: &str, current: i64, default: i64| match wanted.value(path).and_then(Value::as_i64) {
        Some(number) => number,
        None if wanted.touches(path) => default,
        None => current,
    };
    let sockets = target(SOCKETS, sockets(config), 1).max(1);
    let cpu = target(CPU, thousandths(config), sockets * 1_000);
    let processors = (cpu + 999) / 1_000;
    let cores = (processors + sockets - 1) / sockets;
    // A fraction, and what cannot be spread evenly over the sockets, is a limit on whole processors.
    let limit = (cpu != cores * sockets * 1_000).then(|| core_model::decode::shown_thousandths(cpu));
    edits.bring(config, "sockets", (sockets != 1 || config.get("sockets").is_some()).then(|| sockets.to_string()));
    edits.bring(config, "cores", Some(cores.to_string()));
    edits.bring(config, "cpulimit", limit);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(options: &[(&str, &str)]) -> Config {
        Config { digest: None, options: options.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect() }
    }

    #[test]
    fn fractions_are_limits_of_whole_processors() {
        for (cpu, cores, limit) in [(4_000, "4", None), (1_500, "2", Some("1.5")), (10, "1", Some("0.01"))] {
            let mut edits = Edits::default();
            write(&config(&[]), &Wanted::of(&[(CPU, json!(cpu))], &[]), &mut edits);
            assert_eq!((edits.set.get("cores").map(String::as_str), edits.set.get("cpulimit").map(String::as_str)), (Some(cores), limit));
            let read = Config { digest: None, options: edits.set };
            assert_eq!(thousandths(&read), cpu);
        }
    }

    #[test]
    fn sockets_share_the_processors() {
        let mut edits = Edits::default();
        write(&config(&[("cores", "4")]), &Wanted::of(&[(CPU, json!(8_000)), (SOCKETS, json!(2))], &[]), &mut edits);
        assert_eq!(edits.set.get("sockets").map(String::as_str), Some("2"));
        assert_eq!(edits.set.get("cores"), None, "four on each of two is what there is");
        assert_eq!(thousandths(&config(&[("cores", "2"), ("cpulimit", "8")])), 2_000);
        let mut uneven = Edits::default();
        write(&config(&[]), &Wanted::of(&[(CPU, json!(3_000)), (SOCKETS, json!(2))], &[]), &mut uneven);
        assert_eq!(thousandths(&Config { digest: None, options: uneven.set }), 3_000);
    }
}
