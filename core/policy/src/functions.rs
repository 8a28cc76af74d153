//! Which functions may a rule call beside the interpreter's own? Those it lacks without a clock and a network, and those that would make
//! too much of little.

use regorus::{Engine, Value};

use crate::limits::RANGE_MAX;
use crate::{calendar, network};

type Function = fn(&[Value]) -> Result<Value, String>;

/// Name, number of arguments, and what it does. A name that the interpreter knows too is taken from here.
const TABLE: [(&str, u8, Function); 8] = [
    ("net.cidr_contains", 2, |arguments| Ok(network::contains(arguments))),
    ("net.cidr_intersects", 2, |arguments| Ok(network::intersects(arguments))),
    ("net.cidr_is_valid", 1, |arguments| Ok(network::is_valid(arguments))),
    ("time.parse_rfc3339_ns", 1, |arguments| Ok(calendar::parse_rfc3339_ns(arguments))),
    ("time.date", 1, calendar::date),
    ("time.clock", 1, calendar::clock),
    ("time.weekday", 1, calendar::weekday),
    ("numbers.range", 2, range),
];

/// Adds the table to an engine.
pub(crate) fn add(engine: &mut Engine) {
    for (name, arguments, function) in TABLE {
        let call = move |given: Vec<Value>| function(&given).map_err(anyhow::Error::msg);
        engine.add_extension(name.to_owned(), arguments, Box::new(call)).expect("each name stands in the table once");
    }
}

/// Whether there is a function of this name that no rule defines.
pub(crate) fn is_known(name: &str) -> bool {
    name == "print" || TABLE.iter().any(|(known, _, _)| *known == name) || regorus::unstable::BUILTINS.contains_key(name)
}

/// `numbers.range(a, b)`, both included, up or down. The interpreter's own makes as long a list as is asked for.
fn range(arguments: &[Value]) -> Result<Value, String> {
    let [first, last] = arguments else { return Ok(Value::Undefined) };
    let (Ok(first), Ok(last)) = (first.as_i64(), last.as_i64()) else { return Ok(Value::Undefined) };
    if last.abs_diff(first) >= RANGE_MAX.unsigned_abs() {
        return Err(format!("the list from {first} to {last} has more than {RANGE_MAX} numbers"));
    }
    let ascending = first.min(last)..=first.max(last);
    let numbers: Vec<Value> = if first <= last { ascending.map(Value::from).collect() } else { ascending.rev().map(Value::from).collect() };
    Ok(Value::from(numbers))
}
