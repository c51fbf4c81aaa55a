"""Journeys made of chance: any claims, any choice of the issuer, any question, any choice of the customer."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from sayso import Answer, Credential, Plan, Request
from sayso.credentials.claims_path import find
from sayso.credentials.contexts.bundled import CREDENTIALS_V2, terms
from sayso.credentials.kinds import Claim
from sayso.credentials.vocabulary import TERM
from sayso.errors import SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS, MAX_EXACT_INTEGER
from sayso.proofs.sd_jwt.disclosure import HASHES
from sayso.proofs.sd_jwt.serialization import SERIALIZERS, compact
from tests.journeys.town import Presentation, Town, taken_apart, town

# Names to which VCDM 2.0, JSON-LD, SD-JWT or SD-JWT VC give a meaning: what they hold is not the issuer's free choice.
SPECIAL = {"id", "type", "digestSRI", "digestMultibase", "_sd", "_sd_alg", "..."}
REGISTERED = {"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "vct", "vct#integrity", "aka_vcts", "status"}
DEFINED = terms(CREDENTIALS_V2).iris.keys()
CHARACTERS = st.characters(exclude_categories=["Cs"])
# A name that can be part of no IRI says nothing in VCDM 2.0, and so would not be signed; JSON-LD has no kind of space in one.
NAMES = st.text(CHARACTERS, min_size=1, max_size=6).filter(
    lambda name: name not in SPECIAL | REGISTERED | DEFINED and TERM.fullmatch(name) is not None and not any(map(str.isspace, name))
)
# JSON-LD has no integers that no double holds.
INTEGERS = st.integers(-MAX_EXACT_INTEGER, MAX_EXACT_INTEGER)
SCALARS = st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False, allow_infinity=False) | st.text(CHARACTERS, max_size=8)
MAX_DEPTH = 5
MAX_CLAIMS = 60
TYPE = "IdentityCard"
FORMATS = ("vc+sd-jwt", "dc+sd-jwt")

Place = tuple[str | int, ...]
Path = tuple[str | int | None, ...]


def trees(depth: int = MAX_DEPTH, leaves: st.SearchStrategy[Any] = SCALARS) -> st.SearchStrategy[Any]:
    if depth == 1:
        return leaves
    inner = trees(depth - 1, leaves)
    return leaves | st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4)


@st.composite
def claims(draw: st.DrawFn) -> Any:
    """Give claims nested up to 5 deep, at most 60 of them."""
    made = draw(st.dictionaries(NAMES, trees(), min_size=1, max_size=8))
    assume(sum(1 for _ in places(made)) <= MAX_CLAIMS)
    return made


def forms() -> st.SearchStrategy[dict[str, Any]]:
    """Give the choices of how a card is written: in each format and serialization, with each hash, with decoys or without."""
    return st.fixed_dictionaries(
        {
            "format": st.sampled_from(FORMATS),
            "serialization": st.sampled_from([*SERIALIZERS]),
            "digest": st.sampled_from([*HASHES]),
            "decoys": st.integers(0, 2),
        }
    )


def compact_of(card: Credential) -> str:
    """Give the compact form of a card."""
    text = compact(card.data, DEFAULT_LIMITS)
    assert text is not None
    return text.decode()


def members(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Give every place in a tree but its root."""
    for step, item in members(value):
        yield (*at, step)
        yield from places(item, (*at, step))


def within(place: Place, around: Place) -> bool:
    """Tell whether a place is another one, or lies in it."""
    return place[: len(around)] == around


def kept(value: Any, keep: Collection[Place], at: Place = ()) -> Any:
    """Give the tree with these places only, and what leads to them."""
    found = [(step, kept(item, keep, (*at, step))) for step, item in members(value) if any(within(one, (*at, step)) for one in keep)]
    if isinstance(value, dict):
        return dict(found)
    return [item for _, item in found] if isinstance(value, list) else value


def inside(value: Any, chosen: Collection[Place]) -> list[Place]:
    """Give the chosen places with all that is in them."""
    return [place for place in places(value) if any(within(place, one) for one in chosen)]


def path_of(claim: Claim) -> Path:
    return (claim,) if isinstance(claim, str) else claim


def claim_of(path: Path) -> Claim:
    return path[0] if len(path) == 1 and isinstance(path[0], str) else path


def selected(made: Any, names: Collection[Claim]) -> list[Place]:
    """Give the places that claims select, each step of a path by itself."""
    paths = [path_of(name) for name in names]
    return [
        place
        for place in places(made)
        if any(len(path) == len(place) and all(step in (None, at) for step, at in zip(path, place, strict=True)) for path in paths)
    ]


class Journey(NamedTuple):
    """Hold what everybody would do."""

    claims: Any
    issuing: dict[str, Any]
    required: list[Claim]
    optional: list[Claim]
    more: list[Claim]

    @property
    def hidden(self) -> list[Place]:
        """What the holder may keep back."""
        chosen = self.issuing.get("disclosable")
        return [*places(self.claims)] if chosen is None else chosen


@st.composite
def journeys(draw: st.DrawFn, *, everything_hidden: bool) -> Journey:
    """Give a journey; where the issuer hides only some, no path selects several values."""
    made = draw(claims())
    there = [*places(made)]
    paths: list[Path] = [*there]
    issuing = draw(forms())
    if everything_hidden:
        paths += filter(lambda path: _fits(made, path), [tuple(None if type(step) is int else step for step in place) for place in there])
    else:
        issuing["disclosable"] = draw(st.lists(st.sampled_from(there), unique=True))
    asked = [claim_of(path) for path in draw(st.lists(st.sampled_from(paths), min_size=1, max_size=8, unique=True))]
    cut = draw(st.integers(0, len(asked)))
    more = draw(st.lists(st.sampled_from(asked[cut:]), unique=True)) if asked[cut:] else []
    return Journey(made, issuing, asked[:cut], asked[cut:], more)


def _fits(made: Any, path: Path) -> bool:
    try:
        return bool(find(made, path))
    except SaysoError:
        return False


class Walked(NamedTuple):
    """Hold how far a journey went: all but the answer's acceptance."""

    there: Town
    card: Credential
    request: Request
    plan: Plan
    answer: Answer
    parts: Presentation


def walk(journey: Journey) -> Walked:
    """Go until the answer."""
    there = town(None)
    card = there.issue(journey.claims, **journey.issuing)
    there.ada.store(card)
    request = there.ask(*journey.required, optional=journey.optional, formats=[journey.issuing["format"]], type=TYPE)
    plan = there.ada.plan(request).also(*journey.more)
    assert plan.answerable
    answer = there.ada.present(plan)
    return Walked(there, card, request, plan, answer, taken_apart(answer))
