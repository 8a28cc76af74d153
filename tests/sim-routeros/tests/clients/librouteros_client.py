"""librouteros against a simulated router: entries, order, queries, refusals, safe mode, files and its dead-man switch."""

import sys

import librouteros
from librouteros.exceptions import TrapError
from librouteros.query import And, Key, Or

PORT, VERSION = int(sys.argv[1]), tuple(int(part) for part in sys.argv[2].split("."))


def connect():
    return librouteros.connect(host="127.0.0.1", port=PORT, username="admin", password="password")


def refused(call):
    try:
        call()
    except TrapError as trap:
        return str(trap)
    raise AssertionError("it was not refused")


api = connect()
rules = api.path("/ip/firewall/filter")
ids = [rules.add(chain="forward", action="accept", comment=f"r{number}") for number in range(4)]
tuple(rules("move", numbers=ids[3], destination=ids[0]))
assert [rule["comment"] for rule in rules] == ["r3", "r0", "r1", "r2"]
rules.update(**{".id": ids[1], "comment": "changed", "disabled": True})
comment, disabled = Key("comment"), Key("disabled")
assert [row["comment"] for row in rules.select(comment).where(disabled == True)] == ["changed"]  # noqa: E712
assert len(list(rules.select(comment).where(Or(comment == "r0", comment == "r2")))) == 2
assert len(list(rules.select(comment).where(And(comment == "r0", disabled == True)))) == 0  # noqa: E712
assert "unknown parameter" in refused(lambda: rules.add(chain="input", bogus="1"))
assert "no such item" in refused(lambda: rules.remove("*FFFF"))
assert "does not match any value" in refused(lambda: api.path("/ip/address").add(address="10.0.0.1/24", interface="none"))
rules.remove(*ids)
assert list(rules) == []

names = {interface["name"]: interface["type"] for interface in api.path("/interface")}
assert names["ether1"] == "ether", names
assert next(iter(api("/system/resource/print")))["version"].startswith(sys.argv[2])

config = api.config()
if VERSION >= (7, 18):
    other = connect()
    tuple(other("/safe-mode/take"))
    other.path("/ip/pool").add(name="lost", ranges="10.0.0.2")
    assert next(iter(api("/safe-mode/print")))["enabled"] is True
    other.close()
    while next(iter(api("/safe-mode/print")))["enabled"]:
        pass
    assert list(api.path("/ip/pool")) == []

config.apply(text="/ip pool\nadd name=kept ranges=10.0.0.2\n")
assert "/ip pool\nadd name=kept ranges=10.0.0.2" in config.export()
if VERSION >= (7, 16):
    assert "line 1" in refused(lambda: config.validate(text="/ip pool {"))
    assert config.compare(config.export()) == ""

config.arm_rollback(60)
assert config.rollback_pending()
config.cancel_rollback()
assert not config.rollback_pending()
config.arm_rollback(60)
tuple(api("/system/identity/set", name="by-librouteros"))
api.close()
