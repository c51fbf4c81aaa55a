"""A shop's dialogue map, as its file has it."""

from typing import Any

SHOP = """\
id = "https://shop.example/dialogue"
title = "Shop: your order"
version = "2026-11"
prohibited = ["dpv:SellDataToThirdParties", "ai-training"]
hasLegalBasis = "eu-gdpr:A6-1-b"
agreement = "https://myterms.info/agreements/SD-BASE"
securityMeasures = ["Sealed on disk"]

[controller]
legalName = "Shop AS"
tradeName = "Shop"
country = "NO"
supportURI = ["https://shop.example/privacy", "mailto:privacy@shop.example"]
rightsEndpoint = "https://shop.example/rights"

[supervisoryAuthority]
legalName = "Datatilsynet"
country = "NO"
supportURI = ["https://www.datatilsynet.no/"]

[dataProtectionOfficer]
legalName = "Kari Nordmann"
supportURI = ["mailto:dpo@shop.example"]

[[hasRecipient]]
name = "Cloud AS"
role = "dpv:DataProcessor"

[[steps]]
id = "order"
purposeText = [{content = "Sell what only adults may buy"}, {lang = "nb", content = "Selge det bare voksne får kjøpe"}]
hasPurpose = "dpv:AgeVerification"
benefit = "One parcel with everything"
storage = {hasDuration = "PT0S"}

[[steps.attributes]]
claim = "birthdate"
hasNecessity = "dpv:Required"
reason = "The order holds goods sold to adults"
accepts = [{claim = "age_over_18"}]

[[steps]]
id = "deliver"
purposeText = [{content = "Deliver your order"}, {lang = "nb", content = "Levere bestillingen din"}]
hasPurpose = "dpv:DeliveryOfGoods"
benefit = "Delivery to your door"
ifNotShared = "Collect in store only"
intendedUseIdentifier = "NO-REG-4711"
storage = {hasDuration = "P30D"}

[[steps.hasRecipient]]
name = "Posten"
role = "dpv:DataController"

[[steps.attributes]]
claim = ["address", "zip"]
hasNecessity = "dpv:Required"
reason = "Price and route of delivery"
storage = {trigger = "delivery", hasLocation = "loc:NO"}

[[steps.attributes]]
claim = "mobile"
hasNecessity = "dpv:Optional"
reason = "A message an hour before"
benefit = "No waiting at home"
ifNotShared = "You get an e-mail the day before"
hasLegalBasis = "eu-gdpr:A6-1-a"
storage = {hasDuration = "P2D"}

[[steps.attributes]]
claim = "given_name"
hasNecessity = "dpv:Required"
"""


def shop_json() -> Any:
    """Give the map as JSON has it."""
    import tomllib

    return tomllib.loads(SHOP)
