"""Hold a credential so that presenting costs what is disclosed, not what is held."""

from collections.abc import Iterable
from typing import NamedTuple

from sayso.credentials.claims_path import Location, Places
from sayso.jsonvalue import JsonObject
from sayso.keys.signer import Signer
from sayso.proofs.mechanism import Proven
from sayso.proofs.sd_jwt import key_binding
from sayso.proofs.sd_jwt.disclosure import HASHES, Hash


class Holding(NamedTuple):
    """Hold a proven SD-JWT with its disclosures indexed once, and the hash of its issuer's part begun."""

    issuer_jwt: str
    started: Hash
    places: Places
    disclosures: tuple[str, ...]

    def present(self, selected: Iterable[Location], claims: JsonObject, signer: Signer, *, withheld: Iterable[Location] = ()) -> str:
        """Make an SD-JWT+KB that opens these places: every ancestor that is needed, what lies inside, and nothing else.

        What lies at or below a `withheld` place stays closed: the holder decides how much of a value is shown with it.
        `claims` go into the key binding JWT: iat, aud, nonce, and what else the holder says.

        Source: RFC 9901, sections 4.3 and 7.2 (SD-H2); OpenID4VP 1.0, appendix B.3.6 (DQ-S6).
        """
        opened = "".join([self.disclosures[number] + "~" for number in self.places.needed(selected, withheld)])
        running = self.started.copy()
        running.update(opened.encode())
        return f"{self.issuer_jwt}~{opened}{key_binding.sign(claims, running, signer)}"


def hold(data: bytes, proven: Proven) -> Holding:
    """Index a proven SD-JWT for presenting; `data` is what it was read from."""
    issuer_jwt, _, _ = data.partition(b"~")
    return Holding(
        issuer_jwt.decode("ascii"),
        HASHES[proven.digest](issuer_jwt + b"~"),
        Places(proven.disclosed),
        tuple(proven.disclosed.values()),
    )
