"""What decoding takes for granted."""

from sayso.encodings.jsonld.contexts import Contexts
from sayso.proofs.data_integrity.suites import World
from sayso.proofs.mechanism import Policy


def test_every_default_is_the_strict_one() -> None:
    policy = Policy((), ())
    assert (policy.cryptosuites, policy.all_proofs, policy.inline_contexts) == ((), True, False)
    assert (policy.appended_contexts, policy.vc_claim) == ("refuse", "refuse")
    assert not World(Contexts({})).inline
