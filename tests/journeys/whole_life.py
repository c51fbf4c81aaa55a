"""Lead a share through its whole life between two processes, and give what was signed on the way."""

import json
from datetime import datetime, timedelta

from sayso import Issuer
from sayso.errors import ALREADY_ANSWERED, EVENT_REPLAYED, MISSING_CLAIM, SHARE_ENDED
from sayso.testing.world import START, TurningClock
from tests.journeys.apart import parted

CARD = {"given_name": "Ada", "birthdate": "1990-12-10", "age_over_18": True, "address": {"city": "Oslo"}}
SEED = "07" * 32
RENEWED, GIVEN_BACK, LAPSED = 20, 40, 50


def life(where: str, format: str, began: datetime = START) -> list[tuple[str, bytes]]:
    """Ask, share, countersign, use, renew, give back, withdraw, confirm; and let time run out for the rest. The business is killed once.

    Raises:
        AssertionError: something went another way.
    """
    city = Issuer.generate(clock=TurningClock(began))
    with parted("customer", began.isoformat(), format) as ada:
        with parted("business", began.isoformat(), format, where, SEED) as bar:
            card = city.issue(CARD, type="Card", holder=ada.key()[0], valid_for=timedelta(days=400))
            ada.store(card.text)
            (request,) = bar.ask(city.did)
            answer, grant, head = ada.share(request)
            subject, receipt = bar.accept(answer, request, grant, head)
            assert ada.receipt(receipt) == ["True"]
            assert ada.standing() == ["on", "age_over_18", "birthdate", "given_name"]
            assert bar.accept(answer, request, grant, head) == ["refused", ALREADY_ANSWERED.url]
            assert json.loads(bar.use(subject, "age_over_18")[0]) == {"age_over_18": True}
            for party in (ada, bar):
                party.turn(str(RENEWED))
            (renewal,) = ada.renew()
            assert bar.follow(renewal) == []
            assert bar.follow(renewal) == ["refused", EVENT_REPLAYED.url]
            bar.end(kill=True)
        with parted("business", began.isoformat(), format, where, SEED) as bar:
            bar.turn(str(GIVEN_BACK))
            ada.turn(str(GIVEN_BACK - RENEWED))
            assert bar.follow(renewal) == ["refused", EVENT_REPLAYED.url]
            assert json.loads(bar.use(subject, "given_name")[0]) == {"given_name": "Ada"}
            assert bar.give_back() == ["birthdate"]
            returned, notice = bar.confirm()
            assert ada.told(returned, notice) == ["birthdate", "We have not used this, so we are giving it back."]
            assert ada.standing() == ["on", "age_over_18", "given_name"]
            assert bar.follow(*ada.erase("given_name")) == []
            assert bar.use(subject, "given_name") == ["refused", MISSING_CLAIM.url]
            confirmation, _ = bar.confirm()
            assert ada.answered(confirmation) == ["given_name"]
            assert ada.standing() == ["on", "age_over_18"]
            assert [json.loads(one) for one in bar.hand_over(subject)] == [{"age_over_18": True}]
            for party in (ada, bar):
                party.turn(str(LAPSED - GIVEN_BACK))
            assert bar.sweep() == ["age_over_18"]
            last, _ = bar.confirm()
            assert bar.confirm() == []
            assert bar.hand_over(subject) == []
            assert ada.told(last, "") == ["age_over_18"]
            assert ada.standing() == ["erased"]
            assert bar.follow(renewal) == ["refused", SHARE_ENDED.url]
    kinds = ("SharingGrant", "ConsentReceipt", *["ErasureConfirmation"] * 3)
    return [(kind, text.encode()) for kind, text in zip(kinds, (grant, receipt, returned, confirmation, last), strict=True)]
