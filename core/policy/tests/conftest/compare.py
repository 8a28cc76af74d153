#!/usr/bin/env python3
"""Does another implementation of Rego say the same of every case? Run by hand: pip install regopy, then this file.

regopy is Microsoft's rego-cpp, which shares no code with the interpreter that judges plans. The test `conftest` of this crate holds ours to the
same expectations, in expected.json.
"""

import json
import pathlib
import re
import sys

import regopy

HERE = pathlib.Path(__file__).parent
# Built-in functions that regopy may lack. Its wheels know `time.parse_rfc3339_ns` by name, and give undefined for every moment.
UNDEFINED_THERE = ["time.parse_rfc3339_ns"]
NOT_EVERYWHERE = ["net.cidr_contains", "time.weekday", "time.clock"]


def cases():
    text = (HERE / "cases.txt").read_text()
    for case in text.split("=== ")[1:]:
        name, rest = case.split("\n--- rule\n")
        rule, given = rest.split("\n--- input\n")
        yield name, rule + "\n", json.loads(given)


def says(name, rule, given):
    """`["deny: message", ..]`, sorted."""
    interpreter = regopy.Interpreter()
    interpreter.add_module("rule", rule)
    interpreter.set_input_term(json.dumps(given))
    heads = sorted({word for word in re.findall(r"^((?:deny|warn|violation)(?:_\w+)?)\b", rule, re.M)})
    said = []
    for head in heads:
        answer = json.loads(str(interpreter.query(f"data.main.{head}")))
        for item in (item for expression in answer.get("expressions", []) for item in expression):
            # An object in a set of the older dialect comes as its text.
            item = json.loads(item) if isinstance(item, str) and item.startswith('{"') else item
            said.append(f"{head}: {item['msg'] if isinstance(item, dict) else item}")
    return sorted(said)


def main():
    expected = json.loads((HERE / "expected.json").read_text())
    wrong, unknown = 0, 0
    for name, rule, given in cases():
        missing = [word for word in NOT_EVERYWHERE if f"{word}(" in rule and not regopy.Interpreter().is_builtin(word)]
        missing += [word for word in UNDEFINED_THERE if f"{word}(" in rule]
        try:
            if missing:
                raise NotImplementedError(", ".join(missing))
            found = says(name, rule, given)
        except Exception as error:
            unknown += 1
            print(f"cannot be run there: {name}: {type(error).__name__}: {str(error)[:80]!r}")
            continue
        if found != expected.get(name):
            wrong += 1
            print(f"{name}\n  here:  {expected.get(name)}\n  there: {found}")
    agree = len(expected) - wrong - unknown
    print(f"{agree} of {len(expected)} cases agree, {wrong} differ, {unknown} cannot be run (rego-cpp {regopy.rego_version()})")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
