"""Keep an issuer's keys in a file, rotate them by name, and see that what was signed before goes on verifying."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sayso import Expectations, Issuer, KeyRing, SaysoError, Wallet, verify
from sayso.clock import system_clock

YEAR = timedelta(days=365)

with TemporaryDirectory() as folder:
    path = Path(folder) / "city.keys"

    KeyRing.generate("jwk", name="2026").save(path, "correct horse battery staple")
    city = Issuer.open(path, "correct horse battery staple")
    ada = Wallet.generate()
    old = city.issue({"given_name": "Ada"}, type="IdentityCard", holder=ada.new_key(), valid_for=YEAR)

    KeyRing.open(path, "correct horse battery staple").rotate("2027").save(path, "correct horse battery staple")
    renewed = Issuer.open(path, "correct horse battery staple")
    new = renewed.issue({"given_name": "Ada"}, type="IdentityCard", holder=ada.new_key(), valid_for=YEAR)

    try:
        Issuer.open(path, "a guess")
    except SaysoError as error:
        print("a guess:", error.problems[0].title)

# A did:jwk is its key: businesses trust the issuer under both names, for as long as there are cards of the first.
trusted = Expectations(issuers=[city.did, renewed.did], holder_binding=False)
for name, card in (("2026", old), ("2027", new)):
    verified = verify(card, trusted, at=system_clock())
    print(f"signed with {name}: holds, issued by the current DID: {verified.issuer == renewed.did}")
assert city.did != renewed.did
