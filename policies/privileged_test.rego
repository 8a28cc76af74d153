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
	denied({"mounts": [{"host": "/var/run"}, {"host": "/var/"}, {"host": "/run"}, {"host": "/srv/../etc"}]}) == 4
	denied({"mounts": [{"host": "/srv/shop"}, {"host": "/etcetera"}, {"storage": {"resource": "shop.db"}}]}) == 0
}

volume(options) := n if {
	n := count(privileged.deny) with input as {"plan": {"steps": [{"address": "shop.data", "type": "storage", "desired": {"specs": {"options": options}}}]}}
}

test_no_volume_is_a_folder_of_the_machine if {
	volume({"type": "none", "o": "bind", "device": "/"}) == 1
	volume({"type": "none", "o": "bind", "device": "/srv/shop"}) == 0
	volume({"type": "nfs", "o": "addr=10.0.0.9", "device": ":/export"}) == 0
}
