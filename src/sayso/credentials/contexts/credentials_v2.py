"""The base context of VCDM 2.0: credentials, presentations, status lists, Data Integrity proofs and JWT claims.

Source: VCDM 2.0, appendix B.1 (Base Context).
"""

from sayso.credentials.contexts.definitions import (
    CREDENTIALS,
    JOSE,
    JWT,
    KEYWORDS,
    PROTECTED,
    SCHEMA_ORG,
    SECURITY,
    STATUS,
    XSD,
    XSD_HTTPS,
    linked,
    scoped,
    type_scoped,
    typed,
)
from sayso.credentials.contexts.layout import Group, Node

_DATE_TIME = XSD + "dateTime"
_MULTIBASE = SECURITY + "multibase"
_SECONDS = XSD_HTTPS + "nonNegativeInteger"
_DESCRIPTION: Group = {"description": SCHEMA_ORG + "description"}
_NAME: Group = {"name": SCHEMA_ORG + "name"}
_PROOF: Group = {"proof": linked(SECURITY + "proof", "@graph")}


def context() -> Node:
    """Give the value of `@context`."""
    return (
        PROTECTED,
        KEYWORDS,
        {
            **_DESCRIPTION,
            "digestMultibase": typed(SECURITY + "digestMultibase", _MULTIBASE),
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
        {"BitstringStatusListCredential": STATUS + "BitstringStatusListCredential"},
        {"BitstringStatusList": type_scoped(STATUS + "BitstringStatusList", _status_list())},
        {"BitstringStatusListEntry": type_scoped(STATUS + "BitstringStatusListEntry", _status_entry())},
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
        "validFrom": typed(CREDENTIALS + "validFrom", _DATE_TIME),
        "validUntil": typed(CREDENTIALS + "validUntil", _DATE_TIME),
    }


def _presentation() -> Group:
    return {
        **_linked_terms(CREDENTIALS, "holder"),
        **_PROOF,
        **_linked_terms(CREDENTIALS, "termsOfUse"),
        # Each credential inside brings its own `@context`, in a graph of its own (DM-23).
        "verifiableCredential": {**linked(CREDENTIALS + "verifiableCredential", "@graph"), "@context": None},
    }


def _status_list() -> Group:
    return {
        "encodedList": typed(STATUS + "encodedList", _MULTIBASE),
        "statusPurpose": STATUS + "statusPurpose",
        "ttl": STATUS + "ttl",
    }


def _status_entry() -> Group:
    return {
        "statusListCredential": linked(STATUS + "statusListCredential"),
        "statusListIndex": STATUS + "statusListIndex",
        "statusPurpose": STATUS + "statusPurpose",
        "statusMessage": type_scoped(STATUS + "statusMessage", {"message": STATUS + "message", "status": STATUS + "status"}),
        "statusReference": linked(STATUS + "statusReference"),
        "statusSize": typed(STATUS + "statusSize", XSD_HTTPS + "integer"),
    }


def _integrity_proof() -> Group:
    return {
        "challenge": SECURITY + "challenge",
        "created": typed("http://purl.org/dc/terms/created", _DATE_TIME),
        "cryptosuite": typed(SECURITY + "cryptosuite", SECURITY + "cryptosuiteString"),
        "domain": SECURITY + "domain",
        "expires": typed(SECURITY + "expiration", _DATE_TIME),
        "nonce": SECURITY + "nonce",
        "previousProof": linked(SECURITY + "previousProof"),
        "proofPurpose": scoped(typed(SECURITY + "proofPurpose", "@vocab"), KEYWORDS, _relationships()),
        "proofValue": typed(SECURITY + "proofValue", _MULTIBASE),
        "verificationMethod": linked(SECURITY + "verificationMethod"),
    }


def _relationships() -> Group:
    return {
        "assertionMethod": linked(SECURITY + "assertionMethod", "@set"),
        "authentication": linked(SECURITY + "authenticationMethod", "@set"),
        "capabilityDelegation": linked(SECURITY + "capabilityDelegationMethod", "@set"),
        "capabilityInvocation": linked(SECURITY + "capabilityInvocationMethod", "@set"),
        "keyAgreement": linked(SECURITY + "keyAgreementMethod", "@set"),
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
