package ipr.blast_radius_test

import data.ipr.blast_radius

denied(steps) := n if {
	n := count(blast_radius.deny) with input as {"plan": {"steps": steps}} with data.ipr.settings.blast_radius as {"steps": 3, "severe": 1}
}

step(action, risk) := {"action": action, "risk": risk}

test_few_steps_are_fine if denied([step("create", "none"), step("create", "none"), step("delete", "none")]) == 0

test_many_steps_are_not if denied([step("create", "none"), step("create", "none"), step("create", "none"), step("update", "none")]) == 1

test_severe_steps_are_counted_once if {
	denied([step("delete", "data-loss"), step("create", "none")]) == 0
	denied([step("replace", "restart"), step("update", "data-loss")]) == 1
}
