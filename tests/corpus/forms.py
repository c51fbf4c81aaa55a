"""Read the labelled requests of real-life forms, and have a business sign each through its own door.

A form is a TOML file: what its requests have in `common`, and each `request` with what it says otherwise. `faults` are labels: the id of
a rule and the claim that it is about, or the id alone for the whole request. `omit` names a member of a claim's terms that no door would
leave out: it is taken out, and the request is signed anew. `known` is what is known beside the request.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from sayso import WILL_NOT_STORE, Attribute, Conditions, Organisation, Request
from sayso.cli.rows import claim
from sayso.credentials.formats import FORMATS, spoken
from sayso.credentials.kinds import Claim
from sayso.sharing.lint.context import LintContext
from sayso.sharing.terms import NOTHING, WillNotStore, read_duration
from sayso.testing.world import START, World
from tests.journeys.town import payload_of, rewritten
from tests.support import REPOSITORY

FOLDER = REPOSITORY / "tests" / "corpus" / "requests"


class Labelled(NamedTuple):
    """Hold a signed request, what is known beside it, and what is wrong with it."""

    name: str
    request: Request
    context: LintContext
    faults: tuple[str, ...]

    @property
    def payload(self) -> dict[str, Any]:
        return payload_of(self.request.text)


def labelled() -> Iterator[Labelled]:
    """Give all labelled requests, in the order of their names."""
    for path in sorted(FOLDER.glob("*.toml")):
        form = tomllib.loads(path.read_text(encoding="utf-8"))
        for said in form["request"]:
            yield compose(path.stem, form["common"], said)


def compose(form: str, common: Mapping[str, Any], said: Mapping[str, Any]) -> Labelled:
    """Have the business sign a request, and take out of it what it omits."""
    whole = {**common, **said, "conditions": {**common["conditions"], **said.get("conditions", {})}}
    world = World(form.encode())
    key = world.signer()
    kind = whole.get("format", "vc+sd-jwt")
    request = world.verifier(key, name=whole["business"]).request(
        *map(_attribute, whole["claims"]),
        optional=[_attribute(one) for one in whole.get("optional", [])],
        issuers=["did:web:id.example"],
        type=whole["type"],
        formats=[kind],
        purpose=whole["purpose"],
        benefit=whole["benefit"],
        if_not_shared=whole["if_not_shared"],
        keep_for=kept(whole["keep_for"]),
        conditions=_conditions(whole["conditions"]),
    )
    if "omit" in whole:
        request = rewritten(request, key, lambda payload: _omit(payload, kind, whole["omit"]))
    return Labelled(f"{form}: {whole['name']}", request, _context(whole.get("known", {})), tuple(whole["faults"]))


def kept(text: str) -> timedelta | WillNotStore:
    """Read a retention."""
    duration = read_duration(text)
    return WILL_NOT_STORE if duration == NOTHING else duration


def _attribute(said: Any) -> Claim | Attribute:
    if isinstance(said, str):
        return claim(said)
    read: dict[str, Callable[[Any], Any]] = {"claim": claim, "accepts": lambda names: tuple(map(claim, names)), "keep_for": kept}
    return Attribute(**{name: read.get(name, str)(value) for name, value in said.items()})


def _conditions(said: Mapping[str, Any]) -> Conditions:
    members: dict[str, Any] = {**said, "prohibited": tuple(said["prohibited"])}
    if "intermediary" in members:
        members["intermediary"] = Organisation(members["intermediary"]["name"], contact=tuple(members["intermediary"]["contact"]))
    return Conditions(**members)


def _omit(payload: dict[str, Any], kind: str, omitted: list[str]) -> None:
    (asking,) = payload["dcql_query"]["credentials"]
    ids = {spoken(FORMATS[kind].claim_at(tuple(one["path"]))): one["id"] for one in asking["claims"]}
    rows = {row["claim"]: row for row in payload["verifier_info"][0]["data"]["attributes"]}
    for text in omitted:
        member, name = text.split()
        del rows[ids[name]][member]


def _context(known: Mapping[str, Any]) -> LintContext:
    allowed, ago = known.get("allowed"), known.get("asked_days_ago")
    return LintContext(
        allowed=None if allowed is None else {claim(name): None if text == "unlimited" else kept(text) for name, text in allowed.items()},
        registered=None if "registered" not in known else [claim(name) for name in known["registered"]],
        held=[claim(name) for name in known.get("held", [])],
        asked_before=None if ago is None else START - timedelta(days=ago),
    )
