# One pull request touches no more than people can look through.
package ipr.blast_radius

import data.ipr.settings

deny contains msg if {
	count(input.plan.steps) > settings.blast_radius.steps
	msg := sprintf("%d steps are more than the %d that one pull request may have; split it", [count(input.plan.steps), settings.blast_radius.steps])
}

deny contains msg if {
	severe := [step | some step in input.plan.steps; is_severe(step)]
	count(severe) > settings.blast_radius.severe
	msg := sprintf("%d steps delete, replace or lose data; one pull request may have %d", [count(severe), settings.blast_radius.severe])
}

is_severe(step) if step.action in {"delete", "replace"}

is_severe(step) if step.risk == "data-loss"
