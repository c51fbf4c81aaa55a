"""Issue, present and verify SD-JWT: the mechanism alone, and the public doors with nothing switched off."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from benchmarks import raw
from benchmarks.measuring import Batch, Operation, Task, Title
from benchmarks.world import ASKED, TYPE, YEAR, World, claims
from sayso import CredentialType, Expectations, Issuer, verify
from sayso.credentials.claims_path import Location
from sayso.credentials.formats import VCDM_SD_JWT
from sayso.dids import did_key
from sayso.encodings import base64url
from sayso.entropy import system_entropy
from sayso.issuer.choices import lifetime
from sayso.issuer.documents import WRITERS, Statement
from sayso.jsonvalue import JsonObject, from_python
from sayso.keys.ed25519 import SEED_BYTES, PublicKey
from sayso.keys.signer import SeedSigner
from sayso.proofs.jose import jws
from sayso.proofs.mechanism import Policy
from sayso.proofs.sd_jwt.concealment import conceal
from sayso.proofs.sd_jwt.holding import Holding, hold
from sayso.proofs.sd_jwt.mechanism import SdJwtMechanism

_SIGN = "1 crypto_sign"
_OPEN_TWICE = "2 crypto_sign_open"
_AUDIENCE = "decentralized_identifier:did:example:bar"
_POLICY = Policy(jws.ALGORITHMS, ("sha-256",))
_MECHANISM = SdJwtMechanism()
_SELECTED: tuple[Location, ...] = tuple(("credentialSubject", name) for name in ASKED)


def operations() -> Iterator[Operation]:
    """List what is measured here."""
    for name, level, size, of, bar, prepare in (
        ("issue", "mechanism", 10, _SIGN, 2.6, _issue_mechanism),
        ("issue", "door", 10, _SIGN, 4.0, _issue_door),
        ("present", "mechanism", 10, _SIGN, 1.4, _present_mechanism),
        ("present", "door", 10, _SIGN, 2.5, _present_door),
        ("present", "mechanism", 1000, _SIGN, 1.8, _present_mechanism),
        ("present", "door", 1000, _SIGN, 3.0, _present_door),
        ("verify", "mechanism", 10, _OPEN_TWICE, 1.6, _verify_mechanism),
        ("verify", "door", 10, _OPEN_TWICE, 2.5, _verify_door),
    ):
        yield Operation(Title(name, level, size, "claims", of, bar), partial(prepare, size))


def _new_signer() -> SeedSigner:
    return SeedSigner(system_entropy(SEED_BYTES))


def _issue_mechanism(size: int, count: int) -> Batch:
    signer = _new_signer()
    protected = jws.protect(VCDM_SD_JWT.header(jws.EDDSA, did_key.verification_method(signer.public_key)))
    hide: list[Location] = [("credentialSubject", name) for name in claims(size)]

    def issue(document: JsonObject) -> bytes:
        concealed = conceal(document, hide, system_entropy)
        token = jws.sign(protected, concealed.payload, signer)
        return "~".join((token, *concealed.disclosures, "")).encode()

    documents = [_document(signer.public_key, size) for _ in range(count)]
    return Batch([partial(issue, document) for document in documents], [raw.signing(_token(issue(document))) for document in documents])


def _document(issuer: PublicKey, size: int) -> JsonObject:
    said = from_python(claims(size))
    assert isinstance(said, dict)
    key = _new_signer().public_key
    window = lifetime(datetime.now(UTC), None, None, YEAR)
    return WRITERS[VCDM_SD_JWT.id](Statement(did_key.did_of(issuer), CredentialType(TYPE), did_key.did_of(key), key, window, said))


def _issue_door(size: int, count: int) -> Batch:
    issuer = Issuer(_new_signer())
    holders = [did_key.did_of(_new_signer().public_key) for _ in range(count)]  # none of them was seen before
    tasks = [partial(issuer.issue, claims(size), type=TYPE, holder=holder, valid_for=YEAR) for holder in holders]
    samples = [_issued(issuer, _new_signer(), size) for _ in range(count)]
    return Batch(tasks, [raw.signing(_token(sample)) for sample in samples])


def _issued(issuer: Issuer, holder: SeedSigner, size: int) -> bytes:
    return issuer.issue(claims(size), type=TYPE, holder=holder.public_key, valid_for=YEAR).data


def _token(sd_jwt: bytes) -> bytes:
    return sd_jwt.partition(b"~")[0]


class _Holder(NamedTuple):
    holding: Holding
    signer: SeedSigner

    @classmethod
    def of(cls, issuer: SeedSigner, size: int) -> "_Holder":
        signer = _new_signer()
        data = _issued(Issuer(issuer), signer, size)
        decoded = _MECHANISM.decode(data, _POLICY)
        assert decoded is not None
        return cls(hold(data, decoded.prove(issuer.public_key)), signer)

    def presenting(self, nonce: str) -> partial[str]:
        binding: JsonObject = {"iat": int(datetime.now(UTC).timestamp()), "aud": _AUDIENCE, "nonce": nonce}
        return partial(self.holding.present, _SELECTED, binding, self.signer)


def _nonce() -> str:
    return base64url.encode(system_entropy(18))


def _raw_presents(count: int) -> list[Task]:
    holder = _Holder.of(_new_signer(), 10)
    return [raw.signing(_binding(holder.presenting(_nonce())().encode())) for _ in range(count)]


def _binding(presented: bytes) -> bytes:
    return presented.rpartition(b"~")[2]


def _present_mechanism(size: int, count: int) -> Batch:
    holder = _Holder.of(_new_signer(), size)
    return Batch([holder.presenting(_nonce()) for _ in range(count)], _raw_presents(count))


def _present_door(size: int, count: int) -> Batch:
    world = World.of(size)
    return Batch([partial(world.ada.present, world.ada.plan(world.request())) for _ in range(count)], _raw_presents(count))


class _Presented(NamedTuple):
    data: bytes
    nonce: str

    @classmethod
    def of(cls, issuer: SeedSigner, size: int) -> "_Presented":
        nonce = _nonce()
        return cls(_Holder.of(issuer, size).presenting(nonce)().encode(), nonce)

    def raw(self) -> Task:
        return raw.opening(_token(self.data), _binding(self.data))


def _verify_mechanism(size: int, count: int) -> Batch:
    issuer = _new_signer()

    def prove(data: bytes) -> None:
        decoded = _MECHANISM.decode(data, _POLICY)
        assert decoded is not None
        decoded.prove(issuer.public_key)

    presented = [_Presented.of(issuer, size) for _ in range(count)]
    return Batch([partial(prove, one.data) for one in presented], [one.raw() for one in presented])


def _verify_door(size: int, count: int) -> Batch:
    issuer = _new_signer()
    did = did_key.did_of(issuer.public_key)

    # What is expected differs for every presentation, so that saying it is part of the work.
    def ask(one: _Presented) -> None:
        verify(one.data, Expectations(issuers=[did], audience=_AUDIENCE, nonce=one.nonce), at=datetime.now(UTC))

    presented = [_Presented.of(issuer, size) for _ in range(count)]
    return Batch([partial(ask, one) for one in presented], [one.raw() for one in presented])
