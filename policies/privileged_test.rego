package ipr.privileged_test

import data.ipr.privileged

denied(specs) := n if {
	n := count(privileged.deny) with input as {"plan": {"steps": [{"address": "shop.web", "desired": {"specs": specs}}]}}
}

test_no_privileges if {
	denied({"privileged": true}) == 1
	denied({"privileged": false}) == 0
	denied({}) == 0
}

test_no_folder_of_the_machine if {
	denied({"mounts": [{"host": "/"}, {"host": "/etc/ssl"}, {"host": "/run/docker.sock"}]}) == 3
	denied({"mounts": [{"host": "/srv/shop"}, {"host": "/etcetera"}, {"storage": {"resource": "shop.db"}}]}) == 0
}
