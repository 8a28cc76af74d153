package ipr.protected_addresses_test

import data.ipr.protected_addresses

denied(action, address) := n if {
	n := count(protected_addresses.deny) with input as {"plan": {"steps": [{"address": address, "action": action}]}} with data.ipr.settings.protected as {"shop.db"}
}

test_the_list_is_kept if {
	every action in {"delete", "replace", "release"} {
		denied(action, "shop.db") == 1
	}
	denied("update", "shop.db") == 0
	denied("delete", "shop.web") == 0
}
