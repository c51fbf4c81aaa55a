"""Any string can be a `vct`, also one that no JSON-LD term could be."""

from datetime import timedelta

import pytest

from sayso.credentials.kinds import CredentialType
from sayso.errors import UNEXPECTED_TYPE
from sayso.testing.world import World
from sayso.verification.doors import examine
from sayso.verification.expectations import ANYONE, Expectations

NAMES = ["a type with spaces", "@type", "type#1", "x", ""]


@pytest.mark.parametrize("name", NAMES)
def test_an_expected_type_is_compared_as_it_is(name: str) -> None:
    """Section 2.2.2.1 of SD-JWT VC (draft 19): the value of `vct` is a case-sensitive string."""
    world = World()
    card = world.issuer().issue(
        {"given_name": "Ada"},
        type=CredentialType("Card", vct=name or "y"),
        holder=world.wallet().new_key(),
        format="dc+sd-jwt",
        valid_for=timedelta(days=1),
    )
    report = examine(card, Expectations(issuers=ANYONE, types=[name], holder_binding=False), at=world.clock())
    assert [problem.kind for problem in report.problems] == ([] if name else [UNEXPECTED_TYPE])


def test_a_type_without_a_vct_goes_by_its_name() -> None:
    """As an issuer writes it, so it is expected."""
    world, kind = World(), CredentialType("Card")
    card = world.issuer().issue(
        {"given_name": "Ada"}, type=kind, holder=world.wallet().new_key(), format="dc+sd-jwt", valid_for=timedelta(days=1)
    )
    assert examine(card, Expectations(issuers=ANYONE, types=[kind], holder_binding=False), at=world.clock()).ok
