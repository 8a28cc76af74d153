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
	some folder in {"/", "/etc", "/proc", "/sys", "/dev", "/boot", "/var/run/docker.sock", "/run/docker.sock"}
	is_at_or_below(mount.host, folder)
	msg := sprintf("%s is given %s of the machine it runs on", [step.address, mount.host])
}

is_at_or_below(path, folder) if path == folder

is_at_or_below(path, folder) if {
	folder != "/"
	startswith(path, sprintf("%s/", [folder]))
}
