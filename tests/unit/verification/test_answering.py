"""What is expected of one credential of an answer is what is expected of all, but for what its query says."""

from dataclasses import fields, replace

import pytest

from sayso import ANYONE, Expectations
from sayso.query.grammar import CredentialQuery


@pytest.mark.parametrize("binding", [True, False])
def test_only_what_the_query_says_is_changed(binding: bool) -> None:
    query = CredentialQuery("pid", "vc+sd-jwt", require_cryptographic_holder_binding=binding)
    whole = Expectations(issuers=ANYONE, audience="did:example:bar", nonce="n", unasked="refuse", holder_binding=not binding)
    one = whole.answering(query)
    assert one == replace(whole, asked=query, holder_binding=binding)
    assert all(
        getattr(one, field.name) is getattr(whole, field.name) for field in fields(whole) if field.name not in {"asked", "holder_binding"}
    )
    assert whole.asked is None
    assert whole.holder_binding is not binding
