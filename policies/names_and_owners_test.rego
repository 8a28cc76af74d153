package ipr.names_and_owners_test

import data.ipr.names_and_owners

denied(environment, step) := n if {
	n := count(names_and_owners.deny) with input as {"environment": {"name": environment}, "plan": {"steps": [step]}}
}

step(name, metadata) := {"address": sprintf("shop.%s", [name]), "resource": name, "action": "create", "desired": {"metadata": metadata}}

test_names_have_the_agreed_form if {
	denied("dev", step("web", {})) == 0
	denied("dev", step("x", {})) == 1
}

test_production_has_owners if {
	denied("prod", step("web", {"owner": "@acme/web"})) == 0
	denied("prod", step("web", {"owner": ""})) == 1
	denied("prod", step("web", {})) == 1
}

test_what_goes_away_needs_no_owner if denied("prod", object.union(step("web", {}), {"action": "delete"})) == 0
