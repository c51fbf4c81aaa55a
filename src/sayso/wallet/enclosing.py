"""Put whole credentials into a presentation, and sign it for one verifier.

Source: VCDM 2.0, sections 4.13.1 and 4.13.2 (DM-19 to DM-21); VC-JOSE-COSE, section 3.1.2 (VJ-8).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote

from sayso.credentials.contexts.bundled import CREDENTIALS_V2
from sayso.credentials.formats import JWT_VP, LDP_VC, LDP_VP
from sayso.credentials.wire import Presentation
from sayso.dids import did_key
from sayso.errors import SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import Json, JsonObject, parse_object, serialize
from sayso.keys.signer import Signer
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.proofs.data_integrity.suites import EDDSA_JCS, EDDSA_RDFC, SUITES, World
from sayso.proofs.jose import jws
from sayso.sharing.terms import KNOWN_AS, SHARE_UNTIL
from sayso.wallet.held import Whole

FORMATS = (EDDSA_JCS, EDDSA_RDFC, JWT_VP.typ)
"""How a presentation can be signed."""


_NOW = timedelta(0)


def check_call(name: str, audience: object, nonce: object, valid_for: timedelta) -> None:
    """Refuse what is no way to make a presentation.

    Raises:
        TypeError: audience or nonce is no text.
        ValueError: the format is none of those there are, a text is empty, or it would end before it begins.
    """
    if name not in FORMATS:
        msg = f"format is one of {', '.join(FORMATS)}"
        raise ValueError(msg)
    if not all(isinstance(text, str | None) for text in (audience, nonce)):
        msg = "audience and nonce are texts, or None"
        raise TypeError(msg)
    if "" in (audience, nonce):
        msg = "audience and nonce are not empty"
        raise ValueError(msg)
    if valid_for <= _NOW:
        msg = "valid_for is longer than nothing"
        raise ValueError(msg)


class Addressee(NamedTuple):
    """Say to whom a presentation is made, in answer to what, when, and from when it says nothing any more.

    `until` is when the share ends, None where nothing was agreed about it; `terms` is what is said of terms that are signed too;
    `known_as` is the DID that the business knows the holder by, None where that is not said.
    """

    audience: str | None
    nonce: str | None
    at: datetime
    ends: datetime
    until: datetime | None = None
    terms: Mapping[str, Json] = MappingProxyType({})
    known_as: Did | None = None

    @property
    def claims(self) -> JsonObject:
        """The same as the claims of a JWT; nothing stands for None."""
        dates: JsonObject = {"iat": _seconds(self.at), "exp": _seconds(self.ends)}
        claims: JsonObject = {**dates, **self.agreed, "aud": self.audience, "nonce": self.nonce, **self.terms}
        return {name: value for name, value in claims.items() if value is not None}

    @property
    def agreed(self) -> JsonObject:
        """What was agreed about the share, as members of what is signed: when it ends, and who grants it."""
        until: JsonObject = {} if self.until is None else {SHARE_UNTIL: _seconds(self.until)}
        return until if self.known_as is None else {**until, KNOWN_AS: self.known_as}


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def enclose(credentials: Sequence[Whole], name: str, to: Addressee, world: World) -> Presentation:
    """Sign a presentation of credentials about one holder.

    Raises:
        ValueError: they are about different holders.
        SaysoError: one of them holds no longer, or a part of the presentation would not be signed.
    """
    late = [problem for one in credentials for problem in one.date_problems(to.at)]
    if late:
        raise SaysoError(*late)
    holders = {(one.holder, one.signer.public_key): one for one in credentials}
    if len(holders) != 1:
        msg = "credentials about different holders are presented one by one"
        raise ValueError(msg)
    ((holder, key), first), *_ = holders.items()
    key_id = did_key.verification_method(key)
    if name == JWT_VP.typ:
        return _jwt(_document(holder, [_enveloped(one) for one in credentials], to), first.signer, key_id, to)
    document = _document(holder, [_embedded(one) for one in credentials], to)
    options = ProofOptions(
        suite=name,
        key_id=key_id,
        purpose=LDP_VP.relationship,
        created=to.at,
        expires=to.ends,
        domain=to.audience,
        challenge=to.nonce,
    )
    return Presentation(serialize(add_proof(document, options, first.signer, world)).encode(), LDP_VP.media_type)


def answer(one: Whole, to: Addressee, world: World) -> str:
    """Answer a credential query with a whole credential, secured as the credential is: who reads one can read the other.

    Source: OpenID4VP 1.0, appendices B.1.3.1.5 and B.1.3.2.5 (VP-8).

    Raises:
        SaysoError: as `enclose`.
    """
    return enclose([one], _way(one), to, world).text


def _way(one: Whole) -> str:
    if one.format is not LDP_VC:
        return JWT_VP.typ
    names = [proof.members.get("cryptosuite") for proof in one.proofs]
    return EDDSA_JCS if any(isinstance(name, str) and name in SUITES and SUITES[name].copies_context for name in names) else EDDSA_RDFC


def sign_in(holder: Did, signer: Signer, to: Addressee) -> str:
    """Sign a presentation of no credential: that its holder is here, and nothing else.

    Source: VCDM 2.0, section 4.13 (DM-19).
    """
    return _jwt(_document(holder, (), to), signer, did_key.verification_method(signer.public_key), to).text


def _document(holder: Did, credentials: Sequence[Json], to: Addressee) -> JsonObject:
    document: JsonObject = {"@context": [CREDENTIALS_V2], "type": ["VerifiablePresentation"], "holder": holder}
    if credentials:
        document["verifiableCredential"] = [*credentials]
    return {**document, **to.agreed}


def _embedded(one: Whole) -> JsonObject:
    return parse_object(one.data) if one.format is LDP_VC else _enveloped(one)


def _enveloped(one: Whole) -> JsonObject:
    text = one.data.decode()
    return {
        "@context": CREDENTIALS_V2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:{one.format.media_type},{quote(text, safe='') if one.format is LDP_VC else text}",
    }


def _jwt(document: JsonObject, signer: Signer, key_id: str, to: Addressee) -> Presentation:
    token = jws.sign(jws.protect(JWT_VP.header(jws.EDDSA, key_id)), {**document, **to.claims}, signer)
    return Presentation(token.encode(), JWT_VP.media_type)
