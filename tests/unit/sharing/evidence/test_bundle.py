"""A complaint is put together, carried in either form, and shows what was signed and what was not answered."""

import io
import zipfile
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from sayso import Artefacts, ComplaintBundle, SaysoError, Transaction
from sayso.jsonvalue import serialize
from sayso.retrieval import Retrieved
from sayso.sharing.evidence import parts as named
from sayso.sharing.ledger import entries
from sayso.sharing.ledger.chain import Recorded, Relation
from sayso.testing.world import START
from tests.unit.sharing.evidence.told import DAY, credential, event, story


def test_what_it_shows() -> None:
    told = story()
    bundle = told.bundle()
    evidence = bundle.verify(at=told.world.clock())
    assert [(fact.text, fact.at, fact.signed_by, fact.entered) for fact in evidence.facts] == [
        ("The business asked for given_name (for PT1H), age_over_18 (for PT1H)", START, "business", True),
        ("The customer granted the use of data", START, "customer", False),
        ("The business gave a receipt, and promised to erase by 2026-11-21T12:00:00Z", START, "business", True),
        ("The customer withdrew the permission", START + 2 * DAY, "customer", True),
        ("The customer asked for erasure", START + 2 * DAY, "customer", True),
    ]
    assert [(due.what, due.by) for due in evidence.overdue] == [("dataDeletionRequest", START + 32 * DAY)]
    assert evidence.absent == ("There is no answer about the erasure",)
    assert (evidence.cover.business, evidence.cover.authority_contact) == (told.business, ("post@dpa.example",))


def test_what_was_asked_beyond_the_registration() -> None:
    told = story()
    bundle, now = told.bundle(), told.world.clock()
    assert bundle.verify(at=now).beyond == ()
    assert bundle.verify(at=now, registered=["given_name", "age_over_18"]).beyond == ()
    assert bundle.verify(at=now, registered=["age_over_18"]).beyond == ("given_name",)
    assert {*bundle.verify(at=now, registered=[]).beyond} == {"given_name", "age_over_18"}


@pytest.mark.parametrize("format", ["vc+jwt", "eddsa-jcs-2022"])
def test_it_is_carried_in_either_form(format: str) -> None:
    told = story(format=format)
    bundle = told.bundle()
    now = told.world.clock()
    for carried in (bundle.to_zip(), bundle.to_json(), bundle.to_json().encode()):
        again = ComplaintBundle.parse(carried)
        assert again.parts == bundle.parts
        assert again.verify(at=now) == bundle.verify(at=now)
    with zipfile.ZipFile(io.BytesIO(bundle.to_zip())) as archive:
        assert archive.testzip() is None
        assert {*archive.namelist()} == {*bundle.parts}


def test_the_least_of_a_complaint() -> None:
    told = story()
    bundle = told.bundle(artefacts=Artefacts(told.artefacts.request), name="", authority="", authority_contact=())
    evidence = bundle.verify(at=told.world.clock())
    assert len(evidence.facts) == 1
    assert evidence.absent == ("There is no receipt in the bundle, and the ledger has one", "There is no answer about the erasure")


def test_an_answer_is_shown() -> None:
    told = story()
    answer = credential(told.shop, "ErasureConfirmation", told.world.clock(), {"id": "did:example:ada"})
    bundle = told.bundle(artefacts=Artefacts(told.artefacts.request, answer=answer))
    evidence = bundle.verify(at=told.world.clock())
    assert evidence.facts[-1].text == "The business answered about the erasure"
    assert evidence.absent == ("There is no receipt in the bundle, and the ledger has one",)


def test_it_is_not_from_the_future() -> None:
    told = story()
    with pytest.raises(SaysoError):
        told.bundle().verify(at=told.world.clock() - timedelta(seconds=1))


