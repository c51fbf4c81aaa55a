"""Tell the versions of the data model apart, by the first context of a document."""

from sayso.jsonvalue import JsonObject

CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"


def is_version_1(document: JsonObject) -> bool:
    """Tell whether a document follows VCDM 1.1; every other one is taken for VCDM 2.0, which refuses what is neither.

    Source: VCDM 1.1, section 4.1; VCDM 2.0, section 4.3 (DM-2).

    >>> is_version_1({"@context": ["https://www.w3.org/2018/credentials/v1"]})
    True
    """
    contexts = document.get("@context")
    return isinstance(contexts, list) and contexts[:1] == [CREDENTIALS_V1]
