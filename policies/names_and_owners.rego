# What is made has a name of the agreed form, and an owner.
package ipr.names_and_owners

import data.ipr.settings

deny contains {"msg": msg, "address": step.address} if {
	some step in made
	not regex.match(settings.names, step.resource)
	msg := sprintf("the name %s is not of the form %s", [step.resource, settings.names])
}

deny contains {"msg": msg, "address": step.address} if {
	some step in made
	input.environment.name in settings.owner_needed_in
	not is_owned(step)
	msg := sprintf("%s has no `metadata.owner`", [step.address])
}

made contains step if {
	some step in input.plan.steps
	step.action in {"create", "replace", "adopt", "move"}
}

is_owned(step) if {
	is_string(step.desired.metadata.owner)
	step.desired.metadata.owner != ""
}
