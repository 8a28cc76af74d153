package ipr.second_approver_test

import data.ipr.second_approver

asked(environment, steps) := n if {
	n := second_approver.needs_approval with input as {"environment": {"name": environment}, "plan": {"steps": steps}}
}

test_production_is_agreed_to if {
	[finding.team | some finding in asked("prod", [{}])] == ["platform"]
	count(asked("dev", [{}])) == 0
	count(asked("prod", [])) == 0
}
