# What is done to production has a second approver: one of the team, who did not open the pull request.
package ipr.second_approver

import data.ipr.settings

needs_approval contains {"team": settings.approvers, "msg": msg} if {
	input.environment.name in settings.production
	count(input.plan.steps) > 0
	msg := sprintf("%s is production: somebody of %s agrees to it", [input.environment.name, settings.approvers])
}
