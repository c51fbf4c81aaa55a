"""What comes out: unchangeable, silent about values, and without anything that nobody asked for."""

import pickle
from typing import Any

import pytest

from sayso.credentials.claims_path import Location
from sayso.credentials.formats import LDP_VP
from sayso.errors import EXCESS_DISCLOSURE, RANGE_ERROR, RETRIEVAL_REFUSED, Problem, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.mechanism import PROOF, Binding, FoundKey, Proven
from sayso.verification.report import Report, verified
from tests.unit.proofs.tokens import ISSUER, ISSUER_DID, PID, STRANGER, without
from tests.unit.verification.proven import TRUSTING, asking, bound_by, card, disclosing, expecting, pid, places

REFUSED = Problem(RANGE_ERROR, "too late", "/exp", "date")
OPEN = Problem(RETRIEVAL_REFUSED, "no fetcher", stage="resolve")


def test_what_holds() -> None:
    report = verified(bound_by(card(tattoo="an anchor")), TRUSTING, {"decode": 1})
    assert (report.ok, report.decided, report.problems, report.warnings, report.timings) == (True, True, (), (), {"decode": 1})
    found = report.require()
    assert (found.format, found.issuer) == ("vc+sd-jwt", ISSUER_DID)
    assert found.types == (
        "https://www.w3.org/2018/credentials#VerifiableCredential",
        "https://www.w3.org/ns/credentials/undefined-term#IdentityCard",
    )
    assert found.claims["tattoo"] == "an anchor"
    assert found.binding is not None
    assert found.credentials == {}
    assert report.parts == {}


def test_who_is_named_is_the_issuer_also_where_another_may_sign() -> None:
    found = verified(pid(iss="did:example:other"), expecting(issuer_binding=False), {}).require()
    assert found.issuer == "did:example:other"


def test_of_several_signers_the_first_speaks() -> None:
    """The first proof that holds, in the order of the document."""
    bindings = tuple(Binding({"challenge": name}, ("proof", index), PROOF) for index, name in enumerate("ab"))
    signers = (FoundKey(ISSUER.public_key, ISSUER_DID), FoundKey(STRANGER.public_key, "did:example:stranger"))
    found = verified(Proven(signers, LDP_VP, {"type": "VerifiablePresentation"}, bindings=bindings), TRUSTING, {}).require()
    assert found.issuer == ISSUER_DID
    assert found.binding == {"challenge": "a"}


def test_a_warning_about_a_credential_is_said_of_the_presentation() -> None:
    left_out = Problem(EXCESS_DISCLOSURE, "nobody asked for this claim", "/name")
    inside = verified(pid(), TRUSTING, {})
    of_it = Report((), (left_out,), inside.verified)
    presentation = Proven((FoundKey(ISSUER.public_key, ISSUER_DID),), LDP_VP, {"type": "VerifiablePresentation"})
    assert places(verified(presentation, TRUSTING, {}, [inside, of_it]).warnings) == [(EXCESS_DISCLOSURE, "/verifiableCredential/1/name")]


def test_without_key_binding_there_is_none() -> None:
    found = verified(pid(), TRUSTING, {}).require()
    assert found.binding is None
    assert found.types == ("urn:example:pid",)


@pytest.mark.parametrize(
    ("problems", "decided"),
    [((REFUSED,), True), ((OPEN,), False), ((OPEN, REFUSED), True), ((OPEN, OPEN), False)],
    ids=["no", "open", "both", "two"],
)
def test_a_verdict_is_told_from_an_open_question(problems: tuple[Problem, ...], decided: bool) -> None:
    """Neither is success."""
    report = Report(problems)
    assert (report.ok, report.decided) == (False, decided)
    with pytest.raises(SaysoError) as caught:
        report.require()
    assert caught.value.problems == problems
    assert caught.value.decided is decided


def _change(value: Any) -> None:
    value["x"] = 1


def _append(value: Any) -> None:
    value.append(1)


def test_claims_cannot_be_changed() -> None:
    """Nor through what was proven: it is a copy."""
    proven = bound_by(pid(address={"lines": ["a"]}))
    found = verified(proven, TRUSTING, {}).require()
    address: Any = found.claims["address"]
    for change, value in ((_change, found.claims), (_change, address), (_append, address["lines"]), (_change, found.binding)):
        with pytest.raises(TypeError):
            change(value)
    _change(proven.document)
    assert "x" not in found.claims
    with pytest.raises(AttributeError):
        found.claims = {}  # type: ignore[misc]


def test_no_value_is_shown() -> None:
    """Not in repr, str, or an f-string, at any depth of the report."""
    report = verified(bound_by(pid(tattoo="an anchor"), nonce="n0nce"), TRUSTING, {})
    whole = Report((REFUSED,), report.warnings, report.verified, parts={"pid": (report,)})
    assert whole.verified is not None
    for shown in (repr(whole), str(whole), f"{whole}", repr(whole.verified), str(whole.verified)):
        assert "anchor" not in shown
        assert "n0nce" not in shown
    assert "urn:example:pid" in repr(whole)


