"""Where the commands find what they need: in files that were named, and on a network only where that was said."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso import KeyRing
from sayso.cli import fetching
from sayso.errors import ADDRESS_REFUSED, MALFORMED_VALUE_ERROR, NOT_FOUND, RETRIEVAL_REFUSED, SaysoError
from sayso.http.addresses import LOOPBACK_FOR_DEVELOPMENT, PUBLIC
from sayso.http.fetcher import Fetcher
from sayso.jsonvalue import serialize
from sayso.retrieval import Retrieve, offline
from tests.server import Conversation, Server, answer, authority, serving
from tests.spec.bitstring_status_list.lists import TOKEN, a_card_with, a_list, a_pid_with, a_token, tokens_with
from tests.spec.data_integrity.documents import secured
from tests.unit.cli.running import Ran, run
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import ISSUER_DID

AT = ("--at", "2026-11-21T12:00:00Z")
PID = ("verify", "-", "--issuer", ISSUER_DID, "--no-holder-binding", *AT)
DEVELOPMENT = "--online-development"


def stage(ran: Ran, name: str = "status") -> str:
    """Give what a stage said, and see that the exit code says the same of the whole."""
    told = {line.split()[1]: line.split(maxsplit=2)[2] for line in ran.out.splitlines()[1:] if line.lstrip()[:1].isdigit()}
    assert ran.code == (0 if set(told.values()) == {"holds"} else 1)
    return told[name]


class TestOnline:
    def test_nothing_is_fetched_unless_it_was_asked_for(self) -> None:
        assert fetching.beyond(asked=False, development=False) is offline
        for development, reach in ((False, PUBLIC), (True, LOOPBACK_FOR_DEVELOPMENT)):
            fetch = fetching.beyond(asked=not development, development=development)
            assert isinstance(fetch, Fetcher)
            assert fetch.allow is reach

    @pytest.mark.parametrize("command", [("resolve", "did:web:city.example"), ("verify", "-", "--any-issuer")], ids=["resolve", "verify"])
    def test_two_networks_are_none(self, command: tuple[str, ...]) -> None:
        words = ("did", *command) if command[0] == "resolve" else command
        ran = run(*words, "--online", DEVELOPMENT, given="x", columns=200)
        assert (ran.code, ran.out, "--online and --online-development exclude each other" in ran.err) == (2, "", True)

    def test_what_is_held_is_not_fetched(self, tmp_path: Path) -> None:
        ring = KeyRing.generate("web", domain="city.example")
        (tmp_path / "did.json").write_text(json.dumps(ring.document()))
        # The sockets of the tests are shut: whatever was fetched would fail.
        for network in ("--online", DEVELOPMENT):
            assert run("did", "resolve", ring.did, "--file", str(tmp_path / "did.json"), network).code == 0

    def test_each_network_is_asked_for_its_own_addresses_alone(self) -> None:
        for network, host in (("--online", "127.0.0.1"), (DEVELOPMENT, "192.0.2.1")):
            ran = run(*PID, network, given=a_pid_with(uri=f"https://{host}/list"))
            assert stage(ran) == "undecided"
            assert ADDRESS_REFUSED.title in ran.out

    def test_without_the_extra_it_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "httpcore", None)
        monkeypatch.delitem(sys.modules, "sayso.http.network", raising=False)
        monkeypatch.delattr("sayso.http.network", raising=False)
        ran = run("did", "resolve", "did:web:city.example", "--online")
        assert (ran.code, ran.out) == (1, "")
        assert 'which comes with an extra: pip install "sayso[http]"' in ran.err
        pid = a_pid_with()
        ran = run(*PID, "--online", given=pid)
        assert (stage(ran), 'pip install "sayso[http]"' in ran.out) == ("undecided", True)


@pytest.mark.enable_socket
class TestOnThisMachine:
    @pytest.fixture
    def bodies(self) -> list[bytes]:
        """Hold what the server says next."""
        return []

    @pytest.fixture
    def server(self, bodies: list[bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
        """Run a server of status list tokens, which this machine trusts."""

        def next_answer(conversation: Conversation) -> None:
            answer(bodies[0], media_type="application/statuslist+jwt")(conversation)

        monkeypatch.setattr("sayso.http.network._authorities", lambda: authority().client)
        with serving(next_answer) as running:
            yield running

    def test_a_status_list_is_retrieved(self, server: Server, bodies: list[bytes]) -> None:
        url = f"https://127.0.0.1:{server.port}/list"
        pid = a_pid_with(uri=url)
        bodies[:] = [a_token(sub=url)]
        assert stage(run(*PID, given=pid)) == "undecided"
        assert stage(run(*PID, "--online", given=pid)) == "undecided"
        assert server.connections == 0
        assert stage(run(*PID, DEVELOPMENT, given=pid)) == "holds"
        bodies[:] = [a_token(tokens_with(412), sub=url)]
        assert stage(run(*PID, DEVELOPMENT, given=pid)) == "refused"
        assert server.connections == 2

    def test_a_list_that_came_along_is_not_asked_for(self, server: Server, bodies: list[bytes], tmp_path: Path) -> None:
        url = f"https://127.0.0.1:{server.port}/list"
        bodies[:] = [b""]
        (tmp_path / "list").write_bytes(a_token(sub=url, ttl=300))
        assert stage(run(*PID, DEVELOPMENT, "--status-list", str(tmp_path / "list"), given=a_pid_with(uri=url))) == "holds"
        assert server.connections == 0


class TestStatusLists:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "list"

    def test_a_token(self, file: Path) -> None:
        command = (*PID, "--status-list", str(file))
        for body, said in ((a_token(ttl=300), "holds"), (a_token(tokens_with(412), ttl=300), "refused"), (a_token(), "undecided")):
            file.write_bytes(body)
            assert stage(run(*command, given=a_pid_with())) == said
        file.write_bytes(a_token(sub="https://other.example/list", ttl=300))
        assert stage(run(*command, given=a_pid_with())) == "undecided"

    def test_a_list_credential(self, file: Path) -> None:
        listed = a_list(validFrom="2026-11-21T11:00:00Z")
        listed["credentialSubject"]["ttl"] = 7_200_000
        file.write_text(serialize(secured(listed)))
        command = ("verify", "-", "--issuer", ISSUER_DID, "--no-holder-binding", *AT)
        assert stage(run(*command, given=a_card_with())) == "undecided"
        assert stage(run(*command, "--status-list", str(file), given=a_card_with())) == "holds"

    def test_more_than_one(self, file: Path, tmp_path: Path) -> None:
        file.write_bytes(a_token(ttl=300))
        other = tmp_path / "other"
        other.write_bytes(a_token(sub="https://other.example/list"))
        assert fetching.lists_in([str(file), str(other)]) == {TOKEN: file.read_bytes(), "https://other.example/list": other.read_bytes()}

    @pytest.mark.parametrize("body", [b"", b"{}", b"x.y.z"], ids=str)
    def test_what_is_no_list(self, body: bytes, file: Path) -> None:
        file.write_bytes(body)
        assert run(*PID, "--status-list", str(file), given=a_pid_with()).code == 1
        assert run(*PID, "--status-list", str(file) + "s", given=a_pid_with()).code == 2

    def test_a_list_that_does_not_say_which_one_it_is(self, file: Path) -> None:
        for body in (a_token(sub=None), a_token(sub=5)):
            file.write_bytes(body)
            with refused(MALFORMED_VALUE_ERROR):
                fetching.lists_in([str(file)])

    def test_it_is_taken_for_nothing_else(self, file: Path) -> None:
        """Who brings a list has no say in whose key is whose."""
        ring = KeyRing.generate("web", domain="city.example")
        file.write_text(serialize({**ring.document(), "sub": "https://city.example/.well-known/did.json", "@context": []}))
        assert [*fetching.lists_in([str(file)])] == ["https://city.example/.well-known/did.json"]
        pid = a_pid_with()
        command = ("verify", "-", "--issuer", ring.did, "--no-holder-binding", "--status-list", str(file))
        assert run(*command, given=pid).code == 1

    def test_the_status_is_waived_but_not_what_was_revoked(self, file: Path) -> None:
        assert stage(run(*PID, "--waive-status", given=a_pid_with())) == "holds"
        file.write_bytes(a_token(tokens_with(412), ttl=300))
        assert stage(run(*PID, "--waive-status", "--status-list", str(file), given=a_pid_with())) == "refused"


class TestAmongFiles:
    def test_each_is_found_by_its_did(self, tmp_path: Path) -> None:
        rings = [KeyRing.generate("web", domain=f"{name}.example") for name in ("one", "two")]
        files = [tmp_path / ring.did.rpartition(":")[2] for ring in rings]
        for ring, file in zip(rings, files, strict=True):
            file.write_text(json.dumps(ring.document(), indent=2))
        fetch = fetching.among(map(str, files))
        for ring, file in zip(rings, files, strict=True):
            url = f"https://{ring.did.removeprefix('did:web:')}/.well-known/did.json"
            assert fetch(Retrieve(url, "", 10, "a test")).body == file.read_bytes()
        with refused(RETRIEVAL_REFUSED):
            fetch(Retrieve("https://three.example/.well-known/did.json", "", 10, "a test"))

    def test_what_is_not_there_is_asked_of_another(self) -> None:
        def other(retrieve: Retrieve) -> None:
            raise SaysoError.of(NOT_FOUND, retrieve.url)

        for fetch in (fetching.among((), None, other), fetching.held(None, None, other)):  # type: ignore[arg-type]
            with refused(NOT_FOUND):
                fetch(Retrieve("https://three.example/.well-known/did.json", "", 10, "a test"))
