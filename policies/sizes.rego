# Nothing is larger than its environment allows. What an author does not limit is not looked at: ask for it with a rule of your own
# where an engine gives all there is.
package ipr.sizes

import data.ipr.settings

deny contains {"msg": msg, "address": step.address, "path": sprintf("specs.%s", [field])} if {
	some step in input.plan.steps
	some field, most in limits
	size := step.desired.specs[field]
	is_number(size)
	size > most
	msg := sprintf("%s asks for %s %d; %s allows %d", [step.address, field, size, input.environment.name, most])
}

limits := settings.sizes[input.environment.name]

limits := settings.sizes["*"] if not settings.sizes[input.environment.name]
