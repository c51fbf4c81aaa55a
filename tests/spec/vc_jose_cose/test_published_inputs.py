"""The published inputs of the VC-JOSE-COSE test suite, through the door."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sayso import ANYONE, Expectations, examine
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, MALFORMED_VALUE_ERROR, PARSING_ERROR, ProblemType
from sayso.jsonvalue import JsonObject
from sayso.verification.report import Report
from tests.support import shared

FOLDER = ("vectors", "vc-jose-cose")
AT = datetime(2024, 12, 16, 2, tzinfo=UTC)
PRESENTED = "presentation"


def text(name: str) -> str:
    return shared(*FOLDER, f"{name}.txt").read_text().strip()


def keys() -> dict[str, JsonObject]:
    """Give the keys of the suite, by the `kid`s that its signatures name them by: thumbprints, which are no DID URLs."""
    found: dict[str, JsonObject] = {}
    for name in ("vm-ed25519", "vm-p256", "vm-p384", "vm-p521"):
        method: Any = json.loads(shared(*FOLDER, f"{name}.json").read_text())
        del method["secretKeyJwk"]
        found[method["publicKeyJwk"]["kid"]] = method
    return found


def look(name: str, **options: Any) -> Report:
    expectations: dict[str, Any] = {
        "issuers": ANYONE,
        "holder_binding": name.startswith(PRESENTED),
        "subjects": "any",
        "algorithms": ("EdDSA", "ES256", "ES384", "ES512"),
        "keys": keys(),
        "text_dates": True,
        "schema": "ignore",
        "max_age": AT - datetime(2020, 1, 1, tzinfo=UTC),
        **options,
    }
    return examine(text(name), Expectations(**expectations), at=AT)


GOOD = (
    "credential-issuer-match-signed",
    "credential-jose-minimal",
    "credential-jose-unknown-extensions",
    "credential-sdjwt-nested",
    "credential-sdjwt-selective",
    "presentation-sdjwt-selective",
)


@pytest.mark.parametrize("name", GOOD)
def test_what_is_good_verifies(name: str) -> None:
    report = look(name)
    assert report.problems == ()
    verified = report.require()
    assert verified.issuer == "https://example.issuer/vc-jose-cose"
    assert bool(verified.credentials) == name.startswith(PRESENTED)


BAD: dict[str, ProblemType] = {
    "credential-jose-bad-media-type": PARSING_ERROR,
    "credential-jose-bad-signature": CRYPTOGRAPHIC_SECURITY_ERROR,
    "credential-jose-vc-vp-claims": MALFORMED_VALUE_ERROR,
    "credential-sdjwt-bad-media-type": PARSING_ERROR,
    "credential-sdjwt-bad-signature": CRYPTOGRAPHIC_SECURITY_ERROR,
    "presentation-jose-bad-credential": MALFORMED_VALUE_ERROR,
    "presentation-jose-bad-media-type": PARSING_ERROR,
    "presentation-sdjwt-bad-credential": PARSING_ERROR,
    "presentation-sdjwt-bad-media-type": PARSING_ERROR,
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_bad_does_not(name: str) -> None:
    report = look(name)
    assert BAD[name] in {problem.kind for problem in report.problems}
    assert report.verified is None


@pytest.mark.parametrize("name", GOOD)
def test_strictness_is_the_default(name: str) -> None:
    """Keys that nobody gave, dates that are text, algorithms that were not named: each refuses."""
    assert not look(name, keys={}).ok
    assert not look(name, algorithms=("Ed25519",)).ok
    if name.startswith("credential"):
        assert {problem.pointer for problem in look(name, text_dates=False).problems} == {"/iat"}


def test_a_presentation_with_a_credential_in_cose() -> None:
    """VJ-9: COSE is not built; and the base64 of this one ends with a line break, which no data: URL has."""
    assert [problem.pointer for problem in look("presentation-jose-multiple").problems] == ["/verifiableCredential/2/id"]


def test_nothing_more_is_published() -> None:
    """Each input that is no COSE is read above."""
    there = {path.stem for path in shared(*FOLDER).glob("*.txt") if "-cose-" not in path.name}
    assert there - {*GOOD, *BAD} == {"presentation-jose-multiple"}
