"""Check that a document conforms to VCDM 1.1 as a presentation.

What its terms mean is not looked at here: that takes JSON-LD processing.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from sayso.credentials.credential_v1 import EVERYWHERE, OPEN, check_contexts
from sayso.credentials.kinds import CredentialType
from sayso.credentials.presentation import CredentialCheck, check_credentials, check_presentation_types
from sayso.credentials.shapes import Check, Inspection, check_node, check_objects, check_party, check_proofs, leave
from sayso.errors import Problem
from sayso.jsonvalue import JsonObject


def conformance_problems(document: JsonObject, kinds: Sequence[CredentialType], inner: CredentialCheck) -> tuple[Problem, ...]:
    """Say what keeps a document from being a conforming presentation of VCDM 1.1; nothing, if it is one.

    Its credentials are objects, as in VCDM 2.0: the text of a JWT is not taken for one. One without a proof is an assertion of the holder.

    Args:
        document: the presentation, without what secures it, or with its `proof`.
        kinds: the credential types whose contexts are known, for the credentials inside.
        inner: what the credentials inside must conform to.

    Source: VCDM 1.1, section 4.10.
    """
    look = Inspection(OPEN, (), [])
    check_node(look, document, (), _MEMBERS)
    for name in ("@context", "type"):
        if name not in document:
            look.malformed((name,), "a presentation of VCDM 1.1 needs this member")
    check_credentials(look, document, kinds, inner)
    return tuple(look.found)


_MEMBERS: Mapping[str, Check] = {
    **EVERYWHERE,
    "@context": check_contexts,
    "type": check_presentation_types,
    "holder": partial(check_party, checks=EVERYWHERE),
    "termsOfUse": check_objects,
    "proof": check_proofs,
    "verifiableCredential": leave,
}
