"""Starts PyPI `fakepve` (an independent stand-in, AGPL: run, never shipped) in the same state as our own cluster.

Prints one line, `ready URL`, and ends when its standard input does.
"""
import asyncio
import sys
import tempfile

from fakepve import FakePve
from fakepve.certs import make_cert


async def main():
    certificate, key, *_ = make_cert(tempfile.mkdtemp())
    pve = FakePve(user="root@pam", password="secret", host="127.0.0.1", port=0)
    pve.time_scale = 0.01
    pve.apitokens["root@pam!ci"] = "11111111-2222-3333-4444-555555555555"
    for node in ("pve2", "pve3"):
        pve.add_node(node)
    template = pve.add_vm(9000, "tmpl-debian13", status="stopped", config={
        "scsi0": "local-lvm:base-9000-disk-0,size=8G", "net0": "virtio=BC:24:11:FF:00:28,bridge=vmbr0",
        "cores": 2, "memory": "2048", "ostype": "l26", "scsihw": "virtio-scsi-single", "boot": "order=scsi0", "agent": "1",
    })
    template.template = True
    locked = pve.add_vm(150, "locked", status="stopped", config={"scsi0": "local-lvm:vm-150-disk-0,size=8G"})
    locked.lock = "backup"
    await pve.start(certificate, key)
    print("ready", pve.url, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
