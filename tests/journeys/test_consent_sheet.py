"""A plan is data: a terminal, a page and a conversation ask the customer from its sheet alone."""

import html
import json
from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, WILL_NOT_STORE, Attribute, Conditions, Organisation, Process, Recipient
from sayso.jsonvalue import JsonObject
from sayso.sharing.plan.sheet import sheet
from tests.journeys.town import Town, town

DAY = timedelta(days=1)
CONDITIONS = Conditions(
    category="dpv:AgeVerification",
    legal_basis="eu-gdpr:A6-1-c",
    process=Process("counter", "serve"),
    controller=Organisation("The Bar AS", country="NO", contact=("https://bar.example/privacy",), rights="https://bar.example/rights"),
    intermediary=Organisation("Super App"),
    authority=Organisation("Datatilsynet", country="NO"),
    recipients=(Recipient("Till Ltd", "dpv:DataProcessor"),),
    prohibited=("dpv:SellDataToThirdParties", "dpv:Profiling", "ai-training"),
    agreement="https://myterms.example/SD-BASE",
    purposes=(("nb", "Skjenke alkohol"),),
)
SEEN: JsonObject = {
    "verifier": "",
    "callsItself": "The Bar",
    "metBefore": True,
    "purpose": "Serve alcohol",
    "purposes": {"nb": "Skjenke alkohol"},
    "hasPurpose": "dpv:AgeVerification",
    "controller": {
        "name": "The Bar AS",
        "country": "NO",
        "contact": ["https://bar.example/privacy"],
        "rights": "https://bar.example/rights",
    },
    "intermediary": {"name": "Super App", "country": "", "contact": [], "rights": ""},
    "supervisoryAuthority": {"name": "Datatilsynet", "country": "NO", "contact": [], "rights": ""},
    "recipients": [{"name": "Till Ltd", "role": "dpv:DataProcessor"}],
    "prohibited": ["dpv:SellDataToThirdParties", "dpv:Profiling", "ai-training"],
    "agreement": "https://myterms.example/SD-BASE",
    "answerable": True,
    "problems": [],
    "rows": [
        {
            "name": "age_over_18",
            "leaves": True,
            "needed": True,
            "preview": [True],
            "reason": "The law asks for an adult",
            "benefit": "You get your drink",
            "ifNotShared": "No drink",
            "until": "2026-11-20T12:05:00Z",
            "retention": "PT0S",
            "legalBasis": "eu-gdpr:A6-1-c",
            "recipients": [],
            "alternatives": ["birthdate"],
            "alreadyUntil": None,
        },
        {
            "name": "birthdate",
            "leaves": False,
            "needed": True,
            "preview": ["1990-12-10"],
            "reason": "The law asks for an adult",
            "benefit": "You get your drink",
            "ifNotShared": "No drink",
            "until": "2026-11-20T12:05:00Z",
            "retention": "PT0S",
            "legalBasis": "eu-gdpr:A6-1-c",
            "recipients": [],
            "alternatives": [],
            "alreadyUntil": None,
        },
        {
            "name": "given_name",
            "leaves": False,
            "needed": False,
            "preview": ["Ada"],
            "reason": "To greet you",
            "benefit": "A table by the window",
            "ifNotShared": "No drink",
            "until": "2026-11-21T12:00:00Z",
            "retention": "P1D",
            "legalBasis": "eu-gdpr:A6-1-a",
            "recipients": [{"name": "Till Ltd", "role": "dpv:Recipient"}],
            "alternatives": [],
            "alreadyUntil": "2026-11-20T13:00:00Z",
        },
        {
            "name": "langs",
            "leaves": False,
            "needed": False,
            "preview": [["no", "en", "fr"]],
            "reason": "Serve alcohol",
            "benefit": "You get your drink",
            "ifNotShared": "No drink",
            "until": "2026-11-20T13:00:00Z",
            "retention": "PT1H",
            "legalBasis": "eu-gdpr:A6-1-c",
            "recipients": [],
            "alternatives": [],
            "alreadyUntil": None,
        },
    ],
    "comesAlong": {},
    "stays": ["address", "birthdate", "given_name", "langs"],
    "until": "2026-11-20T12:05:00Z",
    "asked": 3,
    "shared": 1,
    "notes": [],
    "findings": [
        {
            "rule": "L10",
            "title": "Already held",
            "severity": "warning",
            "claim": "given_name",
            "message": "the business holds it already, under a live share",
            "smaller": {"text": "Leave it out of this request: what was shared may be used until that share ends"},
            "pointer": "/verifier_info/0/data/attributes/2",
        },
        {
            "rule": "L11",
            "title": "Through an intermediary",
            "severity": "note",
            "message": "the answer goes through an intermediary",
            "smaller": {"text": "Let the answer come to the business itself"},
            "pointer": "/verifier_info/0/data/intermediary",
        },
    ],
}


