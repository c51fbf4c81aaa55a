"""What a stranger can send to a business as an answer, before any presentation is looked at: each of it is refused as what it is."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from sayso import Answer, EncryptionKey, SaysoError, Verifier
from sayso.encodings import base64url
from sayso.errors import (
    ALREADY_ANSWERED,
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_CHALLENGE_ERROR,
    INVALID_VERIFICATION_METHOD,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    NOT_ANSWERABLE,
    PARSING_ERROR,
    ProblemType,
)
from sayso.jsonvalue import JsonObject, parse_object
from sayso.openid import encryption, form
from tests.journeys.town import Town, ask, kinds, town

ANSWERS = "https://bar.example/answers"
STATE = "table-7"


class Bar(NamedTuple):
    """Hold a business that wants its answers encrypted, and an honest answer to it."""

    there: Town
    key: EncryptionKey
    verifier: Verifier
    request: Any
    answer: Answer

    @property
    def sealed(self) -> str:
        return form.parse(self.answer.data, len(self.answer.data))["response"]

    @property
    def header(self) -> JsonObject:
        return parse_object(base64url.decode(self.sealed.split(".")[0]))

    def with_header(self, absent: str = "", **members: Any) -> bytes:
        """Give the answer under another header: its tag does not hold any more, and that is never looked at."""
        header = {name: value for name, value in {**self.header, **members}.items() if name != absent}
        return self.with_segment(0, base64url.encode(json.dumps(header).encode()))

    def with_segment(self, number: int, text: str) -> bytes:
        segments = self.sealed.split(".")
        segments[number] = text
        return posted(".".join(segments))

    def saying(self, plaintext: bytes) -> bytes:
        """Encrypt something else to the business, as anybody can."""
        return posted(encryption.encrypt(plaintext, self.key.recipient, self.there.world.entropy))


def posted(sealed: str) -> bytes:
    return form.serialize({"response": sealed}).encode()


def bar(curve: Any = "X25519") -> Bar:
    there = town()
    key = EncryptionKey.generate(curve, entropy=there.world.entropy)
    verifier = there.world.verifier(there.bar_key, name="The Bar", reply_to=ANSWERS, encryption=key)
    request = ask(verifier, "age_over_18", issuers=[there.city.did], state=STATE)
    return Bar(there, key, verifier, request, there.ada.present(there.ada.plan(request)))


class Case(NamedTuple):
    story: str
    attack: Callable[[Bar], bytes]
    kind: ProblemType
    pointer: str


OTHER = EncryptionKey("X25519", bytes(31) + b"\x01")
P256_POINT = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}

CASES = [
    # the header, before any key is touched
    Case("encrypted to another key", lambda at: at.with_header(kid=OTHER.recipient.key_id), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/kid"),
    Case("encrypted to no key", lambda at: at.with_header(absent="kid"), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/kid"),
    Case("with a shared secret", lambda at: at.with_header(alg="dir"), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/alg"),
    Case("with a password", lambda at: at.with_header(alg="PBES2-HS256+A128KW", p2c=2**31), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/alg"),
    Case("with a wrapped key", lambda at: at.with_header(alg="ECDH-ES+A128KW"), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/alg"),
    Case("with nothing at all", lambda at: at.with_header(alg="none"), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/alg"),
    Case("with algorithms in an array", lambda at: at.with_header(alg=["ECDH-ES"]), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/alg"),
    Case("in an older mode", lambda at: at.with_header(enc="A128CBC-HS256"), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/enc"),
    Case("in a mode that is no name", lambda at: at.with_header(enc=["A128GCM"]), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/enc"),
    Case("compressed, to grow without end", lambda at: at.with_header(zip="DEF"), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/zip"),
    Case("with an extension", lambda at: at.with_header(crit=["exp"]), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/crit"),
    Case("with a token inside", lambda at: at.with_header(cty="JWT"), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/cty"),
    Case("without a key of its own", lambda at: at.with_header(absent="epk"), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/epk"),
    Case("with a key on another curve", lambda at: at.with_header(epk=P256_POINT), CRYPTOGRAPHIC_SECURITY_ERROR, "/response/epk"),
    Case(
        "with a key that agrees with all on the same",
        lambda at: at.with_header(epk={"kty": "OKP", "crv": "X25519", "x": base64url.encode(bytes(32))}),
        INVALID_VERIFICATION_METHOD,
        "/response/epk/x",
    ),
    Case("with a header like a book", lambda at: at.with_header(more="a" * 4096), LIMIT_EXCEEDED, "/response"),
    Case(
        "with a header that nests without end", lambda at: at.with_header(more=json.loads("[" * 80 + "]" * 80)), LIMIT_EXCEEDED, "/response"
    ),
    Case("with a header that is no JSON", lambda at: at.with_segment(0, "AAAA"), PARSING_ERROR, "/response"),
    # the parts
    Case("with a part that is missing", lambda _: posted("a.b.c.d"), PARSING_ERROR, "/response"),
    Case("with a key where none is", lambda at: at.with_segment(1, "AAAA"), PARSING_ERROR, "/response"),
    Case("with a short vector", lambda at: at.with_segment(2, "AAAA"), PARSING_ERROR, "/response"),
    Case("with a short tag", lambda at: at.with_segment(4, "AAAA"), PARSING_ERROR, "/response"),
    Case("with a padded part", lambda at: at.with_segment(3, at.sealed.split(".")[3] + "="), PARSING_ERROR, "/response"),
    Case("that was changed on the way", lambda at: at.with_segment(3, "AAAA"), CRYPTOGRAPHIC_SECURITY_ERROR, "/response"),
    Case("with another key of its own", lambda at: at.with_header(epk=OTHER.recipient.jwk), CRYPTOGRAPHIC_SECURITY_ERROR, "/response"),
    Case("of more than a megabyte", lambda _: posted("a" * 1024 * 1024), LIMIT_EXCEEDED, ""),
    Case("of more than a megabyte in JSON", lambda _: b'{"response":"' + b"a" * 1024 * 1024 + b'"}', LIMIT_EXCEEDED, ""),
    # what was encrypted
    Case("with one more encrypted inside", lambda at: at.saying(at.sealed.encode()), PARSING_ERROR, "/response"),
    Case("with an array inside", lambda at: at.saying(b"[]"), PARSING_ERROR, "/response"),
    Case("with two tokens inside", lambda at: at.saying(b'{"vp_token":{},"vp_token":{}}'), PARSING_ERROR, "/response"),
    Case("with an error inside", lambda at: at.saying(b'{"error":"access_denied"}'), NOT_ANSWERABLE, "/error"),
    Case("for another table", lambda at: at.saying(b'{"vp_token":{},"state":"table-8"}'), INVALID_CHALLENGE_ERROR, "/state"),
    Case("for no table", lambda at: at.saying(b'{"vp_token":{}}'), INVALID_CHALLENGE_ERROR, "/state"),
    Case("with nothing inside", lambda at: at.saying(json.dumps({"state": STATE}).encode()), MALFORMED_VALUE_ERROR, "/vp_token"),
    # around it
    Case("in the clear", lambda _: b"vp_token=%7B%7D&state=table-7", CRYPTOGRAPHIC_SECURITY_ERROR, "/response"),
    Case("in the clear, as JSON", lambda _: b'{"vp_token":{},"state":"table-7"}', CRYPTOGRAPHIC_SECURITY_ERROR, "/response"),
    Case("with two answers", lambda at: at.answer.data + b"&" + at.answer.data, PARSING_ERROR, ""),
    Case("with a thousand fields", lambda at: b"a=1&" * 1000 + at.answer.data, LIMIT_EXCEEDED, ""),
    Case("with a broken escape", lambda _: b"response=%ff", PARSING_ERROR, ""),
    Case("with a name alone", lambda at: at.answer.data + b"&state", PARSING_ERROR, ""),
    Case("that says no", lambda _: b"error=access_denied&state=table-7", NOT_ANSWERABLE, "/error"),
    Case("that says no with markup", lambda _: b"error=%3Cscript%3E", NOT_ANSWERABLE, "/error"),
]


@pytest.mark.parametrize("case", CASES, ids=[case.story.replace(" ", "-") for case in CASES])
def test_a_hostile_answer_is_refused(case: Case) -> None:
    at = bar()
    with pytest.raises(SaysoError) as refused:
        at.verifier.accept(case.attack(at), at.request)
    assert [(problem.kind.url, problem.pointer) for problem in refused.value.problems] == [(case.kind.url, case.pointer)]
    assert "script" not in str(refused.value)
    # Nobody can use up a request with an answer that is refused.
    assert at.verifier.accept(at.answer, at.request).read() == {"age_over_18": True}


def test_an_answer_on_the_other_curve() -> None:
    at = bar("P-256")
    off_curve = {**P256_POINT, "x": base64url.encode(bytes(32))}
    for epk, pointer in ((OTHER.recipient.jwk, "/response/epk"), (off_curve, "/response/epk"), ({**P256_POINT, "y": "="}, "/response/epk")):
        with pytest.raises(SaysoError) as refused:
            at.verifier.accept(at.with_header(epk=epk), at.request)
        assert [problem.pointer for problem in refused.value.problems] == [pointer]
    with pytest.raises(SaysoError) as refused:
        at.verifier.accept(at.with_header(epk=P256_POINT), at.request)
    assert kinds(refused.value) == [CRYPTOGRAPHIC_SECURITY_ERROR]


def test_an_answer_that_was_accepted_is_not_accepted_again() -> None:
    at = bar()
    at.verifier.accept(at.answer, at.request)
    with pytest.raises(SaysoError) as refused:
        at.verifier.accept(at.answer, at.request)
    assert kinds(refused.value) == [ALREADY_ANSWERED]


@pytest.mark.parametrize("data", [b"vp_token=%7B", b"vp_token=", b"vp_token=%7B%7D%7B%7D"])
def test_a_posted_token_that_is_no_json(data: bytes) -> None:
    there = town()
    verifier = there.world.verifier(reply_to=ANSWERS)
    request = ask(verifier, "age_over_18", issuers=[there.city.did])
    with pytest.raises(SaysoError) as refused:
        verifier.accept(data, request)
    assert [(problem.kind, problem.pointer) for problem in refused.value.problems] == [(PARSING_ERROR, "/vp_token")]
