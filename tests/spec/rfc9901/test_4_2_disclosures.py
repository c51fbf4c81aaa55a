"""RFC 9901, sections 4.2 and 6: what an issuer does to conceal claims."""

import pytest

from sayso.encodings import base64url
from sayso.jsonvalue import Json, JsonObject, parse
from sayso.proofs.sd_jwt import disclosure
from sayso.proofs.sd_jwt.concealment import conceal
from sayso.proofs.sd_jwt.disclosure import HASHES
from sayso.testing.world import CountingEntropy
from tests.unit.proofs.tokens import digest


def _read(text: str) -> list[Json]:
    parts = parse(base64url.decode(text))
    assert isinstance(parts, list)
    return parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0", "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"),
        ("WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0", "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"),
    ],
)
def test_sd_i2_the_published_digests(text: str, expected: str) -> None:
    """SD-I2: base64url of the hash of the disclosure's text, whatever white space it was written with."""
    assert digest(text) == expected


def test_sd_i1_the_forms_of_disclosures() -> None:
    """SD-I1: [salt, name, value] for a member, [salt, value] for an element; any JSON value, null too."""
    values: list[Json] = [None, True, 42, 3.14, "Möbius", [], {"a": [None]}]
    for value in values:
        assert _read(disclosure.write_property("salt", "näme", value)) == ["salt", "näme", value]
        assert _read(disclosure.write_element("salt", value)) == ["salt", value]


def test_sd_i1_each_salt_has_144_bits_of_its_own() -> None:
    """SD-I1: 128 bits or more, from one draw, and never twice."""
    draws: list[int] = []

    def entropy(size: int) -> bytes:
        draws.append(size)
        return CountingEntropy()(size)

    concealed = conceal({"a": 1, "b": [2, 3]}, [("a",), ("b", 0), ("b", 1)], entropy)
    salts = [_read(text)[0] for text in concealed.disclosures]
    assert draws == [54]
    assert [len(base64url.decode(str(salt))) for salt in salts] == [18, 18, 18]
    assert len({*map(str, salts)}) == 3


@pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
def test_sd_i1_no_claim_has_a_reserved_name(name: str) -> None:
    """SD-I1, SD-I4: concealed or not, at any depth."""
    forbidden: JsonObject = {name: "x"}
    inside: list[JsonObject] = [forbidden, {"a": forbidden}, {"a": [[forbidden]]}]
    for claims in inside:
        with pytest.raises(ValueError, match="reserves"):
            conceal(claims, [], CountingEntropy())


def test_sd_i3_a_member_becomes_a_digest_in_the_object_where_it_was() -> None:
    """SD-I3: `_sd` where the claim was, and nothing of it in the clear."""
    concealed = conceal({"a": 1, "b": {"c": 2, "d": 3}}, [("b", "c")], CountingEntropy())
    (text,) = concealed.disclosures
    assert _read(text)[1:] == ["c", 2]
    assert concealed.payload == {"a": 1, "b": {"d": 3, "_sd": [digest(text)]}, "_sd_alg": "sha-256"}


def test_sd_i3_an_element_becomes_a_digest_in_its_place() -> None:
    """SD-I3: an object with the one member `...`, in the same position."""
    concealed = conceal({"a": [1, 2, 3]}, [("a", 1)], CountingEntropy())
    (text,) = concealed.disclosures
    assert _read(text)[1:] == [2]
    assert concealed.payload == {"a": [1, {"...": digest(text)}, 3], "_sd_alg": "sha-256"}


def test_sd_i3_the_order_of_digests_does_not_tell_the_order_of_claims() -> None:
    """SD-I3: digests are sorted, which for values as good as random is a shuffle."""
    claims: JsonObject = {f"c{number}": number for number in range(20)}
    concealed = conceal(claims, [(name,) for name in claims], CountingEntropy())
    digests = concealed.payload["_sd"]
    assert isinstance(digests, list)
    assert digests == sorted(map(digest, concealed.disclosures))
    assert digests != [*map(digest, concealed.disclosures)]


@pytest.mark.parametrize("hash_name", [*HASHES])
def test_sd_i4_the_hash_is_named_at_the_top(hash_name: str) -> None:
    """SD-I4: `_sd_alg` at the top level only, by its IANA name."""
    concealed = conceal({"a": {"b": 1}}, [("a", "b")], CountingEntropy(), hash_name=hash_name)
    assert concealed.payload == {"a": {"_sd": [digest(concealed.disclosures[0], hash_name)]}, "_sd_alg": hash_name}


@pytest.mark.parametrize(
    ("hash_name", "begins"),
    [
        ("sha-256", "ba7816bf8f01cfea"),
        ("sha-384", "cb00753f45a35e8b"),
        ("sha-512", "ddaf35a193617aba"),
        ("sha3-256", "3a985da74fe225b2"),
        ("sha3-384", "ec01498288516fc9"),
        ("sha3-512", "b751850b1a57168a"),
    ],
)
def test_sd_i4_every_name_means_its_hash(hash_name: str, begins: str) -> None:
    """SD-I4: the digests of "abc" that FIPS 180-4 and FIPS 202 publish as examples, each as long as its name says."""
    digest_ = HASHES[hash_name](b"abc").digest()
    assert digest_.hex().startswith(begins)
    assert len(digest_) * 8 == int(hash_name.rpartition("-")[2])
    assert len(HASHES) == 6


