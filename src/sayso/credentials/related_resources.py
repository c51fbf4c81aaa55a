"""Look at the digests that a credential gives of the resources it is related to."""

from collections.abc import Iterator

from sayso.credentials import digests
from sayso.credentials.claims_path import Location
from sayso.credentials.contexts import bundled
from sayso.errors import UNDECIDABLE, Problem, pointer
from sayso.jsonvalue import JsonObject


def entries(document: JsonObject) -> Iterator[tuple[JsonObject, Location]]:
    """Give each related resource that is an object with an identifier, with its place; the first of each identifier.

    Source: VCDM 2.0, section 5.3 (DM-13).
    """
    value = document.get("relatedResource", [])
    seen: set[str] = set()
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        identifier = item.get("id") if isinstance(item, dict) else None
        if isinstance(item, dict) and isinstance(identifier, str) and identifier not in seen:
            seen.add(identifier)
            yield item, ("relatedResource", *((index,) if value is not item else ()))


def problems(document: JsonObject) -> tuple[Problem, ...]:
    """Say which related resources are at hand and have another digest; nothing, if there is none.

    Only who uses a resource must compare it. The contexts of the document are in use: one among them whose bytes are not at hand is not
    decided. What else is not at hand is not used here, and so no problem; a schema is compared when it is retrieved.

    Source: VCDM 2.0, section 5.3 (DM-13).
    """
    found: list[Problem] = []
    contexts = document.get("@context")
    for item, place in entries(document):
        url = item["id"]
        if url in bundled.CONTEXTS:
            found.extend(problem.under(*place) for problem in digests.problems(item, bundled.content(str(url))))
        elif isinstance(contexts, list) and url in contexts:
            found.append(Problem(UNDECIDABLE, "the context is in use, and its bytes are not at hand", pointer(*place)))
    return tuple(found)
