"""Make a small corpus with the library's own doors: one presentation, as a record of each format that is built."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from sayso.openid import request_object, response
from sayso.proofs.jose import jws
from sayso.testing.records import Record
from sayso.testing.world import World

VCT = "https://id.example/card"


class Presented(NamedTuple):
    """Hold a presentation, the answer it came in, the query that was asked, and the context of the verifier."""

    text: str
    vp_token: dict[str, list[str]]
    query: Mapping[str, Any]
    context: Mapping[str, Any]


@cache
def presented() -> Presented:
    """Show one of two claims of an SD-JWT VC."""
    world = World()
    city, ada, bar = world.issuer(), world.wallet(), world.verifier()
    claims = {"given_name": "Ada", "age_over_18": True}
    ada.store(city.issue(claims, type=VCT, holder=ada.new_key(), format="dc+sd-jwt", valid_for=timedelta(days=30)))
    request = bar.request(
        "age_over_18",
        issuers=[city.did],
        type=VCT,
        formats=["dc+sd-jwt"],
        purpose="Serve alcohol",
        benefit="You get your drink",
        keep_for=timedelta(hours=1),
    )
    asked = cast("dict[str, Any]", jws.decode(request.data, (request_object.TYPE,)).payload)
    vp_token = cast("dict[str, list[str]]", response.parse(ada.present(ada.plan(request)).data))
    ((text,),) = vp_token.values()
    context = {
        "now": int(world.clock().timestamp()),
        "trusted_issuers": [city.did],
        "audience": asked["client_id"],
        "nonce": asked["nonce"],
        "expected_vct": VCT,
    }
    return Presented(text, vp_token, asked["dcql_query"], context)


def credential(*, accepted: bool = True, text: str | None = None, id: str = "sd-jwt-vc/control/one", **changed: Any) -> Record:
    """Give a record of the presentation by itself; fields of the context may be changed."""
    found = presented()
    _, class_, _ = id.split("/")
    return Record(id, class_, "sd-jwt-vc", text or found.text, {**found.context, **changed}, accepted, "must", "a reason")


def answer(*, accepted: bool = True, vp_token: object = None, id: str = "oid4vp/dcql/one", **changed: Any) -> Record:
    """Give a record of the whole answer; fields of the context may be changed."""
    found = presented()
    _, class_, _ = id.split("/")
    context = {
        "now": found.context["now"],
        "trusted_issuers": found.context["trusted_issuers"],
        "client_id": found.context["audience"],
        "nonce": found.context["nonce"],
        "dcql_query": found.query,
        **changed,
    }
    return Record(id, class_, "oid4vp", json.dumps(vp_token or found.vp_token), context, accepted, "must", "a reason")


def write(path: Path, *records: Record) -> Path:
    """Write records as a file, with members that nobody has seen yet."""
    lines = [
        json.dumps(
            {
                "id": record.id,
                "class": record.class_,
                "format": record.format,
                "input": record.input,
                "context": {**record.context, "moon": "full"},
                "expected": "accept" if record.accepted else "reject",
                "level": record.level,
                "why": record.why,
                "ref": "a clause",
                "weather": 1,
            }
        )
        for record in records
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
