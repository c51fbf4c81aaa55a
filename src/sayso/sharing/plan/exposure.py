"""Tell what leaves beside what is chosen: an issuer may have left parts of a credential visible, or hidden several in one piece."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from sayso.credentials.claims_path import Location
from sayso.credentials.formats import SD_JWT_VC, Format
from sayso.credentials.remainder import ancestors, bare, is_subject_id, value_at
from sayso.credentials.sd_jwt_vc import NEVER_DISCLOSABLE
from sayso.jsonvalue import JsonObject, serialize

WHOLE = 1 << 96
"""What it weighs that a credential is shown whole: more than all that one can hold, so that one which shows less is preferred."""


class Weights(dict[Location, int]):
    """Weigh what stands at the places of a credential: fewer values, then fewer that say more than yes or no, then fewer characters.

    A place is weighed when somebody asks for it, and once for all plans.
    """

    __slots__ = ("_document",)

    def __init__(self, document: JsonObject) -> None:
        """Begin with nothing weighed."""
        super().__init__()
        self._document = document

    def __missing__(self, place: Location) -> int:
        value = value_at(self._document, place)
        weight = 1 << 48
        if not isinstance(value, bool):
            weight += (1 << 32) + len(serialize(value))
        self[place] = weight
        return weight


class Exposure(NamedTuple):
    """Say what of one credential cannot be chosen.

    `visible` are the places below the root of the claims that leave in every presentation; `mixed` are the hidden places with something
    inside that nothing hides by itself: who opens one of them for a part shows that too. `weights` weigh every place of the credential,
    and `weight` is that of what is visible beside the identifier of the subject.
    """

    visible: tuple[Location, ...]
    mixed: frozenset[Location]
    weights: Weights
    weight: int


def exposure(document: JsonObject, format_: Format, disclosable: Collection[Location]) -> Exposure:
    """Find what of a credential cannot be chosen, once for all plans."""
    hidden = {*disclosable}
    around = ancestors(hidden)
    # What an SD-JWT VC says about itself stands among its claims.
    about_itself = NEVER_DISCLOSABLE if format_ is SD_JWT_VC else ()
    open_ = bare(value_at(document, format_.root), format_.root, hidden, around)
    weights = Weights(document)
    visible = tuple(place for place in open_ if place[0] not in about_itself)
    return Exposure(
        visible,
        frozenset(place for place in hidden if any(bare(value_at(document, place), place, hidden, around))),
        weights,
        sum([weights[place] for place in visible if place != (*format_.root, "id")]),
    )


def exposure_of_whole(document: JsonObject, format_: Format) -> Exposure:
    """Say what of a credential that is shown whole is visible beside its claims: the identifier of its subject, if it is one and has one.

    Everything else that leaves with it is `remainder.beside` what is selected.
    """
    subject = value_at(document, format_.root) if document.keys() >= {*format_.root} else None
    places = [(*format_.root, name) for name in subject if is_subject_id((*format_.root, name))] if isinstance(subject, dict) else []
    return Exposure(tuple(places), frozenset(), Weights(document), WHOLE)


def carried(
    document: JsonObject, exposed: Exposure, opened: Iterable[Location], disclosable: Collection[Location], selected: Collection[Location]
) -> Iterator[Location]:
    """Give what leaves though nobody chose it: what was hidden in one piece with something that is selected.

    `opened` are the disclosable places that leave.
    """
    chosen = {*selected}
    pieces = [place for place in opened if place in exposed.mixed and not any(place[:length] in chosen for length in range(len(place) + 1))]
    if pieces:
        shut = chosen.union(disclosable)
        around = ancestors(shut)
        for place in pieces:
            yield from bare(value_at(document, place), place, shut, around)