@pytest.fixture
def there() -> Town:
    built = town()
    built.share("given_name")
    return built


def asked(there: Town) -> Any:
    birthdate = Attribute("birthdate", accepts=("age_over_18",), reason="The law asks for an adult", keep_for=WILL_NOT_STORE)
    name = Attribute(
        "given_name",
        reason="To greet you",
        benefit="A table by the window",
        keep_for=DAY,
        legal_basis="eu-gdpr:A6-1-a",
        recipients=(Recipient("Till Ltd"),),
    )
    return there.ask(birthdate, optional=[name, "langs"], if_not_shared="No drink", conditions=CONDITIONS)


def test_all_that_is_asked_and_answered(there: Town) -> None:
    seen = sheet(there.ada.plan(asked(there))).to_json()
    assert seen["verifier"] == there.bar.did
    comes: Any = seen["comesAlong"]
    assert [*comes] == ["id"]
    stays: Any = seen["stays"]  # in the order of the digests, which differs from card to card
    assert {**seen, "verifier": "", "comesAlong": {}, "stays": sorted(stays)} == SEEN
    assert json.loads(json.dumps(seen)) == seen


def test_a_choice_has_a_sheet_of_its_own(there: Town) -> None:
    chosen = sheet(there.ada.plan(asked(there)).also("birthdate", "given_name"))
    assert [(row.name, row.leaves) for row in chosen.rows] == [
        ("age_over_18", False),
        ("birthdate", True),
        ("given_name", True),
        ("langs", False),
    ]
    assert (chosen.asked, chosen.shared) == (3, 2)
    assert chosen.rows[1].alternatives == ("age_over_18",)
    assert chosen.until.isoformat() == "2026-11-21T12:00:00+00:00"


def test_what_cannot_be_answered_says_why(there: Town) -> None:
    seen = sheet(there.ada.plan(there.ask("shoe_size")))
    assert not seen.answerable
    assert seen.problems
    assert [(row.name, row.leaves, row.preview) for row in seen.rows] == [("shoe_size", False, ())]


def test_of_several_credentials_every_value_is_shown() -> None:
    there = town()
    there.ada.store(there.issue({"given_name": "Augusta"}))
    query = {
        "credentials": [
            {
                "id": "card",
                "format": "vc+sd-jwt",
                "multiple": True,
                "meta": {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]},
                "claims": [{"path": ["credentialSubject", "given_name"]}],
            }
        ]
    }
    request = there.bar.request_query(query, issuers=[there.city.did], purpose="p", benefit="b", keep_for=DAY)
    plan = there.ada.plan(request)
    both = plan.using("card", *plan.choices["card"])
    assert sorted(map(str, sheet(both).rows[0].preview)) == ["Ada", "Augusta"]


def test_what_the_issuer_left_visible_leaves_whether_it_is_chosen_or_not() -> None:
    there = town()
    there.ada.store(there.issue({"given_name": "Ada", "member": 7, "home": {"city": "Oslo"}}, type="Pass", disclosable=["given_name"]))
    request = there.ask("given_name", optional=["member", ("home", "city")], type="Pass")
    seen = sheet(there.ada.plan(request))
    assert {row.name: row.leaves for row in seen.rows} == {"given_name": True, "member": True, "home.city": True}
    assert seen.shared == 3
    assert sorted(map(str, seen.comes_along)) == ["home", "id"]


# Three ways to ask; each reads the JSON of a sheet and nothing else.


def terminal(seen: Any) -> str:
    lines = [f"{seen['callsItself']} asks {seen['asked']}, {seen['shared']} would leave until {seen['until']}"]
    for row in seen["rows"]:
        mark = "x" if row["leaves"] else "!" if row["needed"] else " "
        lines.append(f"[{mark}] {row['name']} = {json.dumps(row['preview'])}  {row['reason']} / {row['benefit']} / {row['ifNotShared']}")
    return "\n".join(lines)


def page(seen: Any) -> str:
    rows = "".join(
        f"<li><label><input type=checkbox {'checked' if row['leaves'] else ''} {'disabled' if row['needed'] else ''}>"
        f"{html.escape(row['name'])}</label> <q>{html.escape(row['benefit'])}</q></li>"
        for row in seen["rows"]
    )
    via = f" via {html.escape(seen['intermediary']['name'])}" if seen["intermediary"] else ""
    return f"<h1>{html.escape(seen['callsItself'])}{via}</h1><ul>{rows}</ul><p>{len(seen['stays'])} stay home</p>"


