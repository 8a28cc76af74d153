# What is on the list is not deleted, replaced or let go.
package ipr.protected_addresses

import data.ipr.settings

deny contains {"msg": msg, "address": step.address} if {
	some step in input.plan.steps
	step.action in {"delete", "replace", "release"}
	step.address in settings.protected
	msg := sprintf("%s is protected by the rules of this repository", [step.address])
}
