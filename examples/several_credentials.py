"""Ask for claims of two credentials of two issuers, one of them only if the customer likes, and show less of an address than there is."""

from datetime import timedelta

from sayso import Issuer, Verifier, Wallet

YEAR = timedelta(days=365)

city, club = Issuer.generate(), Issuer.generate()
ada = Wallet.generate()
shop = Verifier.generate(name="The Shop")

home = {"street": "Storgata 1", "postal_code": "5003", "city": "Bergen"}
ada.store(city.issue({"given_name": "Ada", "home": home}, type="IdentityCard", holder=ada.new_key(), valid_for=YEAR))
ada.store(club.issue({"tier": "gold", "member": 7}, type="ClubCard", holder=ada.new_key(), format="dc+sd-jwt", valid_for=YEAR))

any_credential = "https://www.w3.org/2018/credentials#VerifiableCredential"
request = shop.request_query(
    {
        "credentials": [
            {
                "id": "identity",
                "format": "vc+sd-jwt",
                "meta": {"type_values": [[any_credential]]},
                "claims": [{"path": ["credentialSubject", "home"]}],
            },
            {
                "id": "membership",
                "format": "dc+sd-jwt",
                "meta": {"vct_values": ["ClubCard"]},
                "claims": [{"path": ["tier"], "values": ["silver", "gold"]}],
            },
        ],
        "credential_sets": [{"options": [["identity"]]}, {"options": [["membership"]], "required": False}],
    },
    issuers={"identity": [city.did], "membership": [club.did]},
    purpose="Deliver your parcel",
    benefit="Members pay no delivery",
    keep_for=timedelta(days=7),
)

plan = ada.plan(request)
print("would leave:", plan.leaves)
print("could stay home:", sorted(plan.parts))
print("could be added:", plan.optional)

plan = plan.without(("home", "street")).also("tier")
share = shop.accept(ada.present(plan), request)
print("the shop has:", share.read())
assert share.read() == {"identity": {"home": {"postal_code": "5003", "city": "Bergen"}}, "membership": {"tier": "gold"}}
