"""Write and read the key binding JWT.

Source: RFC 9901, sections 4.3 and 7.3.
"""

from typing import NamedTuple

from sayso.encodings import base64url
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, HOLDER_BINDING, MALFORMED_VALUE_ERROR, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.keys import jwk
from sayso.keys.signer import Signer
from sayso.proofs.jose import jws
from sayso.proofs.jose.jws import Jws
from sayso.proofs.mechanism import Policy
from sayso.proofs.sd_jwt.disclosure import Hash

TYPE = "kb+jwt"

_PROTECTED = {algorithm: jws.protect({"alg": algorithm, "typ": TYPE}) for algorithm in jws.ALGORITHMS}


def sign(claims: JsonObject, running: Hash, signer: Signer, *, algorithm: str = jws.EDDSA) -> str:
    """Sign the claims together with the hash of what is presented.

    `running` has taken the SD-JWT up to and with its last tilde.

    Source: RFC 9901, sections 4.3 and 4.3.1 (SD-K1, SD-K2).
    """
    return jws.sign(_PROTECTED[algorithm], {**claims, "sd_hash": base64url.encode(running.digest())}, signer)


class KeyBinding(NamedTuple):
    """Hold a key binding JWT that nobody has proven."""

    jws: Jws

    def prove(self, document: JsonObject, running: Hash) -> JsonObject:
        """Give the payload, if the key that the issuer confirmed signed it over exactly what was received.

        Source: RFC 9901, section 7.3, steps 3.3 to 3.6 (SD-K2, SD-K3, SD-B2); RFC 7800, section 3.2.

        Raises:
            SaysoError: HOLDER_BINDING, INVALID_VERIFICATION_METHOD, CRYPTOGRAPHIC_SECURITY_ERROR.
        """
        confirmation = document.get("cnf")
        if type(confirmation) is not dict or "jwk" not in confirmation:
            raise SaysoError.of(HOLDER_BINDING, "the credential confirms no key by cnf.jwk", "cnf")
        try:
            key = jwk.decode(confirmation["jwk"])
        except SaysoError as error:
            raise error.under("cnf", "jwk") from None
        if self.jws.payload["sd_hash"] != base64url.encode(running.digest()):
            raise SaysoError.of(CRYPTOGRAPHIC_SECURITY_ERROR, "sd_hash is not the hash of what was received", "key_binding", "sd_hash")
        try:
            self.jws.prove(key)
        except SaysoError as error:
            raise error.under("key_binding") from None
        return self.jws.payload


def decode(text: bytes, policy: Policy) -> KeyBinding:
    """Read a key binding JWT.

    Source: RFC 9901, section 4.3 (SD-K1: typ, alg; iat, aud, nonce and sd_hash are required).

    Raises:
        SaysoError: as `jws.decode`, and MALFORMED_VALUE_ERROR.
    """
    try:
        binding = jws.decode(text, (TYPE,), policy.algorithms, policy.limits)
        for name in ("aud", "nonce", "sd_hash"):
            if type(binding.payload.get(name)) is not str:
                raise SaysoError.of(MALFORMED_VALUE_ERROR, f"a key binding JWT has {name}, a string", name)
        if "iat" not in binding.payload:
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "a key binding JWT has iat", "iat")
    except SaysoError as error:
        raise error.under("key_binding") from None
    return KeyBinding(binding)
