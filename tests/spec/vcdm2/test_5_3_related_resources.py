"""VCDM 2.0, section 5.3: the digests of what a credential is related to are those of what is used."""

import hashlib
from base64 import b64encode

import pytest

from sayso.credentials import digests, related_resources
from sayso.credentials.contexts.bundled import CREDENTIALS_V2, UNDEFINED_TERMS_V2, content
from sayso.encodings import multibase, multihash
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED, UNDECIDABLE
from sayso.jsonvalue import Json, JsonObject
from tests.spec.vcdm2.documents import CARD_CONTEXT, a_card, a_credential, found

WRONG = CRYPTOGRAPHIC_SECURITY_ERROR.title
OPEN = UNDECIDABLE.title
SHA256 = "sha256-WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ="
SHA384 = "sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU"
SHA512 = "sha512-" + b64encode(hashlib.sha512(content(CREDENTIALS_V2)).digest()).decode()
MULTIBASE = "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA"
OTHER = b"another resource"


def sri(data: bytes, bits: int) -> str:
    return f"sha{bits}-{b64encode(hashlib.new(f'sha{bits}', data).digest()).decode()}"


def z(data: bytes, name: multihash.HashName) -> str:
    return multibase.encode_base58btc(multihash.encode(data, name))


RIGHT: list[tuple[str, Json]] = [
    ("digestSRI", SHA256),
    ("digestSRI", SHA384),
    ("digestSRI", SHA512),
    ("digestSRI", [SHA384]),
    ("digestSRI", f"{SHA384}?ct=application/ld+json"),
    ("digestSRI", f"{SHA384} {SHA512}"),
    ("digestMultibase", MULTIBASE),
    ("digestMultibase", z(content(CREDENTIALS_V2), "sha2-256")),
    ("digestMultibase", z(content(CREDENTIALS_V2), "sha2-384")),
    ("digestMultibase", multibase.encode_base64url(multihash.encode(content(CREDENTIALS_V2), "sha2-384"))),
    ("digestMultibase", [MULTIBASE, z(content(CREDENTIALS_V2), "sha3-384")]),
    # another version of the resource, and a weaker digest beside a stronger one
    ("digestSRI", [sri(OTHER, 384), SHA384]),
    ("digestSRI", f"{sri(OTHER, 256)} {SHA384}"),
    ("digestMultibase", [z(OTHER, "sha2-256"), MULTIBASE]),
    # a kind that is not known, here SHA-512, beside one that is
    ("digestMultibase", [multibase.encode_base64url(b"\x13\x40" + bytes(64)), MULTIBASE]),
]
FALSE: list[tuple[str, Json]] = [
    ("digestSRI", sri(OTHER, 256)),
    ("digestSRI", sri(OTHER, 384)),
    ("digestSRI", sri(OTHER, 512)),
    # unused bits make it another text for the same digest
    ("digestSRI", SHA256[:-2] + "1="),
    ("digestMultibase", z(OTHER, "sha2-256")),
    ("digestMultibase", multibase.encode_base64url(multihash.encode(OTHER, "sha2-384"))),
    # the strongest decides
    ("digestSRI", [SHA384, sri(OTHER, 512)]),
    ("digestMultibase", [MULTIBASE, z(OTHER, "sha2-384")]),
]


@pytest.mark.parametrize(("member", "digest"), RIGHT)
def test_dm_13_the_bundled_context_in_every_notation(member: str, digest: Json) -> None:
    """DM-13, CX-4."""
    assert found(a_card(relatedResource={"id": CREDENTIALS_V2, member: digest})) == []


@pytest.mark.parametrize(("member", "digest"), FALSE)
def test_dm_13_a_wrong_digest(member: str, digest: Json) -> None:
    """DM-13: error on mismatch; at its place."""
    assert found(a_card(relatedResource={"id": CREDENTIALS_V2, member: digest})) == [(WRONG, f"/relatedResource/{member}")]
    logo: Json = {"id": "https://example.org/logo.png", member: digest}
    assert found(a_card(relatedResource=[logo, {"id": CREDENTIALS_V2, member: digest}])) == [(WRONG, f"/relatedResource/1/{member}")]


def test_dm_13_both_notations_hold() -> None:
    """DM-13: one that holds does not excuse the other."""
    resource: JsonObject = {"id": CREDENTIALS_V2, "digestSRI": SHA384, "digestMultibase": z(OTHER, "sha2-256")}
    assert found(a_card(relatedResource=resource)) == [(WRONG, "/relatedResource/digestMultibase")]
    assert found(a_card(relatedResource=resource | {"digestSRI": sri(OTHER, 384), "digestMultibase": MULTIBASE})) == [
        (WRONG, "/relatedResource/digestSRI")
    ]


def test_dm_13_a_bundled_context_that_is_not_in_use() -> None:
    """DM-13: its bytes are at hand all the same."""
    resource: JsonObject = {"id": UNDEFINED_TERMS_V2, "digestSRI": SHA384}
    assert (
        found(a_card(relatedResource=resource)) == found(a_credential(relatedResource=resource)) == [(WRONG, "/relatedResource/digestSRI")]
    )


def test_dm_13_a_context_in_use_whose_bytes_are_not_at_hand() -> None:
    """DM-13: not decided."""
    document = a_card(relatedResource={"id": CARD_CONTEXT, "digestSRI": sri(OTHER, 384)})
    assert found(document) == [(OPEN, "/relatedResource")]


def test_dm_13_a_digest_of_no_known_kind() -> None:
    """DM-13: refused without a verdict."""
    unknown = multibase.encode_base64url(b"\x13\x40" + bytes(64))
    assert found(a_card(relatedResource={"id": CREDENTIALS_V2, "digestMultibase": unknown})) == [(OPEN, "/relatedResource/digestMultibase")]
    assert [problem.title for problem in digests.problems({"digestSRI": "sha1-AAAA"}, b"")] == [OPEN]
    assert [problem.title for problem in digests.problems({"digestSRI": None}, b"")] == [OPEN]


def test_dm_13_the_number_of_digests_is_bounded() -> None:
    """DM-13."""
    most = [MULTIBASE] * digests.MAX_DIGESTS
    assert found(a_card(relatedResource={"id": CREDENTIALS_V2, "digestMultibase": [*most]})) == []
    beyond: JsonObject = {"id": CREDENTIALS_V2, "digestMultibase": [*most, MULTIBASE]}
    assert found(a_card(relatedResource=beyond)) == [(LIMIT_EXCEEDED.title, "/relatedResource/digestMultibase")]


def test_only_the_first_of_an_identifier_counts() -> None:
    """DM-13: a second one is malformed already, and is not compared."""
    first: JsonObject = {"id": CREDENTIALS_V2, "digestSRI": SHA384}
    resources: list[Json] = [5, {}, {"id": 5}, first, first]
    assert [place for _, place in related_resources.entries({"relatedResource": resources})] == [("relatedResource", 3)]
