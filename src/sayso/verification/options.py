"""Name what a door passes on to the expectations behind it: each option is the argument of `Expectations` with its name and default."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import TypedDict, cast

from sayso.verification.expectations import ANYONE, Anyone, Expectations, Status, TypeMetadata, UnknownStatus


class KeyOptions(TypedDict, total=False):
    """Say how the keys of issuers are found, and what may be signed with them: as DIDs only, with Ed25519, unless it is said otherwise."""

    algorithms: Collection[str]
    key_resolution: Collection[str]
    trust_anchors: Collection[bytes | str]


class Checks(KeyOptions, total=False):
    """Say how credentials are checked, beside what a request says: strictly, unless it is said otherwise."""

    status: Status
    unknown_status: UnknownStatus
    status_issuers: Collection[str] | Anyone | None
    max_status_age: timedelta | None
    type_metadata: TypeMetadata


def refuse_others(given: Iterable[str], known: type[KeyOptions]) -> None:
    """Refuse what is no such option: all else that is expected is the door's to say.

    Raises:
        TypeError: with its name.
    """
    for name in given:
        if name not in known.__annotations__:
            msg = f"there is no option {name!r}"
            raise TypeError(msg)


def checked(given: Checks) -> Checks:
    """Keep options as `Expectations` keeps them.

    Raises:
        TypeError, ValueError: as `Expectations`.
    """
    refuse_others(given, Checks)
    kept = Expectations(issuers=ANYONE, **given)
    return cast("Checks", {name: getattr(kept, name) for name in given})
