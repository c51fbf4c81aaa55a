"""See that the conformance matrix is true of the code, and write it as a page.

Usage: python -m specs.check [--write]

Every function and every test that a row names is there, no rule has two rows, and every rule that the code cites has one.
"""

import argparse
import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from specs.rows import LEVELS, SPECS, Row, definition, rows, source_of

ROOT = SPECS.parent
PAGE = Path("docs/conformance.md")

# Tags of rules, as comments write them: "SD-V6", or "SD-V2 to SD-V7".
_TAG = r"(?:SD|SV|DM|BS|TS|VJ|CID|MB|MH|MK|JWK|JWKD|KEY|PEER|WEB|VH|DID|DQ|VP|TM|ED|SH)-[A-Z]?\d+"
_CITED = re.compile(rf"\b({_TAG})(?: to ({_TAG}))?")
# Cited where the code says what it leaves to others, or where a problem type is named.
NO_ROW: dict[str, str] = {}


def faults(found: list[Row], root: Path = ROOT) -> Iterator[str]:
    """Say what is wrong with the rows."""
    for tag, count in Counter(row.tag for row in found).items():
        if count > 1:
            yield f"{tag} has {count} rows"
    for row in found:
        yield from (f"{row.tag}: {name} is not there" for name in row.implemented_by if not _is_there(name, root))
        yield from (f"{row.tag}: {test} is not there" for test in row.tested_by if not _is_test(test, root))
        if not row.implemented_by or not row.tested_by:
            yield f"{row.tag} names no function, or no test"
    known = {row.tag for row in found} | NO_ROW.keys()
    yield from (f"{where} cites {tag}, which has no row" for tag, where in cited(root) if tag not in known)


def cited(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Give every tag that the code cites, with where."""
    for path in sorted((root / "src").rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for first, last in _CITED.findall(line):
                for tag in _through(first, last):
                    yield tag, f"{path.relative_to(root)}:{number}"


def _through(first: str, last: str) -> list[str]:
    stem, number = first.rstrip("0123456789"), re.sub(r"\D+", "", first)
    if not last or last.rstrip("0123456789") != stem:
        return [first, last] if last else [first]
    return [f"{stem}{one}" for one in range(int(number), int(re.sub(r"\D+", "", last)) + 1)]


def _is_there(name: str, root: Path) -> bool:
    module, _, member = name.partition(":")
    path = source_of(module, root)
    return path.is_file() and definition(ast.parse(path.read_text(encoding="utf-8")), member) is not None


def _is_test(test: str, root: Path) -> bool:
    file, _, name = test.partition("::")
    path = root / file
    if not path.is_file() or not path.name.startswith("test_"):
        return False
    return not name or definition(ast.parse(path.read_text(encoding="utf-8")), name.replace("::", ".")) is not None


def page(found: Iterable[Row]) -> str:
    """Write the matrix as a page."""
    kept = list(found)
    lines = [
        "# Conformance",
        "",
        "Which rule of which standard this code covers, where, and which test shows it. Tags are those that comments and tests cite. This",
        "page is written by `python -m specs.check --write` from `specs/*.toml`; `make lint` fails where a row names what is not there,",
        "and `make specs-prove` shows, for twenty rows a run, that the named test fails where the named check is left out.",
        "",
        f"{len(kept)} rules: " + ", ".join(f"{sum(row.level == level for row in kept)} {level}" for level in LEVELS) + ".",
    ]
    for standard, group in groupby(kept, key=lambda row: row.standard):
        lines += ["", f"## {standard}", "", "| Rule | Clause | Level | What it says | Where | Shown by |", "|---|---|---|---|---|---|"]
        lines += map(_line, group)
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    where = "<br>".join(f"`{name.removeprefix('sayso.')}`" for name in row.implemented_by)
    tests = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in row.tested_by)
    said = row.statement + (f" *{row.note}*" if row.note else "")
    return f"| {row.tag} | {row.clause} | {row.level} | {said} | {where} | {tests} |".replace("\n", " ")


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Check, and write the page if that is asked for; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/conformance.md")
    asked = parser.parse_args(arguments)
    found = list(rows(root / "specs"))
    wrong = list(faults(found, root))
    text = page(found)
    if asked.write:
        (root / PAGE).write_text(text, encoding="utf-8")
    elif (root / PAGE).read_text(encoding="utf-8") != text:
        wrong.append(f"{PAGE} is not what the rows say: python -m specs.check --write")
    print("\n".join(wrong) or f"conformance: {len(found)} rules, each with its code and its tests")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
