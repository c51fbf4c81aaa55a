"""Find what is wrong with a request as a whole."""

from collections.abc import Iterator
from functools import partial

from sayso.sharing import dpv
from sayso.sharing.lint.asked import Asked
from sayso.sharing.lint.context import LintContext
from sayso.sharing.lint.durations import in_words
from sayso.sharing.lint.finding import Smaller
from sayso.sharing.lint.hits import Hit

_SALES = ("dpv:SellDataToThirdParties", "dpv:SellInsightsFromData")
_NO_SALE = frozenset({"dpv:Sell", *(one for one in dpv.PURPOSES if dpv.is_within("dpv:SellDataToThirdParties", one))})
_NO_PROFILING = frozenset({"dpv:Profiling"})
_NO_TRAINING = frozenset({dpv.AI_TRAINING})


def intermediary(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find somebody between the customer and the business."""
    if asked.conditions.intermediary is not None:
        smaller = Smaller("Let the answer come to the business itself")
        yield Hit("the answer goes through an intermediary", smaller, asked.at("intermediary"))


def asked_again(asked: Asked, context: LintContext) -> Iterator[Hit]:
    """Find a question that comes again too soon."""
    now = context.now or asked.request.request.issued
    if context.asked_before is not None and now - context.asked_before < context.again_after:
        smaller = Smaller(f"Ask again {in_words(context.again_after)} after the last time, or rely on the answer to it")
        yield Hit("the same business asked for the same purpose not long ago", smaller, "")


def not_excluded(promises: frozenset[str], message: str, smaller: str, asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find that nothing of some promises is made: what is done with the data is left open."""
    said = asked.conditions.prohibited
    if promises.isdisjoint(said):
        yield Hit(message, Smaller(smaller), asked.at("prohibited") if said else asked.place)


def contradiction(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find a purpose that the business promises not to follow."""
    said = asked.conditions.prohibited
    sale = "dpv:Sell" in said and any(dpv.is_within(asked.purpose, one) for one in _SALES)
    if sale or any(dpv.is_within(asked.purpose, one) for one in said):
        smaller = Smaller("Ask for another purpose, and keep the promise")
        yield Hit("the purpose is one that the same request promises not to follow", smaller, asked.at("hasPurpose"))


sale_open = partial(
    not_excluded, _NO_SALE, "nothing excludes that the data is sold", "Promise not to sell the data: prohibit dpv:SellDataToThirdParties"
)
profiling_open = partial(
    not_excluded, _NO_PROFILING, "nothing excludes profiling", "Promise to make no profile of the customer: prohibit dpv:Profiling"
)
training_open = partial(
    not_excluded,
    _NO_TRAINING,
    "nothing excludes that artificial intelligence is trained with the data",
    "Promise not to train artificial intelligence with the data: prohibit ai-training",
)
