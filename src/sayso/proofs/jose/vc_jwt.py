"""Read and prove credentials and presentations that are the payload of a JWT.

Source: VC-JOSE-COSE, sections 3.1 and 4.1 (VJ-1 to VJ-6).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sayso.credentials.formats import JWT_VC, JWT_VP, Format
from sayso.credentials.shapes import includes
from sayso.errors import PARSING_ERROR, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.proofs.jose import jws
from sayso.proofs.jose.jws import Jws
from sayso.proofs.jose.message import key_id
from sayso.proofs.mechanism import Found, KeyUse, Policy, Proven, binding_of, only_key

SEPARATORS = 2
"""RFC 7515, section 7.1: between header, payload and signature."""

_FORMATS: Mapping[str, Format] = {format_.typ: format_ for format_ in (JWT_VC, JWT_VP)}


class DecodedJwt(NamedTuple):
    """Hold a JWT with a document that nobody has proven.

    `document` is the payload, or what the payload says of a document; `claims` are those of a JWT around it.
    """

    format: Format
    token: Jws
    document: JsonObject
    claims: JsonObject

    @property
    def signers(self) -> tuple[KeyUse, ...]:
        """The key that the header names."""
        return (KeyUse(key_id(self.token.header), self.format.relationship),)

    def prove(self, found: Sequence[Found]) -> Proven:
        """Check the signature.

        Raises:
            SaysoError: it does not hold.
        """
        signer = only_key(found)
        self.token.prove(signer.key)
        bindings = (binding_of(self.token.payload),) if self.format.presents else ()
        return Proven((signer,), self.format, self.document, bindings=bindings, claims=self.claims)


def is_compact_jws(data: bytes) -> bool:
    """Tell whether this has the look of a compact JWS, and of nothing else that is known here."""
    return data.count(b".") == SEPARATORS and b"~" not in data and data[:1] != b"{"


def decode_token(data: bytes, types: Collection[str], policy: Policy) -> Jws:
    """Read a JWT whose header may leave its type out.

    Raises:
        SaysoError: it is malformed or outside the policy.
    """
    token = jws.decode(data, (*types, jws.ABSENT), policy.algorithms, policy.limits)
    # RFC 9901, section 4: without its last tilde an SD-JWT would pass for a credential without key binding.
    if not token.payload.keys().isdisjoint(("_sd", "_sd_alg")):
        raise SaysoError.of(PARSING_ERROR, "the payload is that of an SD-JWT")
    return token


class VcJwtMechanism:
    """Read JWTs that are a credential or a presentation themselves."""

    def decode(self, data: bytes, policy: Policy) -> DecodedJwt | None:
        """Read a JWT.

        Without a `typ`, which is only recommended, its payload says what it is.

        Source: VC-JOSE-COSE, sections 3.1.1 and 3.1.2 (VJ-2).

        Raises:
            SaysoError: it is malformed or outside the policy.
        """
        if not is_compact_jws(data):
            return None
        token = decode_token(data, _FORMATS, policy)
        if "typ" in token.header:
            format_ = _FORMATS[jws.media_type(token.header["typ"])]
        else:
            format_ = JWT_VP if includes(token.payload.get("type"), "VerifiablePresentation") else JWT_VC
        if jws.media_type(token.header.get("cty", format_.cty)) != format_.cty:
            raise SaysoError.of(PARSING_ERROR, "cty is not that of the credential format", "cty")
        return DecodedJwt(format_, token, token.payload, {})
