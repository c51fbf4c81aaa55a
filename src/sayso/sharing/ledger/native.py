"""Write a whole ledger as JSON, and read it again: everything, and whatever was changed is noticed."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sayso.encodings import base64url
from sayso.errors import LEDGER, LEDGER_ALTERED, SaysoError
from sayso.jsonvalue import Json, JsonObject, Limits, freeze, parse_object
from sayso.sharing.ledger import chain as chains
from sayso.sharing.ledger import entries, merkle
from sayso.sharing.ledger.chain import SALT_BYTES, Body, Chain, Link, Relation
from sayso.sharing.ledger.merkle import Beside

FORMAT: Final = "https://w3id.org/sayso/ledger/v1"
LIMITS: Final = Limits(size_bytes=64 * 1024 * 1024)
"""The largest ledger that is read."""


class Exported(NamedTuple):
    """Hold a ledger that was read, and its checkpoint, which nobody has verified."""

    checkpoint: str
    chains: tuple[Chain, ...]


class Proof(NamedTuple):
    """Hold the history of one relationship, and the hashes that lead from its head to the root of a checkpoint."""

    checkpoint: str
    chain: Chain
    way: tuple[Beside, ...]


def write_proof(proof: Proof) -> JsonObject:
    """Write the history of one relationship under a checkpoint."""
    way: list[Json] = [{"hash": step.hash, "left": step.left} for step in proof.way]
    return {"checkpoint": proof.checkpoint, "relation": write_chain(proof.chain), "way": way}


def read_proof(data: bytes | str, limits: Limits = LIMITS) -> Proof:
    """Read the history of one relationship; that its checkpoint is signed, and of this history, is looked at by `proves`.

    Raises:
        SaysoError: LEDGER, LEDGER_ALTERED, or what is wrong with an entry.
    """
    said = parse_object(data, limits)
    signed, way = said.get("checkpoint"), said.get("way")
    if said.keys() != {"checkpoint", "relation", "way"} or not isinstance(signed, str):
        raise SaysoError.of(LEDGER, "a proof has a checkpoint, a relation and a way")
    if not isinstance(way, list) or len(way) > merkle.MAX_STEPS:
        raise SaysoError.of(LEDGER, f"a way is an array of at most {merkle.MAX_STEPS} hashes", "way")
    try:
        chain = read_chain(said["relation"])
    except SaysoError as error:
        raise error.under("relation") from None
    return Proof(signed, chain, tuple(_beside(step, number) for number, step in enumerate(way)))


def proves(proof: Proof, root: str) -> None:
    """See that a history is the one that stands under the root of a checkpoint.

    Raises:
        SaysoError: LEDGER_ALTERED.
    """
    if not merkle.reaches(proof.chain.head, proof.way, root):
        raise SaysoError.of(LEDGER_ALTERED, "the history is not under the root of the checkpoint", "way")


def _beside(value: Json, number: int) -> Beside:
    if isinstance(value, dict) and value.keys() == {"hash", "left"}:
        found, left = value["hash"], value["left"]
        if isinstance(found, str) and isinstance(left, bool) and len(found) == merkle.HASH_CHARACTERS and base64url.decode(found):
            return Beside(found, left)
    raise SaysoError.of(LEDGER, "a step of the way is a hash, and whether it stands to the left", "way", number)


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
            body = Body(_salt(value["salt"]), freeze(entries.serialize(entries.parse(value["body"]))))
        return Link(entries.digest(value["prev"]), entries.digest(value["bodyDigest"]), body)
    except SaysoError as error:
        raise error.under("entries", number) from None


def _salt(value: Json) -> str:
    if not isinstance(value, str) or len(base64url.decode(value)) != SALT_BYTES:
        raise SaysoError.of(LEDGER, f"a salt is {SALT_BYTES} bytes, in base64url")
    return value
