"""Serve the VC API on this machine: `python -m examples.vc_api --port 8000`."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import uvicorn

from examples.vc_api.app import Settings, app
from examples.vc_api.keys import signers
from sayso.clock import system_clock
from sayso.proofs.data_integrity.suites import WRITABLE


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m examples.vc_api", description="The W3C VC API over sayso.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one, and says which")
    parser.add_argument("--socket", help="a Unix socket to listen at, in place of host and port")
    parser.add_argument("--cryptosuite", choices=WRITABLE, default="eddsa-rdfc-2022", help="where a request names none")
    parser.add_argument("--no-issuer-binding", action="store_true", help="accept what was signed by keys that are not the issuer's")
    parser.add_argument("--legacy-vp", action="store_true", help="read presentations in the claim vp of a JWT")
    parser.add_argument("--now", type=_instant, help="the instant at which everything is looked at, with an offset")
    parser.add_argument("--status", metavar="URL", default="", help="give credentials a status, in lists served at this URL of the server")
    asked = parser.parse_args(arguments)
    settings = Settings(
        signers(),
        asked.cryptosuite,
        issuer_binding=not asked.no_issuer_binding,
        legacy_vp=asked.legacy_vp,
        clock=partial(_pinned, asked.now) if asked.now else system_clock,
        status_url=asked.status.rstrip("/"),
    )
    # The server itself says where it listens, also where it took a free port.
    uvicorn.run(app(settings), host=asked.host, port=asked.port, uds=asked.socket, log_level="info")


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        msg = "an instant has an offset"
        raise ValueError(msg)
    return at


def _pinned(at: datetime) -> datetime:
    return at


if __name__ == "__main__":
    main()
