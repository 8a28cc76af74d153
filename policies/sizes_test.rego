package ipr.sizes_test

import data.ipr.sizes

denied(environment, specs) := n if {
	n := count(sizes.deny) with input as {
		"environment": {"name": environment},
		"plan": {"steps": [{"address": "shop.web", "desired": {"specs": specs}}]},
	} with data.ipr.settings.sizes as {"prod": {"cpu": 4000}, "*": {"cpu": 1000, "memory": 100}}
}

test_each_environment_has_its_limits if {
	denied("prod", {"cpu": 4000, "memory": 1000}) == 0
	denied("prod", {"cpu": 4001}) == 1
	denied("dev", {"cpu": 1001, "memory": 101}) == 2
	denied("dev", {}) == 0
}

test_what_is_no_number_is_no_size if denied("dev", {"memory": {"max": 3}}) == 0