def chat(seen: Any) -> list[str]:
    said = [f"{seen['callsItself']} wants {row['name']}: {row['reason']}. You get: {row['benefit']}." for row in seen["rows"]]
    return [*said, f"Share until {seen['until']}? It stays with {', '.join(one['name'] for one in seen['recipients'])} too."]


def test_a_terminal_a_page_and_a_conversation_need_nothing_else(there: Town) -> None:
    seen = json.loads(json.dumps(sheet(there.ada.plan(asked(there))).to_json()))
    assert terminal(seen).splitlines()[:2] == [
        "The Bar asks 3, 1 would leave until 2026-11-20T12:05:00Z",
        "[x] age_over_18 = [true]  The law asks for an adult / You get your drink / No drink",
    ]
    assert page(seen).startswith("<h1>The Bar via Super App</h1><ul><li><label><input type=checkbox checked disabled>age_over_18</label>")
    assert chat(seen)[2] == "The Bar wants given_name: To greet you. You get: A table by the window."


def two_formats() -> Town:
    there = town({"given_name": "Ada", "mobile": "1", "address": {"city": "Oslo", "zip": "0150"}})
    there.ada.store(there.issue({"given_name": "Augusta", "mobile": "2", "address": {"city": "Bergen"}}, format="dc+sd-jwt"))
    return there


BOTH: dict[str, Any] = {"formats": ["vc+sd-jwt", "dc+sd-jwt"], "type": "IdentityCard"}


def test_a_preview_is_of_what_leaves_and_of_no_other_credential() -> None:
    plan = two_formats().plan("given_name", optional=["mobile"], **BOTH)
    assert {row.name: row.preview for row in sheet(plan).rows} == {"given_name": ("Ada",), "mobile": ("1",)}
    (held,) = plan.choices["dc-sd-jwt"]
    plan = plan.answering("dc-sd-jwt").using("dc-sd-jwt", held)
    assert {row.name: row.preview for row in sheet(plan).rows} == {"given_name": ("Augusta",), "mobile": ("2",)}


def test_a_preview_is_of_what_would_leave_where_nothing_does_yet() -> None:
    (row,) = sheet(two_formats().plan(optional=["mobile"], **BOTH)).rows
    assert row.preview == ("1",)


def test_a_preview_has_no_part_that_stays_home() -> None:
    plan = town().plan("address").without(("address", "zip"), ("address", "geo"))
    (row,) = sheet(plan).rows
    assert row.preview == ({"city": "Oslo"},) == (plan.leaves["address"],)


def test_what_comes_along_is_not_taken_for_what_was_asked_of_another_credential() -> None:
    city, zip_code = ("address", "city"), ("address", "zip")
    there = town({"address": {"city": "Oslo", "zip": "0150"}}, disclosable=["address"])
    there.ada.store(there.issue({"given_name": "Ada", "address": {"city": "Bergen"}}, format="dc+sd-jwt"))
    any_type = "https://www.w3.org/2018/credentials#VerifiableCredential"
    claims = [{"id": "name", "path": ["given_name"]}, {"id": "city", "path": [*city]}]
    one = {
        "id": "one",
        "format": "vc+sd-jwt",
        "meta": {"type_values": [[any_type]]},
        "claims": [{"path": ["credentialSubject", *zip_code]}],
    }
    other = {"id": "other", "format": "dc+sd-jwt", "meta": {"vct_values": ["IdentityCard"]}, "claims": claims}
    query = {"credentials": [one, {**other, "claim_sets": [["name"], ["name", "city"]]}]}
    plan = there.ada.plan(there.bar.request_query(query, issuers=ANYONE, purpose="Deliver", benefit="A parcel", keep_for=DAY))
    seen = sheet(plan)
    assert {row.claim: (row.leaves, row.preview) for row in seen.rows}[city] == (False, ("Bergen",))
    assert seen.comes_along == {"id": there.holder, ("one", "credentialSubject", *city): "Oslo"}
    assert (seen.shared, seen.asked) == (2, 3)
    seen = sheet(plan.also(city))
    assert {row.claim: (row.leaves, row.preview) for row in seen.rows}[city] == (True, ("Bergen",))
    assert seen.comes_along == {"id": there.holder, ("one", "credentialSubject", *city): "Oslo"}


def test_what_comes_along_and_is_asked_for_leaves() -> None:
    """The issuer hid the address in one piece: who shows a part of it shows all of it."""
    there = town({"address": {"city": "Oslo", "zip": "0150", "street": "Storgata 1"}}, disclosable=["address"])
    seen = sheet(there.plan(("address", "zip"), optional=[("address", "city")]))
    assert {row.name: (row.leaves, row.preview) for row in seen.rows} == {
        "address.zip": (True, ("0150",)),
        "address.city": (True, ("Oslo",)),
    }
    assert seen.comes_along == {"id": there.holder, ("address", "street"): "Storgata 1"}
