"""A customer shares one attribute for one hour, and one hour later it cannot be read."""

from datetime import UTC, datetime, timedelta

from sayso import Issuer, SaysoError, Verifier, Wallet
from sayso.testing.world import TurningClock

clock = TurningClock(datetime(2026, 11, 20, 20, 0, tzinfo=UTC))  # stands still until it is turned

city = Issuer.generate(clock=clock)
ada = Wallet.generate(clock=clock)
bar = Verifier.generate(name="The Bar", clock=clock)

card = city.issue(
    {"given_name": "Ada", "birthdate": "1990-12-10", "age_over_18": True},
    type="IdentityCard",
    holder=ada.new_key(),
    valid_for=timedelta(days=365),
)
ada.store(card)

request = bar.request(
    "age_over_18",
    issuers=[city.did],
    purpose="Serve alcohol",
    benefit="You get your drink",
    keep_for=timedelta(hours=1),
)
plan = ada.plan(request)
print("Ada's plan:", plan)

share = bar.accept(ada.present(plan), request)
print(f"{clock():%H:%M} the bar reads:", share.read())

clock.turn(timedelta(hours=1))
try:
    print(share.read())
except SaysoError as error:
    print(f"{clock():%H:%M} the bar reads nothing:", error)
