"""Write and sign a credential about a holder."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sayso.credentials.kinds import Claim, CredentialType, reading_of_type
from sayso.credentials.wire import Credential
from sayso.dids import did_key
from sayso.dids.resolution import key_of_did
from sayso.identifiers import Did
from sayso.issuer.arguments import check_decoys, check_named, check_status, check_whole, described, said
from sayso.issuer.choices import ALL, All, check_rules, hidden, lifetime
from sayso.issuer.concluding import concluded, hidden_too
from sayso.issuer.documents import WAYS, Statement
from sayso.issuer.pen import Concealing, Pen, ProofChoices
from sayso.issuer.status_options import StatusSource
from sayso.keys import ed25519
from sayso.keys.ed25519 import PublicKey
from sayso.proofs.sd_jwt.disclosure import DEFAULT_HASH, HASHES
from sayso.proofs.sd_jwt.serialization import COMPACT, SERIALIZERS
from sayso.retrieval import Steps


def issued(  # noqa: PLR0917 - what `Issuer.issue` takes, in its order
    pen: Pen,
    now: datetime,
    claims: Mapping[str, object],
    type: str | CredentialType,
    holder: str | PublicKey,
    format: str = "vc+sd-jwt",
    valid_for: timedelta | None = None,
    valid_until: datetime | None = None,
    valid_from: datetime | None = None,
    disclosable: Collection[Claim] | All = ALL,
    decoys: int = 0,
    digest: str = DEFAULT_HASH,
    serialization: str = COMPACT,
    status: StatusSource | None = None,
) -> Steps[Credential]:
    """Sign what `Issuer.issue` is asked to.

    Raises:
        TypeError, ValueError, SaysoError: as `Issuer.issue`.
    """
    check_named(format=(format, WAYS), digest=(digest, HASHES), serialization=(serialization, SERIALIZERS))
    check_decoys(decoys)
    check_status(status)
    way = WAYS[format]
    kind = described(type)
    did, key = yield from _holder(holder, now)
    window = lifetime(now, valid_from, valid_until, valid_for)
    statement = Statement(pen.identity.did, kind, did, key, window, concluded(said(claims), kind.computed, now))
    document = way.write(statement)
    concealing = Concealing((), decoys, digest, serialization)
    if way.discloses:
        places = hidden(document, statement.claims, way.format, kind, disclosable)
        concealing = concealing._replace(places=[*places, *hidden_too(kind, way.format, places, statement.claims)])
        check_rules(document, concealing.places, way.format, kind)
    else:
        check_whole(format, disclosable, concealing, Concealing())
    if status is not None:  # last, so that what is refused above costs no entry
        document |= status.members_for(format, document)
    return pen.write(document, format, reading_of_type(kind), concealing, ProofChoices())


def _holder(holder: object, now: datetime) -> Steps[tuple[Did, PublicKey]]:
    if isinstance(holder, PublicKey):
        key = ed25519.parse(holder.raw)
        return did_key.did_of(key), key
    if not isinstance(holder, str):
        msg = "holder is a DID or a PublicKey"
        raise TypeError(msg)
    return Did(holder), (yield from key_of_did(holder, now))
