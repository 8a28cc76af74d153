//! Which functions may a rule call beside the interpreter's own? Those it lacks without a clock and a network, and those that would make
//! too much of little.

use regorus::{Engine, Value};

use crate::limits::RANGE_MAX;
use crate::{calendar, network};

type Function = fn(&[Value]) -> Result<Value, String>;

/// Name, number of arguments, and what it does. A name that the interpreter knows too is taken from here.
const TABLE: [(&str, u8, Function); 9] = [
    ("net.cidr_contains", 2, |arguments| Ok(network::contains(arguments))),
    ("net.cidr_intersects", 2, |arguments| Ok(network::intersects(arguments))),
    ("net.cidr_is_valid", 1, |arguments| Ok(network::is_valid(arguments))),
    ("time.parse_rfc3339_ns", 1, |arguments| Ok(calendar::parse_rfc3339_ns(arguments))),
    ("time.date", 1, calendar::date),
    ("time.clock", 1, calendar::clock),
    ("time.weekday", 1, calendar::weekday),
    ("numbers.range", 2, range),
    ("numbers.range_step", 3, range_step),
];

/// Functions of the interpreter that make as much as is asked for, in one step that nothing counts.
const UNBOUNDED: [&str; 2] = ["bits.lsh", "graph.reachable_paths"];

/// Adds the table to an engine.
pub(crate) fn add(engine: &mut Engine) {
    for (name, arguments, function) in TABLE {
        let call = move |given: Vec<Value>| function(&given).map_err(anyhow::Error::msg);
        engine.add_extension(name.to_owned(), arguments, Box::new(call)).expect("each name stands in the table once");
    }
}

/// Whether there is a function of this name that no rule defines.
pub(crate) fn is_known(name: &str) -> bool {
    let is_bounded = !UNBOUNDED.contains(&name);
    is_bounded && (name == "print" || TABLE.iter().any(|(known, _, _)| *known == name) || regorus::unstable::BUILTINS.contains_key(name))
}

/// `numbers.range(a, b)`, both included, up or down. The interpreter's own makes as long a list as is asked for.
fn range(arguments: &[Value]) -> Result<Value, String> {
    let [first, last] = arguments else { return Ok(Value::Undefined) };
    stepped(first, last, 1)
}

/// `numbers.range_step(a, b, step)`: every so many numbers of that range.
fn range_step(arguments: &[Value]) -> Result<Value, String> {
    let [first, last, step] = arguments else { return Ok(Value::Undefined) };
    match step.as_i64() {
        Ok(step) if step > 0 => stepped(first, last, step),
        Ok(_) => Err("step must be a positive integer".to_owned()),
        Err(_) => Ok(Value::Undefined),
    }
}

fn stepped(first: &Value, last: &Value, step: i64) -> Result<Value, String> {
    let (Ok(first), Ok(last)) = (first.as_i64(), last.as_i64()) else { return Ok(Value::Undefined) };
    let steps = last.abs_diff(first) / step.unsigned_abs();
    let count = i64::try_from(steps).ok().filter(|steps| *steps < RANGE_MAX);
    let count = count.ok_or_else(|| format!("the list from {first} to {last} has more than {RANGE_MAX} numbers"))?;
    let signed = if first <= last { step } else { -step };
    Ok((0..=count).map(|place| Value::from(first + place * signed)).collect::<Vec<Value>>().into())
}
