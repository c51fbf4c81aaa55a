"""The context that gives every term without a definition an IRI, so that none is lost."""

from sayso.credentials.contexts.layout import Group

VOCABULARY = "https://www.w3.org/ns/credentials/undefined-term#"


def context() -> Group:
    """Give the value of `@context`.

    Source: VCDM 2.0, appendix B.2 (Vocabularies and contexts), `https://www.w3.org/ns/credentials/undefined-terms/v2`.
    """
    return {"@vocab": VOCABULARY}
