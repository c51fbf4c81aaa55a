"""Sign a whole credential that was written elsewhere, as it stands."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sayso.credentials.formats import SD_JWT_VC
from sayso.credentials.kinds import Claim
from sayso.credentials.vocabulary import Reading
from sayso.credentials.wire import Credential
from sayso.issuer.arguments import check_named, check_status, check_whole
from sayso.issuer.choices import chosen
from sayso.issuer.documents import WAYS
from sayso.issuer.pen import Concealing, Pen, ProofChoices
from sayso.issuer.status_options import StatusSource
from sayso.jsonvalue import JsonObject
from sayso.proofs.data_integrity.signing import with_proof_context

FORMATS = tuple(name for name in WAYS if name != SD_JWT_VC.id)
"""The formats of VCDM: an SD-JWT VC is written by `issue`."""


def proof_choices(created: datetime | None, expires: datetime | None, identifier: str | None, previous: Iterable[str]) -> ProofChoices:
    """Take what a proof is to say.

    Raises:
        TypeError: `previous` is no list of ids, or an id is no text.
    """
    # Callers need not have a type checker; and a text is a list of its characters.
    if isinstance(previous, str):
        msg = "previous is a list of the ids of proofs, not one text"
        raise TypeError(msg)
    kept = tuple(previous)
    given = ("" if identifier is None else identifier, *kept)
    if not all(isinstance(name, str) for name in given):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = "the id of a proof is a text"
        raise TypeError(msg)
    return ProofChoices(created, expires, identifier, kept)


def secured(
    pen: Pen,
    document: JsonObject,
    *,
    format: str,
    disclosable: Collection[Claim],
    reading: Reading,
    proof: ProofChoices,
    status: StatusSource | None,
) -> Credential:
    """Sign a document as it is, but for the context of its proofs where it lacks one, and its status where it is to be given one.

    Raises:
        ValueError: the call is wrong, or the issuer is another.
        SaysoError: the document does not conform, or a part of it would not be signed.
    """
    check_named(format=(format, FORMATS))
    check_status(status)
    way, concealing = WAYS[format], Concealing()
    if way.suite:
        document = with_proof_context(document)
    elif proof != ProofChoices():
        msg = f"{format} has no proof to say this in"
        raise ValueError(msg)
    if way.discloses:
        concealing = Concealing(chosen(document, way.format, disclosable))
    else:
        check_whole(format, disclosable, concealing, Concealing())
    if way.format.issuer_of(document) not in (None, pen.identity.did):  # where there is none, it does not conform
        msg = "the issuer of the document is another"
        raise ValueError(msg)
    if status is not None:  # last, so that what is refused above costs no entry
        document |= status.members_for(format, document)
    return pen.write(document, format, reading, concealing, proof)
