"""A signer signs and shows nothing of its key."""

import copy
import pickle
import traceback
from types import SimpleNamespace
from typing import Any

import pytest

from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.keys import ed25519
from sayso.keys.ecdsa import EcdsaKey
from sayso.keys.ed25519 import PublicKey
from sayso.keys.signer import SeedSigner, Signer, own_ed25519_key, own_key
from tests.unit.keys.test_ecdsa import NAMES
from tests.unit.keys.test_ecdsa import signer as ecdsa_signer

SEED = b"a seed that must never be shown."
_, SECRET = ed25519.key_pair(SEED)


class Vault:
    """Be a key that lives elsewhere."""

    def __init__(self) -> None:
        self.asked = list[bytes]()

    @property
    def public_key(self) -> PublicKey:
        return ed25519.key_pair(SEED)[0]

    def sign(self, message: bytes) -> bytes:
        self.asked.append(message)
        return ed25519.sign(message, SECRET)


@pytest.mark.parametrize("make", [lambda: SeedSigner(SEED), Vault], ids=["seed", "vault"])
def test_what_a_signer_signs_its_public_key_verifies(make: type[Vault]) -> None:
    signer: Signer = make()
    assert signer.public_key == ed25519.key_pair(SEED)[0]
    assert signer.public_key.verifies(signer.sign(b"message"), b"message")


def test_a_seed_of_another_length_is_the_programmers_mistake() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SeedSigner(SEED[:-1])


def test_nothing_shows_the_secret() -> None:
    signer = SeedSigner(SEED)
    for shown in (repr(signer), str(signer), f"{signer}", f"{signer!r}", repr([signer]), repr({"key": (signer,)})):
        assert "<secret>" in shown
        for secret in (SEED, SECRET, SECRET[32:]):
            assert secret.hex() not in shown
            assert repr(secret)[2:-1] not in shown


def test_a_signer_has_no_dictionary() -> None:
    with pytest.raises(TypeError):
        vars(SeedSigner(SEED))
    with pytest.raises(AttributeError):
        SeedSigner(SEED).seed = SEED  # type: ignore[attr-defined]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_signer_is_not_pickled(protocol: int) -> None:
    with pytest.raises(TypeError, match="not copied or pickled") as refused:
        pickle.dumps(SeedSigner(SEED), protocol)
    assert SEED.decode() not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_a_signer_is_not_copied(duplicate: type) -> None:
    with pytest.raises(TypeError, match="not copied or pickled"):
        duplicate([SeedSigner(SEED)][0])


def test_a_key_goes_out_and_comes_back_on_request_only() -> None:
    signer = SeedSigner(SEED)
    assert signer.export_seed() == SEED
    private = signer.export_jwk()
    assert SeedSigner.from_jwk(private).export_seed() == SEED
    assert [*private] == ["crv", "d", "kty", "x"]
    with pytest.raises(SaysoError):
        SeedSigner.from_jwk({**private, "x": SeedSigner(bytes(32)).export_jwk()["x"]})
    # Whoever looks for "key", "seed" or "jwk" among the names of a signer finds them behind a word of their own.
    assert [name for name in dir(signer) if not name.startswith("_")] == ["export_jwk", "export_seed", "from_jwk", "public_key", "sign"]


def test_signers_compare_by_identity_only() -> None:
    one, other = SeedSigner(SEED), SeedSigner(SEED)
    assert one == one
    assert one != other
    assert len({one, other}) == 2
    assert hash(one) == hash(one)


def test_the_key_of_a_signer_is_a_good_point() -> None:
    assert own_key(Vault()) == own_key(SeedSigner(SEED)) == ed25519.key_pair(SEED)[0]
    for no_point in (PublicKey(bytes(32)), EcdsaKey("P-256", bytes(33)), EcdsaKey("P-256", b"\2" + bytes(48))):
        bad: Any = SimpleNamespace(public_key=no_point, sign=bytes)
        for ask in (own_key, own_ed25519_key):
            with pytest.raises(SaysoError) as refused:
                ask(bad)
            assert refused.value.problems[0].kind is INVALID_VERIFICATION_METHOD


def test_a_holders_key_is_an_ed25519_key() -> None:
    assert own_ed25519_key(Vault()) == ed25519.key_pair(SEED)[0]
    for name in NAMES:
        assert own_key(ecdsa_signer(name)) == ecdsa_signer(name).public_key
        with pytest.raises(TypeError, match="signer has an Ed25519 key"):
            own_ed25519_key(ecdsa_signer(name))


@pytest.mark.parametrize(
    "thing",
    [
        None,
        SEED,
        SimpleNamespace(public_key=ed25519.key_pair(SEED)[0]),
        SimpleNamespace(public_key=ed25519.key_pair(SEED)[0], sign=b""),
        SimpleNamespace(public_key=ed25519.key_pair(SEED)[0].raw, sign=bytes),
        SimpleNamespace(sign=bytes),
    ],
    ids=["none", "seed", "no sign", "sign is no method", "raw key", "no key"],
)
def test_what_is_no_signer_is_the_programmers_mistake(thing: Any) -> None:
    for ask in (own_key, own_ed25519_key):
        with pytest.raises(TypeError, match="signer has a public_key") as wrong:
            ask(thing)
        assert SEED.decode() not in str(wrong.value)
