"""Make the keys that sign: one of each kind that a request can name."""

from collections.abc import Mapping

from sayso import SeedSigner, Signer
from sayso.entropy import Entropy, system_entropy
from sayso.keys.ecdsa_signer import EcdsaSigner
from sayso.keys.ed25519 import SEED_BYTES


def signers(entropy: Entropy = system_entropy) -> Mapping[str, Signer]:
    """Make new keys, by the names that the VC API has for their kinds; they live as long as the process."""
    return {
        "Ed25519": SeedSigner(entropy(SEED_BYTES)),
        "P-256": EcdsaSigner.generate("P-256", entropy),
        "P-384": EcdsaSigner.generate("P-384", entropy),
    }
