"""Lists that were verified are kept by what they are, so that nobody can put one in another's way."""

import asyncio
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from sayso.dids import did_key
from sayso.errors import LIMIT_EXCEEDED, RETRIEVAL_REFUSED, REVOKED, STATUS_VERIFICATION_ERROR, SaysoError
from sayso.jsonvalue import serialize
from sayso.proofs.mechanism import Proven
from sayso.retrieval import Retrieve, Retrieved
from sayso.status.entries import BitstringEntry
from sayso.status.results import StatusList
from sayso.verification.doors import examine, examine_answer, examine_answer_async, examine_async, verify, verify_async, verify_many
from sayso.verification.stapling import stapled, stapled_async
from sayso.verification.status_cache import LEAST_BYTES, KeptList, ListKey, StatusCache
from tests.spec.bitstring_status_list.lists import (
    BROKEN,
    DOCUMENT,
    LIST,
    NUMBER,
    STATUS,
    TOKEN,
    WEB,
    Shelf,
    a_card_with,
    a_list,
    a_list_of_the_web,
    a_pid_with,
    a_subject,
    a_token,
    an_entry,
    bits_with,
    document_of_the_web,
    look,
    report,
    said_by,
)
from tests.spec.data_integrity.documents import AT, UNDEFINED, V1, expecting, secured
from tests.unit.proofs.tokens import ISSUER_DID, NOW, STRANGER, token
from tests.unit.verification.proven import places

MINUTE = timedelta(minutes=1)
EXPECTING = expecting()
UNBOUND = {"require_cryptographic_holder_binding": False}


def _key(name: str) -> ListKey:
    return ListKey(BitstringEntry, name, b"", EXPECTING, ())


def _kept(size: int = 1, ttl: timedelta | None = None) -> KeptList:
    return KeptList(StatusList(bytes(size), ttl=ttl), AT, lambda _: ())


def test_a_list_is_read_once() -> None:
    """It is retrieved every time, and what was read of it is found again."""
    cache, shelf = StatusCache(), Shelf(secured(a_list()))
    for _ in range(3):
        assert look(a_card_with(), shelf, cache=cache) == []
    assert (len(cache), len(shelf.asked)) == (1, 3)
    assert repr(cache) == "<StatusCache of 1 lists>"


def test_each_list_is_asked_for_where_it_is() -> None:
    other = LIST + "/2"
    shelf = Shelf(secured(a_list()), secured(a_list(id=other)))
    assert look(a_card_with(an_entry(), an_entry(statusListCredential=other)), shelf) == []
    assert [one.url for one in shelf.asked] == [LIST, other]


