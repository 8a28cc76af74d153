# What the rules beside this file ask for. Change the values here; the rules stay as they are.
package ipr.settings

# Environments in which people depend on what is there.
production := {"prod", "production"}

# The team of which one must approve what is done to production.
approvers := "platform"

# The label with which the author of a pull request says that data may be lost.
data_loss_label := "data-loss"

# Where images come from: a registry, or a part of one. An image without a registry comes from docker.io/library.
registries := {"docker.io/library", "ghcr.io/acme"}

# Addresses of which containers may publish ports, beside those that other machines cannot reach.
open_ports_allowed := {80, 443}

# The most that one resource may have, by environment; `*` is every other one. CPU in thousandths, memory and storage in bytes.
sizes := {
	"prod": {"cpu": 16000, "memory": 68719476736, "storage": 1099511627776},
	"*": {"cpu": 4000, "memory": 8589934592, "storage": 107374182400},
}

# What resources may be called, and whether each must name its owner in its metadata.
names := `^[a-z][a-z0-9-]{1,30}$`

owner_needed_in := {"prod", "production"}

# No change between these moments, in these environments.
freezes := [{"name": "the end of the year", "environments": {"prod", "production"}, "from": "2026-12-20T00:00:00Z", "until": "2027-01-03T00:00:00Z"}]

# No change to production on these days, nor outside of these hours. UTC.
quiet_days := {"Saturday", "Sunday"}

work_hours := {"from": 6, "until": 20}

# Resources that nobody may delete or replace.
protected := {"dns.root"}

# How much one pull request may touch: steps at all, and steps that delete, replace or lose data.
blast_radius := {"steps": 50, "severe": 10}
