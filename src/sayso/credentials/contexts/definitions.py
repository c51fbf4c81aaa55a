"""Spell the term definitions that contexts are made of, and what several of them say of proofs and keys."""

from sayso.credentials.contexts.layout import Group, Node

CREDENTIALS = "https://www.w3.org/2018/credentials#"
SECURITY = "https://w3id.org/security#"
STATUS = "https://www.w3.org/ns/credentials/status#"
SCHEMA_ORG = "https://schema.org/"
DID = "https://www.w3.org/ns/did#"
JWT = "https://www.iana.org/assignments/jwt#"
JOSE = "https://www.iana.org/assignments/jose#"
# Two spellings of one namespace are in use; what is published decides which.
XSD = "http://www.w3.org/2001/XMLSchema#"
XSD_HTTPS = "https://www.w3.org/2001/XMLSchema#"

PROTECTED: Group = {"@protected": True}
KEYWORDS: Group = {"id": "@id", "type": "@type"}


def typed(iri: str, type: str) -> Group:
    """Define a term whose values have a type."""
    return {"@id": iri, "@type": type}


def linked(iri: str, container: str = "") -> Group:
    """Define a term whose values are identifiers of other nodes, or nodes themselves."""
    return {**typed(iri, "@id"), **({"@container": container} if container else {})}


def scoped(definition: Group, *groups: Group) -> Group:
    """Let a term bring along a protected context of its own."""
    return {**definition, "@context": (PROTECTED, *groups)}


def type_scoped(iri: str, *groups: Group) -> Group:
    """Define a type that brings along a protected context of its own, in which `id` and `type` stand again."""
    return scoped({"@id": iri}, KEYWORDS, *groups)


def packed(definition: Group, *groups: Group) -> Group:
    """Let a term bring along a protected context of its own, in which `id` and `type` stand again, without empty lines."""
    return {**definition, "@context": merged(PROTECTED, KEYWORDS, *groups)}


def merged(*groups: Group) -> Group:
    """Put groups on lines next to each other."""
    return {name: member for group in groups for name, member in group.items()}


def security(*names: str) -> Group:
    """Define terms of the security vocabulary in this order.

    Source: VC Data Integrity, section 2.1 (Proofs); Controlled Identifiers 1.0, sections 2.2 (Verification Methods) and 2.3
    (Verification Relationships).

    >>> security("domain")
    {'domain': 'https://w3id.org/security#domain'}
    """
    return {name: _SECURITY_TERMS[name] for name in names}


def _relationship(name: str) -> Group:
    return linked(SECURITY + name, "@set")


DATE_TIME = XSD + "dateTime"
MULTIBASE = SECURITY + "multibase"

_SECURITY_TERMS: dict[str, Node] = {
    # proofs
    "proof": linked(SECURITY + "proof", "@graph"),
    "challenge": SECURITY + "challenge",
    "created": typed("http://purl.org/dc/terms/created", DATE_TIME),
    "cryptosuite": typed(SECURITY + "cryptosuite", SECURITY + "cryptosuiteString"),
    "domain": SECURITY + "domain",
    "expires": typed(SECURITY + "expiration", DATE_TIME),
    "nonce": SECURITY + "nonce",
    "previousProof": linked(SECURITY + "previousProof"),
    "proofValue": typed(SECURITY + "proofValue", MULTIBASE),
    "verificationMethod": linked(SECURITY + "verificationMethod"),
    # what a verification method may be used for
    "assertionMethod": _relationship("assertionMethod"),
    "authentication": _relationship("authenticationMethod"),
    "capabilityDelegation": _relationship("capabilityDelegationMethod"),
    "capabilityInvocation": _relationship("capabilityInvocationMethod"),
    "keyAgreement": _relationship("keyAgreementMethod"),
    # keys
    "controller": linked(SECURITY + "controller"),
    "revoked": typed(SECURITY + "revoked", DATE_TIME),
    "publicKeyMultibase": typed(SECURITY + "publicKeyMultibase", MULTIBASE),
    "secretKeyMultibase": typed(SECURITY + "secretKeyMultibase", MULTIBASE),
    "publicKeyJwk": typed(SECURITY + "publicKeyJwk", "@json"),
    "secretKeyJwk": typed(SECURITY + "secretKeyJwk", "@json"),
}
