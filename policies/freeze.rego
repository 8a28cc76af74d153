# No change while an environment is frozen, and none to production at night and at the weekend.
package ipr.freeze

import data.ipr.settings

deny contains msg if {
	count(input.plan.steps) > 0
	some freeze in settings.freezes
	input.environment.name in freeze.environments
	now >= time.parse_rfc3339_ns(freeze.from)
	now < time.parse_rfc3339_ns(freeze.until)
	msg := sprintf("%s is frozen for %s until %s", [input.environment.name, freeze.name, freeze.until])
}

# A freeze that cannot be read is no freeze, and nobody would notice.
deny contains msg if {
	some freeze in settings.freezes
	not is_readable(freeze)
	msg := sprintf("the freeze %s needs environments, and moments like 2026-12-20T00:00:00Z in from and until", [object.get(freeze, "name", "without a name")])
}

is_readable(freeze) if {
	count(freeze.environments) > 0
	time.parse_rfc3339_ns(freeze.from) < time.parse_rfc3339_ns(freeze.until)
}

deny contains msg if {
	is_about_production
	day := time.weekday(now)
	day in settings.quiet_days
	msg := sprintf("nothing is changed in %s on a %s", [input.environment.name, day])
}

deny contains msg if {
	is_about_production
	hour := time.clock(now)[0]
	not is_work_hour(hour)
	msg := sprintf("nothing is changed in %s outside of %d to %d o'clock UTC", [input.environment.name, settings.work_hours.from, settings.work_hours.until])
}

is_about_production if {
	count(input.plan.steps) > 0
	input.environment.name in settings.production
}

is_work_hour(hour) if {
	hour >= settings.work_hours.from
	hour < settings.work_hours.until
}

now := time.parse_rfc3339_ns(input.now)
