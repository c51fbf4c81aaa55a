"""Read key files: verification methods with a JWK, and the private key beside it."""

from pathlib import Path
from typing import NamedTuple

from sayso import SeedSigner, Signer
from sayso.jsonvalue import JsonObject, parse_object
from sayso.keys.ecdsa_signer import EcdsaSigner


class KeyFile(NamedTuple):
    """Hold a verification method as it stands in a file, with its private key or without."""

    value: JsonObject

    @classmethod
    def read(cls, path: Path) -> "KeyFile":
        """Read a file.

        Raises:
            OSError, SaysoError: it cannot be read.
        """
        return cls(parse_object(path.read_bytes()))

    @property
    def method(self) -> JsonObject:
        """The verification method, without what is private."""
        return {name: item for name, item in self.value.items() if name != "secretKeyJwk"}

    @property
    def names(self) -> tuple[str, ...]:
        """What a signature may call it: its id, or the `kid` of its JWK."""
        public = self.value.get("publicKeyJwk")
        said = (self.value.get("id"), public.get("kid") if isinstance(public, dict) else None)
        return tuple(name for name in said if isinstance(name, str))

    @property
    def key_id(self) -> str:
        """What a signature here calls it: its id, an absolute URL (VC-JOSE-COSE, section 4.1.1).

        Raises:
            ValueError: it has none.
        """
        identifier = self.value.get("id")
        if not isinstance(identifier, str):
            msg = "a key file has an id"
            raise ValueError(msg)  # noqa: TRY004 - it is a file's, not a caller's
        return identifier

    def signer(self) -> Signer:
        """Take the private key.

        Raises:
            SaysoError, ValueError: there is none that is read.
        """
        private = self.value.get("secretKeyJwk")
        if not isinstance(private, dict):
            msg = "a key file that signs has a secretKeyJwk"
            raise ValueError(msg)  # noqa: TRY004 - it is a file's, not a caller's
        return SeedSigner.from_jwk(private) if private.get("kty") == "OKP" else EcdsaSigner.from_jwk(private)
