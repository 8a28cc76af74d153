package ipr.freeze_test

import data.ipr.freeze

denied(environment, now) := n if {
	n := count(freeze.deny) with input as {"environment": {"name": environment}, "now": now, "plan": {"steps": [{}]}}
}

test_a_freeze_opens_and_closes if {
	denied("prod", "2026-12-18T10:00:00Z") == 0
	denied("prod", "2026-12-21T10:00:00Z") == 1
	denied("prod", "2027-01-04T10:00:00Z") == 0
	denied("dev", "2026-12-21T10:00:00Z") == 0
}

test_production_rests_at_night_and_at_the_weekend if {
	denied("prod", "2026-11-18T05:59:59Z") == 1
	denied("prod", "2026-11-18T06:00:00Z") == 0
	denied("prod", "2026-11-18T20:00:00Z") == 1
	denied("prod", "2026-11-21T10:00:00Z") == 1
	denied("dev", "2026-11-21T02:00:00Z") == 0
}

test_a_plan_without_steps_is_always_fine if count(freeze.deny) == 0 with input as {"environment": {"name": "prod"}, "now": "2026-12-25T03:00:00Z", "plan": {"steps": []}}

misread(moments) := n if {
	n := count(freeze.deny) with input as {"environment": {"name": "dev"}, "now": "2026-12-21T10:00:00Z", "plan": {"steps": [{}]}}
		with data.ipr.settings.freezes as [moments]
}

test_a_freeze_that_cannot_be_read_stops_everything if {
	misread({"name": "x", "environments": {"prod"}, "from": "20 December", "until": "2027-01-03T00:00:00Z"}) == 1
	misread({"environments": {"prod"}, "until": "2027-01-03T00:00:00Z"}) == 1
	misread({"name": "x", "environments": {"prod"}, "from": "2027-01-03T00:00:00Z", "until": "2026-12-20T00:00:00Z"}) == 1
	misread({"name": "x", "environments": {"prod"}, "from": "2026-12-20T00:00:00Z", "until": "2027-01-03T00:00:00Z"}) == 0
}
