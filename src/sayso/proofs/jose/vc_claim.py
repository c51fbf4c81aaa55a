"""Read credentials and presentations in the claims `vc` and `vp` of a JWT, as VCDM 1.1 wrote them.

Source: VCDM 1.1, section 6.3.1 (JWT Encoding and Decoding).
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from sayso.credentials.contexts.bundled import CREDENTIALS_V1
from sayso.credentials.formats import CLAIM_VC, CLAIM_VP
from sayso.credentials.shapes import party_id
from sayso.credentials.validity import format_date_time, parse_date_time_of_version_1, parse_numeric_date
from sayso.errors import MALFORMED_VALUE_ERROR, PARSING_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.jose import jws
from sayso.proofs.jose.jws import Jws
from sayso.proofs.jose.vc_jwt import DecodedJwt, decode_token, is_compact_jws
from sayso.proofs.mechanism import Policy

_TYPE = "jwt"


class VcClaimMechanism:
    """Read JWTs with a credential in `vc` or a presentation in `vp`, where the policy reads them at all."""

    def decode(self, data: bytes, policy: Policy) -> DecodedJwt | None:
        """Read a JWT; None says that it is the business of others.

        Raises:
            SaysoError: it is malformed or outside the policy.
        """
        if policy.vc_claim == "refuse" or not is_compact_jws(data):
            return None
        if jws.type_of(data, policy.limits) not in (_TYPE, jws.ABSENT):
            return None
        token = decode_token(data, (_TYPE,), policy)
        names = token.payload.keys() & {"vc", "vp"}
        if not names and "typ" not in token.header:
            return None
        if len(names) != 1:
            raise SaysoError.of(PARSING_ERROR, "a JWT has one of the claims vc and vp")
        (name,) = names
        return _read(token, name, policy)


def _read(token: Jws, name: str, policy: Policy) -> DecodedJwt:
    document = token.payload[name]
    if not isinstance(document, dict):
        raise SaysoError.of(PARSING_ERROR, "vc and vp are objects", name)
    # VC-JOSE-COSE, section 3.1 (VJ-1): the claims belong to VCDM 1.1.
    contexts = document.get("@context")
    if policy.vc_claim != "any" and not (isinstance(contexts, list) and contexts[:1] == [CREDENTIALS_V1]):
        raise SaysoError.of(PARSING_ERROR, "vc and vp hold a document of VCDM 1.1", name, "@context")
    claims = token.payload
    if name == "vp":
        filled = _reconciled(document, claims, (("iss", "holder", party_id), ("jti", "id", _itself)))
        return DecodedJwt(CLAIM_VP, token, filled, claims)
    filled = _reconciled(document, claims, _CREDENTIAL)
    return DecodedJwt(CLAIM_VC, token, _with_subject(filled, claims), claims)


def _itself(value: Json) -> Json:
    return value


_Row: TypeAlias = tuple[str, str, Callable[[Json], Json]]
_CREDENTIAL: tuple[_Row, ...] = (("iss", "issuer", party_id), ("jti", "id", _itself))
_DATES = (("nbf", "issuanceDate"), ("exp", "expirationDate"))


def _reconciled(document: JsonObject, claims: JsonObject, rows: Iterable[_Row]) -> JsonObject:
    """Fill a document's members in from the claims that stand for them; where both are there, they say the same.

    Source: VCDM 1.1, section 6.3.1.
    """
    filled = dict(document)
    for claim, member, read in rows:
        if claim not in claims:
            continue
        if member not in filled:
            filled[member] = claims[claim]
        elif read(filled[member]) != claims[claim] or not isinstance(claims[claim], str):
            raise SaysoError.of(MALFORMED_VALUE_ERROR, f"{claim} says something else than {member}", claim)
    return filled


def _with_subject(document: JsonObject, claims: JsonObject) -> JsonObject:
    filled = dict(document)
    for claim, member in _DATES:
        if claim in claims:
            at = parse_numeric_date(claims[claim])
            if member not in filled:
                filled[member] = format_date_time(at)
            elif parse_date_time_of_version_1(filled[member]) != at:
                raise SaysoError.of(MALFORMED_VALUE_ERROR, f"{claim} says something else than {member}", claim)
    if "sub" in claims:
        subjects = filled.get("credentialSubject")
        subject = subjects[0] if isinstance(subjects, list) and len(subjects) == 1 else subjects
        if not isinstance(subject, dict):
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "sub stands for the identifier of one subject", "sub")
        filled["credentialSubject"] = _reconciled(subject, claims, (("sub", "id", _itself),))
    return filled
