"""Sign documents in every format: the one place where an issuer's key is used."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sayso.credentials.claims_path import Location
from sayso.credentials.media_types import SD_JWT_JSON
from sayso.credentials.vocabulary import Reading
from sayso.credentials.wire import Credential
from sayso.dids.identity import Identity
from sayso.entropy import Entropy
from sayso.errors import SaysoError
from sayso.issuer.arguments import within_limits
from sayso.issuer.documents import WAYS, Way
from sayso.jsonvalue import JsonObject, serialize
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.proofs.data_integrity.suites import World
from sayso.proofs.jose import jws
from sayso.proofs.sd_jwt.concealment import conceal
from sayso.proofs.sd_jwt.disclosure import DEFAULT_HASH
from sayso.proofs.sd_jwt.serialization import COMPACT, SERIALIZERS


class Concealing(NamedTuple):
    """Say what a holder may keep back, and how it is concealed."""

    places: Collection[Location] = ()
    decoys: int = 0
    digest: str = DEFAULT_HASH
    serialization: str = COMPACT


class ProofChoices(NamedTuple):
    """Say what a proof says beside its signature."""

    created: datetime | None = None
    expires: datetime | None = None
    id: str | None = None
    previous: Sequence[str] = ()


class Pen:
    """Sign with the key of an issuer."""

    def __init__(self, identity: Identity, entropy: Entropy) -> None:
        """Take a key; the header of a JWT is always the same, and so encoded once."""
        self.identity = identity
        self._entropy = entropy
        self._protected = {
            name: jws.protect(way.format.header(identity.algorithm, identity.key_id)) for name, way in WAYS.items() if not way.suite
        }

    def write(self, document: JsonObject, name: str, reading: Reading, concealing: Concealing, proof: ProofChoices) -> Credential:
        """Sign a document that conforms to its data model.

        Raises:
            SaysoError: it does not, or a part of it would not be signed.
            ValueError: the credential is larger than a verifier reads.
        """
        way = WAYS[name]
        conforming = reading._replace(transformed=True) if way.transforms else reading
        problems = way.format.problems(document, conforming, (), concealing.places)
        if problems:
            raise SaysoError(*problems)
        if way.suite:
            return self._with_proof(document, way, reading, proof)
        if not way.discloses:
            token = jws.sign(self._protected[name], document, self.identity.signer)
            return Credential(within_limits(token), way.format.media_type)
        concealed = conceal(document, concealing.places, self._entropy, hash_name=concealing.digest, decoys=concealing.decoys)
        token = jws.sign(self._protected[name], concealed.payload, self.identity.signer)
        media_type = way.format.media_type if concealing.serialization == COMPACT else SD_JWT_JSON  # RFC 9901, section 11.2.2
        text = SERIALIZERS[concealing.serialization]("~".join((token, *concealed.disclosures, "")))
        return Credential(within_limits(text, len(concealed.disclosures)), media_type)

    def message(self, typ: str, payload: JsonObject) -> bytes:
        """Sign what is no credential, as a JWT of this type.

        Raises:
            ValueError: it is larger than a verifier reads.
        """
        header: JsonObject = {"alg": self.identity.algorithm, "typ": typ, "kid": self.identity.key_id}
        return within_limits(jws.sign(jws.protect(header), payload, self.identity.signer))

    def _with_proof(self, document: JsonObject, way: Way, reading: Reading, proof: ProofChoices) -> Credential:
        options = ProofOptions(
            suite=way.suite,
            key_id=self.identity.key_id,
            purpose=way.format.relationship,
            created=proof.created,
            expires=proof.expires,
            id=proof.id,
            previous=proof.previous,
        )
        secured = add_proof(document, options, self.identity.signer, World(reading.contexts, reading.inline))
        return Credential(within_limits(serialize(secured)), way.format.media_type)
