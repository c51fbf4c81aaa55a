"""Look at a request as a critical customer would, before anybody is asked."""

from sayso.credentials.wire import Request, bytes_of
from sayso.openid import request_object
from sayso.proofs.jose import jws
from sayso.sharing import request as data_request
from sayso.sharing.lint.asked import lay_out
from sayso.sharing.lint.context import NO_CONTEXT, LintContext
from sayso.sharing.lint.finding import Finding
from sayso.sharing.lint.rules import RULES
from sayso.sharing.request import DataRequest


def lint(asked: DataRequest | Request | bytes | str, known: LintContext = NO_CONTEXT) -> tuple[Finding, ...]:
    """Find what a smaller request would leave out, or say better: by rule, and then in the order in which claims are asked for.

    Nothing is verified here: who signed a request, the wallet looks at. A request without terms is read too, and has much to be told.

    Args:
        asked: a request, or what a plan was made from: `plan.asked`.
        known: what is known beside it.

    Raises:
        SaysoError: it is no data request.
        TypeError: something that was parsed elsewhere is given.
    """
    if not isinstance(asked, DataRequest):
        payload = jws.decode(bytes_of(asked), (request_object.TYPE,), jws.READABLE).payload
        asked = data_request.parse(payload, channel=request_object.own_channel(payload), waive=True)
    laid_out = lay_out(asked)
    return tuple(
        Finding(rule.id, rule.title, rule.severity, hit.message, hit.smaller, hit.claim, hit.pointer)
        for rule in RULES
        for hit in rule.finds(laid_out, known)
    )
