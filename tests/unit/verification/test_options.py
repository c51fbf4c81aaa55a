"""What a door passes on: the options that are its callers' to say, and none that follow from its requests."""

from datetime import timedelta
from typing import Any

import pytest

from sayso.verification.options import Checks, KeyOptions, checked, refuse_others


@pytest.mark.parametrize(
    "given", [{"nonce": "n"}, {"holder_binding": False}, {"status": "waive", "issuers": ["did:example:a"]}, {"x": 1}], ids=repr
)
def test_what_is_no_option_of_the_door_is_refused(given: Any) -> None:
    """Also where `Expectations` has it: a nonce or an audience is what the request says."""
    with pytest.raises(TypeError, match=f"there is no option '{[*given][-1]}'"):
        checked(given)


def test_what_belongs_to_checks_is_none_of_keys() -> None:
    refuse_others(["algorithms", "key_resolution", "trust_anchors"], KeyOptions)
    refuse_others(["algorithms", "status"], Checks)
    with pytest.raises(TypeError, match="there is no option 'status'"):
        refuse_others(["algorithms", "status"], KeyOptions)


def test_options_are_kept_as_expectations_keep_them() -> None:
    assert checked({"algorithms": ["ES256"], "max_status_age": timedelta(1)}) == {"algorithms": ("ES256",), "max_status_age": timedelta(1)}
    assert checked({}) == {}
    wrong: Any = {"status": "show"}
    with pytest.raises(ValueError, match="status is one of"):
        checked(wrong)
