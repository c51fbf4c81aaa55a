"""Convert JSON-LD documents to RDF datasets: the one entry."""

from sayso.encodings.jsonld.contexts import Contexts
from sayso.encodings.rdfc.quads import Quad
from sayso.jsonvalue import JsonObject


def to_rdf(document: JsonObject, contexts: Contexts, *, inline: bool = False) -> list[Quad]:
    """Convert a document to quads, and refuse what would be lost on the way.

    The base is null. `inline` allows context objects within the document. Nothing is fetched: what is not in `contexts` is not known.
    Most documents are converted in one walk; what is unusual is left to a complete processor, and means the same.

    Source: JSON-LD 1.1 API, section 8.1 (Deserialize JSON-LD to RDF); VC Data Integrity 1.0, section 2.4.1 and 4.6 (DI-3).

    Raises:
        SaysoError: DATA_LOSS_DETECTION_ERROR where a part of the document has no place in RDF: a term without a definition, a relative
            IRI, an invalid language; UNDECIDABLE for contexts that are not known or not allowed, and for what processors do not agree
            on; MALFORMED_VALUE_ERROR with the name of a JSON-LD error; LIMIT_EXCEEDED.

    >>> contexts = Contexts({"https://example.org/v1": {"@context": {"name": "https://schema.org/name"}}})
    >>> to_rdf({"@context": "https://example.org/v1", "@id": "urn:example:ada", "name": "Ada"}, contexts)
    [('<urn:example:ada>', '<https://schema.org/name>', '"Ada"', '')]
    """
    # Whoever only presents credentials never converts one.
    from sayso.encodings.jsonld import walk

    found = walk.quads(document, contexts, inline=inline)
    if found is not None:
        return found
    from sayso.encodings.jsonld import fallback

    return fallback.to_rdf(document, contexts, inline=inline)
