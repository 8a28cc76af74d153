# Images come from registries that are allowed, and are pinned: by a digest, or by a tag that the plan has looked up.
package ipr.images

import data.ipr.settings

deny contains {"msg": msg, "address": step.address, "path": "specs.image"} if {
	some step in input.plan.steps
	image := step.desired.specs.image
	not is_allowed(image)
	msg := sprintf("the image %s comes from none of the allowed registries", [image])
}

deny contains {"msg": msg, "address": step.address, "path": "specs.image"} if {
	some step in input.plan.steps
	image := step.desired.specs.image
	not is_pinned(image, step)
	msg := sprintf("the image %s is not pinned; name a tag other than `latest`, or a digest", [image])
}

is_allowed(image) if {
	some registry in settings.registries
	startswith(full(image), sprintf("%s/", [registry]))
}

is_pinned(image, _) if contains(image, "@sha256:")

is_pinned(image, step) if {
	tag(image) != "latest"
	some pin in step.pins
	pin.path == "specs.image"
}

# The tag, which stands behind the last colon unless that belongs to a port: `latest` where none is written.
tag(image) := last if {
	parts := split(image, ":")
	count(parts) > 1
	last := parts[count(parts) - 1]
	not contains(last, "/")
} else := "latest"

# With the registry that is meant where none is written.
full(image) := image if is_host(split(image, "/")[0], image)

full(image) := sprintf("docker.io/library/%s", [image]) if not contains(image, "/")

full(image) := sprintf("docker.io/%s", [image]) if {
	contains(image, "/")
	not is_host(split(image, "/")[0], image)
}

is_host(first, image) if {
	contains(image, "/")
	regex.match(`[.:]|^localhost$`, first)
}
