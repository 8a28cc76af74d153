# No container is given the machine it runs on: not its privileges, not its Docker socket, not its system folders.
package ipr.privileged

deny contains {"msg": msg, "address": step.address} if {
	some step in input.plan.steps
	step.desired.specs.privileged == true
	msg := sprintf("%s is privileged", [step.address])
}

deny contains {"msg": msg, "address": step.address, "path": "specs.mounts"} if {
	some step in input.plan.steps
	some mount in step.desired.specs.mounts
	gives_the_machine(mount.host)
	msg := sprintf("%s is given %s of the machine it runs on", [step.address, mount.host])
}

# A volume of the driver `local` that is another name for a folder of the machine.
deny contains {"msg": msg, "address": step.address, "path": "specs.options"} if {
	some step in input.plan.steps
	step.type == "storage"
	device := step.desired.specs.options.device
	startswith(device, "/")
	gives_the_machine(device)
	msg := sprintf("the volume %s is %s of the machine it is on", [step.address, device])
}

system_folders := {"/etc", "/proc", "/sys", "/dev", "/boot", "/var/run/docker.sock", "/run/docker.sock"}

gives_the_machine(path) if {
	some folder in system_folders
	startswith(below(path), below(folder))
}

# A folder above one of them holds it.
gives_the_machine(path) if {
	some folder in system_folders
	startswith(below(folder), below(path))
}

gives_the_machine(path) if ".." in split(path, "/")

# `/var/run` as `/var/run/`, so that `/etcetera` is not in `/etc`.
below(path) := sprintf("%s/", [trim_right(path, "/")])
