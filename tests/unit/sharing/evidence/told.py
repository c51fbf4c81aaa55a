"""A shop that promised to erase, was asked to, and never answered."""

from datetime import timedelta
from typing import Any, NamedTuple

from sayso import ANYONE, Artefacts, ComplaintBundle, Issuer, Ledger, Signer, Transaction
from sayso.credentials.validity import format_date_time
from sayso.dids import did_key
from sayso.encodings.multihash import digest_multibase
from sayso.jsonvalue import JsonObject
from sayso.proofs.jose import jws
from sayso.sharing.ledger import entries
from sayso.testing.actors import CARD, Cast, cast_of
from sayso.testing.world import World

DAY = timedelta(days=1)
EVENT = "https://w3id.org/sayso/event/"
CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"]
WHOLE: dict[str, Any] = {
    "alleged": "They were asked to erase, and did not answer",
    "name": "The Bar",
    "authority": "Datatilsynet",
    "authority_contact": ("post@dpa.example",),
}


def event(signer: Signer, business: str, name: str, at: Any, **more: Any) -> str:
    """Sign a security event as the customer."""
    key = signer.public_key
    did = did_key.did_of(key)
    header = jws.protect({"alg": "EdDSA", "typ": "secevent+jwt", "kid": did_key.verification_method(key)})
    said = {"iss": did, "aud": business, "iat": int(at.timestamp()), "jti": name, "events": {EVENT + name: {}}, **more}
    return jws.sign(header, said, signer)


def credential(issuer: Issuer, kind: str, at: Any, subject: JsonObject, format: Any = "vc+jwt") -> str:
    """Sign a receipt, a grant or an answer."""
    document: JsonObject = {
        "@context": [*CONTEXTS],
        "type": ["VerifiableCredential", kind],
        "issuer": issuer.did,
        "validFrom": format_date_time(at),
        "credentialSubject": subject,
    }
    return issuer.secure(document, format=format).text


class Story(NamedTuple):
    """Everything that a complaint is made of, and the complaint."""

    cast: Cast
    shop: Issuer
    ada: Signer
    ledger: Ledger
    artefacts: Artefacts

    @property
    def world(self) -> World:
        return self.cast.world

    @property
    def business(self) -> str:
        return str(self.shop.did)

    def bundle(self, **more: Any) -> ComplaintBundle:
        said = {**WHOLE, "at": self.world.clock(), **more}
        return ComplaintBundle.assemble(self.ledger, self.business, self.ada, said.pop("artefacts", self.artefacts), **said)


def story(seed: bytes = b"", claims: Any = ("given_name", "age_over_18"), format: Any = "vc+jwt") -> Story:
    """Tell it, to the day after the answer was due."""
    cast = cast_of(World(seed))
    world = cast.world
    key, ada = world.signer(), world.signer()
    bar, shop, customer = world.verifier(key, name="The Bar"), world.issuer(key), world.issuer(ada)
    request = bar.request(*claims, issuers=ANYONE, type=CARD, purpose="A drink", benefit="It", keep_for=timedelta(hours=1))
    cast.ada.present(cast.ada.plan(request))
    ledger = Ledger(world.signer(), clock=world.clock, entropy=world.entropy)
    ledger.record(cast.ada.shared[-1])
    now = world.clock()
    erase_by = format_date_time(now + DAY)
    grant = credential(customer, "SharingGrant", now, {"id": shop.did, "permission": [[*claims]]}, format)
    receipt = credential(shop, "ConsentReceipt", now, {"id": customer.did, "eraseBy": erase_by}, format)
    world.clock.turn(2 * DAY)
    now = world.clock()
    withdrawal = event(ada, shop.did, "consent-withdrawn", now)
    asked = event(ada, shop.did, "erasure-requested", now)
    for kind, text, due in (("Receipt", receipt, None), (entries.WITHDRAWAL, withdrawal, None), (entries.ERASURE_REQUEST, asked, 30 * DAY)):
        answer_by = None if due is None else now + due
        ledger.record(Transaction(kind=kind, at=now, digest=digest_multibase(text.encode()), answer_by=answer_by), shop.did)
    world.clock.turn(31 * DAY)
    return Story(cast, shop, ada, ledger, Artefacts(request, grant=grant, receipt=receipt, withdrawal=withdrawal, erasure_request=asked))
