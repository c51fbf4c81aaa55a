"""The base context of VCDM 2.0: credentials, presentations, status lists, Data Integrity proofs and JWT claims.

Source: VCDM 2.0, appendix B.1 (Base Context).
"""

from sayso.credentials.contexts import status_v1
from sayso.credentials.contexts.definitions import (
    CREDENTIALS,
    DATE_TIME,
    JOSE,
    JWT,
    KEYWORDS,
    MULTIBASE,
    PROTECTED,
    SCHEMA_ORG,
    SECURITY,
    XSD_HTTPS,
    linked,
    scoped,
    security,
    type_scoped,
    typed,
)
from sayso.credentials.contexts.layout import Group, Node

_SECONDS = XSD_HTTPS + "nonNegativeInteger"
_DESCRIPTION: Group = {"description": SCHEMA_ORG + "description"}
_NAME: Group = {"name": SCHEMA_ORG + "name"}
_PROOF: Group = security("proof")


def context() -> Node:
    """Give the value of `@context`."""
    return (
        PROTECTED,
        KEYWORDS,
        {
            **_DESCRIPTION,
            "digestMultibase": typed(SECURITY + "digestMultibase", MULTIBASE),
            "digestSRI": typed(CREDENTIALS + "digestSRI", CREDENTIALS + "sriString"),
            "mediaType": {"@id": SCHEMA_ORG + "encodingFormat"},
            **_NAME,
        },
        {"VerifiableCredential": type_scoped(CREDENTIALS + "VerifiableCredential", _credential())},
        {"EnvelopedVerifiableCredential": CREDENTIALS + "EnvelopedVerifiableCredential"},
        {"VerifiablePresentation": type_scoped(CREDENTIALS + "VerifiablePresentation", _presentation())},
        {"EnvelopedVerifiablePresentation": CREDENTIALS + "EnvelopedVerifiablePresentation"},
        {"JsonSchemaCredential": CREDENTIALS + "JsonSchemaCredential"},
        {"JsonSchema": type_scoped(CREDENTIALS + "JsonSchema", {"jsonSchema": typed(CREDENTIALS + "jsonSchema", "@json")})},
        *status_v1.definitions(),
        {"DataIntegrityProof": type_scoped(SECURITY + "DataIntegrityProof", _integrity_proof())},
        _jwt_claims(),
    )


def _linked_terms(vocabulary: str, *terms: str) -> Group:
    return {term: linked(vocabulary + term) for term in terms}


def _credential() -> Group:
    return {
        **_linked_terms(CREDENTIALS, "confidenceMethod", "credentialSchema", "credentialStatus", "credentialSubject"),
        **_DESCRIPTION,
        **_linked_terms(CREDENTIALS, "evidence", "issuer"),
        **_NAME,
        **_PROOF,
        **_linked_terms(CREDENTIALS, "refreshService", "relatedResource", "renderMethod", "termsOfUse"),
        "validFrom": typed(CREDENTIALS + "validFrom", DATE_TIME),
        "validUntil": typed(CREDENTIALS + "validUntil", DATE_TIME),
    }


def _presentation() -> Group:
    return {
        **_linked_terms(CREDENTIALS, "holder"),
        **_PROOF,
        **_linked_terms(CREDENTIALS, "termsOfUse"),
        # Each credential inside brings its own `@context`, in a graph of its own (DM-23).
        "verifiableCredential": {**linked(CREDENTIALS + "verifiableCredential", "@graph"), "@context": None},
    }


def _integrity_proof() -> Group:
    relationships = security("assertionMethod", "authentication", "capabilityDelegation", "capabilityInvocation", "keyAgreement")
    purpose = scoped(typed(SECURITY + "proofPurpose", "@vocab"), KEYWORDS, relationships)
    return {
        **security("challenge", "created", "cryptosuite", "domain", "expires", "nonce", "previousProof"),
        "proofPurpose": purpose,
        **security("proofValue", "verificationMethod"),
    }


def _jwt_claims() -> Group:
    confirmation: Group = {"kid": linked(JWT + "kid"), "jwk": typed(JWT + "jwk", "@json")}
    return {
        "...": {"@id": JWT + "..."},
        "_sd": typed(JWT + "_sd", "@json"),
        "_sd_alg": {"@id": JWT + "_sd_alg"},
        "aud": linked(JWT + "aud"),
        "cnf": scoped({"@id": JWT + "cnf"}, confirmation),
        "exp": typed(JWT + "exp", _SECONDS),
        "iat": typed(JWT + "iat", _SECONDS),
        "iss": linked(JOSE + "iss"),
        "jku": linked(JOSE + "jku"),
        "kid": linked(JOSE + "kid"),
        "nbf": typed(JWT + "nbf", _SECONDS),
        "sub": linked(JOSE + "sub"),
        "x5u": linked(JOSE + "x5u"),
    }