@pytest.mark.parametrize("hash_name", ["md5", "sha256", "SHA-256", "sha-256-32", "sha3-224", ""])
def test_sd_i4_no_other_hash_is_used(hash_name: str) -> None:
    """SD-I4: truncated ones are refused, and what is not built."""
    with pytest.raises(ValueError, match="hash"):
        conceal({"a": 1}, [("a",)], CountingEntropy(), hash_name=hash_name)


def test_sv_5_without_anything_to_hide_nothing_is_added() -> None:
    """SV-5: no `_sd`, no `_sd_alg`, no decoys where nothing is selectively disclosable."""
    claims: JsonObject = {"a": [{"b": 1}]}
    assert conceal(claims, [], CountingEntropy(), decoys=3) == (claims, [])


def test_sd_i5_decoys_stand_beside_every_digest_of_an_object() -> None:
    """SD-I5: as long as the others, sorted among them, with no disclosure."""
    concealed = conceal({"a": 1, "b": {"c": 2}, "d": {"e": 3}}, [("a",), ("b", "c")], CountingEntropy(), decoys=4)
    inner = concealed.payload["b"]
    assert isinstance(inner, dict)
    for members in (concealed.payload, inner):
        digests = members["_sd"]
        assert isinstance(digests, list)
        assert len(digests) == 5
        assert digests == sorted(map(str, digests))
        assert {len(str(one)) for one in digests} == {43}
    assert concealed.payload["d"] == {"e": 3}
    assert len(concealed.disclosures) == 2


def test_sd_i5_decoys_of_an_array_stand_behind_its_last_element() -> None:
    """SD-I5: in front of it they would move the indexes by which a verifier counts."""
    concealed = conceal({"a": [1, 2], "b": [3, [4, 5]]}, [("a", 0), ("b", 1, 1)], CountingEntropy(), decoys=2)
    first, inner = (digest(text) for text in concealed.disclosures)
    a, b = concealed.payload["a"], concealed.payload["b"]
    assert isinstance(a, list)
    assert isinstance(b, list)
    assert a[:2] == [{"...": first}, 2]
    assert len(a) == 4
    assert b[0] == 3
    assert isinstance(b[1], list)
    assert b[1][:2] == [4, {"...": inner}]
    assert len(b[1]) == 4
    assert len(b) == 2
    for decoy in (*a[2:], *b[1][2:]):
        assert isinstance(decoy, dict)
        assert [*decoy] == ["..."]
        assert len(str(decoy["..."])) == 43


@pytest.mark.parametrize("hash_name", [*HASHES])
def test_sd_i5_decoys_are_as_long_as_digests(hash_name: str) -> None:
    """SD-I5: the same hash, or their length would give them away."""
    digests = conceal({"a": 1}, [("a",)], CountingEntropy(), hash_name=hash_name, decoys=3).payload["_sd"]
    assert isinstance(digests, list)
    assert {len(str(one)) for one in digests} == {len(digest("x", hash_name))}


def test_sd_i6_a_disclosure_may_hold_digests() -> None:
    """SD-I6: recursive disclosure, in objects and arrays; the inner disclosure is written first, for the outer one holds its digest."""
    claims: JsonObject = {"address": {"city": "Köln", "country": "DE"}, "langs": [["de", "fr"]]}
    concealed = conceal(claims, [("address",), ("address", "city"), ("langs", 0), ("langs", 0, 1)], CountingEntropy())
    city, address, inner, outer = concealed.disclosures
    assert _read(city)[1:] == ["city", "Köln"]
    assert _read(address)[1:] == ["address", {"country": "DE", "_sd": [digest(city)]}]
    assert _read(inner)[1:] == ["fr"]
    assert _read(outer)[1:] == [["de", {"...": digest(inner)}]]
    assert concealed.payload == {"langs": [{"...": digest(outer)}], "_sd": [digest(address)], "_sd_alg": "sha-256"}


def test_sd_i7_no_digest_stands_twice() -> None:
    """SD-I7: equal claims have different salts, and decoys come from chance too."""
    claims: JsonObject = {"a": ["x", "x"], "b": {"c": "x"}, "d": {"c": "x"}}
    concealed = conceal(claims, [("a", 0), ("a", 1), ("b", "c"), ("d", "c")], CountingEntropy(), decoys=5)
    found: list[str] = []

    def collect(value: Json) -> None:
        if isinstance(value, dict):
            found.extend(str(value[name]) for name in value if name == "...")
            for item in value.values():
                collect(item)
        elif isinstance(value, list):
            found.extend(item for item in value if isinstance(item, str))
            for item in value:
                collect(item)

    collect({name: value for name, value in concealed.payload.items() if name != "_sd_alg"})
    assert len(found) == 4 + 3 * 5
    assert len({*found}) == len(found)
