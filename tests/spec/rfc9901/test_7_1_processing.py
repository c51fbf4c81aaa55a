"""RFC 9901, section 7.1: what holder and verifier do with what they received."""

from collections.abc import Mapping
from typing import Any

import pytest

from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED, PARSING_ERROR
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.mechanism import Proven
from sayso.proofs.sd_jwt.disclosure import HASHES
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import PID, POLICY, STRANGER, digest, element, encoded, limited, member, prove, sd_jwt, token, without


def _processed(payload: Mapping[str, Any], *disclosures: str) -> Proven:
    return prove(sd_jwt(token({**PID, **payload}), *disclosures))


def _claims(payload: Mapping[str, Any], *disclosures: str) -> JsonObject:
    """Give what is left of a payload, without what is in every one."""
    document = _processed(payload, *disclosures).document
    return {name: value for name, value in document.items() if name not in PID}


def test_sd_v1_the_issuers_signature_comes_first() -> None:
    """SD-V1: a payload that nobody signed is not even processed."""
    wrong: JsonObject = {**PID, "_sd": 1, "_sd_alg": 1}
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "", says="signature"):
        prove(sd_jwt(token(wrong, STRANGER)))


@pytest.mark.parametrize("hash_name", [*HASHES])
def test_sd_v1_the_hash_is_the_one_that_is_named(hash_name: str) -> None:
    """SD-V1, SD-I4: a digest of another hash is a digest of nothing."""
    text = member("a", 1)
    assert _claims({"_sd": [digest(text, hash_name)], "_sd_alg": hash_name}, text) == {"a": 1}
    for other in {*HASHES} - {hash_name}:
        with refused(PARSING_ERROR, says="referenced by no digest"):
            _processed({"_sd": [digest(text, other)], "_sd_alg": hash_name}, text)


def test_sd_v1_without_a_name_it_is_sha_256() -> None:
    """SD-I4: the default."""
    text = member("a", 1)
    proven = _processed({"_sd": [digest(text)]}, text)
    assert proven.document["a"] == 1
    assert proven.digest == "sha-256"


@pytest.mark.parametrize("name", ["md5", "sha-1", "SHA-256", "sha256", "sha-256-32", "sha3-224", "", None, 256, ["sha-256"], {}], ids=repr)
def test_sd_v1_any_other_hash_is_refused(name: Json) -> None:
    """SD-V1, SD-I4: unknown, truncated, or no name at all; also where nothing is disclosed."""
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/_sd_alg"):
        _processed({"_sd_alg": name})


def test_sd_v1_which_hashes_are_acceptable_is_policy() -> None:
    text = member("a", 1)
    issued = sd_jwt(token({**PID, "_sd": [digest(text, "sha-384")], "_sd_alg": "sha-384"}), text)
    prove(issued, POLICY._replace(digests=("sha-384",)))
    for policy in (POLICY._replace(digests=("sha-256",)), POLICY._replace(digests=())):
        with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/_sd_alg"):
            prove(issued, policy)
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/_sd_alg"):
        prove(sd_jwt(token(PID)), POLICY._replace(digests=("sha-512",)))


def test_sd_v1_a_policy_cannot_add_a_hash_that_is_not_built() -> None:
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/_sd_alg"):
        prove(sd_jwt(token({**PID, "_sd_alg": "md5"})), POLICY._replace(digests=("sha-256", "md5")))


@pytest.mark.parametrize("digests", [None, "x", 1, {}, [1], [None], [["x"]], ["x", {}]], ids=repr)
def test_sd_v2_sd_is_an_array_of_strings(digests: Json) -> None:
    """SD-V2, SD-V9: anything else under that name is malformed, at any depth."""
    for payload in ({"_sd": digests}, {"a": {"_sd": digests}}, {"a": [[{"b": {"_sd": digests}}]]}):
        with refused(PARSING_ERROR):
            _processed(payload)


@pytest.mark.parametrize("placeholder", [{"...": 1}, {"...": None}, {"...": ["x"]}, {"...": "x", "a": 1}, {"...": {}}], ids=repr)
def test_sd_v2_a_placeholder_has_one_member_a_string(placeholder: Json) -> None:
    """SD-V2, SD-V9: `...` stands for nothing else, and nowhere else."""
    for payload in ({"a": [placeholder]}, {"a": [[placeholder]]}, {"a": placeholder}):
        with refused(PARSING_ERROR):
            _processed(payload)


