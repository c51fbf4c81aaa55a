"""The base context of VCDM 1.1, for reading old credentials. It writes IRIs with prefixes of its own.

Source: VCDM 1.1, appendix B.1 (Base Context).
"""

from sayso.credentials.contexts.definitions import CREDENTIALS, KEYWORDS, PROTECTED, SECURITY, XSD, linked, security, typed
from sayso.credentials.contexts.layout import Group, Node

_HEAD: Group = {"@version": 1.1, **PROTECTED}
_CRED: Group = {"cred": CREDENTIALS}
_SEC: Group = {"sec": SECURITY}
_XSD: Group = {"xsd": XSD}
_DATE_TIME = "xsd:dateTime"
_PROOF: Group = {"proof": linked("sec:proof", "@graph")}
_SIGNATURES = ("EcdsaSecp256k1Signature2019", "EcdsaSecp256r1Signature2019", "Ed25519Signature2018")


def context() -> Node:
    """Give the value of `@context`."""
    return (
        _HEAD,
        KEYWORDS,
        {
            "VerifiableCredential": _scoped(
                {"@id": CREDENTIALS + "VerifiableCredential"}, KEYWORDS, {**_CRED, **_SEC, **_XSD}, _credential()
            )
        },
        {"VerifiablePresentation": _scoped({"@id": CREDENTIALS + "VerifiablePresentation"}, KEYWORDS, {**_CRED, **_SEC}, _presentation())},
        *({name: _scoped({"@id": SECURITY + name}, KEYWORDS, {**_SEC, **_XSD}, _proof())} for name in _SIGNATURES),
        # As published, neither the keywords nor the prefixes stand in this one.
        {"RsaSignature2018": _scoped({"@id": SECURITY + "RsaSignature2018"}, _proof())},
        security("proof"),
    )


def _scoped(definition: Group, *groups: Group) -> Group:
    return {**definition, "@context": (_HEAD, *groups)}


def _linked_terms(*terms: str) -> Group:
    return {term: linked("cred:" + term) for term in terms}


def _dates(*terms: str) -> Group:
    return {term: typed("cred:" + term, _DATE_TIME) for term in terms}


def _one_type(term: str, type: str) -> Group:
    return {term: _scoped(linked("cred:" + term), KEYWORDS, _CRED, {type: "cred:" + type})}


def _credential() -> Group:
    return {
        **_one_type("credentialSchema", "JsonSchemaValidator2018"),
        **_linked_terms("credentialStatus", "credentialSubject", "evidence"),
        **_dates("expirationDate"),
        **_linked_terms("holder"),
        **_dates("issued"),
        **_linked_terms("issuer"),
        **_dates("issuanceDate"),
        **_PROOF,
        **_one_type("refreshService", "ManualRefreshService2018"),
        **_linked_terms("termsOfUse"),
        **_dates("validFrom", "validUntil"),
    }


def _presentation() -> Group:
    return {
        **_linked_terms("holder"),
        **_PROOF,
        "verifiableCredential": linked("cred:verifiableCredential", "@graph"),
    }


def _proof() -> Group:
    purposes: Group = {
        "assertionMethod": linked("sec:assertionMethod", "@set"),
        "authentication": linked("sec:authenticationMethod", "@set"),
    }
    return {
        "challenge": "sec:challenge",
        "created": typed("http://purl.org/dc/terms/created", _DATE_TIME),
        "domain": "sec:domain",
        "expires": typed("sec:expiration", _DATE_TIME),
        "jws": "sec:jws",
        "nonce": "sec:nonce",
        "proofPurpose": _scoped(typed("sec:proofPurpose", "@vocab"), KEYWORDS, _SEC, purposes),
        "proofValue": "sec:proofValue",
        "verificationMethod": linked("sec:verificationMethod"),
    }
