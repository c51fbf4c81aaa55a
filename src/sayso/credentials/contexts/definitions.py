"""Spell the term definitions that contexts are made of."""

from sayso.credentials.contexts.layout import Group

CREDENTIALS = "https://www.w3.org/2018/credentials#"
SECURITY = "https://w3id.org/security#"
STATUS = "https://www.w3.org/ns/credentials/status#"
SCHEMA_ORG = "https://schema.org/"
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