def test_it_holds_in_ten_years() -> None:
    told = story()
    told.bundle().verify(at=told.world.clock() + 3653 * DAY)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"alleged": ""}, ValueError),
        ({"alleged": "\u202ex"}, ValueError),
        ({"alleged": 7}, TypeError),
        ({"name": "a\nb"}, ValueError),
        ({"authority_contact": ("",)}, ValueError),
        ({"authority_contact": ("a",) * 11}, ValueError),
        ({"persona": "chess"}, LookupError),
        ({"at": datetime(2026, 12, 1)}, ValueError),  # noqa: DTZ001 - that is what is refused
    ],
    ids=["empty", "bidi", "number", "line", "contact", "contacts", "persona", "naive"],
)
def test_wrong_use(more: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        story().bundle(**more)


# --- what is put in must be what it is said to be


def refused(place: str, **artefacts: Any) -> str:
    told = story()
    those = {name: one(told) for name, one in artefacts.items()}
    with pytest.raises(SaysoError) as error:
        told.bundle(artefacts=Artefacts(**{"request": told.artefacts.request, **those}))
    assert error.value.problems[0].pointer.startswith("/" + place)
    return str(error.value)


def test_a_request_of_another_business() -> None:
    def other(told: Any) -> Any:
        return told.cast.bar.request("given_name", issuers=[told.business], purpose="A", benefit="B", keep_for=DAY)

    assert "not signed by the business" in refused("request.jwt", request=other)


@pytest.mark.parametrize("name", ["withdrawal", "erasure_request"])
def test_an_event_that_is_another(name: str) -> None:
    right = {"withdrawal": "consent-withdrawn", "erasure_request": "erasure-requested"}[name]
    part = {"withdrawal": "withdrawal.jwt", "erasure_request": "erasure-request.jwt"}[name]
    now = START + 2 * DAY
    assert "somebody else" in refused(part, **{name: lambda told: event(told.ada, "did:web:other.example", right, now)})
    assert "no https" in refused(part, **{name: lambda told: event(told.ada, told.business, "consent-paused", now)})
    assert "no https" in refused(part, **{name: lambda told: event(told.ada, told.business, right, now, events=[])})
    assert "not signed by the customer" in refused(part, **{name: lambda told: event(told.world.signer(), told.business, right, now)})
    assert "not signed by the customer" in refused(part, **{name: lambda told: event(told.ada, told.business, right, now, iss="x")})
    assert "later" in refused(part, **{name: lambda told: event(told.ada, told.business, right, START + 99 * DAY)})
    assert "ASCII" in refused(part, **{name: lambda told: event(told.ada, told.business, right, now) + "\u00e9"})


def test_a_credential_that_is_another() -> None:
    def of(kind: str, *, customer: bool = False, days: int = 0) -> Any:
        return lambda told: credential(
            told.world.issuer(told.ada) if customer else told.shop, kind, START + days * DAY, {"id": "did:example:a"}
        )

    assert "another type" in refused("receipt.vc", receipt=of("ErasureConfirmation"))
    assert "another type" in refused("answer.vc", answer=of("ConsentReceipt"))
    refused("receipt.vc", receipt=of("ConsentReceipt", customer=True))
    refused("grant.vc", grant=of("SharingGrant"))
    assert "later" in refused("answer.vc", answer=of("ErasureConfirmation", days=99))
    assert "no presentation" in refused("receipt.vc", receipt=lambda told: told.cast.card)
    refused("receipt.vc", receipt=lambda _: "no credential")
    refused("receipt.vc", receipt=lambda _: "{}")


def test_a_promise_that_is_no_date() -> None:
    def receipt(told: Any) -> str:
        return credential(told.shop, "ConsentReceipt", START, {"id": "did:example:a", "eraseBy": "soon"})

    refused("receipt.vc", receipt=receipt)


# --- DIDs whose documents are somewhere else


def test_documents_as_they_were_seen() -> None:
    told = story()
    key = told.world.signer()
    web = "did:web:shop.example"
    written = told.world.issuer(key).did.removeprefix("did:key:")
    method = {"id": f"{web}#k", "type": "Multikey", "controller": web, "publicKeyMultibase": written}
    document = {"id": web, "verificationMethod": [method], "authentication": [method["id"]], "assertionMethod": [method["id"]]}
    told.world.network.documents["https://shop.example/.well-known/did.json"] = Retrieved(serialize(document).encode(), "application/json")
    bar = told.world.verifier(key, web, name="The Shop")
    request = bar.request("given_name", issuers=[told.business], type="Card", purpose="A", benefit="B", keep_for=DAY)
    told.ledger.record(Transaction(kind=entries.PRESENTATION, at=told.world.clock(), until=told.world.clock() + DAY), web)

    def bundle(documents: Any) -> ComplaintBundle:
        return ComplaintBundle.assemble(
            told.ledger, web, told.ada, Artefacts(request, documents=documents), alleged="Too much", at=told.world.clock()
        )

    bundle({web: document}).verify(at=told.world.clock())
    wrong: tuple[Any, ...] = ({}, {web: {"id": web}}, {web: {**document, "id": "did:web:other.example"}}, {web: []})
    for documents in wrong:
        with pytest.raises(SaysoError):
            bundle(documents)
    assert set(bundle({web: document}).parts) == {*named.NEEDED}


# --- the page


class Page(HTMLParser):
    """What a reader and a screen reader find."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_can_be_read_aloud_and_reaches_for_nothing() -> None:
    told = story()
    evil = "<script src=//evil.example></script>'\"&"
    told.ledger.record(Transaction(kind=entries.BREACH, at=START, claims=(evil, "\u202ename"), reason=evil), told.business)
    told.ledger.record(
        Transaction(kind=entries.PRESENTATION, at=START, completed=False, requested=("birthdate",), reason="Too much"), told.business
    )
    told.ledger.record(Transaction(kind=entries.GRANT, at=START, completed=False, claims=("mobile",)), told.business)
    told.ledger.record(Transaction(kind=entries.ERASURE, at=START, completed=False, reason="The law"), told.business)
    bundle = told.bundle(alleged=evil, name=evil, intermediary="Acme")
    page = Page(bundle.parts[named.TIMELINE])
    assert "script" not in page.tags
    assert not {"src", "href", "xlink:href", "style", "onload"} & {name for name, _ in page.attributes}
    assert {"svg", "title", "ol", "time"} <= {*page.tags}
    assert ("role", "img") in page.attributes
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert evil in page.text
    assert "\u202e" not in page.text
    for said in ("Asked for, and not shared: birthdate (Too much)", "did not come to pass", "refused to erase (The law)", "Acme"):
        assert said in page.text
    assert "url(" not in bundle.parts[named.TIMELINE]


def test_a_page_of_nothing() -> None:
    told = story()
    for number in range(4):
        told.ledger.delete(Recorded(Relation(told.business), number, ""))
    bundle = told.bundle()
    assert "<svg" not in bundle.parts[named.TIMELINE]
    assert not any(fact.entered for fact in bundle.verify(at=told.world.clock()).facts)
