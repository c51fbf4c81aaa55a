"""Secure a document whose issuer is no DID.

`Issuer` signs for DIDs, so this asks the same of a document as it does, and signs with the pieces that it is made of.
"""

import re

from examples.vc_jose_cose.features import Result
from examples.vc_jose_cose.keys import KeyFile
from sayso.credentials import envelopes
from sayso.credentials.claims_path import Location
from sayso.credentials.formats import Format
from sayso.credentials.kinds import reading_of
from sayso.entropy import system_entropy
from sayso.jsonvalue import Json, JsonObject, parse_object
from sayso.proofs.jose import jws
from sayso.proofs.sd_jwt.concealment import conceal

# VCDM 2.0, sections 4.3 to 4.11, 5.3 to 5.6 and 5.10. A context with @vocab gives any term a meaning; no other is taken.
KNOWN = frozenset(
    {"@context", "id", "type", "name", "description", "issuer", "validFrom", "validUntil", "credentialSubject", "credentialStatus"}
    | {"credentialSchema", "relatedResource", "refreshService", "termsOfUse", "evidence", "confidenceMethod", "renderMethod"}
    | {"iss", "sub", "jti", "exp", "nbf", "iat", "cnf"}
)
_NAME = r"[^.\[\]]+(?:\[[0-9]+\])*"
_PATH = re.compile(rf"{_NAME}(?:\.{_NAME})*")
_STEP = re.compile(r"\[([0-9]+)\]|([^.\[\]]+)")


def issue(text: str, feature: Format, key: KeyFile, paths: list[str]) -> Result:
    """Secure a document, so that its holder can keep back what stands at the paths.

    Raises:
        SaysoError: the input is no JSON object, or the key is none.
        ValueError: a path leads nowhere.
    """
    document = parse_object(text)
    signer, places = key.signer(), [place_of(path) for path in paths]
    if feature.presents:
        document = trimmed(document)
    problems = [problem.to_json() for problem in feature.problems(document, reading_of(), (), places)]
    if problems:
        return Result("failure", [{**problem} for problem in problems])
    if not feature.presents and not document.keys() <= KNOWN:
        return Result("failure", "the credential has members that VCDM 2.0 does not have")
    protected = jws.protect(feature.header(signer.public_key.algorithms[0], key.key_id))
    if not feature.typ.endswith("sd-jwt"):
        if places:
            msg = f"{feature.typ} keeps nothing back"
            raise ValueError(msg)
        return Result("success", jws.sign(protected, document, signer))
    concealed = conceal(document, places, system_entropy)
    return Result("success", "~".join((jws.sign(protected, concealed.payload, signer), *concealed.disclosures, "")))


def place_of(path: str) -> Location:
    """Read a path such as `credentialSubject.phoneNumbers[0]`.

    Raises:
        ValueError: it is none.

    >>> place_of("credentialSubject.phoneNumbers[0]")
    ('credentialSubject', 'phoneNumbers', 0)
    """
    if not _PATH.fullmatch(path):
        msg = "a path is names with dots between them, and numbers in brackets"
        raise ValueError(msg)
    return tuple(name or int(index) for index, name in _STEP.findall(path))


def trimmed(document: JsonObject) -> JsonObject:
    """Take the line feed away that a published file has behind the URL of an envelope; what is in the envelope is carried as it is."""
    value = document.get("verifiableCredential")
    if not isinstance(value, list):
        return document
    items: list[Json] = [_trimmed(item) for item in value]
    return {**document, "verifiableCredential": items}


def _trimmed(item: Json) -> Json:
    if not isinstance(item, dict) or not envelopes.is_envelope(item, envelopes.CREDENTIAL):
        return item
    identifier = item.get("id")
    return {**item, "id": identifier.strip()} if isinstance(identifier, str) else item
