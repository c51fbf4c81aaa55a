"""The cases of openwallet-foundation-labs/sd-jwt-python, signed again with Ed25519: their keys are P-256."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from sayso.errors import INVALID_VERIFICATION_METHOD_URL, SaysoError
from sayso.retrieval import drive, offline
from sayso.verification.expectations import ANYONE, Expectations
from sayso.verification.pipeline import judge
from tests.spec.rfc9901.cases import Case, Sd, check, present
from tests.support import SHARED, needs_shared, shared
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import AT, PID, prove, sd_jwt, token

pytestmark = needs_shared

NAMES = sorted(path.parent.name for path in SHARED.glob("vectors/sd-jwt/*/specification.yml")) if SHARED else []
# In two cases the same claims travel in the JSON serialization; it is not built yet, so they run in compact form.
IN_JSON = ("json_serialization_flattened", "json_serialization_general")


class _Loader(yaml.SafeLoader):
    """Read `!sd` as a mark."""


def _mark(loader: yaml.SafeLoader, node: yaml.Node) -> Sd:
    if isinstance(node, yaml.MappingNode):
        return Sd(loader.construct_mapping(node, deep=True))
    if isinstance(node, yaml.SequenceNode):
        return Sd(loader.construct_sequence(node, deep=True))
    # The tag stands where the type would: what is not quoted is of the type that it looks like.
    assert isinstance(node, yaml.ScalarNode)
    tag = loader.resolve(  # type: ignore[no-untyped-call]
        yaml.ScalarNode, node.value, (node.style is None, node.style is not None)
    )
    return Sd(loader.construct_object(yaml.ScalarNode(tag, node.value)))


_Loader.add_constructor("!sd", _mark)


def _load(path: Path) -> dict[str, Any]:
    found = yaml.load(path.read_text(), _Loader)  # noqa: S506 - a SafeLoader with one more tag
    assert isinstance(found, dict)
    return found


def _case(name: str) -> Case:
    found = _load(shared("vectors", "sd-jwt", name, "specification.yml"))
    return Case(name, found["user_claims"], found["holder_disclosed_claims"], found["expect_verified_user_claims"])


@pytest.mark.parametrize("name", NAMES)
def test_the_published_case(name: str) -> None:
    """SD-I1 to SD-I6, SD-V2 to SD-V5, SD-H2, SD-K2, at the mechanism; key binding is added to every case, and checked without too."""
    check(_case(name))
    check(_case(name), decoys=2)


def test_there_are_as_many_as_were_published() -> None:
    assert len(NAMES) == 17
    assert {*IN_JSON} <= {*NAMES}
    for name in IN_JSON:
        assert _load(shared("vectors", "sd-jwt", name, "specification.yml"))["serialization_format"] == "json"


def test_header_mod_names_a_key_that_is_no_did_url() -> None:
    """VJ-5, SV-7: `kid` 42 may stand in an SD-JWT; in our profile it names no key, and the pipeline refuses it before any is looked for."""
    found = _load(shared("vectors", "sd-jwt", "header_mod", "specification.yml"))
    kid = found["extra_header_parameters"]["kid"]
    assert kid == 42
    for spelling in (kid, str(kid)):
        issued = sd_jwt(token(PID, kid=spelling))
        expected = Expectations(issuers=ANYONE, holder_binding=False)
        judged = drive(judge(issued.encode(), expected, AT), offline)
        (problem,) = judged.problems
        assert problem.kind == INVALID_VERIFICATION_METHOD_URL
        assert problem.stage == ("decode" if spelling == 42 else "resolve")
    with refused(INVALID_VERIFICATION_METHOD_URL, "/kid"):
        prove(sd_jwt(token(PID, kid=kid)))
    presented = present(_case("header_mod"))
    with pytest.raises(SaysoError):
        prove(token(PID, kid=kid) + presented[presented.index("~") :])
