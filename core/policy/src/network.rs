//! Which addresses lie in which networks? OPA's `net` functions that rules need, by their OPA names.

use std::net::IpAddr;

use ipnet::IpNet;
use regorus::Value;

/// A network, or a single address as the network of its own.
fn network(text: &str) -> Option<IpNet> {
    text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

fn both(arguments: &[Value]) -> Option<(IpNet, IpNet)> {
    let [first, second] = arguments else { return None };
    Some((network(first.as_string().ok()?)?, network(second.as_string().ok()?)?))
}

/// `net.cidr_contains(network, network or address)`. Undefined for what is neither.
pub(crate) fn contains(arguments: &[Value]) -> Value {
    both(arguments).map_or(Value::Undefined, |(outer, inner)| Value::from(outer.contains(&inner)))
}

/// `net.cidr_intersects(network, network)`.
pub(crate) fn intersects(arguments: &[Value]) -> Value {
    both(arguments).map_or(Value::Undefined, |(left, right)| Value::from(left.contains(&right) || right.contains(&left)))
}

/// `net.cidr_is_valid(text)`.
pub(crate) fn is_valid(arguments: &[Value]) -> Value {
    let [Value::String(text)] = arguments else { return Value::Undefined };
    Value::from(text.parse::<IpNet>().is_ok())
}
