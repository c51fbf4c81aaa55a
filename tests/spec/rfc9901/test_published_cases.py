"""The cases of openwallet-foundation-labs/sd-jwt-python, signed again with Ed25519: their keys are P-256."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from sayso.credentials.formats import SD_JWT_VC
from sayso.errors import INVALID_VERIFICATION_METHOD_URL, SaysoError
from sayso.openid import response
from sayso.proofs.sd_jwt.disclosure import HASHES
from sayso.proofs.sd_jwt.serialization import FLATTENED, SERIALIZERS
from sayso.retrieval import drive, offline
from sayso.verification.doors import examine
from sayso.verification.expectations import ANYONE, Expectations
from sayso.verification.pipeline import judge
from tests.journeys.town import town
from tests.spec.rfc9901.cases import Case, Sd, check, plain, present, selected
from tests.support import SHARED, needs_shared, shared
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import AT, PID, prove, sd_jwt, token

pytestmark = needs_shared

REGISTERED = {"iss", "sub", "aud", "exp", "nbf", "iat", "cnf", "vct", "status"}

NAMES = sorted(path.parent.name for path in SHARED.glob("vectors/sd-jwt/*/specification.yml")) if SHARED else []
# In two cases the same claims travel in a JSON serialization; here every case travels in each.
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


@pytest.mark.parametrize("form", SERIALIZERS)
@pytest.mark.parametrize("name", NAMES)
def test_the_published_case(name: str, form: str) -> None:
    """SD-I1 to SD-I6, SD-V2 to SD-V5, SD-H2, SD-K2, SD-J1, at the mechanism, with key binding and without."""
    check(_case(name), form=form)
    check(_case(name), form=form, decoys=2)


@pytest.mark.parametrize("hash_name", HASHES)
@pytest.mark.parametrize("name", NAMES)
def test_with_every_hash(name: str, hash_name: str) -> None:
    """SD-I4, SD-K2"""
    check(_case(name), hash_name=hash_name, form=FLATTENED)


@pytest.mark.parametrize("form", SERIALIZERS)
@pytest.mark.parametrize("name", NAMES)
def test_at_the_doors(name: str, form: str) -> None:
    """The same claims, issued in every serialization and with one hash after the other, stored, asked for, shown in part, and accepted."""
    case = _case(name)
    claims, hidden = plain(case.claims)
    there = town(None)
    said = {claim: value for claim, value in claims.items() if claim not in REGISTERED}
    digest = [*HASHES][NAMES.index(name) % len(HASHES)]
    hide = [place for place in hidden if place[0] in said]
    card = there.issue(said, format="dc+sd-jwt", disclosable=hide, serialization=form, digest=digest)
    there.ada.store(card)
    shown = [place for place in selected(case.shown, hidden) if place[0] in said]
    asked = shown or [(next(iter(said)),)]
    plan = there.ada.plan(there.ask(*asked, formats=["dc+sd-jwt"], type="IdentityCard"))
    plan = plan.without(*(part for part in plan.parts if part not in {SD_JWT_VC.claim_at(place) for place in shown}))
    there.bar.accept(there.ada.present(plan), plan.request)
    token_: Any = response.parse(there.ada.present(plan).data)
    (text,) = token_["dc-sd-jwt"]
    expected = Expectations(issuers=ANYONE, audience=plan.asked.request.client_id, nonce=plan.asked.request.nonce)
    for written in SERIALIZERS.values():
        seen = examine(written(text), expected, at=there.world.clock()).require().claims
        assert {claim: value for claim, value in seen.items() if claim in said} == {
            claim: value for claim, value in case.arrives.items() if claim in said
        }


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
