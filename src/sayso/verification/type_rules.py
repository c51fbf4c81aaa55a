"""Hold a credential to the rules of its type, where these are known or asked for.

Source: SD-JWT VC draft 19, type metadata (SV-10: to process it is optional; who does processes all of it, and refuses where that fails).
"""

from collections.abc import Iterable

from sayso.credentials.kinds import CredentialType, held_metadata
from sayso.credentials.type_metadata import chain, document, rules
from sayso.credentials.type_metadata.document import Held, Reference
from sayso.errors import UNDECIDABLE, Problem, SaysoError
from sayso.identifiers import is_url
from sayso.proofs.mechanism import Proven
from sayso.retrieval import Retrieve, Steps

MEDIA_TYPE = "application/json"


def type_problems(proven: Proven, kinds: Iterable[CredentialType], *, required: bool) -> Steps[tuple[Problem, ...]]:
    """Say where a proven SD-JWT VC does not keep to the rules of its type; nothing, if it does or nobody knows its type.

    Args:
        proven: the credential, which conforms to its data model.
        kinds: the types that are known.
        required: whether the rules must be looked at; only then is anything retrieved.

    Source: SD-JWT VC draft 19, type metadata (SV-10, SV-11, SV-15).
    """
    known = held_metadata(kinds)
    vct, integrity = str(proven.document["vct"]), proven.document.get("vct#integrity")
    if vct not in known and not required:
        return ()

    def source(name: str) -> Steps[Held]:
        if name in known:
            return known[name]
        if not required:
            raise SaysoError.of(UNDECIDABLE, "it extends a type whose metadata is not known here")
        return (yield from _retrieved(name))

    sight = rules.Sight(proven.positions, proven.disclosed, proven.hiding)
    try:
        types = yield from chain.chain(Reference(vct, None if integrity is None else str(integrity)), source)
        return rules.problems(chain.merged(types), proven.document, sight)
    except SaysoError as error:
        return tuple(_of_the_type(problem) for problem in error.problems)


def _of_the_type(problem: Problem) -> Problem:
    # What it points into is not the credential.
    place = f" at {problem.pointer}" if problem.pointer else ""
    return Problem(problem.kind, f"the metadata of its type{place}: {problem.detail}", "/vct", problem.stage)


def _retrieved(vct: str) -> Steps[Held]:
    # SV-9, SV-10: from the web, only by HTTPS; what a name of another kind stands for is known or not.
    if not is_url(vct) or not vct.startswith("https://"):
        raise SaysoError.of(UNDECIDABLE, "it is not known here, and its name is no place on the web")
    found = yield Retrieve(vct, MEDIA_TYPE, document.MAX_BYTES, "the metadata of the type of a credential")
    return document.read(found.body)