def test_sd_v2_digests_are_found_inside_of_what_is_revealed() -> None:
    """SD-V2: recursively, from objects into arrays and back."""
    inner = member("d", 1)
    middle = element({"_sd": [digest(inner)], "e": 2})
    outer = member("a", {"b": [{"...": digest(middle)}], "c": 3})
    assert _claims({"_sd": [digest(outer)]}, inner, outer, middle) == {"a": {"b": [{"e": 2, "d": 1}], "c": 3}}


@pytest.mark.parametrize("value", [None, True, 0, -1.5, "", "Möbius", [], {}, [None], {"a": {"b": []}}], ids=repr)
def test_sd_v3_and_v4_any_value_is_put_back(value: Json) -> None:
    """SD-V3, SD-V4: in its object, in its place of the array."""
    one, other = member("a", value), element(value)
    assert _claims({"_sd": [digest(one)]}, one) == {"a": value}
    assert _claims({"a": [1, {"...": digest(other)}, 2]}, other) == {"a": [1, value, 2]}


@pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
def test_sd_v3_a_disclosure_cannot_bring_a_reserved_name(name: str) -> None:
    """SD-V3; `_sd_alg` would stay in what is processed, where it is no claim (SD-V5, SD-V9)."""
    text = member(name, ["x"])
    for payload in ({"_sd": [digest(text)]}, {"a": {"_sd": [digest(text)]}}, {"_sd": [digest(text)], "_sd_alg": "sha-256"}):
        with refused(PARSING_ERROR):
            _processed(payload, text)


def test_sd_v3_a_disclosure_cannot_take_the_name_of_a_claim() -> None:
    """SD-V3: neither of one in the clear, wherever it stands, nor of one that was disclosed before."""
    one, other = member("a", 1), member("a", 2, "another salt")
    for payload, disclosures in (
        ({"_sd": [digest(one)], "a": 0}, (one,)),
        ({"a": 0, "_sd": [digest(one)]}, (one,)),
        ({"b": {"_sd": [digest(one)], "a": None}}, (one,)),
        ({"_sd": [digest(one), digest(other)]}, (one, other)),
        ({"_sd": [digest(other), digest(one)]}, (one, other)),
    ):
        with refused(PARSING_ERROR, says="there already"):
            _processed(payload, *disclosures)
    assert _claims({"b": {"_sd": [digest(one)]}, "a": 0}, one) == {"b": {"a": 1}, "a": 0}


def test_sd_v3_and_v4_a_disclosure_belongs_where_its_kind_belongs() -> None:
    """SD-V3, SD-V4: three parts for a member, two for an element."""
    three, two = member("a", 1), element(1)
    with refused(PARSING_ERROR):
        _processed({"a": [{"...": digest(three)}]}, three)
    with refused(PARSING_ERROR):
        _processed({"_sd": [digest(two)]}, two)


@pytest.mark.parametrize(
    "parts",
    [
        [],
        ["salt"],
        ["salt", "a", 1, 2],
        [1, "a", 1],
        [None, "a", 1],
        [["salt"], "a", 1],
        [{}, 1],
        [1, 1],
        ["salt", 1, 1],
        ["salt", None, 1],
        ["salt", ["a"], 1],
        {"salt": "a"},
        "salt",
        1,
        None,
    ],
    ids=repr,
)
def test_sd_v9_a_disclosure_is_an_array_of_two_or_three_with_strings(parts: Json) -> None:
    """SD-V9: salt and name are strings; refused also where no digest asks for it."""
    text = encoded(parts)
    for payload in ({"_sd": [digest(text)]}, {"a": [{"...": digest(text)}]}, {}):
        with refused(PARSING_ERROR):
            _processed(payload, text)


@pytest.mark.parametrize("text", ["!", "A", "e30=", "WyJhIiwxXQ==", "WyJhIiwxXR", "é", " ", "WyJzIiwiYSIs", "-", "__"])
def test_sd_v9_a_disclosure_is_base64url_of_json(text: str) -> None:
    """SD-V9: in the one spelling."""
    with refused(PARSING_ERROR):
        _processed({}, text)


def test_sd_v5_what_is_not_disclosed_leaves_no_trace() -> None:
    """SD-V5: `_sd`, `_sd_alg` and placeholders go; objects left empty stay `{}`, arrays `[]`."""
    payload: JsonObject = {
        "_sd": ["d1"],
        "_sd_alg": "sha-256",
        "a": {"_sd": ["d2"]},
        "b": [{"...": "d3"}],
        "c": [1, {"...": "d4"}, [{"...": "d5"}], {"_sd": []}],
    }
    assert _claims(payload) == {"a": {}, "b": [], "c": [1, [], {}]}


