package ipr.open_to_the_world_test

import data.ipr.open_to_the_world

denied(step) := n if {
	n := count(open_to_the_world.deny) with input as {"plan": {"steps": [step]}}
}

container(ports) := {"address": "shop.web", "type": "compute", "provider": "docker", "desired": {"specs": {"ports": ports}}}

test_ports_of_everybody_are_counted if denied(container(["0.0.0.0:5432:5432/tcp", "[::]:53:53/udp", "0.0.0.0:443:8443/tcp", "127.0.0.1:22:22/tcp"])) == 2

test_no_ports_are_fine if denied({"address": "shop.web", "type": "compute", "provider": "docker", "desired": {"specs": {}}}) == 0

service(specs) := {"address": "edge.ssh", "resource": "ssh", "type": "service", "provider": "mikrotik", "desired": {"specs": specs}}

test_a_service_names_who_may_use_it if {
	denied(service({})) == 1
	denied(service({"from": ["0.0.0.0/0"]})) == 1
	denied(service({"from": "::/0"})) == 1
	denied(service({"from": ["10.0.0.0/8"]})) == 0
	denied(service({"enabled": false})) == 0
}

firewall(rule) := {"address": "edge.input", "type": "firewall", "provider": "mikrotik", "desired": {"specs": {"chain": "input", "rules": [rule]}}}

test_a_rule_lets_somebody_in_and_not_everybody if {
	denied(firewall({"name": "all", "action": "accept"})) == 1
	denied(firewall({"name": "lan", "action": "accept", "in": "bridge"})) == 0
	denied(firewall({"name": "ssh", "action": "accept", "protocol": "tcp", "ports": [22]})) == 1
	denied(firewall({"name": "ping", "action": "accept", "protocol": "icmp"})) == 0
	denied(firewall({"name": "everywhere", "action": "accept", "from": "0.0.0.0/0"})) == 1
	denied(firewall({"name": "office", "action": "accept", "from": "10.0.0.0/8"})) == 0
	denied(firewall({"name": "any", "action": "accept", "in_list": "all"})) == 1
	denied(firewall({"name": "inside", "action": "accept", "in_list": "LAN"})) == 0
	denied(firewall({"name": "new", "action": "accept", "state": ["new", "established"]})) == 1
	denied(firewall({"name": "old", "action": "accept", "state": ["established", "related"]})) == 0
	denied(firewall({"name": "off", "action": "accept", "enabled": false})) == 0
	denied(firewall({"name": "rest", "action": "drop"})) == 0
}
