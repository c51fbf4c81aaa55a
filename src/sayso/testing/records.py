"""Read files of attacks and controls: one record a line, each with the verdict that the standards demand."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast


class Record(NamedTuple):
    """Hold one record.

    `input` is what a verifier receives and `context` what it must know to decide; `accepted` is the verdict that is right; the others tell
    people which record it is.
    """

    id: str
    class_: str
    format: str
    input: Any
    context: Mapping[str, Any]
    accepted: bool
    level: str
    why: str


def read(path: Path) -> list[Record]:
    """Read a file of records, one JSON object a line; a line without anything on it is skipped.

    Raises:
        ValueError: a line is no record; the message names its number.
        OSError: the file cannot be read.
    """
    records: list[Record] = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.isspace():
                try:
                    records.append(_record(json.loads(line)))
                except (ValueError, RecursionError) as error:
                    msg = f"line {number}: {error}"
                    raise ValueError(msg) from None
    return records


# `json.loads`, and not the strict reader: what is malformed stands in a record as a string, half surrogate pairs and all.
def _record(value: object) -> Record:
    members = cast("dict[str, Any]", value if isinstance(value, dict) else {})
    texts = {name: members.get(name, "") for name in ("id", "class", "format", "level", "why")}
    if not (texts["id"] and texts["format"] and all(isinstance(text, str) for text in texts.values())):
        msg = "a record is an object with an id and a format; these, class, level and why are texts"
        raise ValueError(msg)
    context = members.get("context")
    if "input" not in members or not isinstance(context, dict) or members.get("expected") not in ("accept", "reject"):
        msg = "a record has an input, a context, which is an object, and what is expected: accept or reject"
        raise ValueError(msg)
    return Record(
        texts["id"],
        texts["class"],
        texts["format"],
        members["input"],
        cast("dict[str, Any]", context),
        members["expected"] == "accept",
        texts["level"],
        texts["why"],
    )
