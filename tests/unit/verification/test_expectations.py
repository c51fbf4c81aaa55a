"""What may be expected, and what is a wrong call."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sayso.credentials.kinds import Context, CredentialType
from sayso.jsonvalue import DEFAULT_LIMITS, Json, JsonObject, Limits
from sayso.verification.arguments import text_bytes
from sayso.verification.expectations import ANYONE, Expectations, Presenter
from tests.unit.proofs.tokens import AUDIENCE
from tests.unit.verification.proven import asking, expecting

TYPES: Json = [["https://www.w3.org/2018/credentials#VerifiableCredential"]]


def test_every_default_is_the_strict_one() -> None:
    expected = Expectations(issuers=["did:example:a"])
    assert expected.holder_binding
    assert (expected.audience, expected.nonce, expected.types, expected.asked) == (None, None, None, None)
    assert (expected.status, expected.unknown_status) == ("require", "refuse")
    digests = ("sha-256", "sha-384", "sha-512", "sha3-256", "sha3-384", "sha3-512")
    assert (expected.algorithms, expected.digests) == (("EdDSA", "Ed25519"), digests)
    assert (expected.max_age, expected.skew) == (timedelta(minutes=5), timedelta(seconds=60))
    assert expected.limits is DEFAULT_LIMITS
    assert expected.cryptosuites == ("eddsa-rdfc-2022", "eddsa-jcs-2022")
    assert (expected.issuer_binding, expected.subjects, expected.all_proofs, expected.credentials) == (True, "presenter", True, None)
    assert (expected.schema, expected.undefined_terms, expected.appended_contexts, expected.vc_claim) == (
        "require",
        "report",
        "refuse",
        "refuse",
    )
    assert (expected.domain, expected.contexts, expected.keys, expected.presenter) == (None, {}, {}, None)
    assert (expected.inline_contexts, expected.text_dates) == (False, False)


def test_what_decoding_must_know_is_what_was_expected() -> None:
    known: dict[str, JsonObject] = {"https://a.example/v1": {"@context": {}}}
    expected = Expectations(
        issuers=ANYONE,
        algorithms=["ES256"],
        digests=["sha-384"],
        limits=Limits(depth=7),
        cryptosuites=["ecdsa-jcs-2019"],
        all_proofs=False,
        contexts=known,
        inline_contexts=True,
        appended_contexts="drop",
        vc_claim="1.1",
    )
    policy = expected.policy
    assert (policy.algorithms, policy.digests, policy.limits) == (("ES256",), ("sha-384",), Limits(depth=7))
    assert (policy.cryptosuites, policy.all_proofs, policy.inline_contexts) == (("ecdsa-jcs-2019",), False, True)
    assert (policy.appended_contexts, policy.vc_claim) == ("drop", "1.1")
    assert (expected.reading.inline, Expectations(issuers=ANYONE).reading.inline) == (True, False)
    assert "https://a.example/v1" in policy.contexts
    assert "https://www.w3.org/ns/credentials/v2" in policy.contexts


def test_names_of_this_verifier() -> None:
    assert expecting().audiences("aud") == expecting().audiences("domain") == {AUDIENCE}
    assert expecting(domain="https://a.example").audiences("domain") == {"https://a.example"}
    assert expecting(domain=["https://a.example", "https://b.example"]).audiences("domain") == {"https://a.example", "https://b.example"}
    assert expecting(domain="https://a.example").audiences("aud") == {AUDIENCE}
    assert Expectations(issuers=ANYONE).audiences("domain") == frozenset()


def test_whom_to_trust_must_be_said() -> None:
    with pytest.raises(TypeError):
        Expectations()  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["issuers", "status_issuers", "types", "algorithms", "cryptosuites", "digests"])
@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        ("did:example:a", TypeError, r"^{} is a list"),
        ([], ValueError, r"^{} may not be empty"),
        ((), ValueError, r"^{} may not be empty"),
        (5, TypeError, "iterable"),
    ],
    ids=repr,
)
def test_a_list_is_a_list_with_something_in_it(name: str, value: object, error: type[Exception], said: str) -> None:
    options: dict[str, Any] = {"issuers": ANYONE, name: value}
    with pytest.raises(error, match=said.format(name)):
        Expectations(**options)


def test_issuers_are_nobody_or_named_or_anyone() -> None:
    with pytest.raises(TypeError):
        Expectations(issuers=None)  # type: ignore[arg-type]
    named = Expectations(issuers=["did:example:a"])
    assert named.trusts("did:example:a")
    assert not named.trusts("did:example:A")
    assert not named.trusts("did:example:")
    assert Expectations(issuers=ANYONE).trusts("did:example:b")
    assert repr(ANYONE) == "ANYONE"


@pytest.mark.parametrize(
    "options",
    [
        {"algorithms": ["none"]},
        {"algorithms": ["EdDSA", "HS256"]},
        {"cryptosuites": ["bbs-2023"]},
        {"subjects": "all"},
        {"schema": "waive"},
        {"undefined_terms": "drop"},
        {"appended_contexts": "ignore"},
        {"vc_claim": "2.0"},
        {"domain": ""},
        {"domain": []},
        {"keys": {"key-1": {"id": "key-1"}}},
        {"contexts": {"https://www.w3.org/ns/credentials/v2": {"@context": {}}}},
        {"digests": ["sha-256", "md5"]},
        {"unasked": "show"},
        {"unasked": None},
        {"status": True},
        {"status": "drop"},
        {"unknown_status": "waive"},
        {"skew": timedelta(seconds=-1)},
        {"max_age": timedelta(microseconds=-1)},
        {"max_status_age": timedelta(microseconds=-1)},
        {"audience": ""},
        {"nonce": ""},
        {"limits": Limits(depth=129)},
    ],
    ids=repr,
)
def test_an_option_is_one_of_those_there_are(options: dict[str, Any]) -> None:
    """An empty nonce or audience would fit what anybody can replay."""
    (name,) = options
    with pytest.raises(ValueError, match=rf"\b{name}\b"):
        Expectations(issuers=ANYONE, **options)


@pytest.mark.parametrize(
    "options",
    [{"skew": timedelta(0)}, {"max_age": timedelta(0)}, {"max_status_age": timedelta(0)}, {"limits": Limits(depth=128)}],
    ids=repr,
)
def test_the_edge_is_allowed(options: dict[str, Any]) -> None:
    Expectations(issuers=ANYONE, **options)


@pytest.mark.parametrize(
    "options",
    [
        {"audience": 1},
        {"nonce": b"x"},
        {"skew": 60},
        {"max_age": None},
        {"limits": 4096},
        {"holder_binding": 1},
        {"issuer_binding": None},
        {"all_proofs": "yes"},
        {"inline_contexts": 0},
        {"text_dates": "no"},
        {"credentials": "1"},
        {"contexts": ["https://a.example/v1"]},
        {"keys": []},
        {"transaction_data": []},
        {"max_status_age": 60},
        {"max_status_list_bytes": "1"},
        {"trust_anchors": b"one"},
        {"trust_anchors": "one"},
        {"asked": {"id": "q"}},
        {"types": [None]},
        {"types": [1]},
        {"known_types": ["A"]},
        {"known_types": CredentialType("A")},
        {"domain": [1]},
        {"domain": [{}]},
    ],
    ids=repr,
)
def test_an_option_is_of_its_type(options: dict[str, Any]) -> None:
    (name,) = options
    with pytest.raises(TypeError, match=f"^{name} (is|are) "):
        Expectations(issuers=ANYONE, **options)


def test_what_is_read_once_is_checked_all_the_same() -> None:
    """A generator has nothing left when it is looked at a second time."""

    def some(*names: str) -> Iterator[str]:
        yield from names

    options: dict[str, Any] = {"algorithms": some("none")}
    with pytest.raises(ValueError, match="algorithms"):
        Expectations(issuers=ANYONE, **options)
    options = {"issuers": some("did:example:a"), "types": some("A"), "digests": some("sha-256"), "known_types": iter([CredentialType("A")])}
    options["status_issuers"] = some("did:example:b")
    expected = Expectations(**options)
    for _ in range(2):
        assert expected.trusts("did:example:a")
        assert expected.of_list("did:example:a").issuers == ("did:example:b",)
        assert "A" in expected.type_names
        assert len(expected.kinds) == 1
        assert expected.policy.digests == ("sha-256",)


def test_what_was_expected_does_not_change_behind_the_back() -> None:
    issuers, kinds = ["did:example:a"], [CredentialType("A")]
    expected = Expectations(issuers=issuers, known_types=kinds)
    issuers.append("did:example:b")
    kinds.clear()
    assert not expected.trusts("did:example:b")
    assert len(expected.kinds) == 1
    with pytest.raises(AttributeError):
        expected.nonce = "x"  # type: ignore[misc]


def test_a_type_has_all_its_names() -> None:
    """SV-2, DM-4: its expanded IRI and its `vct`; a plain name may be either."""
    undefined = "https://www.w3.org/ns/credentials/undefined-term#"
    kind = CredentialType("Pass", context=Context("https://a.example/v1", {"Pass": "https://a.example/Pass"}), vct="urn:pass")
    expected = Expectations(issuers=ANYONE, types=[kind, "Card", "urn:x", CredentialType("Other"), "no term"])
    assert expected.type_names == {
        "https://a.example/Pass",
        "urn:pass",
        "Card",
        undefined + "Card",
        "urn:x",
        undefined + "Other",
        "Other",
        "no term",
    }
    assert expected.kinds == (kind, CredentialType("Other"))
    assert Expectations(issuers=ANYONE).type_names == frozenset()


def test_terms_come_from_known_and_from_expected_types() -> None:
    one, other = CredentialType("A"), CredentialType("B")
    assert Expectations(issuers=ANYONE, types=[one], known_types=[other]).kinds == (other, one)


@pytest.mark.parametrize("required", [True, False])
def test_to_answer_a_query_is_to_be_bound_as_it_says(required: bool) -> None:
    """DQ-1: require_cryptographic_holder_binding; all else stays as it was."""
    before = Expectations(
        issuers=ANYONE, nonce="n", audience="a", holder_binding=not required, unasked="refuse", known_types=[CredentialType("A")]
    )
    asked = asking(require_cryptographic_holder_binding=required)
    after = before.answering(asked)
    assert (after.asked, after.holder_binding) == (asked, required)
    assert (before.asked, before.holder_binding) == (None, not required)
    assert (after.nonce, after.audience, after.unasked, after.kinds) == ("n", "a", "refuse", before.kinds)


def test_who_asks_for_a_jwt_of_the_first_data_model_reads_its_claims() -> None:
    """OpenID4VP 1.0, appendix B.1.3.1: and nobody else does, nor less than was named."""
    claim = asking(format_id="jwt_vc_json", types=TYPES, meta={"type_values": TYPES})
    card = asking(format_id="vc+sd-jwt")
    assert expecting().answering(claim).vc_claim == expecting(vc_claim="1.1").answering(claim).vc_claim == "1.1"
    assert expecting(vc_claim="any").answering(claim).vc_claim == "any"
    assert expecting().answering(card).vc_claim == "refuse"
    assert expecting(vc_claim="1.1").answering(card).vc_claim == "1.1"


def test_what_holds_a_schema_answers_nothing() -> None:
    beside = expecting(types=["Card"], asked=asking()).inside(Presenter(frozenset({"did:example:a"}), ())).beside()
    assert (beside.holder_binding, beside.presenter, beside.types, beside.asked, beside.schema) == (False, None, None, None, "ignore")


def test_what_holds_a_status_list_is_signed_by_who_may_and_of_a_size_that_is_accepted() -> None:
    """BS-V2: it answers nothing, and nothing that was waived for the credential is waived for its list."""
    lax: dict[str, Any] = {"status": "waive", "unknown_status": "ignore", "schema": "require", "types": ["Card"], "asked": asking()}
    whole = expecting(["did:example:a"], domain="https://a.example", max_status_list_bytes=9, limits=Limits(depth=7), **lax)
    under = whole.inside(Presenter(frozenset({"did:example:a"}), ())).of_list("did:example:b")
    assert under.issuers == ("did:example:b",)
    assert (under.nonce, under.domain, under.status, under.unknown_status) == (None, None, "require", "refuse")
    assert (under.holder_binding, under.presenter, under.types, under.asked, under.schema) == (False, None, None, None, "ignore")
    assert under.limits == Limits(depth=7, size_bytes=text_bytes(9))
    assert expecting(status_issuers=["did:example:c"]).of_list("did:example:b").issuers == ("did:example:c",)
    assert expecting(status_issuers=ANYONE).of_list("did:example:b").issuers is ANYONE


def test_options_that_are_mappings_can_be_left_out_of_a_hash() -> None:
    """Contexts and keys are mappings: they are compared, and what follows from them is not said again."""
    terms: JsonObject = {"@context": {"Pass": "https://a.example/Pass"}}
    one, other = (Expectations(issuers=ANYONE, contexts={"https://a.example/v1": terms}) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert "reading" not in repr(one)
    assert "known_keys" not in repr(one)
    assert "key_ways" not in repr(one)
