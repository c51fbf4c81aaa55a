"""A business asks for one claim and offers something for two more; the customer adds one of them, and ends the share early."""

from datetime import UTC, datetime, timedelta

from sayso.testing.world import World

world = World(at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
city, ada, shop = world.issuer(), world.wallet(), world.verifier(name="The Shop")
claims = {"given_name": "Ada", "email": "ada@example.com", "address": {"street": "Storgata 1", "postal_code": "5003", "city": "Bergen"}}
ada.store(city.issue(claims, type="CustomerCard", holder=ada.new_key(), valid_for=timedelta(days=365)))

request = shop.request(
    ("address", "postal_code"),
    optional=["given_name", "email"],
    issuers=[city.did],
    purpose="Say what delivery costs",
    benefit="The price before you order",
    keep_for=timedelta(days=7),
)

plan = ada.plan(request)
print("required:", plan.leaves)
print("optional:", plan.optional)

chosen = plan.also("given_name").ending(world.clock() + timedelta(days=1))
print("chosen:  ", chosen.leaves, "until", chosen.ends.date())

share = shop.accept(ada.present(chosen), request)
print("received:", share.read(), "until", share.ends.date())
assert "email" not in share.names
