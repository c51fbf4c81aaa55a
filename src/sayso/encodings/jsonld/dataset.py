"""STUB over PyLD."""

from sayso.encodings.jsonld.contexts import Contexts
from sayso.encodings.rdfc.quads import literal
from sayso.errors import *


def to_rdf(document, contexts: Contexts, *, inline: bool = False):
    from pyld import jsonld

    def load(url, options):
        if url not in contexts.documents:
            raise SaysoError.of(UNDECIDABLE, "the context is not known", "@context")
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": contexts.documents[url],
            "tag": "static",
        }

    lost = []
    try:
        ds = jsonld.to_rdf(document, {"documentLoader": load, "rdfDirection": "i18n-datatype", "base": "", "on_key_dropped": lost.append})
    except SaysoError:
        raise
    except Exception as e:
        c = e
        while c is not None:
            if isinstance(c, SaysoError):
                raise c from None
            c = c.__cause__ or getattr(c, "cause", None)
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "jsonld")
    if lost:
        raise SaysoError.of(DATA_LOSS_DETECTION_ERROR, "a term is not defined")

    def term(t):
        if t["type"] == "IRI":
            return f"<{t['value']}>"
        if t["type"] == "blank node":
            return t["value"]
        if "language" in t:
            return literal(t["value"], language=t["language"])
        d = t.get("datatype", "")
        return literal(t["value"], "" if d.endswith("#string") and "XMLSchema" in d else d)

    return [
        (term(q["subject"]), term(q["predicate"]), term(q["object"]), "" if g == "@default" else (g if g.startswith("_:") else f"<{g}>"))
        for g, qs in ds.items()
        for q in qs
    ]
