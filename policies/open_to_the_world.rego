# No port of a container and no service of a router is open to everybody.
package ipr.open_to_the_world

import data.ipr.settings

# `address:host:inside/protocol`: that is how the plan writes ports, whatever the author left out.
deny contains {"msg": msg, "address": step.address, "path": "specs.ports"} if {
	some step in input.plan.steps
	step.type == "compute"
	some port in step.desired.specs.ports
	some everybody in {"0.0.0.0:", "[::]:"}
	startswith(port, everybody)
	host := to_number(split(trim_prefix(port, everybody), ":")[0])
	not host in settings.open_ports_allowed
	msg := sprintf("%s publishes port %d to everybody; bind it to an address, as in `127.0.0.1:%d:…`", [step.address, host, host])
}

deny contains {"msg": msg, "address": step.address} if {
	some step in input.plan.steps
	step.provider == "mikrotik"
	step.type == "service"
	not object.get(step.desired.specs, "enabled", true) == false
	not restricted(step.desired.specs)
	msg := sprintf("the service %s of a router answers everybody; say in `from` who may use it", [step.resource])
}

deny contains {"msg": msg, "address": step.address, "path": "specs.rules"} if {
	some step in input.plan.steps
	step.type == "firewall"
	step.desired.specs.chain == "input"
	some rule in step.desired.specs.rules
	rule.action == "accept"
	not is_narrow(rule)
	msg := sprintf("the rule %s lets everybody reach the router itself", [rule.name])
}

is_narrow(rule) if {
	some source in {"from_list", "in"}
	rule[source]
}

is_narrow(rule) if {
	rule.from
	not rule.from in {"0.0.0.0/0", "::/0", "0.0.0.0-255.255.255.255"}
}

# RouterOS makes these interface lists by itself; `none` holds nothing.
is_narrow(rule) if not object.get(rule, "in_list", "all") in {"all", "dynamic", "static"}

# What belongs to a connection that was let in before.
is_narrow(rule) if {
	count(rule.state) > 0
	not "new" in rule.state
}

is_narrow(rule) if rule.protocol in {"icmp", "icmpv6"}

is_narrow(rule) if rule.enabled == false

restricted(specs) if {
	count(sources(specs)) > 0
	every source in sources(specs) {
		not source in {"0.0.0.0/0", "::/0"}
	}
}

sources(specs) := specs.from if is_array(specs.from)

sources(specs) := [specs.from] if is_string(specs.from)
