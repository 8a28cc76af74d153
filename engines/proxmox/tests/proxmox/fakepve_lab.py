"""Starts PyPI `fakepve` (an independent stand-in, AGPL: run, never shipped) for the engine's contract suite.

Prints `ready URL FINGERPRINT`, then answers `done` to each line of its standard input: what a person does at the other
keyboard, as JSON. It ends when its standard input does.
"""
import asyncio
import copy
import hashlib
import json
import sys
import tempfile

from fakepve import FakePve
from fakepve.certs import make_cert

KEPT = ("vms", "nodes", "pools", "pool_info", "storages")


def named(pve, name):
    return next(vm for vm in pve.vms if vm.config.get("name") == name)


def perform(pve, fresh, order):
    what = order["do"]
    if what == "reset":
        for attribute in KEPT:
            setattr(pve, attribute, copy.deepcopy(fresh[attribute]))
        pve.quorate = True
        pve.failures = {}
    elif what == "set":
        named(pve, order["name"]).config[order["option"]] = order["value"]
    elif what == "leave-pools":
        for members in pve.pools.values():
            members.clear()
        pve._sync_pools()
    elif what == "foreign":
        pve.add_vm(500, order["name"], status="stopped", config={"memory": "1024", "scsi0": "local-lvm:vm-500-disk-0,size=10G"})
    elif what == "hide":
        pve.set_node_offline(named(pve, order["name"]).node)
    elif what == "quorum-lost":
        pve.lose_quorum()
    else:
        raise ValueError(what)


async def main():
    certificate, key, der = make_cert(tempfile.mkdtemp())
    pve = FakePve(user="root@pam", password="secret", host="127.0.0.1", port=0)
    pve.apitokens["root@pam!ci"] = "11111111-2222-3333-4444-555555555555"
    for node in ("pve2", "pve3"):
        pve.add_node(node)
    for pool in ("prod", "dev"):
        pve.pools[pool] = set()
    fresh = {attribute: copy.deepcopy(getattr(pve, attribute)) for attribute in KEPT}
    await pve.start(certificate, key)
    print("ready", pve.url, hashlib.sha256(der).hexdigest(), flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        perform(pve, fresh, json.loads(line))
        print("done", flush=True)


asyncio.run(main())
