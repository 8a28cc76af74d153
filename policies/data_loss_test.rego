package ipr.data_loss_test

import data.ipr.data_loss

gone := {"address": "shop.db", "action": "delete", "risk": "data-loss"}

plan(labels) := {"pull_request": {"labels": labels}, "plan": {"steps": [gone, {"address": "shop.web", "action": "create", "risk": "none"}]}}

test_data_is_not_lost_without_the_label if {
	{finding.address | some finding in data_loss.deny} == {"shop.db"} with input as plan(["other"])
	count(data_loss.warn) == 0 with input as plan([])
}

test_the_label_says_that_it_is_meant if {
	count(data_loss.deny) == 0 with input as plan(["data-loss"])
	count(data_loss.warn) == 1 with input as plan(["data-loss"])
}

test_a_push_without_a_pull_request_has_no_label if count(data_loss.deny) == 1 with input as {"pull_request": null, "plan": {"steps": [gone]}}
