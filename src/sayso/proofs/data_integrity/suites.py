"""Name the cryptosuites: what each signs, with which keys and hashes.

Source: EdDSA Cryptosuites 1.0, sections 3.2 and 3.3; ECDSA Cryptosuites 1.0, sections 3.2 and 3.3.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from sayso.credentials.vocabulary import Reading
from sayso.encodings import jcs
from sayso.encodings.jsonld.contexts import Contexts
from sayso.encodings.jsonld.dataset import to_rdf
from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.keys.verification_key import VerificationKey
from sayso.proofs.data_integrity import coverage

DATA_INTEGRITY_PROOF = "DataIntegrityProof"
EDDSA_RDFC = "eddsa-rdfc-2022"
EDDSA_JCS = "eddsa-jcs-2022"
ECDSA_RDFC = "ecdsa-rdfc-2019"
ECDSA_JCS = "ecdsa-jcs-2019"
ED25519_2020 = "Ed25519Signature2020"


class Signing(NamedTuple):
    """Say how a kind of key is used: the name of the hash, and the size of a signature."""

    hash_name: str
    signature_bytes: int


class World(NamedTuple):
    """Hold what JSON-LD processing may know: the contexts, and whether a document may bring its own."""

    contexts: Contexts
    inline: bool = False


class Suite(NamedTuple):
    """Describe one cryptosuite.

    Args:
        name: what it is called where it is asked for.
        type: the `type` of its proofs; only those of a DataIntegrityProof name their cryptosuite.
        canonicalize: makes the bytes of a document, given the hash that canonicalisation uses itself.
        copies_context: whether a proof repeats the `@context` of its document, as JCS needs; RDF takes it for hashing and never writes it.
        keys: how each kind of key is used, by its JOSE algorithm.
    """

    name: str
    type: str
    canonicalize: Callable[[JsonObject, World, str], bytes]
    copies_context: bool
    keys: Mapping[str, Signing]

    @property
    def cryptosuite(self) -> str | None:
        """What stands in the `cryptosuite` of its proofs."""
        return self.name if self.type == DATA_INTEGRITY_PROOF else None

    @property
    def transforms(self) -> bool:
        """Whether it signs the statements of a document, and so refuses one whose statements do not say all of it."""
        return not self.copies_context

    def signing(self, key: VerificationKey) -> Signing:
        """Say how a key is used in this suite.

        Raises:
            SaysoError: INVALID_VERIFICATION_METHOD, for a kind of key that is not of this suite.
        """
        for algorithm in key.algorithms:
            if algorithm in self.keys:
                return self.keys[algorithm]
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, f"the key is of no kind that {self.name} uses")


def _rdfc(document: JsonObject, world: World, hash_name: str) -> bytes:
    from sayso.encodings.rdfc.canonicalization import canonicalize

    # EdDSA Cryptosuites 1.0, section 3.2.3 (RD-1, DI-3: what would be lost is an error)
    coverage.refuse_nothings(document, Reading(world.contexts, world.inline))
    coverage.refuse_disguises(document)
    quads = to_rdf(document, world.contexts, inline=world.inline)
    coverage.refuse_other_names(document, quads)
    return canonicalize(quads, hash_name=hash_name).text.encode()


def _jcs(document: JsonObject, _: World, __: str) -> bytes:
    # Section 3.3.3 (JC-1)
    return jcs.canonicalize(document)


_ED25519 = MappingProxyType({"Ed25519": Signing("sha-256", 64)})
# ECDSA Cryptosuites 1.0, section 3.2.3 and 3.3.3: the hash is that of the curve, P-256 or P-384.
_NIST = MappingProxyType({"ES256": Signing("sha-256", 64), "ES384": Signing("sha-384", 96)})

SUITES: Mapping[str, Suite] = MappingProxyType(
    {
        suite.name: suite
        for suite in (
            Suite(EDDSA_RDFC, DATA_INTEGRITY_PROOF, _rdfc, copies_context=False, keys=_ED25519),
            Suite(EDDSA_JCS, DATA_INTEGRITY_PROOF, _jcs, copies_context=True, keys=_ED25519),
            Suite(ECDSA_RDFC, DATA_INTEGRITY_PROOF, _rdfc, copies_context=False, keys=_NIST),
            Suite(ECDSA_JCS, DATA_INTEGRITY_PROOF, _jcs, copies_context=True, keys=_NIST),
            # The suite of 2020 is read and never written (LG-1).
            Suite(ED25519_2020, ED25519_2020, _rdfc, copies_context=False, keys=_ED25519),
        )
    }
)
"""The cryptosuites that are built, by name."""

WRITABLE = tuple(suite.name for suite in SUITES.values() if suite.type == DATA_INTEGRITY_PROOF)
"""The cryptosuites that are written; that of 2020 is only read."""

DEFAULT_SUITES = (EDDSA_RDFC, EDDSA_JCS)
"""What is accepted unless more is named: the suites of this library's own keys."""