def test_sd_v9_sd_alg_stands_at_the_top_only() -> None:
    """SD-I4, SD-V9: anywhere else it is malformed, also inside of what is disclosed."""
    nested = {"_sd_alg": "sha-256"}
    text = member("d", nested)
    for payload, disclosures in (({"a": {"a": nested}}, ()), ({"a": [nested]}, ()), ({"_sd": [digest(text)]}, (text,))):
        with refused(PARSING_ERROR, says="reserved"):
            _processed(payload, *disclosures)


def test_sd_v6_a_digest_stands_in_one_place() -> None:
    """SD-V6: in the payload, inside of disclosures, across both kinds; opened or not."""
    text = member("a", 1)
    unknown = digest("unknown")
    carrier = member("b", {"_sd": [digest(text)]})
    array = member("b", [{"...": unknown}])
    two = element(1)
    for payload, disclosures in (
        ({"_sd": [unknown, unknown]}, ()),
        ({"_sd": [unknown], "c": {"_sd": [unknown]}}, ()),
        ({"_sd": [unknown], "c": [{"...": unknown}]}, ()),
        ({"c": [{"...": unknown}, {"...": unknown}]}, ()),
        ({"_sd": [digest(text), digest(text)]}, (text,)),
        ({"_sd": [digest(text), digest(carrier)]}, (text, carrier)),
        ({"_sd": [digest(array), unknown]}, (array,)),
        ({"c": [{"...": digest(two)}, [{"...": digest(two)}]]}, (two,)),
        ({"_sd": [digest(two)], "c": [{"...": digest(two)}]}, (two,)),
    ):
        with refused(PARSING_ERROR):
            _processed(payload, *disclosures)


def test_sd_v7_every_disclosure_is_asked_for() -> None:
    """SD-V7: no strangers, no orphans whose parent stayed home, none twice."""
    child = member("c", 1)
    parent = member("p", {"_sd": [digest(child)]})
    stranger = member("s", 1)
    payload: JsonObject = {"_sd": [digest(parent)]}
    assert _claims(payload, parent, child) == {"p": {"c": 1}}
    assert _claims(payload, parent) == {"p": {}}
    for disclosures in ((stranger,), (parent, stranger), (child,), (parent, child, stranger)):
        with refused(PARSING_ERROR, says="referenced by no digest"):
            _processed(payload, *disclosures)
    for disclosures in ((parent, parent), (parent, child, child)):
        with refused(PARSING_ERROR, says="given twice"):
            _processed(payload, *disclosures)


def test_sd_v7_a_disclosure_cannot_open_itself() -> None:
    """SD-V7: digests inside of a disclosure that nothing leads to are not looked at."""
    one = member("a", {"_sd": ["x"]})
    other = member("b", {"_sd": [digest(one)]})
    with refused(PARSING_ERROR):
        _processed({}, one, other)


def test_sd_i2_a_disclosure_is_hashed_as_it_travels() -> None:
    """SD-I2, SD-V1: white space and escapes are the issuer's; the same array in another spelling has another digest."""
    spaced = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0"
    tight = element("FR", "lklxF5jMYlGTPUovMNIvCA")
    payload: JsonObject = {"nationalities": [{"...": "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"}]}
    assert _claims(payload, spaced) == {"nationalities": ["FR"]}
    with refused(PARSING_ERROR):
        _processed(payload, tight)


def _chain(length: int) -> tuple[JsonObject, list[str]]:
    """Write disclosures of which each holds the digest of the next, so that each is shallow and all of them together are not."""
    texts = [member("x", 1)]
    for _ in range(length - 1):
        texts.append(member("x", {"_sd": [digest(texts[-1])]}))
    return {"_sd": [digest(texts[-1])]}, texts


def test_sd_v9_a_chain_of_disclosures_is_as_deep_as_a_text_may_be() -> None:
    """SD-V9: the document that comes out obeys the limit that holds for what goes in, to the level."""
    payload, texts = _chain(64)
    document: Json = prove(sd_jwt(token({**PID, **payload}), *texts)).document
    depth = 0
    while isinstance(document, dict):
        document, depth = document["x"], depth + 1
    assert (depth, document) == (64, 1)
    payload, texts = _chain(65)
    with refused(LIMIT_EXCEEDED):
        prove(sd_jwt(token({**PID, **payload}), *texts))


def test_sd_v9_so_is_a_chain_through_arrays() -> None:
    """SD-V9."""
    texts = [element([])]
    for _ in range(2):
        texts.append(element([{"...": digest(texts[-1])}]))
    issued = sd_jwt(token({**without(PID, "cnf"), "x": [{"...": digest(texts[-1])}]}), *texts)
    assert prove(issued, limited(depth=5)).document["x"] == [[[[]]]]
    with refused(LIMIT_EXCEEDED):
        prove(issued, limited(depth=4))
