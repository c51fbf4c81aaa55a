"""Issue, present and verify SD-JWT: the mechanism alone, and the public doors with nothing switched off."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from benchmarks import raw
from benchmarks.measuring import Batch, Operation, Task, Title
from benchmarks.peers import Peers, Presentation
from benchmarks.world import ASKED, TYPE, YEAR, World, claims
from sayso import CredentialType, Expectations, Issuer, verify
from sayso.credentials.claims_path import Location
from sayso.credentials.formats import VCDM_SD_JWT
from sayso.dids import did_key
from sayso.encodings import base64url
from sayso.entropy import system_entropy
from sayso.issuer.choices import lifetime
from sayso.issuer.documents import WAYS, Statement
from sayso.jsonvalue import JsonObject, from_python
from sayso.keys.ed25519 import PublicKey
from sayso.proofs.jose import jws
from sayso.proofs.mechanism import FoundKey, Policy
from sayso.proofs.sd_jwt.concealment import conceal
from sayso.proofs.sd_jwt.holding import Holding, hold
from sayso.proofs.sd_jwt.mechanism import SdJwtMechanism
from tests.interop.parties import Party, party

_SIGN = "1 crypto_sign"
_OPEN_TWICE = "2 crypto_sign_open"
_SIZES = (10, 100, 1000)
_AUDIENCE = "decentralized_identifier:did:example:bar"
_POLICY = Policy(jws.ALGORITHMS, ("sha-256",))
_MECHANISM = SdJwtMechanism()
_SELECTED: tuple[Location, ...] = tuple(("credentialSubject", name) for name in ASKED)

# What the design allows: so many raw operations. It says nothing about the other sizes.
_BARS = {
    ("issue", "mechanism", 10): 2.6,
    ("issue", "door", 10): 4.0,
    ("present", "mechanism", 10): 1.4,
    ("present", "door", 10): 2.5,
    ("present", "mechanism", 1000): 1.8,
    ("present", "door", 1000): 3.0,
    ("verify", "mechanism", 10): 1.6,
    ("verify", "door", 10): 2.5,
}


def operations(peers: Peers) -> Iterator[Operation]:
    """List what is measured here, beside the peers."""
    for name, of, levels in (
        ("issue", _SIGN, {"mechanism": _issue_mechanism, "door": _issue_door}),
        ("present", _SIGN, {"mechanism": _present_mechanism, "door": _present_door}),
        ("verify", _OPEN_TWICE, {"mechanism": _verify_mechanism, "door": _verify_door}),
    ):
        for size in _SIZES:
            for level, prepare in levels.items():
                yield Operation(Title(name, level, size, "claims", of, _BARS.get((name, level, size))), partial(prepare, peers, size))


def _issue_mechanism(peers: Peers, size: int, count: int) -> Batch:
    city = party()
    protected = jws.protect(VCDM_SD_JWT.header(jws.EDDSA, did_key.verification_method(city.signer.public_key)))
    hide: list[Location] = [("credentialSubject", name) for name in claims(size)]

    def issue(document: JsonObject) -> bytes:
        concealed = conceal(document, hide, system_entropy)
        token = jws.sign(protected, concealed.payload, city.signer)
        return "~".join((token, *concealed.disclosures, "")).encode()

    holders = [party() for _ in range(count)]
    documents = [_document(city.signer.public_key, holder.signer.public_key, size) for holder in holders]
    theirs = peers.issue(city, [claims(size)] * count, [holder.public_jwk for holder in holders], door=False)
    tasks = [partial(issue, document) for document in documents]
    return Batch(tasks, [raw.signing(_token(issue(document))) for document in documents], theirs)


def _document(issuer: PublicKey, holder: PublicKey, size: int) -> JsonObject:
    said = from_python(claims(size))
    assert isinstance(said, dict)
    window = lifetime(datetime.now(UTC), None, None, YEAR)
    return WAYS[VCDM_SD_JWT.id].write(Statement(did_key.did_of(issuer), CredentialType(TYPE), did_key.did_of(holder), holder, window, said))


def _issue_door(peers: Peers, size: int, count: int) -> Batch:
    city = party()
    issuer = Issuer(city.signer)
    holders = [party() for _ in range(count)]  # none of them was seen before
    dids = [did_key.did_of(holder.signer.public_key) for holder in holders]
    tasks = [partial(issuer.issue, claims(size), type=TYPE, holder=did, valid_for=YEAR) for did in dids]
    samples = [_issued(city, party(), size) for _ in range(count)]
    theirs = peers.issue(city, [claims(size)] * count, [holder.public_jwk for holder in holders], door=True)
    return Batch(tasks, [raw.signing(_token(sample)) for sample in samples], theirs)


def _issued(city: Party, holder: Party, size: int) -> bytes:
    return Issuer(city.signer).issue(claims(size), type=TYPE, holder=holder.signer.public_key, valid_for=YEAR).data


def _token(sd_jwt: bytes) -> bytes:
    return sd_jwt.partition(b"~")[0]


class _Holder(NamedTuple):
    issued: bytes
    holding: Holding
    key: Party

    @classmethod
    def of(cls, city: Party, size: int) -> "_Holder":
        key = party()
        data = _issued(city, key, size)
        decoded = _MECHANISM.decode(data, _POLICY)
        assert decoded is not None
        return cls(data, hold(data, decoded.prove((FoundKey(city.signer.public_key, did_key.did_of(city.signer.public_key)),))), key)

    def presenting(self, nonce: str) -> partial[str]:
        binding: JsonObject = {"iat": int(datetime.now(UTC).timestamp()), "aud": _AUDIENCE, "nonce": nonce}
        return partial(self.holding.present, _SELECTED, binding, self.key.signer)


def _nonce() -> str:
    return base64url.encode(system_entropy(18))


def _raw_presents(count: int) -> list[Task]:
    holder = _Holder.of(party(), 10)
    return [raw.signing(_binding(holder.presenting(_nonce())().encode())) for _ in range(count)]


def _binding(presented: bytes) -> bytes:
    return presented.rpartition(b"~")[2]


def _present_mechanism(peers: Peers, size: int, count: int) -> Batch:
    holder = _Holder.of(party(), size)
    nonces = [_nonce() for _ in range(count)]
    theirs = peers.present(holder.issued.decode(), holder.key, _AUDIENCE, nonces)
    return Batch([holder.presenting(nonce) for nonce in nonces], _raw_presents(count), theirs)


def _present_door(peers: Peers, size: int, count: int) -> Batch:
    world = World.of(size)
    tasks = [partial(world.ada.present, world.ada.plan(world.request())) for _ in range(count)]
    holder = _Holder.of(party(), size)
    theirs = peers.present(holder.issued.decode(), holder.key, _AUDIENCE, [_nonce() for _ in range(count)])
    return Batch(tasks, _raw_presents(count), theirs)


class _Presented(NamedTuple):
    data: bytes
    nonce: str

    @classmethod
    def of(cls, city: Party, size: int) -> "_Presented":
        nonce = _nonce()
        return cls(_Holder.of(city, size).presenting(nonce)().encode(), nonce)

    def raw(self) -> Task:
        return raw.opening(_token(self.data), _binding(self.data))

    def to_peers(self) -> Presentation:
        return Presentation(self.data.decode(), _AUDIENCE, self.nonce)


def _verify_mechanism(peers: Peers, size: int, count: int) -> Batch:
    city = party()

    def prove(data: bytes) -> None:
        decoded = _MECHANISM.decode(data, _POLICY)
        assert decoded is not None
        decoded.prove((FoundKey(city.signer.public_key, did_key.did_of(city.signer.public_key)),))

    presented = [_Presented.of(city, size) for _ in range(count)]
    theirs = peers.verify(city, [one.to_peers() for one in presented], door=False)
    return Batch([partial(prove, one.data) for one in presented], [one.raw() for one in presented], theirs)


def _verify_door(peers: Peers, size: int, count: int) -> Batch:
    city = party()
    did = did_key.did_of(city.signer.public_key)

    # What is expected differs for every presentation, so that saying it is part of the work.
    def ask(one: _Presented) -> None:
        verify(one.data, Expectations(issuers=[did], audience=_AUDIENCE, nonce=one.nonce), at=datetime.now(UTC))

    presented = [_Presented.of(city, size) for _ in range(count)]
    theirs = peers.verify(city, [one.to_peers() for one in presented], door=True)
    return Batch([partial(ask, one) for one in presented], [one.raw() for one in presented], theirs)