def test_every_door_keeps_it_where_it_is_told() -> None:
    """And asks the fetcher that it was given."""
    answer = serialize({"pid": [a_pid_with()]})
    asked: Any = {"credentials": [{"id": "pid", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:example:pid"]}, **UNBOUND}]}

    async def fetch(retrieve: Retrieve) -> Retrieved:
        await asyncio.sleep(0)
        return shelf(retrieve)

    doors: list[Callable[[StatusCache], object]] = [
        lambda cache: verify(a_pid_with(), EXPECTING, at=AT, fetch=shelf, status_cache=cache),
        lambda cache: examine(a_pid_with(), EXPECTING, at=AT, fetch=shelf, status_cache=cache),
        lambda cache: examine_answer(answer, asked, EXPECTING, at=AT, fetch=shelf, status_cache=cache),
        lambda cache: asyncio.run(verify_async(a_pid_with(), EXPECTING, at=AT, fetch=fetch, status_cache=cache)),
        lambda cache: asyncio.run(examine_async(a_pid_with(), EXPECTING, at=AT, fetch=fetch, status_cache=cache)),
        lambda cache: asyncio.run(examine_answer_async(answer, asked, EXPECTING, at=AT, fetch=fetch, status_cache=cache)),
    ]
    for door in doors:
        cache, shelf = StatusCache(), Shelf(at={TOKEN: a_token()})
        door(cache)
        assert (len(cache), len(shelf.asked)) == (1, 1)


def test_a_list_that_changed_is_another_one() -> None:
    cache = StatusCache()
    assert look(a_card_with(), Shelf(secured(a_list())), cache=cache) == []
    assert look(a_card_with(), Shelf(secured(a_list(a_subject(bits_with(NUMBER))))), cache=cache) == [(REVOKED, STATUS)]
    assert look(a_card_with(), Shelf(secured(a_list())), cache=cache) == []
    assert len(cache) == 2


def test_what_one_lets_pass_is_not_there_for_another() -> None:
    """Whoever trusts anyone, or has keys or contexts of its own, puts nothing in the way of who does not."""
    cache = StatusCache()
    stranger = did_key.did_of(STRANGER.public_key)
    other = Shelf(secured(a_list(issuer=stranger), signer=STRANGER))
    assert look(a_card_with(), other, cache=cache, status_issuers=[stranger]) == []
    assert look(a_card_with(), other, cache=cache) == BROKEN
    in_its_name = Shelf(secured(a_list(), signer=STRANGER))
    assert look(a_card_with(), in_its_name, cache=cache, issuer_binding=False) == []
    assert look(a_card_with(), in_its_name, cache=cache) == BROKEN
    long = Shelf(secured(a_list()))
    assert look(a_card_with(), long, cache=cache) == []
    assert look(a_card_with(), long, cache=cache, max_status_list_bytes=9999) == BROKEN
    assert stranger != ISSUER_DID


def test_the_dates_of_a_list_that_is_kept_are_looked_at() -> None:
    """A list and a token that end are not used for longer, nor for an instant before they were verified."""
    cache = StatusCache()
    shelf = Shelf(secured(a_list(validUntil="2026-11-21T12:02:00Z")), at={TOKEN: a_token(exp=NOW + 120)})
    for data, place in ((a_card_with(), STATUS), (a_pid_with(), "/status/status_list")):
        assert look(data, shelf, cache=cache) == look(data, shelf, cache=cache, at=AT + 2 * MINUTE) == []
        for at in (AT + 4 * MINUTE, AT + timedelta(days=1)):
            assert look(data, shelf, cache=cache, at=at) == [(STATUS_VERIFICATION_ERROR, place)]
    assert len(cache) == 2


def test_how_long_a_list_is_kept() -> None:
    """BS-5, TS-6: as long as it says, and never for longer than keys may be taken for granted."""
    for ttl, longest in ((None, 15 * MINUTE), (MINUTE, MINUTE), (timedelta.max, 15 * MINUTE)):
        cache, kept = StatusCache(), _kept(ttl=ttl)
        cache.keep(_key("a"), kept)
        assert cache.find(_key("a"), AT) is cache.find(_key("a"), AT + longest) is kept
        assert cache.find(_key("a"), AT + longest + timedelta(microseconds=1)) is None
        assert cache.find(_key("a"), AT - timedelta(microseconds=1)) is None
        assert cache.find(_key("b"), AT) is None


def test_a_full_cache_makes_room() -> None:
    """What was not used for the longest time goes first, and what is longer than everything is not kept."""
    cache = StatusCache(10 * LEAST_BYTES)
    for name in "abc":
        cache.keep(_key(name), _kept(3 * LEAST_BYTES))
    assert cache.find(_key("a"), AT)
    cache.keep(_key("d"), _kept(4 * LEAST_BYTES))
    assert [name for name in "abcd" if cache.find(_key(name), AT)] == ["a", "c", "d"]
    cache.keep(_key("d"), _kept(4 * LEAST_BYTES))
    assert len(cache) == 3
    cache.keep(_key("e"), _kept(10 * LEAST_BYTES))
    assert [name for name in "abcde" if cache.find(_key(name), AT)] == ["e"]
    cache.keep(_key("f"), _kept(11 * LEAST_BYTES))
    cache.keep(_key("e"), _kept(11 * LEAST_BYTES))
    assert len(cache) == 0
    cache.keep(_key("g"), _kept(10 * LEAST_BYTES))
    assert len(cache) == 1


def test_how_much_a_cache_holds() -> None:
    cache, most = StatusCache(), 64 * 1024 * 1024
    cache.keep(_key("a"), _kept(most))
    assert len(cache) == 1
    cache.keep(_key("b"), _kept(most + 1))
    assert cache.find(_key("b"), AT) is None


def test_what_a_list_counts_for() -> None:
    """There is more to a list than its bits: very many small ones make room for each other too."""
    for size, retrieved, counted in ((1, 0, 4096), (4097, 0, 4097), (1, 4097, 4097), (5000, 4097, 5000)):
        assert _kept(size)._replace(retrieved_bytes=retrieved).size_bytes == counted
    cache = StatusCache(3 * LEAST_BYTES)
    for name in "abcd":
        cache.keep(_key(name), _kept())
    assert [name for name in "abcd" if cache.find(_key(name), AT)] == ["b", "c", "d"]


def test_every_end_of_a_list_that_is_kept_is_looked_at() -> None:
    """That of a credential of VCDM 1.1, and those of the JWT that is one, or is around one."""
    first = {"@context": [V1, UNDEFINED], "issuanceDate": "2026-11-21T11:00:00Z"}
    for body in (
        serialize(secured(a_list(**first, expirationDate="2026-11-21T12:02:00Z"))),
        token({"vc": a_list(**first), "exp": NOW + 120}, typ="JWT"),
        token({"vc": a_list(), "exp": NOW + 120}, typ="JWT"),
        token({**a_list(), "exp": NOW + 120}, typ="vc+jwt"),
    ):
        cache, shelf = StatusCache(), Shelf(at={LIST: body.encode()})
        assert look(a_card_with(), shelf, cache=cache, vc_claim="any") == []
        assert look(a_card_with(), shelf, cache=cache, vc_claim="any", at=AT + 4 * MINUTE) == BROKEN
        assert len(cache) == 1


def test_a_list_that_is_kept_is_not_verified_again() -> None:
    """The document of who signed it is asked for once."""
    cache, shelf = StatusCache(), Shelf(a_list_of_the_web(), at={DOCUMENT: document_of_the_web()})
    for _ in range(2):
        assert look(a_card_with(), shelf, cache=cache, status_issuers=[WEB]) == []
    assert [one.url for one in shelf.asked] == [LIST, DOCUMENT, LIST]


def test_what_is_kept_of_a_list() -> None:
    """Its dates, as they are read from everything around it, and nothing else that it says."""
    long, cache = "x" * 20_000, StatusCache(1 << 20)
    shelf = Shelf(secured(a_list(name=long), id="urn:" + long, expires=AT + MINUTE), at={TOKEN: a_token(exp=NOW + 60, note=long)})
    for data, place in ((a_card_with(), STATUS), (a_pid_with(), "/status/status_list")):
        assert look(data, shelf, cache=cache) == []
        assert look(data, shelf, cache=cache, at=AT + 4 * MINUTE) == [(STATUS_VERIFICATION_ERROR, place)]
    assert len(cache) == 2
    for kept in cache._kept.values():  # noqa: SLF001 - nothing else shows it
        assert kept.retrieved_bytes > 20_000
        assert isinstance(kept.dates, partial)
        said = kept.dates.args[0]
        members = [said.document, said.claims, *(proof.members for proof in said.proofs)] if isinstance(said, Proven) else [said]
        assert long not in repr(members)


def test_it_travels_empty() -> None:
    cache = StatusCache(7 * LEAST_BYTES)
    cache.keep(_key("a"), _kept())
    there = pickle.loads(pickle.dumps(cache))  # noqa: S301
    assert isinstance(there, StatusCache)
    assert len(there) == 0
    there.keep(_key("b"), _kept(8 * LEAST_BYTES))
    assert len(there) == 0


def test_threads_share_it() -> None:
    cache, shelf = StatusCache(), Shelf(secured(a_list()))
    found: list[bool] = []
    threads = [threading.Thread(target=lambda: found.append(report(a_card_with(), shelf, cache=cache).ok)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 4
    assert len(cache) == 1


def test_only_a_cache_is_taken_for_one() -> None:
    with pytest.raises(TypeError, match="status_cache is a StatusCache, not dict"):
        examine(a_card_with(), EXPECTING, at=AT, status_cache={})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="status_cache is a StatusCache, not str"):
        verify_many([], EXPECTING, at=AT, status_cache="x")  # type: ignore[arg-type]


def test_many_credentials_of_one_list() -> None:
    """It is read once for all of them, and retrieved once for those that are looked at together."""
    cache, shelf = StatusCache(), Shelf(secured(a_list()))
    with ThreadPoolExecutor(1) as executor:
        reports = [*verify_many([a_card_with()] * 20, EXPECTING, at=AT, fetch=shelf, executor=executor, status_cache=cache)]
    assert [one.ok for one in reports] == [True] * 20
    assert len(cache) == 1
    assert len(shelf.asked) < 20
    assert [one.ok for one in verify_many([a_card_with()] * 3, EXPECTING, at=AT, fetch=shelf)] == [True] * 3


def test_a_list_that_came_with_the_presentation() -> None:
    """It is verified like any other, and nobody is asked."""
    held = {LIST: _body(a_list(a_subject(ttl=300_000), validFrom="2026-11-21T11:56:00Z")), TOKEN: a_token(ttl=300, iat=NOW - 299)}
    for data in (a_card_with(), a_pid_with()):
        assert examine(data, EXPECTING, at=AT, fetch=stapled(held)).ok
    revoked = {LIST: _body(a_list(a_subject(bits_with(NUMBER), ttl=300_000), validFrom="2026-11-21T11:56:00Z"))}
    assert places(examine(a_card_with(), EXPECTING, at=AT, fetch=stapled(revoked)).problems) == [(REVOKED, STATUS)]
    forged = {LIST: held[LIST].replace(b"11:56", b"11:57")}
    assert places(examine(a_card_with(), EXPECTING, at=AT, fetch=stapled(forged)).problems) == BROKEN


def _body(document: dict[str, object]) -> bytes:

    return serialize(secured(document)).encode()


def test_how_old_a_stapled_list_may_be() -> None:
    """Whoever presents chose it: it is as old as its `ttl` says at most, and without one, or a date, it says nothing."""
    for ttl, holds in ((60, True), (59, False), (None, False)):
        body = a_token(iat=NOW - 60, ttl=ttl)
        found = examine(a_pid_with(), EXPECTING, at=AT, fetch=stapled({TOKEN: body}))
        assert places(found.problems) == ([] if holds else [(STATUS_VERIFICATION_ERROR, "/status/status_list")])
        assert said_by(body) == []
        for age in (59, 60):  # what the verifier says comes first
            fresh = expecting(max_status_age=timedelta(seconds=age))
            assert examine(a_pid_with(), fresh, at=AT, fetch=stapled({TOKEN: body})).ok == (age == 60)
    undated = {LIST: _body(a_list(a_subject(ttl=300_000)))}
    assert places(examine(a_card_with(), EXPECTING, at=AT, fetch=stapled(undated)).problems) == BROKEN


def test_a_stapled_list_says_which_one_it_is() -> None:
    """BS-5 lets a list be without an identifier; then whoever presents could bring any other list of the same issuer."""
    dated: dict[str, Any] = {"subject": a_subject(ttl=300_000), "validFrom": "2026-11-21T11:56:00Z"}
    cache, unnamed = StatusCache(), _body(a_list(id=None, **dated))
    assert look(a_card_with(), Shelf(at={LIST: unnamed}), cache=cache) == []
    for fetch in (stapled({LIST: unnamed}), stapled({LIST: unnamed}, Shelf())):
        assert places(examine(a_card_with(), EXPECTING, at=AT, fetch=fetch, status_cache=cache).problems) == BROKEN
    assert examine(a_card_with(), EXPECTING, at=AT, fetch=stapled({LIST: _body(a_list(**dated))})).ok


def test_a_stapled_list_whose_time_is_over_is_asked_for() -> None:
    """By its `ttl`, or by its own dates; once, whatever comes of it and however often it is named. Without a fetcher it refuses."""
    fresh = a_list(a_subject(ttl=300_000), validFrom="2026-11-21T11:56:00Z")
    late = (
        a_list(a_subject(ttl=300_000), validFrom="2026-11-21T11:54:59Z"),
        a_list(a_subject(), validFrom="2026-11-21T11:56:00Z"),
        a_list(a_subject(ttl=300_000), validFrom="2026-11-21T11:56:00Z", validUntil="2026-11-21T11:58:00Z"),
        a_list(a_subject(ttl=300_000), validFrom="2026-11-21T12:02:00Z"),
    )
    twice = a_card_with(an_entry(), an_entry(statusListIndex="5"))
    for document in late:
        assert places(examine(twice, EXPECTING, at=AT, fetch=stapled({LIST: _body(document)})).problems) == [
            (STATUS_VERIFICATION_ERROR, "/credentialStatus/0"),
            (STATUS_VERIFICATION_ERROR, "/credentialStatus/1"),
        ]
        for there, kinds in (
            ([secured(fresh)], []),
            ([secured(a_list(a_subject(bits_with(5))))], [REVOKED]),  # it is of any age, as ever
            ([secured(document | {"id": LIST, "issuer": "did:example:other"})], [STATUS_VERIFICATION_ERROR] * 2),
            ([], [STATUS_VERIFICATION_ERROR] * 2),
        ):
            shelf = Shelf(*there)
            found = examine(twice, EXPECTING, at=AT, fetch=stapled({LIST: _body(document)}, shelf))
            assert [problem.kind for problem in found.problems] == kinds
            assert [one.url for one in shelf.asked] == [LIST]


def test_a_stapled_list_that_is_kept_ends_all_the_same() -> None:
    ends = _body(a_list(a_subject(ttl=600_000), validFrom="2026-11-21T11:56:00Z", validUntil="2026-11-21T12:00:00Z"))
    cache, shelf, later = StatusCache(), Shelf(secured(a_list())), AT + 2 * MINUTE
    assert examine(a_card_with(), EXPECTING, at=AT, fetch=stapled({LIST: ends}, shelf), status_cache=cache).ok
    assert (len(cache), shelf.asked) == (1, [])
    assert examine(a_card_with(), EXPECTING, at=later, fetch=stapled({LIST: ends}, shelf), status_cache=cache).ok
    assert [one.url for one in shelf.asked] == [LIST]


def test_what_was_retrieved_is_not_asked_for_again() -> None:
    old, fresh = a_list(validFrom="2026-11-21T11:56:00Z"), expecting(max_status_age=MINUTE)
    for document in (old, old | {"validUntil": "2026-11-21T11:58:00Z"}):
        shelf = Shelf(secured(document))
        assert places(examine(a_card_with(), fresh, at=AT, fetch=shelf).problems) == BROKEN
        assert len(shelf.asked) == 1


def test_a_fetcher_that_gives_the_same_again_is_asked_no_more() -> None:
    shelf = Shelf(secured(a_list(a_subject())), stapled=True)
    assert places(examine(a_card_with(), EXPECTING, at=AT, fetch=shelf).problems) == BROKEN
    assert len(shelf.asked) == 2


def test_nobody_is_asked_about_a_stapled_list_that_is_wrong_otherwise() -> None:
    """Not when it is forged, not by another, and not when it is too old as well."""
    old = a_list(a_subject(), validFrom="2026-11-21T11:54:59Z", validUntil="2026-11-21T11:58:00Z")
    forged = _body(old).replace(b"11:54", b"11:53")
    strange = _body({**old, "name": {"@value": 5}})
    for body in (forged, strange, b"", b"{}"):
        shelf = Shelf(secured(a_list()))
        assert places(examine(a_card_with(), EXPECTING, at=AT, fetch=stapled({LIST: body}, shelf)).problems) == BROKEN
        assert shelf.asked == []


def test_a_wrong_list_does_not_waive_the_right_one() -> None:
    """Where what cannot be decided is waived, whoever was revoked would bring junk; so whoever brings it is as good as without a list."""
    revoked, waive = secured(a_list(a_subject(bits_with(NUMBER)))), expecting(status="waive")
    old = _body(a_list(a_subject(), validFrom="2026-11-21T11:54:59Z"))
    for body in (b"", b"junk", _body(a_list(issuer="did:example:other")), old):
        fetch = stapled({LIST: body}, Shelf(revoked))
        assert places(examine(a_card_with(), waive, at=AT, fetch=fetch).problems) == [(REVOKED, STATUS)]
        assert examine(a_card_with(), waive, at=AT, fetch=stapled({LIST: body}, Shelf())).ok  # as without any list
        assert examine(a_card_with(), waive, at=AT, fetch=stapled({LIST: body}, Shelf(secured(a_list())))).ok


def test_what_was_revoked_stays_so() -> None:
    """An old list that says it is as good as a new one; that says something else is not."""
    fresh: dict[str, Any] = {"max_status_age": MINUTE}
    for status in ("require", "waive"):
        revoked = Shelf(secured(a_list(a_subject(bits_with(NUMBER)), validFrom="2026-11-21T11:00:00Z")))
        assert places(report(a_card_with(), revoked, status=status, **fresh).problems) == [(REVOKED, STATUS)]
        suspended = Shelf(secured(a_list(a_subject(bits_with(NUMBER), statusPurpose="suspension"), validFrom="2026-11-21T11:00:00Z")))
        found = report(a_card_with(an_entry(statusPurpose="suspension")), suspended, status=status, **fresh)
        assert places(found.problems) == ([] if status == "waive" else BROKEN)


def test_nothing_but_a_list_is_taken_from_a_presentation() -> None:
    """Or whoever presents would say whose key is whose."""
    shelf = Shelf(at={"https://city.example/did.json": b"theirs"})
    fetch = stapled({"https://city.example/did.json": b"forged", LIST: b"x" * 11}, shelf)
    assert fetch(Retrieve("https://city.example/did.json", "application/did+json", 99, "the DID document")) == Retrieved(b"theirs")
    reason = "the status list of the credential"
    assert fetch(Retrieve(LIST, "application/vc", 11, reason)) == Retrieved(b"x" * 11, "application/vc", stapled=True)
    for retrieve, kind in ((Retrieve(LIST, "", 10, reason), LIMIT_EXCEEDED), (Retrieve(TOKEN, "", 10, reason), RETRIEVAL_REFUSED)):
        with pytest.raises(SaysoError) as refused:
            fetch(retrieve)
        assert [problem.kind for problem in refused.value.problems] == [kind]


def test_the_same_with_a_fetcher_that_is_awaited() -> None:
    async def theirs(retrieve: Retrieve) -> Retrieved:
        await asyncio.sleep(0)
        return Retrieved(b"theirs", retrieve.accept)

    fetch = stapled_async({TOKEN: a_token(ttl=300)}, theirs)
    found = asyncio.run(examine_async(a_pid_with(), EXPECTING, at=AT, fetch=fetch, status_cache=StatusCache()))
    assert found.ok
    assert not asyncio.run(examine_async(a_card_with(), EXPECTING, at=AT, fetch=fetch)).ok
    assert (
        asyncio.run(verify_async(a_pid_with(), EXPECTING, at=AT, fetch=fetch)).claims
        == examine(a_pid_with(), EXPECTING, at=AT, fetch=stapled({TOKEN: a_token(ttl=300)})).require().claims
    )
