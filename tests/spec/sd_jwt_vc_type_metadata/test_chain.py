"""SD-JWT VC draft 19, type metadata: digests (SV-11), and types that extend others (SV-10, SV-16)."""

import hashlib
from base64 import b64encode
from itertools import pairwise
from typing import Any

import pytest

from sayso.credentials.type_metadata.appearance import ClaimDisplay
from sayso.credentials.type_metadata.chain import MAX_TYPES, chain, check_integrity, merged
from sayso.credentials.type_metadata.document import MAX_CLAIMS, ClaimRule, Held, Reference, TypeMetadata, parse, read
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    RETRIEVAL_REFUSED,
    UNDECIDABLE,
    ProblemType,
    SaysoError,
)
from sayso.jsonvalue import Json, serialize
from sayso.retrieval import Retrieve, Retrieved, Steps, drive, offline


def sri(content: bytes, name: str = "sha256") -> str:
    """Give an integrity digest."""
    return f"{name}-{b64encode(hashlib.new(name, content).digest()).decode()}"


def integrity_problem(content: bytes, integrity: str) -> ProblemType | None:
    """Give what digests have against bytes."""
    try:
        check_integrity(content, integrity)
    except SaysoError as error:
        (problem,) = error.problems
        return problem.kind
    return None


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_sv_11_the_bytes_have_the_digest(name: str) -> None:
    assert integrity_problem(b"{}", sri(b"{}", name)) is None
    assert integrity_problem(b"{ }", sri(b"{}", name)) is CRYPTOGRAPHIC_SECURITY_ERROR


def test_sv_11_the_strongest_decides_and_one_of_it_is_enough() -> None:
    right, wrong = sri(b"a", "sha512"), sri(b"b", "sha512")
    assert integrity_problem(b"a", f"{wrong} {right}") is None
    assert integrity_problem(b"a", f"{sri(b'a')} {wrong}") is CRYPTOGRAPHIC_SECURITY_ERROR
    assert integrity_problem(b"a", f"{sri(b'b')} {right}") is None


@pytest.mark.parametrize("space", ["\t", "\n", "\r", "\f", "  ", " \t "], ids=repr)
def test_sv_11_white_space_of_ascii_stands_between_them(space: str) -> None:
    """Else a weaker one would decide."""
    assert integrity_problem(b"a", space.join((sri(b"a"), sri(b"b", "sha512")))) is CRYPTOGRAPHIC_SECURITY_ERROR