def test_reports_travel_between_processes() -> None:
    report = verified(bound_by(pid(langs=["en"])), TRUSTING, {"decode": 1})
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - what this very line wrote


def test_timings_do_not_make_reports_differ() -> None:
    assert verified(pid(), TRUSTING, {"decode": 1}) == verified(pid(), TRUSTING, {"decode": 2})


DOCUMENT: JsonObject = {
    "name": "Ada",
    "address": {"city": "Köln", "zip": "50667", "country": "DE"},
    "degrees": [{"type": "BSc", "year": 1}, {"type": "MSc", "year": 2}, {"type": "PhD", "year": 3}],
    "langs": ["en", "fr", ["de", "at"]],
}
HIDDEN: list[Location] = [
    ("name",),
    ("address",),
    ("address", "city"),
    ("address", "zip"),
    ("degrees", 0),
    ("degrees", 0, "year"),
    ("degrees", 1),
    ("degrees", 1, "year"),
    ("degrees", 2),
    ("langs", 0),
    ("langs", 1),
    ("langs", 2),
    ("langs", 2, 0),
]


@pytest.mark.parametrize(
    ("paths", "left"),
    [
        ([["vct"]], {"degrees": [], "langs": []}),
        ([["name"]], {"name": "Ada", "degrees": [], "langs": []}),
        ([["address", "country"]], {"address": {"country": "DE"}, "degrees": [], "langs": []}),
        ([["address", "zip"]], {"address": {"zip": "50667", "country": "DE"}, "degrees": [], "langs": []}),
        ([["address"]], {"address": DOCUMENT["address"], "degrees": [], "langs": []}),
        ([["degrees", 1, "type"]], {"degrees": [{"type": "MSc"}], "langs": []}),
        ([["degrees", 1]], {"degrees": [{"type": "MSc", "year": 2}], "langs": []}),
        ([["degrees", None, "type"]], {"degrees": [{"type": "BSc"}, {"type": "MSc"}, {"type": "PhD", "year": 3}], "langs": []}),
        ([["langs", 1], ["langs", 2, 1]], {"degrees": [], "langs": ["fr", ["at"]]}),
        ([["langs", 2, 0]], {"degrees": [], "langs": [["de", "at"]]}),
        ([[name] for name in DOCUMENT], DOCUMENT),
    ],
    ids=repr,
)
def test_what_nobody_asked_for_is_dropped(paths: list[Json], left: JsonObject) -> None:
    """DQ-S5, DQ-S6: nested, and in arrays; what the issuer left visible stays, and what is dropped is said."""
    proven = disclosing(pid(**DOCUMENT), *HIDDEN)
    report = verified(proven, expecting(asked=asking(*({"path": path} for path in paths))), {})
    claims = report.require().claims
    assert {name: value for name, value in claims.items() if name not in PID} == left
    assert report.ok
    assert {problem.kind for problem in report.warnings} <= {EXCESS_DISCLOSURE}
    assert (report.warnings == ()) == (left == DOCUMENT)
    assert proven.document == {**PID, **DOCUMENT}


def test_nothing_is_dropped_where_nothing_was_asked() -> None:
    report = verified(disclosing(pid(**DOCUMENT), *HIDDEN), TRUSTING, {})
    assert without(report.require().claims, "x") == {**PID, **DOCUMENT}
    assert report.warnings == ()


def test_what_is_dropped_is_named() -> None:
    proven = disclosing(pid(**DOCUMENT), *HIDDEN)
    asked = asking({"path": ["name"]}, {"path": ["address"]}, {"path": ["degrees"]})
    assert places(verified(proven, expecting(asked=asked), {}).warnings) == [
        (EXCESS_DISCLOSURE, "/langs/0"),
        (EXCESS_DISCLOSURE, "/langs/1"),
        (EXCESS_DISCLOSURE, "/langs/2"),
        (EXCESS_DISCLOSURE, "/langs/2/0"),
    ]


class Counted(str):
    """Be a name that counts how often names are compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other) is True

    __hash__ = str.__hash__


def _wide(width: int) -> Proven:
    names = [Counted(f"n{number}") for number in range(width)]
    document: JsonObject = {name: {"x": 1} for name in names}
    return disclosing(pid(**document), *((Counted(name), "x") for name in names))


def test_dropping_costs_what_is_dropped() -> None:
    """As many objects with one claim each to drop as there may be disclosures: twice as many cost twice as much, not four times."""
    spent: list[int] = []
    for width in (200, 400):
        proven = _wide(width)
        Counted.compared = 0
        report = verified(proven, expecting(asked=asking({"path": ["vct"]})), {})
        assert len(report.warnings) == width
        spent.append(Counted.compared)
    assert spent[1] <= 3 * spent[0]
    assert spent[1] <= 400 * 20
