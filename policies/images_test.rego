package ipr.images_test

import data.ipr.images

denied(image, pins) := n if {
	n := count(images.deny) with input as {"plan": {"steps": [{"address": "shop.web", "desired": {"specs": {"image": image}}, "pins": pins}]}} with data.ipr.settings.registries as {"docker.io/library", "ghcr.io/acme", "127.0.0.1:5000"}
}

pin := [{"path": "specs.image"}]

test_allowed_registries if {
	denied("nginx:1.27", pin) == 0
	denied("ghcr.io/acme/shop:1", pin) == 0
	denied("127.0.0.1:5000/lab/busybox:1", pin) == 0
	denied("ghcr.io/acme-evil/shop:1", pin) == 1
	denied("evil/nginx:1.27", pin) == 1
	denied("localhost/nginx:1.27", pin) == 1
}

test_pinned_by_tag_or_digest if {
	denied("nginx", pin) == 1
	denied("nginx:latest", pin) == 1
	denied("127.0.0.1:5000/nginx", pin) == 1
	denied("nginx:1.27", []) == 1
	denied("nginx@sha256:0000", []) == 0
}

test_what_has_no_image_is_fine if count(images.deny) == 0 with input as {"plan": {"steps": [{"address": "shop.lan", "desired": {"specs": {}}, "pins": []}]}}
