"""Check that a document conforms to the data model that its first context names: VCDM 2.0 or VCDM 1.1."""

from collections.abc import Collection

from sayso.credentials import credential, credential_v1, presentation, presentation_v1
from sayso.credentials.claims_path import Location
from sayso.credentials.versions import is_version_1
from sayso.credentials.vocabulary import Reading
from sayso.errors import Problem
from sayso.jsonvalue import JsonObject


def credential_problems(document: JsonObject, reading: Reading, hiding: Collection[Location] = ()) -> tuple[Problem, ...]:
    """Say what keeps a document from being a conforming credential of its data model; nothing, if it is one.

    A document whose first context is of neither model is refused.

    Args:
        document: the credential.
        reading: what is known to who reads it.
        hiding: as `credential.conformance_problems`; VCDM 1.1 knows no undisclosed claims.

    Source: VCDM 2.0, sections 4 and 5; VCDM 1.1, sections 4 and 5.

    >>> from sayso.credentials.vocabulary import bundled
    >>> document: JsonObject = {"@context": ["https://www.w3.org/2018/credentials/v1"], "issuer": "Ada"}
    >>> [problem.pointer for problem in credential_problems(document, Reading(bundled()))]
    ['/issuer', '/type', '/credentialSubject', '/issuanceDate']
    """
    if is_version_1(document):
        return credential_v1.conformance_problems(document, reading)
    return credential.conformance_problems(document, reading, hiding)


def presentation_problems(document: JsonObject, reading: Reading, *, text: bool = False) -> tuple[Problem, ...]:
    """Say what keeps a document from being a conforming presentation of its data model; nothing, if it is one.

    Args:
        document: the presentation, without what secures it, or with its `proof`.
        reading: what is known to who reads it.
        text: whether a credential may be text, as in the claim `vp` of a JWT.

    Source: VCDM 2.0, section 4.13; VCDM 1.1, section 4.10.
    """
    check = presentation_v1.conformance_problems if is_version_1(document) else presentation.conformance_problems
    return check(document, reading, text=text)
