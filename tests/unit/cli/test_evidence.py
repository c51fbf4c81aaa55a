"""`sayso evidence verify` tells what a bundle shows, and refuses what is none."""

from pathlib import Path

import pytest

from sayso import Artefacts
from sayso.credentials.validity import format_date_time
from tests.unit.cli.running import run
from tests.unit.sharing.evidence.told import story


@pytest.mark.parametrize("form", ["zip", "json"])
def test_a_bundle_is_verified(tmp_path: Path, form: str) -> None:
    told = story()
    bundle = told.bundle()
    file = tmp_path / "bundle"
    file.write_bytes(bundle.to_zip() if form == "zip" else bundle.to_json().encode())
    ran = run("evidence", "verify", str(file), "--at", format_date_time(told.world.clock()))
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == f"a complaint of 2026-12-23T12:00:00Z about The Bar ({told.business}): They were asked to erase, and did not answer"
    assert "  2026-11-20T12:00:00Z The customer granted the use of data (signed by the customer, not in the ledger)" in lines
    assert "  2026-11-22T12:00:00Z The customer asked for erasure (signed by the customer)" in lines
    assert "  2026-12-22T12:00:00Z an answer was due, and the customer's ledger has none (dataDeletionRequest)" in lines
    assert lines[-2:] == ["  There is no answer about the erasure", "every part verifies"]


def test_as_json(tmp_path: Path) -> None:
    told = story()
    file = tmp_path / "bundle.json"
    file.write_text(told.bundle(artefacts=Artefacts(told.artefacts.request), name="").to_json(), encoding="utf-8")
    at = ("--at", format_date_time(told.world.clock()))
    said = run("evidence", "verify", str(file), "--json", *at).json
    assert (said["verified"], said["business"], said["facts"][0]["part"]) == (True, told.business, "request.jwt")
    assert said["overdue"][0]["by"] == "2026-12-22T12:00:00Z"
    assert f"about {told.business}:" in run("evidence", "verify", str(file), *at).out


def test_what_was_registered(tmp_path: Path) -> None:
    told = story()
    file, registered = tmp_path / "bundle.json", tmp_path / "registered.json"
    file.write_text(told.bundle().to_json(), encoding="utf-8")
    registered.write_text('["age_over_18"]', encoding="utf-8")
    call = ("evidence", "verify", str(file), "--at", format_date_time(told.world.clock()), "--registered", str(registered))
    assert "  given_name was not registered" in run(*call).out.splitlines()
    assert run(*call, "--json").json["beyond"] == ["given_name"]
    registered.write_text("{}", encoding="utf-8")
    assert run(*call).code == 1


def test_what_is_refused(tmp_path: Path) -> None:
    told = story()
    file = tmp_path / "bundle.json"
    file.write_text(told.bundle().to_json().replace("did not answer", "did answer"), encoding="utf-8")
    ran = run("evidence", "verify", str(file), "--at", format_date_time(told.world.clock()))
    assert (ran.code, ran.out) == (1, "")
    assert "refused" in ran.err
    assert run("evidence", "verify", "-", "--json", given="{}").json["problems"][0]["type"].endswith("#EVIDENCE")
    assert run("evidence", "verify", str(file), "--at", "soon").code == 2
    assert run("evidence", "verify", str(tmp_path / "nothing")).code == 2
