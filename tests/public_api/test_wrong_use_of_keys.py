"""Wrong types at the doors of keys that last: TypeError, ValueError or the library's one error; and no file but the one that is named."""

from pathlib import Path
from typing import Any

import pytest

from sayso import Issuer, KeyRing, SeedSigner, Verifier
from sayso.keys import multikey
from sayso.keys.passphrase import LEAST_COST, Cost
from sayso.testing.world import CountingEntropy, TurningClock
from tests.public_api.test_wrong_use import PARTS, PRIVATE, SEED, Door, junk, refused

RING = KeyRing.generate("jwk", name="a", entropy=CountingEntropy()).rotate("b")
OPENED = {"path": "keys", "passphrase": "open sesame", "key": "a", "outdated": True}
SAVED = {"path": "other", "passphrase": "open sesame", "cost": LEAST_COST}


def _generated(method: Any, domain: Any, path: Any, name: Any, entropy: Any) -> object:
    ring = KeyRing.generate(method, domain=domain, path=path, name=name, entropy=entropy)
    return ring.document(), ring.rotate("later").sign(b"x")


def _ring(**given: Any) -> object:
    ring = KeyRing(**given)
    return ring.did, ring.names, ring.key_id, ring.document(), repr(ring), ring.sign(b"x")


DOORS = {
    "KeyRing": Door(_ring, {"method": "jwk", "web": "", "signers": {"a": SeedSigner(SEED)}, "current": "a"}),
    "KeyRing.generate": Door(
        _generated, {"method": "web", "domain": "city.example", "path": ("cards",), "name": "2026", "entropy": CountingEntropy()}
    ),
    "rotate": Door(RING.rotate, {"name": "c", "entropy": CountingEntropy()}),
    "using": Door(RING.using, {"name": "a"}),
    "retire": Door(RING.retire, {"name": "a"}),
    "did_of": Door(RING.did_of, {"name": "a"}),
    "KeyRing.save": Door(RING.save, {**SAVED, "entropy": CountingEntropy()}),
    "KeyRing.open": Door(KeyRing.open, {name: OPENED[name] for name in ("path", "passphrase", "outdated")}),
    "Issuer.of": Door(Issuer.of, {"keys": RING, "algorithm": "EdDSA", **PARTS}),
    "Issuer.open": Door(Issuer.open, {**OPENED, "algorithm": "EdDSA", **PARTS}),
    "Issuer.save": Door(Issuer.generate().save, SAVED),
    "Verifier.of": Door(Verifier.of, {"keys": RING, "name": "n", "clock": TurningClock()}),
    "Verifier.open": Door(Verifier.open, {**OPENED, "name": "n", "reply_to": None, "nonces": None, "on_report": None}),
    "Verifier.save": Door(Verifier.generate().save, SAVED),
    "SeedSigner.from_jwk": Door(SeedSigner.from_jwk, {"private": PRIVATE}),
    "encode_secret": Door(multikey.encode_secret, {"seed": SEED}),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go where a path that is any text does no harm."""
    folder = tmp_path / "alone" / "here"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    RING.save("keys", "open sesame", cost=LEAST_COST)
    return folder


@pytest.mark.parametrize(("door", "argument"), [(door, argument) for door, (_, good) in DOORS.items() for argument in good])
def test_a_wrong_argument(door: str, argument: str) -> None:
    enter, good = DOORS[door]
    for wrong in junk():
        error = refused(enter, {**good, argument: wrong})
        assert error is None or str(error)
        assert not isinstance(error, UnicodeError), f"{door}({argument}={wrong!r:.100}): {error!r}"
        assert "sesame" not in str(error)
    assert KeyRing.open("keys", "open sesame", outdated=True).names == RING.names


@pytest.mark.parametrize("door", DOORS)
def test_no_argument_and_one_that_nobody_knows(door: str) -> None:
    enter, good = DOORS[door]
    assert isinstance(refused(enter, {**good, "nobody_knows": 5}), TypeError)
    for missing in {*good} - {"cost"}:  # the default costs a second, and is tried elsewhere
        error = refused(enter, {name: value for name, value in good.items() if name != missing})
        assert error is None or str(error)


@pytest.mark.parametrize("door", DOORS)
def test_the_right_way_in(door: str) -> None:
    """Otherwise the table above would try nothing."""
    enter, good = DOORS[door]
    enter(**good)


@pytest.mark.parametrize("cost", [Cost(1.0, 8192), Cost(1, "8192"), (1, 8192), Cost(True, 8192), 5, None])  # type: ignore[arg-type]
def test_what_is_no_cost(cost: Any, folder: Path) -> None:
    with pytest.raises(TypeError, match="a cost is"):
        RING.save("other", "open sesame", cost=cost)
    assert [one.name for one in folder.iterdir()] == ["keys"]
