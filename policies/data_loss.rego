# No data is lost unless the author of the pull request says so with a label.
package ipr.data_loss

import data.ipr.settings

deny contains {"msg": msg, "address": step.address} if {
	some step in input.plan.steps
	step.risk == "data-loss"
	not labelled
	msg := sprintf("the %s of %s loses data; the label `%s` says that this is meant", [step.action, step.address, settings.data_loss_label])
}

warn contains {"msg": msg, "address": step.address} if {
	some step in input.plan.steps
	step.risk == "data-loss"
	labelled
	msg := sprintf("data of %s is lost, as the label says", [step.address])
}

labelled if settings.data_loss_label in input.pull_request.labels
