"""dcql, a matcher in JavaScript: of the same query and the same wallet it selects the same, but for what is argued here.

Release 3.0 reads the final OpenID4VP 1.0 and drafts before it, and looks at a claim with a schema of its own making, where the text
walks down a path. It differs in what the GAPS say and in nothing else: that is what is tested.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import UNDECIDABLE, SaysoError
from sayso.jsonvalue import from_python
from sayso.jsonvalue import parse as read
from sayso.query.claims import mismatch, select
from sayso.query.grammar import ClaimsQuery, CredentialQuery, Query, parse
from sayso.query.selection import choose
from tests.interop.dcql_pairs import Held, Pair, pairs
from tests.interop.javascript import Peer, PeerError
from tests.spec.openid4vp.test_query_examples import WALLET

GAPS = {
    # OpenID4VP 1.0, section 7.1.1, step 2.1 removes an element "if the key does not exist"; a key whose value is null does exist, and
    # step 3 knows no error but an empty selection. RFC 8259, section 3: null is a value. dcql: a null is no claim.
    "null": "a claim whose value is null is there",
    # Steps 2.1 to 2.3: "If any of the currently selected element(s) is not an object [array], abort processing and return an error."
    # dcql: what has another shape is left out, and the others are selected.
    "shape": "one element of another shape is an error, whatever the others are",
    # Step 3: "If the set of elements currently selected is empty, abort processing and return an error." dcql: all elements of an
    # empty array are an answer.
    "empty": "all elements of an empty array are none",
}
PAIRS = pairs(400)
CLAIM = {"id": "c", "path": ["a"]}


def reached(root: Any, claim: ClaimsQuery, gaps: set[str]) -> bool:
    """Say whether a credential has a claim: by the text without gaps, and by dcql with all of them."""
    selected, empty = [root], False
    for step in claim.path:
        found: list[Any] = []
        shape: type[Any] = dict if isinstance(step, str) else list
        for value in selected:
            if not isinstance(value, shape):
                if "shape" not in gaps:
                    return False
            elif step is None:
                found += value
                empty = empty or not value
            elif step in value if isinstance(step, str) else step < len(value):
                found.append(value[step])
        selected = found
    if empty and "empty" in gaps:
        return True
    if claim.values:
        return any(_same(value, wanted) for value in selected for wanted in claim.values)
    return any(value is not None or "null" not in gaps for value in selected)


def _same(value: Any, wanted: Any) -> bool:
    return isinstance(value, bool) is isinstance(wanted, bool) and value == wanted


def places(value: Any, path: tuple[Any, ...], at: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    """Give the places that the output of dcql has at a path; null stands for what was left out."""
    if not path:
        return set() if value is None else {at}
    if value is None:
        return set()
    steps = range(len(value)) if path[0] is None else [path[0]]
    return {place for step in steps for place in places(value[step], path[1:], (*at, step))}


def at(value: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        value = value[step]
    return value


def asked(js: Peer, query: dict[str, Any], wallet: list[Held]) -> Any:
    return js.ask("select", query=query, credentials=[held.to_js() for held in wallet])


def locations(query: CredentialQuery, claim: ClaimsQuery, held: Held) -> list[tuple[Any, ...]]:
    """Where sayso finds one claim."""
    options = select(query._replace(claims=(claim,), claim_sets=()), from_python(held.claims)).options
    return [place for option in options for found in option for place in found.locations]


def sets(query: CredentialQuery, held: Held) -> list[list[str]]:
    """The combinations that sayso finds, by the ids of their claims."""
    if mismatch(query, held.format, frozenset(held.types)):
        return []
    return [[found.claim.id for found in option] for option in select(query, from_python(held.claims)).options]


def satisfied(query: Query, answerable: list[str]) -> bool:
    return not choose(query, answerable, lambda _: 1).problems


class Compared:
    """Compare one pair, and remember what was seen."""

    def __init__(self, js: Peer, pair: Pair) -> None:
        self.query, self.wallet = parse(from_python(pair.query)), pair.wallet
        self.theirs = asked(js, pair.query, pair.wallet)
        self.seen: Counter[str] = Counter()

    def claims(self, query: CredentialQuery, held: Held, found: dict[str, Any]) -> bool:
        """Compare claim by claim; say whether there was no difference."""
        outputs: dict[int, Any] = dict(found["claims"])
        agreed = True
        for index, claim in enumerate(query.claims):
            ours, theirs = locations(query, claim, held), index in outputs
            assert bool(ours) == reached(held.claims, claim, set())
            assert theirs == reached(held.claims, claim, {*GAPS})
            if bool(ours) != theirs:
                agreed = False
                self.seen.update(gap for gap in GAPS if reached(held.claims, claim, {*GAPS} - {gap}) != theirs)
            elif ours:
                self.seen["claims found"] += 1
                assert places(outputs[index], claim.path) == {place for place in ours if at(held.claims, place) is not None}
            else:
                self.seen["claims not found"] += 1
        return agreed

    def credential(self, query: CredentialQuery) -> bool:
        """Compare which credentials answer a credential query, and with which of its combinations."""
        agreed = True
        for found in self.theirs["matches"][query.id]:
            held = self.wallet[found["credential"]]
            if not self.claims(query, held, found):
                agreed = False
                continue
            ours = sets(query, held)
            assert bool(ours) == found["success"]
            if ours:
                self.seen["credentials matched"] += 1
                every = [[claim.id for claim in query.claims]]
                assert ours == [[*query.claim_sets[index]] if index is not None else every[0] for index in found["sets"]]
        return agreed

    def whole(self) -> None:
        """Compare whether the query can be satisfied: by what each of them matches, and where they agree on that, by both."""
        compared = [self.credential(query) for query in self.query.credentials]
        agreed = all(compared)
        matched = [query_id for query_id, found in self.theirs["matches"].items() if any(one["success"] for one in found)]
        assert satisfied(self.query, matched) == self.theirs["satisfied"]
        if agreed:
            able = [one.id for one in self.query.credentials if any(sets(one, held) for held in self.wallet)]
            assert able == matched
            self.seen[f"satisfied: {self.theirs['satisfied']}"] += 1
        self.seen["agreed" if agreed else "differed"] += 1


def test_the_pairs_ask_for_everything_that_a_query_can_say() -> None:
    assert pairs(20) == PAIRS[:20]
    queries = [credential for pair in PAIRS for credential in pair.query["credentials"]]
    claims = [claim for query in queries for claim in query.get("claims", [])]
    credential_sets = [one for pair in PAIRS for one in pair.query.get("credential_sets", [])]
    seen = {
        "several queries": sum(len(pair.query["credentials"]) > 1 for pair in PAIRS),
        "no claims": sum("claims" not in query for query in queries),
        "claim_sets": sum("claim_sets" in query for query in queries),
        "multiple": sum(query.get("multiple", False) for query in queries),
        "values": sum("values" in claim for claim in claims),
        "null": sum(None in claim["path"] for claim in claims),
        "index": sum(any(type(step) is int for step in claim["path"]) for claim in claims),
        "required": sum(one.get("required", True) for one in credential_sets),
        "optional": sum(not one.get("required", True) for one in credential_sets),
    }
    assert min(seen.values()) > 50, seen


def test_the_same_is_selected_for_generated_queries(js: Peer) -> None:
    seen: Counter[str] = Counter()
    for pair in PAIRS:
        compared = Compared(js, pair)
        compared.whole()
        seen += compared.seen
    assert seen["agreed"] > 200
    assert min(seen[gap] for gap in GAPS) > 5
    assert min(seen[f"satisfied: {whether}"] for whether in (True, False)) > 50
    assert min(seen["claims found"], seen["claims not found"], seen["credentials matched"]) > 200


@pytest.mark.parametrize(
    ("gap", "claims", "path", "theirs"),
    [
        ("null", {"a": None}, ["a"], False),
        ("null", {"a": [None, None]}, ["a", 1], False),
        ("shape", {"a": [{"b": 1}, "x"]}, ["a", None, "b"], True),
        ("shape", {"a": [[1], {"b": 1}]}, ["a", None, 0], True),
        ("empty", {"a": []}, ["a", None], True),
        # Not generated: step 2.1 again. To JavaScript an array is an object whose members are "0", "1", … and "length".
        ("", {"a": ["x"]}, ["a", "0"], True),
        ("", {"a": ["x"]}, ["a", "length"], True),
    ],
)
def test_each_difference_is_in_the_text(js: Peer, gap: str, claims: dict[str, Any], path: list[Any], theirs: bool) -> None:
    held = Held("dc+sd-jwt", ("urn:t",), claims)
    query: Any = {"credentials": [{"id": "q", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:t"]}, "claims": [{"path": path}]}]}
    assert bool(sets(parse(query).credentials[0], held)) is not theirs
    assert asked(js, query, [held])["satisfied"] is theirs
    claim = ClaimsQuery(tuple(path))
    assert reached(claims, claim, {gap}) is (theirs if gap else not theirs)


def test_authorities_are_answered_where_they_can_be_checked(js: Peer) -> None:
    """Section 6.1: a returned credential "SHOULD match at least one" of them. dcql compares what its caller says of the credential; for
    sayso nothing is checked that would say so, and what could not be decided is not sent.
    """
    authority = {"type": "aki", "values": ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}
    query: Any = {"id": "q", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:t"]}, "trusted_authorities": [authority]}
    held = Held("dc+sd-jwt", ("urn:t",), {})
    credentials = [{**held.to_js(), "authority": authority}]
    assert js.ask("select", query={"credentials": [query]}, credentials=credentials)["satisfied"]
    assert not asked(js, {"credentials": [query]}, [held])["satisfied"]
    problem = mismatch(parse({"credentials": [query]}).credentials[0], held.format, frozenset(held.types))
    assert problem is not None
    assert problem.kind == UNDECIDABLE


# Queries that dcql reads and sayso refuses: the clause that they break, what is written otherwise, and where it is found to be wrong.
MALFORMED: list[tuple[str, dict[str, Any], str]] = [
    ("6.1: meta is REQUIRED", {"meta": None}, "/meta"),
    ("B.3.5: vct_values is REQUIRED", {"meta": {}}, "/meta/vct_values"),
    ("B.3.5: vct_values is a non-empty array", {"meta": {"vct_values": []}}, "/meta/vct_values"),
    ("6.3: values is a non-empty array", {"claims": [{"path": ["a"], "values": []}]}, "/claims/0/values"),
    ("6.3: an id MUST NOT be present twice", {"claims": [{"id": "c", "path": ["a"]}, {"id": "c", "path": ["b"]}]}, "/claims"),
    ("6.3: id is REQUIRED if claim_sets is present", {"claims": [CLAIM, {"path": ["b"]}], "claim_sets": [["c"]]}, "/claims"),
    ("6.4.1: claim_sets MUST NOT be present without claims", {"claims": None, "claim_sets": [["c"]]}, "/claim_sets/0/0"),
]


@pytest.mark.parametrize(("clause", "wrong", "pointer"), MALFORMED)
def test_queries_that_the_text_forbids_are_refused(js: Peer, clause: str, wrong: dict[str, Any], pointer: str) -> None:
    """dcql parses them, for it reads drafts too, which allowed some of them."""
    right: dict[str, Any] = {"id": "q", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:t"]}, "claims": [CLAIM]}
    query: Any = {"credentials": [{member: said for member, said in {**right, **wrong}.items() if said is not None}]}
    held = Held("dc+sd-jwt", ("urn:t",), {"a": 1, "b": 2})
    assert parse({"credentials": [right]})
    js.ask("match", query=query, credentials=[held.to_js()])
    with pytest.raises(SaysoError) as refused:
        parse(query)
    assert [problem.pointer for problem in refused.value.problems] == ["/credentials/0" + pointer], clause


def test_an_option_without_credentials_is_refused(js: Peer) -> None:
    """Section 6.2: each option is "a non-empty array of identifiers". dcql takes an empty one, which then is always answered."""
    credential = {"id": "q", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:t"]}}
    query: Any = {"credentials": [credential], "credential_sets": [{"options": [[]]}]}
    assert asked(js, query, [])["satisfied"]
    with pytest.raises(SaysoError):
        parse(query)


@pytest.mark.parametrize(
    "part",
    [
        {"format": "another", "meta": {}},  # section 6.1: a format is a string, and a query may ask for others beside it
        {"format": "dc+sd-jwt", "meta": {"vct_values": ["urn:t"]}, "trusted_authorities": [{"type": "another", "values": ["x"]}]},  # 6.1.1
    ],
)
def test_what_is_not_known_is_read_and_not_answered(js: Peer, part: dict[str, Any]) -> None:
    """dcql refuses the whole of a query that has, anywhere, a format or a type of authority that it does not know."""
    known = {"id": "q", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:t"]}}
    query: Any = {"credentials": [known, {"id": "other", **part}], "credential_sets": [{"options": [["q"]]}]}
    held = Held("dc+sd-jwt", ("urn:t",), {})
    able = [one.id for one in parse(query).credentials if sets(one, held)]
    assert able == ["q"]
    assert satisfied(parse(query), able)
    with pytest.raises(PeerError, match="Invalid type"):
        asked(js, query, [held])


HELD = [Held("dc+sd-jwt", (vct,), claims) for vct, claims in WALLET]


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("simple", True),
        ("value_matching_simple", True),
        ("claims_alternatives", True),
        ("credentials_alternatives", True),
        ("multi_credentials", False),  # half of it is an mdoc
        ("simple_mdoc", False),
        ("complex_mdoc", False),
    ],
)
@pytest.mark.parametrize("held", [HELD, HELD[1:], []], ids=["all", "without the first", "nothing"])
def test_the_published_queries_select_the_same(js: Peer, shared: Path, name: str, whole: bool, held: list[Held]) -> None:
    """The five for JSON, from a wallet and from what is left of it; and the two for mdocs, which are read and answered with nothing."""
    query = read((shared / "vectors/openid4vp/query_lang" / f"{name}.json").read_bytes())
    assert isinstance(query, dict)
    compared = Compared(js, Pair(query, held))
    compared.whole()
    assert compared.seen["agreed"] == 1
    if held == HELD:
        assert compared.theirs["satisfied"] is whole
    if name.endswith("mdoc"):
        assert compared.seen["credentials matched"] == 0
