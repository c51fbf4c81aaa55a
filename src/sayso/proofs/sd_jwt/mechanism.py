"""Read and prove SD-JWT and SD-JWT+KB.

Source: RFC 9901, sections 4, 7.1 and 7.3.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sayso.credentials.formats import SD_JWT_FORMATS, Format
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED, PARSING_ERROR, SaysoError
from sayso.jsonvalue import Json
from sayso.proofs.jose import jws
from sayso.proofs.jose.jws import Jws
from sayso.proofs.jose.message import key_id
from sayso.proofs.mechanism import KEY_BINDING, Binding, Found, KeyUse, Policy, Proven, binding_of, only_key
from sayso.proofs.sd_jwt import disclosure, key_binding, serialization
from sayso.proofs.sd_jwt.disclosure import DEFAULT_HASH, HASHES
from sayso.proofs.sd_jwt.key_binding import KeyBinding
from sayso.proofs.sd_jwt.processing import process

_BY_TYPE: Mapping[str, Format] = {known.typ: known for known in SD_JWT_FORMATS}


class DecodedSdJwt(NamedTuple):
    """Hold an SD-JWT that nobody has proven."""

    format: Format
    issuer_jwt: Jws
    disclosures: list[str]
    parts: list[list[Json]]
    binding: KeyBinding | None
    presented: bytes
    key_id: str
    policy: Policy

    @property
    def signers(self) -> tuple[KeyUse, ...]:
        """The issuer's key; of a presentation, the holder's."""
        token = self.issuer_jwt
        issuer = self.format.issuer_of(token.payload) if self.format.is_sd_jwt_vc else None
        return (KeyUse(self.key_id, self.format.relationship, issuer=issuer or "", chain=token.header.get("x5c")),)

    def prove(self, found: Sequence[Found]) -> Proven:
        """Check the issuer's signature, then the disclosures, then the key binding.

        Source: RFC 9901, section 7.1, steps 2 to 5, and section 7.3, step 3 (SD-V1 to SD-V7, SD-B2).

        Raises:
            SaysoError: something does not hold.
        """
        signer = only_key(found)
        self.issuer_jwt.prove(signer.key)
        payload = self.issuer_jwt.payload
        hash_name = payload.get("_sd_alg", DEFAULT_HASH)
        # (2.d) An unknown or weak hash is refused; so is a value that is no name.
        if type(hash_name) is not str or hash_name not in HASHES or hash_name not in self.policy.digests:
            raise SaysoError.of(CRYPTOGRAPHIC_SECURITY_ERROR, "_sd_alg is not one of the accepted hashes", "_sd_alg")
        hash_ = HASHES[hash_name]
        processed = process(payload, self.disclosures, self.parts, hash_, self.policy.limits)
        bindings = [binding_of(processed.document)] if self.format.presents else []
        if self.binding:
            held = self.binding.prove(processed.document, hash_(self.presented))
            bindings.append(Binding(held, ("key_binding",), KEY_BINDING))
        return Proven((signer,), self.format, *processed, tuple(bindings), hash_name)


class SdJwtMechanism:
    """Read SD-JWT in every serialization; what is JSON is read as the compact form that it stands for."""

    def decode(self, data: bytes, policy: Policy) -> DecodedSdJwt | None:
        """Read an SD-JWT, with or without key binding.

        Source: RFC 9901, sections 4 (SD-1: the ABNF has no empty disclosure, and nothing behind the last part) and 8.

        Raises:
            SaysoError: it is malformed or outside the policy.
        """
        limits = policy.limits
        if len(data) > limits.size_bytes:
            raise SaysoError.of(LIMIT_EXCEEDED, f"an SD-JWT is longer than {limits.size_bytes} bytes")
        received = serialization.compact(data, limits)
        return None if received is None else self._decode(received, policy)

    def _decode(self, data: bytes, policy: Policy) -> DecodedSdJwt:
        limits = policy.limits
        if data.count(b"~") - 1 > limits.disclosures:
            raise SaysoError.of(LIMIT_EXCEEDED, f"an SD-JWT has more than {limits.disclosures} disclosures")
        try:
            issuer_jwt, *disclosures, last = data.decode("ascii").split("~")
        except UnicodeDecodeError:
            raise SaysoError.of(PARSING_ERROR, "an SD-JWT holds a character outside ASCII") from None
        token = jws.decode(issuer_jwt.encode(), _BY_TYPE, policy.algorithms, limits)
        format_ = _BY_TYPE[jws.media_type(token.header["typ"])]
        if format_.cty and jws.media_type(token.header.get("cty", format_.cty)) != format_.cty:
            raise SaysoError.of(PARSING_ERROR, "cty is not that of the credential format", "cty")
        return DecodedSdJwt(
            format=format_,
            issuer_jwt=token,
            disclosures=disclosures,
            parts=[disclosure.read(text, limits) for text in disclosures],
            binding=key_binding.decode(last.encode(), policy) if last else None,
            presented=data[: len(data) - len(last)],
            # SD-JWT VC draft 19, section 2.5 (SV-7): certificates can stand for the name of the key.
            key_id="" if format_.is_sd_jwt_vc and "x5c" in token.header and "kid" not in token.header else key_id(token.header),
            policy=policy,
        )
