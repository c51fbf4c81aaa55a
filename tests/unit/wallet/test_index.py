"""An index finds stored credentials by format, type and issuer, keeps those together that are alike, and forgets what is removed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from sayso import Credential
from sayso.identifiers import StoredId
from sayso.query import grammar
from sayso.query.grammar import CredentialQuery
from sayso.testing.world import START
from sayso.wallet.candidates import candidates_for
from sayso.wallet.held import Held
from sayso.wallet.index import Index
from tests.journeys.town import HOUR, Town, header_of, opened, payload_of, sign, town

NOW = int(START.timestamp())
MINUTE = timedelta(minutes=1)


@pytest.fixture
def there() -> Town:
    return town(None)


def held(there: Town, *cards: Credential | str) -> list[tuple[StoredId, Held]]:
    kept: Index = vars(there.ada)["_held"]
    ids = [there.ada.store(card) for card in cards]
    return [(stored_id, kept[stored_id]) for stored_id in ids]


def query(*types: str, issuers: Any = (), **more: Any) -> CredentialQuery:
    claims = [{"id": "iss", "path": ["iss"], "values": [*issuers]}] if issuers else []
    claims += [{"id": "-".join(map(str, path)), "path": [*path]} for path in more.pop("paths", ())]
    asked = {
        "id": "q",
        "format": "dc+sd-jwt",
        "meta": {"vct_values": [*types] or ["Card"]},
        **({"claims": claims} if claims else {}),
        **more,
    }
    return grammar.parse({"credentials": [asked]}).credentials[0]


def cards(there: Town, *bodies: dict[str, Any], **choices: Any) -> list[Credential]:
    return [there.issue(body, **{"format": "dc+sd-jwt", "type": "Card", **choices}) for body in bodies]


def found(index: Index, asked: CredentialQuery) -> list[set[StoredId]]:
    return [{entry.credential for entry in group} for group in index.matches(asked).groups]


class TestWhatItKeeps:
    def test_in_order_and_by_id(self, there: Town) -> None:
        (a, one), (b, other) = held(there, *cards(there, {"a": 1}, {"a": 2}))
        index = Index()
        index[b], index[a] = other, one
        assert ([*index], len(index), a in index, index[a], index.get(StoredId("x"))) == ([b, a], 2, True, one, None)

    def test_what_is_put_there_again_stands_there_once(self, there: Town) -> None:
        ((a, one), (b, other)) = held(there, *cards(there, {"a": 1}, {"a": 2}))
        index = Index()
        index[a], index[b] = one, other
        index[a] = one
        assert [*index] == [b, a]
        assert [[entry.credential for entry in group] for group in index.matches(query()).groups] == [[b, a]]

    def test_what_is_removed_twice(self, there: Town) -> None:
        ((a, one),) = held(there, *cards(there, {"a": 1}))
        index = Index()
        index[a] = one
        del index[a]
        with pytest.raises(KeyError):
            del index[a]
        with pytest.raises(KeyError):
            index[a]
        assert index.pop(a, None) is None
        assert index.matches(query()) == ((), None)
        assert index.matches(query(issuers=["did:example:x"])) == ((), None)

    def test_nothing_is_left_of_what_is_removed(self, there: Town) -> None:
        all_of_them = held(there, *cards(there, {"a": 1}, {"a": 2}, {"b": 1}), *cards(there, {"a": 1}, type="Pass"), there.issue({"a": 1}))
        index = Index()
        for stored_id, one in all_of_them:
            index[stored_id] = one
        for stored_id, _ in all_of_them:
            del index[stored_id]
        assert [value for name, value in vars(index).items() if name != "_numbers"] == [{}, {}, {}]

    def test_an_issuer_without_a_card_is_nobody(self, there: Town) -> None:
        (a, one), (b, other) = held(
            there,
            *cards(there, {"a": 1}),
            there.world.issuer().issue({"a": 1}, type="Card", holder=there.holder, format="dc+sd-jwt", valid_for=HOUR),
        )
        index = Index()
        index[a], index[b] = one, other
        assert index.matches(query(issuers=[there.city.did])).foreign is not None
        del index[b]
        assert index.matches(query(issuers=[there.city.did])).foreign is None


class TestWhatIsAlike:
    def alike(self, there: Town, *texts: Credential | str) -> bool:
        index = Index()
        for stored_id, one in held(there, *texts):
            index[stored_id] = one
        return len(found(index, query())) == 1

    def test_other_values_in_another_order(self, there: Town) -> None:
        bodies = {"a": 1, "b": {"x": "1", "y": True}}, {"b": {"y": None, "x": 2.5}, "a": "2"}
        assert self.alike(there, *cards(there, *bodies, disclosable=[]))

    @pytest.mark.parametrize("other", [{"a": 1}, {"a": [1, 2, 3]}, {"a": {}}, {"a": [1, 2], "b": 1}, {"a": [1, [2]]}])
    def test_another_shape(self, there: Town, other: dict[str, Any]) -> None:
        assert not self.alike(there, *cards(there, {"a": [1, 2]}, other))

    def test_another_element_is_missing(self, there: Town) -> None:
        (card,) = cards(there, {"a": ["x", "y"]}, disclosable=[("a", 0), ("a", 1)])
        token, *disclosures, _ = card.text.split("~")
        first, second = sorted(disclosures, key=lambda one: str(opened(one)[-1]))
        assert not self.alike(there, f"{token}~{first}~", f"{token}~{second}~")
        index: Index = vars(there.ada)["_held"]
        able, _ = candidates_for(query(paths=[("a", 1)]), index.matches(query(paths=[("a", 1)])), START)
        assert [one.document["a"] for one in able] == [["y"]]

    def test_another_order_of_dates(self, there: Town) -> None:
        (card,) = cards(there, {"a": 1}, disclosable=[], valid_for=HOUR)
        said = payload_of(card.text)
        there.world.clock.turn(2 * MINUTE)
        texts = [sign(header_of(card.text), {**said, "nbf": NOW + 10, "iat": NOW + by}, there.city_key) for by in (5, 15)]
        assert not self.alike(there, *[text + "~" for text in texts])

    def test_another_issuer_or_type(self, there: Town) -> None:
        other = there.world.issuer().issue({"a": 1}, type="Card", holder=there.holder, format="dc+sd-jwt", valid_for=HOUR)
        aliased = there.issue({"a": 1}, type="Card", format="dc+sd-jwt", valid_for=HOUR)
        assert not self.alike(there, other, aliased)
        assert found(vars(there.ada)["_held"], query("Pass")) == []


class TestWhatItFinds:
    def test_of_the_types_that_are_asked_for(self, there: Town) -> None:
        (a, _), (b, _) = held(there, *cards(there, {"a": 1}), *cards(there, {"a": 1}, type="Pass"))
        index: Index = vars(there.ada)["_held"]
        assert [found(index, query(type_)) for type_ in ("Card", "Pass", "Club")] == [[{a}], [{b}], []]
        both = found(index, query("Card", "Pass"))
        assert sorted(map(sorted, both)) == sorted([[a], [b]])
        assert len(found(index, query()._replace(types=()))) == 2
        assert found(index, query()._replace(format="vc+sd-jwt")) == []

    def test_of_several_types_the_credential_has_all(self, there: Town) -> None:
        root = "https://www.w3.org/ns/credentials/undefined-term#"
        vcdm = "https://www.w3.org/2018/credentials#VerifiableCredential"
        (a, _), _ = held(there, there.issue({"a": 1}), there.issue({"a": 1}, type="Pass"))
        asked = query()._replace(format="vc+sd-jwt", types=((vcdm, root + "IdentityCard"),))
        assert found(vars(there.ada)["_held"], asked) == [{a}]

    def test_another_issuer_is_told_about_once(self, there: Town) -> None:
        others = [there.world.issuer() for _ in range(3)]
        held(
            there,
            *[
                one.issue({"a": 1}, type="Card", holder=there.holder, format="dc+sd-jwt", valid_for=HOUR)
                for one in others
                for _ in range(2)
            ],
        )
        plan = there.plan("a", type="Card", formats=["dc+sd-jwt"])
        assert [problem.pointer for problem in plan.problems] == ["/credentials/0", "/credentials/0/iss"]
        assert "no value that was asked for" in plan.problems[1].detail

    def test_a_reason_is_told_once(self, there: Town) -> None:
        held(there, *cards(there, {"a": 1}, {"a": 2}, {"a": 3}, valid_for=MINUTE), *cards(there, {"a": 4, "b": 1}, valid_for=MINUTE))
        there.world.clock.turn(HOUR)
        plan = there.plan("a", type="Card", formats=["dc+sd-jwt"])
        assert [problem.pointer for problem in plan.problems] == ["/credentials/0", "/credentials/0/exp"]

    def test_who_was_met_before_is_known_without_looking_at_what_was_shared(self, there: Town) -> None:
        held(there, *cards(there, {"a": 1}))
        plan = there.plan("a", type="Card", formats=["dc+sd-jwt"])
        assert not plan.met_before
        there.ada.present(plan)
        assert there.plan("a", type="Card", formats=["dc+sd-jwt"]).met_before


def test_to_store_and_remove_while_others_plan(there: Town) -> None:
    """Each plan is that of one moment: whatever is stored and removed meanwhile, it can be answered with what never goes."""
    (stays,) = cards(there, {"a": 0})
    there.ada.store(stays)
    more = cards(there, *[{"a": number} if number % 2 else {"a": number, "b": 1} for number in range(1, 60)])
    request = there.ask("a", type="Card", formats=["dc+sd-jwt"])

    def come_and_go(card: Credential) -> None:
        there.ada.remove(there.ada.store(card))

    with ThreadPoolExecutor(4) as threads:
        going = [threads.submit(come_and_go, card) for card in more]
        plans = [threads.submit(there.ada.plan, request) for _ in range(100)]
        again = [threads.submit(there.ada.store, more[0]) for _ in range(8)]
        assert all(one.result().answerable for one in plans)
        assert [one.result() for one in going] == [None] * len(more)
        assert len({one.result() for one in again}) == 1
    assert len(there.ada.plan(request).choices["dc-sd-jwt"]) == len(there.ada.stored) in {1, 2}
