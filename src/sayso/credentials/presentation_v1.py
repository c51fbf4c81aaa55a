"""Check that a document conforms to VCDM 1.1 as a presentation.

What its terms mean is not looked at here: that takes JSON-LD processing.
"""

from collections.abc import Mapping
from functools import partial

from sayso.credentials.credential_v1 import EVERYWHERE, check_contexts
from sayso.credentials.presentation import check_credentials, check_presentation_types
from sayso.credentials.shapes import Check, Inspection, check_node, check_objects, check_party, check_proofs, leave
from sayso.credentials.vocabulary import Reading, meaning_problems
from sayso.errors import Problem
from sayso.jsonvalue import JsonObject

# What is not of this data model, or a document of its own.
_LEFT = frozenset({"proof", "verifiableCredential"})


def conformance_problems(document: JsonObject, reading: Reading, *, text: bool = False) -> tuple[Problem, ...]:
    """Say what keeps a document from being a conforming presentation of VCDM 1.1; nothing, if it is one.

    Its credentials are objects, as in VCDM 2.0, or text in the claim `vp` of a JWT. One without a proof is an assertion of the holder.

    Args:
        document: the presentation, without what secures it, or with its `proof`.
        reading: what is known to who reads it.
        text: whether a credential may be text.

    Source: VCDM 1.1, sections 4.10 and 6.3.1.
    """
    look = Inspection((), [])
    check_node(look, document, (), _MEMBERS)
    for name in ("@context", "type"):
        if name not in document:
            look.malformed((name,), "a presentation of VCDM 1.1 needs this member")
    check_credentials(look, document, text=text)
    return tuple(look.found) or meaning_problems(document, reading, _LEFT)


_MEMBERS: Mapping[str, Check] = {
    **EVERYWHERE,
    "@context": check_contexts,
    "type": check_presentation_types,
    "holder": partial(check_party, checks=EVERYWHERE),
    "termsOfUse": check_objects,
    "proof": check_proofs,
    "verifiableCredential": leave,
}
