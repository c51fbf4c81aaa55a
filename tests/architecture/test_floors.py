"""The house is what its contracts say, and each contract bites: a violation is planted for every one of them in a copy of the package."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support import REPOSITORY

SOURCE = REPOSITORY / "src" / "sayso"
PYPROJECT = REPOSITORY / "pyproject.toml"
CONTRACTS: list[dict[str, Any]] = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
LAYERS: list[str] = next(contract["layers"] for contract in CONTRACTS if contract["id"] == "floors")
ROOMS = [room.strip() for layer in LAYERS for room in layer.replace("|", ":").split(":")]

# contract, module the violation is planted in, the violation
SABOTAGE = [
    ("floors", "errors", "import sayso.jsonvalue"),  # upwards
    ("floors", "encodings/planted", "import sayso.keys"),
    ("floors", "jsonvalue", "import sayso.clock"),  # sideways, where `|` keeps rooms apart
    ("floors", "attic", ""),  # a room without a floor
    ("roles", "issuer/planted", "import sayso.wallet"),
    ("roles", "verifier/planted", "def later() -> None:\n    from sayso import wallet"),
    ("cycles", "keys/planted", "import sayso.keys.planted_too"),
    ("front-door", "keys/planted", "from sayso import Issuer"),
    ("keys", "encodings/planted", "from nacl import bindings"),
    ("keys", "openid/planted", "import cryptography.hazmat"),
    ("openid", "wallet/planted", "import joserfc.jwe"),
    ("openid", "demo/planted", "def later() -> None:\n    import segno"),
    ("entropy", "keys/planted", "import secrets"),
    ("entropy", "wallet/planted", "from random import Random"),
    ("sockets", "dids/planted", "import socket"),
    ("sockets", "retrieval", "def later() -> None:\n    import asyncio"),
    ("sockets", "storage/planted", "import httpx"),
    ("sockets", "verification/planted", "import httpcore"),
    ("sockets", "testing/planted", "from http.client import HTTPConnection"),
]
COMPANIONS = {"cycles": ("keys/planted_too", "import sayso.keys.planted")}

# What is allowed where it lives stays allowed.
GOOD = [
    ("keys", "keys/planted", "import nacl.bindings, cryptography"),
    ("openid", "openid/planted", "import joserfc, segno"),
    ("entropy", "entropy", "import secrets"),
    ("sockets", "http/planted", "import httpcore, ssl"),
    ("sockets", "demo/planted", "import asyncio"),
    ("front-door", "demo/planted", "from sayso import Issuer"),
]


def _plant(house: Path, module: str, text: str) -> None:
    """Add text to a module of the house, and build the room around it where there is none."""
    path = house / f"{module}.py"
    for room in (house / part for part in list(path.relative_to(house).parents)[:-1]):
        room.mkdir(exist_ok=True)
        (room / "__init__.py").touch()
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")


def _lint(place: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    options = ("--no-logo", "--no-cache", f"--config={PYPROJECT}", *(f"--contract={contract}" for contract in contracts))
    return subprocess.run(
        (Path(sys.executable).with_name("lint-imports"), *options), cwd=place, check=False, capture_output=True, text=True
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Copy the package, complete: an empty room stands for every one that is not built yet."""
    copy = tmp_path / "sayso"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "__init__.py").touch()
    for room in ROOMS:
        if room.startswith("("):
            (copy / room.strip("()")).mkdir(exist_ok=True)
            (copy / room.strip("()") / "__init__.py").touch()
    return copy


def test_the_house_stands() -> None:
    done = _lint(REPOSITORY)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("contract", "module", "violation"), SABOTAGE)
def test_a_violation_breaks_its_contract_and_is_named(house: Path, contract: str, module: str, violation: str) -> None:
    before = _lint(house.parent, contract)
    assert before.returncode == 0, before.stdout
    _plant(house, module, violation)
    if contract in COMPANIONS:
        _plant(house, *COMPANIONS[contract])
    after = _lint(house.parent, contract)
    name = next(known["name"] for known in CONTRACTS if known["id"] == contract)
    assert after.returncode == 1
    assert f"{name} BROKEN" in after.stdout
    assert Path(module).parts[0] in after.stdout.rpartition("Broken contracts")[2]


def test_every_contract_is_tried() -> None:
    assert {contract for contract, _, _ in SABOTAGE} == {contract["id"] for contract in CONTRACTS}


@pytest.mark.parametrize(("contract", "module", "text"), GOOD)
def test_what_a_room_is_for_is_allowed_there(house: Path, contract: str, module: str, text: str) -> None:
    _plant(house, module, text)
    done = _lint(house.parent, contract)
    assert done.returncode == 0, done.stdout


def test_only_rooms_that_are_not_built_stand_in_parentheses() -> None:
    written = [path.relative_to(SOURCE) for path in SOURCE.rglob("*.py") if path.stat().st_size]
    built = {path.parts[0].removesuffix(".py") for path in written}
    still = [room for room in ROOMS if room.startswith("(") and room.strip("()") in built]
    assert still == []  # take off their parentheses in pyproject.toml
