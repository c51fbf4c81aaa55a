"""Write a whole ledger as JSON, and read it again: everything, and whatever was changed is noticed."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sayso.encodings import base64url
from sayso.errors import LEDGER, LEDGER_ALTERED, SaysoError
from sayso.jsonvalue import Json, JsonObject, Limits, freeze, parse_object
from sayso.sharing.ledger import chain as chains
from sayso.sharing.ledger import entries, merkle
from sayso.sharing.ledger.chain import SALT_BYTES, Body, Chain, Link, Relation

FORMAT: Final = "https://w3id.org/sayso/ledger/v1"
LIMITS: Final = Limits(size_bytes=64 * 1024 * 1024)
"""The largest ledger that is read."""


class Exported(NamedTuple):
    """Hold a ledger that was read, and its checkpoint, which nobody has verified."""

    checkpoint: str
    chains: tuple[Chain, ...]


def write_chain(one: Chain) -> JsonObject:
    """Write the chain of one relationship."""
    return {
        "business": one.relation.business,
        "persona": one.relation.persona,
        "salt": one.salt,
        "entries": [_written(link) for link in one.links],
    }


def write(checkpoint: str, all_of_them: Sequence[Chain]) -> JsonObject:
    """Write a ledger with its checkpoint."""
    return {"format": FORMAT, "checkpoint": checkpoint, "relations": [write_chain(one) for one in all_of_them]}


def read(data: bytes | str, limits: Limits = LIMITS) -> Exported:
    """Read a ledger, and see that each chain holds.

    Raises:
        SaysoError: LEDGER, LEDGER_ALTERED, or what is wrong with an entry.
    """
    said = parse_object(data, limits)
    relations, checkpoint = said.get("relations"), said.get("checkpoint")
    if said.keys() != {"format", "checkpoint", "relations"} or said["format"] != FORMAT:
        raise SaysoError.of(LEDGER, "a ledger has its format, a checkpoint and relations")
    if not isinstance(relations, list) or not isinstance(checkpoint, str):
        raise SaysoError.of(LEDGER, "relations are an array, and a checkpoint is a text")
    found: dict[Relation, Chain] = {}
    for number, one in enumerate(relations):
        try:
            chain = read_chain(one)
        except SaysoError as error:
            raise error.under("relations", number) from None
        if chain.relation in found:
            raise SaysoError.of(LEDGER_ALTERED, "a relationship has one history", "relations", number)
        found[chain.relation] = chain
    return Exported(checkpoint, tuple(found.values()))


def read_chain(value: Json) -> Chain:
    """Read the chain of one relationship, and see that it holds.

    Raises:
        SaysoError: LEDGER, LEDGER_ALTERED, or what is wrong with an entry.
    """
    if not isinstance(value, dict) or value.keys() != {"business", "persona", "salt", "entries"}:
        raise SaysoError.of(LEDGER, "a relationship has business, persona, salt and entries")
    business, persona, salt, links = value["business"], value["persona"], value["salt"], value["entries"]
    if not (isinstance(business, str) and isinstance(persona, str) and isinstance(links, list)):
        raise SaysoError.of(LEDGER, "business and persona are texts, and entries are an array")
    found = Chain(Relation(business, persona), _salt(salt), tuple(_link(link, number) for number, link in enumerate(links)))
    try:
        chains.verify(found)
    except SaysoError as error:
        raise error.under("entries") from None
    return found


def under(one: Exported, root: str) -> None:
    """See that these are the histories that a checkpoint is of, and all of them.

    Raises:
        SaysoError: LEDGER_ALTERED.
    """
    if merkle.root([chain.head for chain in one.chains]) != root:
        raise SaysoError.of(LEDGER_ALTERED, "the relationships are not those of the checkpoint", "checkpoint")


def _written(link: Link) -> JsonObject:
    said: JsonObject = {"prev": link.prev, "bodyDigest": link.body_digest}
    return said if link.body is None else {**said, "salt": link.body.salt, "body": link.body.body}


def _link(value: Json, number: int) -> Link:
    try:
        if not isinstance(value, dict) or value.keys() not in ({"prev", "bodyDigest"}, {"prev", "bodyDigest", "salt", "body"}):
            raise SaysoError.of(LEDGER, "an entry has prev and bodyDigest, and salt and body where it was not deleted")
        body = None
        if "body" in value:
            body = Body(_salt(value["salt"]), freeze(entries.checked(value["body"])))
        return Link(entries.digest(value["prev"]), entries.digest(value["bodyDigest"]), body)
    except SaysoError as error:
        raise error.under("entries", number) from None


def _salt(value: Json) -> str:
    if not isinstance(value, str) or len(base64url.decode(value)) != SALT_BYTES:
        raise SaysoError.of(LEDGER, f"a salt is {SALT_BYTES} bytes, in base64url")
    return value
