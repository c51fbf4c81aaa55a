"""Whom nobody is asked about: a credential that none of the trusted issuers can have signed."""

from collections.abc import Collection

import pytest

from sayso.proofs.mechanism import KeyUse
from sayso.verification.key_sources import is_vain

CITY, OTHER, URL = "did:example:city", "did:example:other", "https://city.example/1"


def _by(did: str, relationship: str = "assertionMethod", issuer: str = "") -> KeyUse:
    return KeyUse(f"{did}#key", relationship, issuer=issuer)


@pytest.mark.parametrize(
    ("signers", "trusted", "vain"),
    [
        ([_by(CITY)], None, False),
        ([_by(CITY)], [CITY], False),
        ([_by(CITY)], [OTHER], True),
        ([_by(OTHER), _by(CITY)], [CITY], False),
        ([_by(CITY), _by(OTHER)], [CITY], False),
        ([_by(OTHER), _by(OTHER)], [CITY], True),
        ([_by(OTHER, "authentication")], [CITY], False),
        ([_by(OTHER), _by(OTHER, "authentication")], [CITY], False),
        ([_by(CITY, issuer=OTHER)], [CITY], False),
        ([_by(CITY, issuer=OTHER)], [OTHER], True),
        ([_by(CITY, issuer=URL)], [URL], False),
        ([_by(CITY, issuer=URL)], [CITY], True),
        ([], [CITY], True),
        ([], None, False),
    ],
)
def test_one_of_the_signers_may_be_trusted_or_is_a_holder(signers: list[KeyUse], trusted: Collection[str] | None, *, vain: bool) -> None:
    """By the DID of its key or the URL that it says to be; whoever signs for another purpose is no issuer."""
    assert is_vain(signers, trusted) is vain
