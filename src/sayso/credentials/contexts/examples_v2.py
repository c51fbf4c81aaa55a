"""The context that gives every term of an example an IRI."""

from sayso.credentials.contexts.layout import Group


def context() -> Group:
    """Give the value of `@context`.

    Source: `https://www.w3.org/ns/credentials/examples/v2`, which the examples of VCDM 2.0 name.
    """
    return {"@vocab": "https://www.w3.org/ns/credentials/examples#"}
