"""Validate a credential against a JSON Schema that somebody else wrote.

What is bounded: the size of the schema, the work that its keywords cause (references to references too), and its regular expressions, which
are matched in linear time. Nothing is ever fetched, and a `format` is an annotation. Where a bound is reached, or a keyword is used in a
way that could get around one, the outcome is indeterminate.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from sayso.credentials.json_schema import evaluation
from sayso.errors import SCHEMA_MISMATCH, UNDECIDABLE, Problem, SaysoError, pointer
from sayso.jsonvalue import JsonObject

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

MAX_WORK = 1 << 24
"""The most work of one validation: about one for each character that is looked at, and 64 for each use of a keyword."""

MAX_MISMATCHES = 16
"""The most places that are told where an instance does not follow its schema."""

# VC JSON Schema, section 4 (JS-2), by the `$schema` of each; an empty fragment says nothing.
_DRAFTS = {
    "https://json-schema.org/draft/2020-12/schema": "Draft202012Validator",
    "https://json-schema.org/draft/2019-09/schema": "Draft201909Validator",
    "http://json-schema.org/draft-07/schema": "Draft7Validator",
    "https://json-schema.org/draft-07/schema": "Draft7Validator",  # another spelling, in files that the W3C published
}


class Outcome(NamedTuple):
    """Say whether an instance follows a schema, and what is wrong if not.

    A failure has problems of SCHEMA_MISMATCH with JSON Pointers into the instance, indeterminate has one of UNDECIDABLE. They name the
    keyword of the schema, and no value.

    Source: VC JSON Schema, section 4 (JS-3).
    """

    result: Literal["success", "failure", "indeterminate"]
    problems: tuple[Problem, ...] = ()


SUCCESS = Outcome("success")


def validate(schema: JsonObject, instance: JsonObject, *, max_work: int = MAX_WORK) -> Outcome:
    """Validate an instance: for a credential, the whole of it.

    Understood are the drafts 2020-12, 2019-09 and 7. Not decided are other ones, a schema that is not one by its draft, references to
    what is not in it, dialects inside it, and `unevaluatedProperties` beside `patternProperties`.

    Source: VC JSON Schema, section 4 (JS-1 to JS-3).

    >>> schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.org/1", "required": ["issuer"]}
    >>> validate(schema, {}).problems[0].detail
    'the schema has a rule here that does not hold: required'
    """
    for name in ("$schema", "$id"):
        # (JS-2) It is not valid, and not to be processed.
        if not isinstance(schema.get(name), str):
            return Outcome("failure", (Problem(SCHEMA_MISMATCH, f"the schema has no {name}"),))
    draft = _DRAFTS.get(str(schema["$schema"]).removesuffix("#"))
    if draft is None:
        return _indeterminate("the schema is of a draft that is not known")
    try:
        if not evaluation.is_acceptable(schema, draft):
            return _indeterminate("the schema is too large, or no schema of its draft, or uses what is not evaluated")
        return _outcome(evaluation.mismatches(schema, draft, instance, max_work))
    except SaysoError as error:
        return _indeterminate(error.problems[0].detail)
    except _stumbles():
        return _indeterminate("the schema cannot be evaluated")


def _stumbles() -> tuple[type[Exception], ...]:
    from jsonschema.exceptions import UnknownType
    from referencing.exceptions import Unresolvable

    # What a hostile schema makes the library raise: it looks at what it was told is there.
    return (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, UnknownType, Unresolvable)


def _indeterminate(reason: str) -> Outcome:
    return Outcome("indeterminate", (Problem(UNDECIDABLE, reason),))


def _outcome(errors: "Iterator[ValidationError]") -> Outcome:
    found: dict[Problem, None] = {}
    for error in errors:
        # The messages of the library quote the instance: they are not used.
        keyword = error.validator if isinstance(error.validator, str) else "nothing may stand here"
        place = pointer(*error.absolute_path)
        found[Problem(SCHEMA_MISMATCH, f"the schema has a rule here that does not hold: {keyword}", place)] = None
        if len(found) == MAX_MISMATCHES:
            break
    return Outcome("failure", tuple(found)) if found else SUCCESS
