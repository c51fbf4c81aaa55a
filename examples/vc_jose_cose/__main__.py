"""Read the command line, do what it says, and write the result as JSON.

`python -m examples.vc_jose_cose verify --input credential.txt --key key.json --feature credential_jose --output result.json`
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from examples.vc_jose_cose import issuing, verifying
from examples.vc_jose_cose.features import BUILT, OTHERS, Result
from examples.vc_jose_cose.keys import KeyFile
from sayso import SaysoError
from sayso.clock import system_clock
from sayso.jsonvalue import Json, parse, serialize


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, and give the exit code: 1 where nothing could be tried."""
    asked = parser().parse_args(arguments)
    result = performed(asked)
    Path(asked.output).write_text(serialize(result.to_json()) + "\n", encoding="utf-8")
    return 1 if result.result == "error" else 0


def parser() -> argparse.ArgumentParser:
    """Make what reads the command line."""
    made = argparse.ArgumentParser(prog="python -m examples.vc_jose_cose", description="VC-JOSE-COSE over sayso, file by file.")
    made.add_argument("command", choices=("issue", "verify"))
    made.add_argument("--input", required=True, help="the document to secure, or what is to be verified")
    made.add_argument("--key", required=True, action="append", help="a JsonWebKey; to verify a presentation, also those of its credentials")
    made.add_argument("--feature", required=True, choices=(*BUILT, *OTHERS))
    made.add_argument("--sd", default="[]", help="what may be kept back, as a JSON array of paths: a.b[0]")
    made.add_argument("--output", required=True, help="where the result is written")
    made.add_argument("--now", type=datetime.fromisoformat, help="the instant at which everything is looked at, with an offset")
    return made


def performed(asked: argparse.Namespace) -> Result:
    """Do what was asked; whatever is wrong with the files becomes a result."""
    if asked.feature in OTHERS:
        return Result("indeterminate", "COSE is not built")
    feature = BUILT[asked.feature]
    try:
        keys = [KeyFile.read(Path(path)) for path in asked.key]
        text, paths = Path(asked.input).read_text(encoding="utf-8").strip(), listed(parse(asked.sd))
        if asked.command == "issue":
            return issuing.issue(text, feature, keys[0], paths)
        return verifying.verify(text, feature, keys, asked.now or system_clock())
    except (OSError, SaysoError, TypeError, ValueError) as error:
        return Result("error", str(error))


def listed(value: Json) -> list[str]:
    """Read the paths of what may be kept back.

    Raises:
        TypeError: they are no list of texts.
    """
    if isinstance(value, list):
        paths = [path for path in value if isinstance(path, str)]
        if len(paths) == len(value):
            return paths
    msg = "--sd is a JSON array of paths"
    raise TypeError(msg)


if __name__ == "__main__":
    sys.exit(main())
