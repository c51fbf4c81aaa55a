"""Sign and verify documents with Data Integrity proofs: the mechanism alone, and the public doors with nothing switched off."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from benchmarks import raw
from benchmarks.data_integrity_peers import add_proofs, verify_proofs
from benchmarks.measuring import Batch, Operation, Title
from benchmarks.peers import Peers
from benchmarks.world import TYPE, YEAR
from sayso import CredentialType, Expectations, Issuer, verify
from sayso.credentials.kinds import reading_of_type
from sayso.dids import did_key
from sayso.encodings import base64url
from sayso.entropy import system_entropy
from sayso.issuer.choices import lifetime
from sayso.issuer.documents import WAYS, Statement
from sayso.jsonvalue import JsonObject, from_python
from sayso.proofs.data_integrity.mechanism import DataIntegrityMechanism
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.proofs.data_integrity.suites import EDDSA_JCS, EDDSA_RDFC, World
from sayso.proofs.jose import jws
from sayso.proofs.mechanism import FoundKey, Policy
from tests.interop.parties import Party, party

SIZES = (24, 170)
_SUITES = {"jcs": EDDSA_JCS, "rdfc": EDDSA_RDFC}
_CONTEXTS = reading_of_type(CredentialType(TYPE)).contexts
_MECHANISM = DataIntegrityMechanism()
_POLICY = Policy(jws.ALGORITHMS, ("sha-256",), cryptosuites=tuple(_SUITES.values()), contexts=_CONTEXTS)

# What the design allows for a document of 24 quads: so many raw operations. It says nothing about the other size.
_BARS = {
    ("jcs-sign", "mechanism"): 2.6,
    ("jcs-sign", "door"): 5.0,
    ("jcs-verify", "mechanism"): 1.7,
    ("jcs-verify", "door"): 3.0,
    ("rdfc-sign", "mechanism"): 8.0,
    ("rdfc-sign", "door"): 11.0,
    ("rdfc-verify", "mechanism"): 4.0,
    ("rdfc-verify", "door"): 6.0,
}


def operations(peers: Peers) -> Iterator[Operation]:
    """List what is measured here, beside the peers."""
    for short, suite in _SUITES.items():
        for name, of, levels in (
            (f"{short}-sign", "1 crypto_sign", {"mechanism": _sign_mechanism, "door": _sign_door}),
            (f"{short}-verify", "1 crypto_sign_open", {"mechanism": _verify_mechanism, "door": _verify_door}),
        ):
            for size in SIZES:
                for level, prepare in levels.items():
                    bar = _BARS[name, level] if size == SIZES[0] else None
                    yield Operation(Title(name, level, size, "quads", of, bar), partial(prepare, peers, suite, size))


def claims(quads: int) -> dict[str, object]:
    """Give claims that nobody has seen, about a person with an address and some visits: a credential with them has so many quads."""
    address = {"street": "12 St James's Square", "city": "London", "postal_code": "SW1Y 4JH", "country": "GB"}
    about: dict[str, object] = {"given_name": f"Ada {base64url.encode(system_entropy(9))}", "family_name": "Lovelace"}
    about |= {"birthdate": "1990-12-10", "age_over_18": True, "nationality": "GB", "email": "ada@example.org", "height_cm": 165}
    # Six quads are about the credential, seven say what stands above, and five the address; each visit is four.
    visits, rest = divmod(quads - 18, 4)
    visited = [{"place": f"Museum {number}", "day": f"2026-01-{1 + number % 31:02}", "fee": number + 0.5} for number in range(visits)]
    return {**about, "address": address, "visits": visited, **{f"attribute_{number}": f"value {number}" for number in range(rest)}}


def document(city: Party, quads: int, suite: str = EDDSA_RDFC) -> JsonObject:
    """Write a credential about somebody new, without a proof."""
    said = from_python(claims(quads))
    assert isinstance(said, dict)
    holder = party().signer.public_key
    issuer, window = did_key.did_of(city.signer.public_key), lifetime(datetime.now(UTC), None, None, YEAR)
    return WAYS[suite].write(Statement(issuer, CredentialType(TYPE), did_key.did_of(holder), holder, window, said))


def _sign_mechanism(peers: Peers, suite: str, size: int, count: int) -> Batch:
    city, world = party(), World(_CONTEXTS)
    options = ProofOptions(suite, did_key.verification_method(city.signer.public_key), "assertionMethod")
    documents = [document(city, size, suite) for _ in range(count)]
    theirs = add_proofs(peers, city, suite, documents)
    tasks = [partial(add_proof, one, options, city.signer, world) for one in documents]
    return Batch(tasks, [raw.signing_hashes() for _ in documents], theirs)


def _sign_door(peers: Peers, suite: str, size: int, count: int) -> Batch:
    city = party()
    issuer = Issuer(city.signer)
    holders = [did_key.did_of(party().signer.public_key) for _ in range(count)]
    tasks = [partial(issuer.issue, claims(size), type=TYPE, holder=holder, valid_for=YEAR, format=suite) for holder in holders]
    theirs = add_proofs(peers, city, suite, [document(city, size, suite) for _ in range(count)])
    return Batch(tasks, [raw.signing_hashes() for _ in tasks], theirs)


def _issued(city: Party, suite: str, size: int, count: int) -> list[bytes]:
    issuer = Issuer(city.signer)
    how: Mapping[str, Any] = {"type": TYPE, "valid_for": YEAR, "format": suite}
    return [issuer.issue(claims(size), holder=party().signer.public_key, **how).data for _ in range(count)]


def _verify_mechanism(peers: Peers, suite: str, size: int, count: int) -> Batch:
    city = party()
    found = FoundKey(city.signer.public_key, did_key.did_of(city.signer.public_key))

    def prove(data: bytes) -> None:
        decoded = _MECHANISM.decode(data, _POLICY)
        assert decoded is not None
        decoded.prove((found,))

    issued = _issued(city, suite, size, count)
    theirs = verify_proofs(peers, city, suite, [json.loads(data) for data in issued], door=False)
    return Batch([partial(prove, data) for data in issued], [raw.opening_hashes() for _ in issued], theirs)


def _verify_door(peers: Peers, suite: str, size: int, count: int) -> Batch:
    city = party()
    did = did_key.did_of(city.signer.public_key)

    # What is expected is said each time, so that saying it is part of the work.
    def ask(data: bytes) -> None:
        verify(data, Expectations(issuers=[did], holder_binding=False), at=datetime.now(UTC))

    issued = _issued(city, suite, size, count)
    theirs = verify_proofs(peers, city, suite, [json.loads(data) for data in issued], door=True)
    return Batch([partial(ask, data) for data in issued], [raw.opening_hashes() for _ in issued], theirs)
