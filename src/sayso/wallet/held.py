"""Keep what is stored: credentials whose claims are shown one by one, and credentials that are shown whole."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sayso.credentials.claims_path import COMPLETE, Location, Places, Positions
from sayso.credentials.formats import FORMATS, Format
from sayso.dids import did_key
from sayso.entropy import Entropy
from sayso.errors import NOT_MINE, Problem, SaysoError
from sayso.identifiers import Did, StoredId
from sayso.jsonvalue import DEFAULT_LIMITS, JsonObject
from sayso.keys import jwk
from sayso.keys.ed25519 import SEED_BYTES, PublicKey
from sayso.keys.signer import SeedSigner, Signer
from sayso.proofs.mechanism import Binding, Proven
from sayso.proofs.sd_jwt import serialization
from sayso.proofs.sd_jwt.holding import Holding, hold
from sayso.query import claims as query_claims
from sayso.query.claims import Selection
from sayso.query.grammar import CredentialQuery
from sayso.sharing.plan.exposure import Exposure, exposure, exposure_of_whole
from sayso.sharing.plan.picking import Candidate
from sayso.verification.report import Verified

_NO_SKEW = timedelta(0)
_NO_PLACES = Places(())


class Held(NamedTuple):
    """Hold a stored credential, indexed for planning and presenting, with the signer of the key that it is bound to."""

    holding: Holding
    format: Format
    positions: Positions
    disclosable: tuple[Location, ...]
    exposed: Exposure
    verified: Verified
    types: frozenset[str]
    signer: Signer

    def date_problems(self, at: datetime) -> tuple[Problem, ...]:
        """Say what its dates have against an instant."""
        return self.format.date_problems(self.verified.claims, at, _NO_SKEW)

    def instants(self) -> dict[str, datetime]:
        """Give the instants at which `date_problems` can change, by what names them."""
        return self.format.instants(self.verified.claims)

    def selection(self, query: CredentialQuery) -> Selection:
        """Find what a credential query asks for."""
        return query_claims.select(query, self.verified.claims, self.positions)

    def candidate(self, stored_id: StoredId, selection: Selection) -> Candidate:
        """Give what can answer with one of the combinations that were found."""
        places = self.holding.places
        return Candidate(stored_id, self.format, self.verified.claims, self.disclosable, places, self.exposed, selection.options)


class Whole(NamedTuple):
    """Hold a stored credential that is shown whole or not at all: its bytes, what its proofs say, and the signer and DID of its holder."""

    data: bytes
    format: Format
    verified: Verified
    signer: Signer
    holder: Did
    proofs: tuple[Binding, ...]
    types: frozenset[str]
    positions: Positions = COMPLETE

    def date_problems(self, at: datetime) -> tuple[Problem, ...]:
        """Say what its dates and those of its proofs have against an instant."""
        said = self.format.date_problems(self.verified.claims, at, _NO_SKEW)
        return (*said, *(problem for proof in self.proofs for problem in proof.date_problems(at, _NO_SKEW, None, text=False)))

    def may_answer(self, query: CredentialQuery) -> bool:
        """Tell whether it is of the format and a type that a credential query asks for."""
        return not query_claims.mismatch(query, self.format.id, self.types)

    def selection(self, query: CredentialQuery) -> Selection:
        """Find what a credential query asks for."""
        return query_claims.select(query, self.verified.claims)

    def candidate(self, stored_id: StoredId, selection: Selection) -> Candidate:
        """Give what can answer with all that is asked for and in it, for it cannot answer with less."""
        document, options = self.verified.claims, (selection.asked,)
        exposed = exposure_of_whole(document, self.format)
        return Candidate(stored_id, self.format, document, (), _NO_PLACES, exposed, options, whole=True)


def compact(data: bytes) -> bytes:
    """Give an SD-JWT in compact form, which every verifier reads; so one credential is stored once, however it travelled.

    Raises:
        SaysoError: it is malformed.
    """
    try:
        return serialization.compact(data, DEFAULT_LIMITS) or data
    except SaysoError as error:
        raise error.under(stage="decode") from None


class Keys:
    """Hold the keys of a wallet, by themselves and by their did:key."""

    def __init__(self) -> None:
        """Begin without any."""
        self._by_key: dict[PublicKey, tuple[Signer, Did]] = {}
        self._by_did: dict[str, tuple[Signer, Did]] = {}
        self._by_verifier: dict[str, Did] = {}

    def add(self, key: PublicKey, did: Did, signer: Signer) -> None:
        """Take a key."""
        self._by_key[key] = self._by_did[did] = (signer, did)

    def known_as(self, verifier: str) -> Did | None:
        """Give the DID by which a business knows the holder, None where there is none yet."""
        return self._by_verifier.get(verifier)

    def pairwise(self, verifier: str, entropy: Entropy) -> tuple[Signer, Did]:
        """Give the key that signs in at a business and nowhere else; it is made the first time, and kept."""
        did = self.known_as(verifier)
        if did is None:
            signer = SeedSigner(entropy(SEED_BYTES))
            did = did_key.did_of(signer.public_key)
            self.add(signer.public_key, did, signer)
            self._by_verifier[verifier] = did
        return self._by_did[did]

    def of(self, document: JsonObject, *, subject: bool) -> tuple[Signer, Did]:
        """Find the key that a credential is bound to: the one that it confirms, or, where that is enough, that of its `subject`.

        Source: RFC 7800, section 3.2; VCDM 2.0, section 4.8.

        Raises:
            SaysoError: NOT_MINE, or what is wrong with the key that is confirmed.
        """
        confirmed = document.get("cnf")
        if isinstance(confirmed, dict) and "jwk" in confirmed:
            try:
                key = jwk.decode(confirmed["jwk"])
            except SaysoError as error:
                raise error.under("cnf", "jwk") from None
            found = self._by_key.get(key)
        elif not subject:
            found = None
        else:
            found = next((self._by_did[name] for name in _subjects(document) if name in self._by_did), None)
        if found is None:
            raise SaysoError.of(NOT_MINE, "the credential is not bound to a key of this wallet", "cnf")
        return found


def kept(data: bytes, proven: Proven, verified: Verified, keys: Keys) -> Held | Whole:
    """Make ready what is stored, with the signer of its holder.

    Raises:
        SaysoError: as `Keys.of`.
    """
    whole = proven.format.id not in FORMATS
    signer, did = keys.of(proven.document, subject=whole)
    if whole:
        return Whole(data, proven.format, verified, signer, did, proven.proofs, frozenset(verified.types))
    return Held(
        hold(data, proven),
        proven.format,
        proven.positions,
        tuple(proven.disclosed),
        exposure(verified.claims, proven.format, proven.disclosed),
        verified,
        frozenset(verified.types),
        signer,
    )


def _subjects(document: JsonObject) -> list[str]:
    subjects = document.get("credentialSubject")
    listed = subjects if isinstance(subjects, list) else [subjects]
    return [name for subject in listed if isinstance(subject, dict) and isinstance(name := subject.get("id"), str)]
