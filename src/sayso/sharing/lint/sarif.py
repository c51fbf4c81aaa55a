"""Write findings as a log of static analysis, which code hosts and editors show beside the file.

Source: SARIF 2.1.0, sections 3.13 (log), 3.14 (run), 3.19 (tool component), 3.27 (result), 3.28 to 3.33 (locations), 3.49 (rules).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

from sayso.jsonvalue import JsonObject
from sayso.sharing.lint.finding import Finding
from sayso.sharing.lint.rules import RULES, Rule

VERSION: Final = "2.1.0"
SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_INDEX = {rule.id: index for index, rule in enumerate(RULES)}
# Section 3.11: in a message these begin a link or a placeholder.
_UNQUIET = re.compile(r"[\[\]{}\\]")


def log(findings: Iterable[Finding], file: str, version: str, *, lines: Mapping[str, int], above: str = "") -> JsonObject:
    """Write a log of one run.

    Args:
        findings: what was found.
        file: the name of the file that was looked at, "" where there is none.
        version: that of this library.
        lines: the line on which each value of the file begins, from 1, by its JSON pointer; the first one where it is not known.
        above: the pointer of what stands in the file, where that is a part of the request alone.
    """
    driver: JsonObject = {"name": "sayso lint", "semanticVersion": version, "rules": [_descriptor(rule) for rule in RULES]}
    return {
        "$schema": SCHEMA,
        "version": VERSION,
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, file, lines, above) for finding in findings],
            }
        ],
    }


def _descriptor(rule: Rule) -> JsonObject:
    return {
        "id": rule.id,
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.why},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding, file: str, lines: Mapping[str, int], above: str) -> JsonObject:
    place = finding.pointer.removeprefix(above)
    name = _UNQUIET.sub("\ufffd", finding.shown)
    logical: JsonObject = {"fullyQualifiedName": place, **({"name": name} if name else {})}
    location: JsonObject = {"logicalLocations": [logical]} if place else {}
    if file:
        location["physicalLocation"] = {"artifactLocation": {"uri": quote(file)}, "region": {"startLine": lines.get(place, 1)}}
    return {
        "ruleId": finding.rule,
        "ruleIndex": _INDEX[finding.rule],
        "level": finding.severity,
        "message": {"text": f"{name or 'the request'}: {finding.message}. {finding.smaller.text}."},
        "locations": [location] if location else [],
    }
