//! How many processors? `cpu` is how many the container may use; the options say cores and a limit, and neither means all.

use serde_json::{Value, json};

use crate::config::Config;
use crate::guest::edits::Edits;
use crate::guest::option::parse_thousandths;
use crate::guest::wanted::Wanted;

const CPU: &str = "specs.cpu";

pub(super) fn read(config: &Config, values: &mut Vec<(String, Value)>) {
    values.extend(thousandths(config).map(|thousandths| (CPU.to_owned(), json!(thousandths))));
}

fn thousandths(config: &Config) -> Option<i64> {
    let cores = config.get("cores").and_then(|text| text.parse::<i64>().ok()).map(|cores| cores * 1_000);
    let limit = config.get("cpulimit").and_then(parse_thousandths).filter(|limit| *limit > 0);
    cores.into_iter().chain(limit).min()
}

pub(super) fn write(config: &Config, wanted: &Wanted, edits: &mut Edits) {
    if !wanted.touches(CPU) {
        return;
    }
    let cpu = wanted.value(CPU).and_then(Value::as_i64);
    // A fraction is a limit on whole processors.
    let limit = cpu.filter(|cpu| cpu % 1_000 != 0).map(core_model::decode::shown_thousandths);
    edits.bring(config, "cores", cpu.map(|cpu| ((cpu + 999) / 1_000).to_string()));
    edits.bring(config, "cpulimit", limit);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_is_a_limit_and_nothing_is_all() {
        for (cpu, cores, limit) in [(4_000, "4", None), (1_500, "2", Some("1.5"))] {
            let mut edits = Edits::default();
            write(&Config::default(), &Wanted::of_container(&[(CPU, json!(cpu))], &[]), &mut edits);
            assert_eq!((edits.set.get("cores").map(String::as_str), edits.set.get("cpulimit").map(String::as_str)), (Some(cores), limit));
            let read = Config { digest: None, options: edits.set };
            assert_eq!(thousandths(&read), Some(cpu));
            let mut back = Edits::default();
            write(&read, &Wanted::of_container(&[], &[CPU]), &mut back);
            assert!(back.delete.contains("cores") && back.delete.contains("cpulimit") == limit.is_some());
        }
        assert_eq!(thousandths(&Config::default()), None);
    }
}
