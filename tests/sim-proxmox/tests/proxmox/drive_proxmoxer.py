"""Drives the simulator with PyPI `proxmoxer`, a client by somebody else: token and ticket, tasks, machines, files.

usage: drive_proxmoxer.py HOST:PORT CERTIFICATE; ends with 0 when everything was as expected.
"""
import io
import sys
import time

from proxmoxer import ProxmoxAPI
from proxmoxer.core import ResourceException

host, port = sys.argv[1].split(":")
options = {"port": int(port), "verify_ssl": sys.argv[2]}
by_token = ProxmoxAPI(host, user="root@pam", token_name="ci", token_value="11111111-2222-3333-4444-555555555555", **options)
by_ticket = ProxmoxAPI(host, user="root@pam", password="secret", **options)


def finished(upid, node="pve1"):
    for _ in range(2000):
        status = by_token.nodes(node).tasks(upid).status.get()
        if status["status"] == "stopped":
            return status["exitstatus"]
        time.sleep(0.001)
    raise SystemExit(f"{upid} does not end")


def refused(call, status, words):
    try:
        call()
    except ResourceException as error:
        assert error.status_code == status and words in f"{error.status_message} {error.content} {error.errors}", error
        return
    raise SystemExit(f"not refused: {words}")


for api in (by_token, by_ticket):
    assert [node["node"] for node in api.nodes.get()] == ["pve1", "pve2", "pve3"]
    node = api.nodes("pve1")
    vmid = int(api.cluster.nextid.get())
    vm = node.qemu(vmid)
    assert finished(node.qemu(9000).clone.post(newid=vmid, name="web", full=1, storage="local-lvm")) == "OK"
    config = vm.config.get()
    assert config["name"] == "web" and config["scsi0"] == f"local-lvm:vm-{vmid}-disk-0,size=8G", config
    assert finished(vm.config.post(cores=4, memory=4096, tags="b;a", description="owner", digest=config["digest"])) == "OK"
    refused(lambda: vm.config.put(cores=3, digest="0" * 40), 500, "checksum mismatch")
    refused(lambda: vm.config.put(cores="abc"), 400, "type check ('integer') failed")
    assert finished(vm.status.start.post()) == "OK"
    vm.config.put(cores=2)
    assert [row for row in vm.pending.get() if "pending" in row] == [{"key": "cores", "value": 4, "pending": 2}]
    assert finished(vm.resize.put(disk="scsi0", size="+2G")) == "OK"
    assert finished(vm.resize.put(disk="scsi0", size="1G")) == "shrinking disks is not supported"
    refused(lambda: vm.delete(), 500, f"VM {vmid} is running - destroy failed")
    assert finished(vm.status.shutdown.post()) == "OK"
    assert finished(vm.snapshot.post(snapname="s1")) == "OK"
    assert [row["name"] for row in vm.snapshot.get()] == ["s1", "current"]
    assert finished(vm.snapshot("s1").delete()) == "OK"
    api.pools.post(poolid="prod")
    api.pools("prod").put(vms=str(vmid))
    assert [member["vmid"] for member in api.pools("prod").get()["members"]] == [vmid]
    vm.firewall.options.put(enable=1, policy_in="DROP")
    vm.firewall.rules.post(type="in", action="ACCEPT", proto="tcp", dport="22", enable=1)
    assert vm.firewall.rules.get()[0]["dport"] == "22"
    assert finished(vm.delete(purge=1, **{"destroy-unreferenced-disks": 1})) == "OK"
    refused(lambda: vm.config.get(), 500, "does not exist")
    api.pools("prod").delete()

image = io.BytesIO(b"an image")
image.name = "seed.iso"
assert finished(by_ticket.nodes("pve1").storage("local").upload.post(content="iso", filename=image)) == "OK"
volumes = [row["volid"] for row in by_token.nodes("pve1").storage("local").content.get(content="iso")]
assert volumes == ["local:iso/seed.iso"], volumes
assert finished(by_token.nodes("pve1").storage("local").content("local:iso/seed.iso").delete()) == "OK"
print("everything was as expected")
