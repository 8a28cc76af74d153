"""RouterOS-api against a simulated router: resources, filters, changes and refusals."""

import sys

import routeros_api
from routeros_api.exceptions import RouterOsApiCommunicationError

pool = routeros_api.RouterOsApiPool("127.0.0.1", username="admin", password="password", port=int(sys.argv[1]), plaintext_login=True)
api = pool.get_api()

lists = api.get_resource("/ip/firewall/address-list")
lists.add(list="office", address="10.0.0.0/24", comment="one")
lists.add(list="office", address="10.0.1.0/24")
assert len(lists.get()) == 2
[entry] = lists.get(comment="one")
assert (entry["address"], entry["disabled"], entry["dynamic"]) == ("10.0.0.0/24", "false", "false"), entry
lists.set(id=entry["id"], comment="two")
assert lists.get(comment="one") == []
lists.remove(id=entry["id"])
assert len(lists.get()) == 1

vlans = api.get_resource("/interface/vlan")
vlans.add(name="mgmt", interface="ether2", vlan_id="10")
assert vlans.get(name="mgmt")[0]["vlan-id"] == "10"
api.get_resource("/interface/vlan").call("disable", {"numbers": "mgmt"})
assert vlans.get(name="mgmt")[0]["disabled"] == "true"

for wrong, words in (({"name": "mgmt", "interface": "ether3"}, "already have interface"), ({"name": "x", "interface": "no"}, "does not match any value")):
    try:
        vlans.add(**wrong)
    except RouterOsApiCommunicationError as error:
        assert words in str(error), error
    else:
        raise AssertionError("it was not refused")

pool.disconnect()