@pytest.mark.parametrize(
    "text", ["", "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "md5-x", "sha256-short", "x", "sha256_" + "A" * 43 + "="], ids=repr
)
def test_sv_11_none_of_a_known_kind_refuses(text: str) -> None:
    assert integrity_problem(b"", text) is UNDECIDABLE


def test_sv_11_unknown_ones_beside_a_known_one_are_ignored() -> None:
    assert integrity_problem(b"a", f"blake3-xyz {sri(b'a')}?ct=application/json") is None


def held(vct: str, extends: str = "", **members: Any) -> Held:
    """Write metadata, with the digest of none."""
    named = {"extends": extends} if extends else {}
    return read(serialize({"vct": vct, **named, **members}).encode())


def followed(*types: Held, first: str = "a", integrity: str | None = None) -> tuple[str, ...] | tuple[ProblemType, str]:
    """Follow a chain through these types; give the names in it, or why it is refused."""
    by_name = {one.metadata.vct: one for one in types}

    def source(vct: str) -> Steps[Held]:
        if vct not in by_name:
            raise SaysoError.of(RETRIEVAL_REFUSED, "none")
        found = yield Retrieve(vct, "", 1, "")
        assert found.body == vct.encode()
        return by_name[vct]

    try:
        return tuple(one.vct for one in drive(chain(Reference(first, integrity), source), lambda asked: Retrieved(asked.url.encode())))
    except SaysoError as error:
        (problem,) = error.problems
        return problem.kind, problem.pointer


def test_sv_16_a_type_before_those_it_extends() -> None:
    assert followed(held("a")) == ("a",)
    assert followed(held("c"), held("a", "b"), held("b", "c")) == ("a", "b", "c")


def test_sv_10_all_of_them_or_none() -> None:
    assert followed(held("a", "b")) == (RETRIEVAL_REFUSED, "")


def test_sv_16_a_circle_is_refused() -> None:
    assert followed(held("a", "a")) == (MALFORMED_VALUE_ERROR, "/extends")
    assert followed(held("a", "b"), held("b", "c"), held("c", "b")) == (MALFORMED_VALUE_ERROR, "/extends")


def test_sv_16_a_chain_has_an_end() -> None:
    names = [str(number) for number in range(MAX_TYPES)]
    links = [held(name, following) for name, following in pairwise(names)]
    assert followed(*links, held(names[-1]), first="0") == tuple(names)
    assert followed(*links, held(names[-1], "x"), held("x"), first="0") == (LIMIT_EXCEEDED, "/extends")


def test_sv_10_it_is_the_metadata_of_that_type() -> None:
    def source(_: str) -> Steps[Held]:
        yield from ()
        return held("b")

    with pytest.raises(SaysoError) as caught:
        drive(chain(Reference("a"), source), offline)
    assert [(problem.kind, problem.pointer) for problem in caught.value.problems] == [(MALFORMED_VALUE_ERROR, "/vct")]


def test_sv_11_each_link_has_its_digest() -> None:
    base = held("b")
    right = held("a", "b", **{"extends#integrity": sri(base.content)})
    assert followed(right, base, integrity=sri(right.content)) == ("a", "b")
    assert followed(right, base, integrity=sri(base.content)) == (CRYPTOGRAPHIC_SECURITY_ERROR, "")
    wrong = held("a", "b", **{"extends#integrity": sri(b"")})
    assert followed(wrong, base) == (CRYPTOGRAPHIC_SECURITY_ERROR, "")


def together(child: list[Any], parent: list[Any], **members: Any) -> tuple[ClaimRule, ...]:
    """Give the rules of a type that extends another one."""
    return merged((parse({"vct": "a", "claims": child, **members}), parse({"vct": "b", "claims": parent}))).claims


def test_sv_16_rules_of_one_path_are_merged_property_by_property() -> None:
    parent = {"path": ["x"], "display": [{"locale": "en", "label": "X"}], "svg_id": "x", "mandatory": True, "sd": "always"}
    child = {"path": ["x"], "display": [{"locale": "de", "label": "Ix"}]}
    (found,) = together([child], [parent])
    assert found == ClaimRule(("x",), (ClaimDisplay("de", "Ix", ""),), True, "always", "x")
    (renamed,) = together([{"path": ["x"], "svg_id": "y"}], [parent])
    assert renamed == ClaimRule(("x",), (ClaimDisplay("en", "X", ""),), True, "always", "y")


def test_sv_16_rules_of_other_paths_stand_beside_each_other() -> None:
    assert [rule.path for rule in together([{"path": ["y"]}, {"path": ["x", 0]}], [{"path": ["x"]}, {"path": ["x", None]}])] == [
        ("x",),
        ("x", None),
        ("y",),
        ("x", 0),
    ]


@pytest.mark.parametrize(
    ("parent", "child", "sd", "mandatory"),
    [
        ({}, {"sd": "always", "mandatory": True}, "always", True),
        ({"sd": "allowed"}, {"sd": "never"}, "never", None),
        ({"sd": "always"}, {"sd": "always"}, "always", None),
        ({"sd": "never"}, {}, "never", None),
        ({"mandatory": False}, {"mandatory": True}, None, True),
        ({"mandatory": True}, {"mandatory": True}, None, True),
        ({"mandatory": True}, {}, None, True),
        ({"mandatory": False}, {"mandatory": False}, None, False),
    ],
)
def test_sv_16_a_child_may_tighten(parent: dict[str, Any], child: dict[str, Any], sd: str | None, mandatory: bool | None) -> None:
    (found,) = together([{"path": ["x"], **child}], [{"path": ["x"], **parent}])
    assert (found.sd, found.mandatory) == (sd, mandatory)


@pytest.mark.parametrize(
    ("parent", "child"),
    [
        ({"sd": "always"}, {"sd": "allowed"}),
        ({"sd": "always"}, {"sd": "never"}),
        ({"sd": "never"}, {"sd": "allowed"}),
        ({"sd": "never"}, {"sd": "always"}),
        ({"mandatory": True}, {"mandatory": False}),
    ],
)
def test_sv_16_a_child_may_not_loosen(parent: dict[str, Any], child: dict[str, Any]) -> None:
    with pytest.raises(SaysoError) as caught:
        together([{"path": ["y"]}, {"path": ["x"], **child}], [{"path": ["x"], **parent}])
    assert [(problem.kind, problem.pointer) for problem in caught.value.problems] == [(MALFORMED_VALUE_ERROR, "/claims/1")]


def test_sv_16_nor_what_its_parents_parent_settled() -> None:
    types = [
        parse({"vct": name, "claims": [{"path": ["x"], **said}]})
        for name, said in (("a", {"sd": "never"}), ("b", {}), ("c", {"sd": "always"}))
    ]
    with pytest.raises(SaysoError):
        merged(types)


def test_sv_16_display_is_that_of_the_child_or_its_parents() -> None:
    said: list[Json] = [{"locale": "en", "name": "Card"}]
    parent = parse({"vct": "b", "display": said, "name": "B"})
    assert merged((parse({"vct": "a", "extends": "b"}), parent)) == TypeMetadata("a", display=parent.display)
    assert merged((parse({"vct": "a", "display": []}), parent)).display == ()


def test_sv_13_an_svg_id_is_unique_in_all_of_them() -> None:
    with pytest.raises(SaysoError):
        together([{"path": ["x"], "svg_id": "a"}], [{"path": ["y"], "svg_id": "a"}])
    (moved, other) = together([{"path": ["x"], "svg_id": "b"}, {"path": ["y"], "svg_id": "a"}], [{"path": ["x"], "svg_id": "a"}])
    assert (moved.svg_id, other.svg_id) == ("b", "a")


def test_all_of_them_have_no_more_claims_than_one() -> None:
    parent: list[Any] = [{"path": [str(number)]} for number in range(MAX_CLAIMS)]
    assert len(together([{"path": ["0"]}], parent)) == MAX_CLAIMS
    with pytest.raises(SaysoError) as caught:
        together([{"path": ["x"]}], parent)
    assert [problem.kind for problem in caught.value.problems] == [LIMIT_EXCEEDED]
