"""`sayso dialogue`: a map is checked, and notice, record and differences are made of it."""

import json
from pathlib import Path

import pytest

from sayso.sharing.dialogue.changes import NOTHING_NEW
from sayso.sharing.dialogue.notice import privacy_notice
from sayso.sharing.dialogue.reading import read_map
from sayso.sharing.dialogue.record import record_json_ld, record_of_processing
from tests.unit.cli.running import run
from tests.unit.sharing.dialogue.shop import SHOP

MAP = read_map(SHOP)


@pytest.fixture
def shop(tmp_path: Path) -> str:
    path = tmp_path / "map.toml"
    path.write_text(SHOP, encoding="utf-8")
    return str(path)


@pytest.fixture
def longer(tmp_path: Path) -> str:
    path = tmp_path / "longer.toml"
    path.write_text(SHOP.replace('"P2D"', '"P3D"'), encoding="utf-8")
    return str(path)


def test_check(shop: str) -> None:
    ran = run("dialogue", "check", shop)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{MAP.id} {MAP.digest}\n  order: 1 needed, 0 optional\n  deliver: 2 needed, 1 optional\n"
    assert run("dialogue", "check", "-", "--json", given=SHOP).json == {
        "id": MAP.id,
        "digestMultibase": MAP.digest,
        "steps": ["order", "deliver"],
    }


def test_a_map_that_is_none() -> None:
    ran = run("dialogue", "check", "-", given=SHOP.replace("hasNecessity", "necessity"))
    assert (ran.code, ran.out) == (1, "")
    assert "refused The dialogue map is malformed at /steps/0/attributes/0/hasNecessity" in ran.err
    assert run("dialogue", "check", "-", "--json", given="").json["problems"][0]["pointer"] == "/id"
    assert run("dialogue", "check", "no such file").code == 2


def test_notice(shop: str) -> None:
    assert run("dialogue", "notice", shop).out == privacy_notice(MAP)
    assert run("dialogue", "notice", shop, "--lang", "nb").out == privacy_notice(MAP, "nb")
    ran = run("dialogue", "notice", shop, "--lang", "de")
    assert (ran.code, ran.out) == (2, "")
    assert "said in nb" in ran.err


def test_record(shop: str) -> None:
    assert run("dialogue", "record", shop).out == record_of_processing(MAP)
    assert run("dialogue", "record", shop, "--json-ld").json == json.loads(json.dumps(record_json_ld(MAP)))


def test_diff(shop: str, longer: str) -> None:
    ran = run("dialogue", "diff", shop, longer)
    assert (ran.code, ran.out) == (1, 'In "mobile" of "deliver", it is kept longer: 3 days instead of 2 days.\n')
    ran = run("dialogue", "diff", longer, shop)
    assert (ran.code, ran.out) == (0, f'In "mobile" of "deliver", it is kept shorter: 2 days instead of 3 days.\n{NOTHING_NEW}\n')
    assert run("dialogue", "diff", shop, shop).out == f"{NOTHING_NEW}\n"
    ran = run("dialogue", "diff", shop, longer, "--json")
    assert ran.code == 1
    assert ran.json["wider"] is True
    assert ran.json["changes"][0]["severity"] == "wider"
    assert run("dialogue", "diff", shop).code == 2
