"""The example that serves the VC API, running in a process of its own, and a client that talks HTTP to it over a Unix socket."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import httpx

from tests.support import REPOSITORY

READY = "Uvicorn running on "
PATIENCE = 60


class Answer(NamedTuple):
    """Hold the status of a response, and its body."""

    status: int
    body: dict[str, Any]


class Client:
    """Send the requests of the VC API."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def post(self, path: str, body: Any, query: dict[str, str] | None = None) -> Answer:
        """Send a JSON body, or bytes as they are."""
        sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
        response = self.http.post(path, params=query, headers={"Content-Type": "application/json"}, **sent)
        return Answer(response.status_code, response.json())

    def issue(self, credential: Any, query: dict[str, str] | None = None, **options: Any) -> Answer:
        """Ask for a credential to be issued."""
        return self.post("/credentials/issue", {"credential": credential, "options": options}, query)

    def issued(self, credential: Any, query: dict[str, str] | None = None, **options: Any) -> dict[str, Any]:
        """Ask for a credential to be issued, and take it."""
        answer = self.issue(credential, query, **options)
        assert answer.status == 201, answer
        issued: dict[str, Any] = answer.body["verifiableCredential"]
        return issued

    def verify(self, credential: Any, **options: Any) -> Answer:
        """Ask for a credential to be verified."""
        return self.post("/credentials/verify", {"verifiableCredential": credential, "options": options})

    def verify_presentation(self, presentation: Any, **options: Any) -> Answer:
        """Ask for a presentation to be verified."""
        return self.post("/presentations/verify", {"verifiablePresentation": presentation, "options": options})


@contextmanager
def process(*switches: str) -> Iterator[str]:
    """Run the example, and give the line with which it says where it listens."""
    command = [sys.executable, "-m", "examples.vc_api", *switches]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        try:
            yield next(line for line in running.stderr if READY in line)
        finally:
            running.terminate()
            running.wait(PATIENCE)


@contextmanager
def served(*switches: str) -> Iterator[Client]:
    """Run the example behind a Unix socket, and give a client of it."""
    with TemporaryDirectory() as folder:
        socket = str(Path(folder) / "api")
        with process("--socket", socket, *switches), httpx.Client(transport=httpx.HTTPTransport(uds=socket), base_url="http://api") as http:
            yield Client(http)
