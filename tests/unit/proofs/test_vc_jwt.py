"""What has the look of a compact JWS."""

import pytest

from sayso.proofs.jose.vc_jwt import VcJwtMechanism, is_compact_jws
from tests.unit.proofs.tokens import POLICY


@pytest.mark.parametrize("data", [b"a.b.c", b"..", b"x{.b.c", b" a.b.c"])
def test_what_looks_like_one(data: bytes) -> None:
    assert is_compact_jws(data)


@pytest.mark.parametrize("data", [b"", b"a.b", b"a.b.c.d", b"a.b.c~", b"~a.b.c", b"{a.b.c", b"{..}", b"{}"])
def test_what_does_not(data: bytes) -> None:
    assert not is_compact_jws(data)
    assert VcJwtMechanism().decode(data, POLICY) is None
