"""Take apart what travels: what a stranger sees who has the bytes."""

import json
from typing import Any, NamedTuple

from sayso import Answer, Credential
from sayso.encodings import base64url
from sayso.jsonvalue import Json


class Disclosure(NamedTuple):
    """Hold one disclosure as it travels; `name` is "" for an element of an array."""

    text: str
    name: str
    value: Any

    @property
    def size_bytes(self) -> int:
        """The bytes it takes, with its tilde."""
        return len(self.text) + 1


class Token(NamedTuple):
    """Hold what a JWT says, and the bytes it takes, with its tilde if one follows."""

    header: dict[str, Any]
    payload: dict[str, Any]
    size_bytes: int

    @property
    def digests(self) -> int:
        """How many digests stand in it for what is concealed."""
        return _digests(self.payload)


class Presentation(NamedTuple):
    """Hold all parts of an answer with one presentation; their bytes together are those of the answer."""

    card: Token
    disclosures: tuple[Disclosure, ...]
    binding: Token
    wrapping_bytes: int


def of_card(card: Credential) -> tuple[Token, tuple[Disclosure, ...]]:
    """Take a credential apart."""
    token, *disclosures, _ = card.text.split("~")
    return _token(token, 1), tuple(map(_disclosure, disclosures))


def of_answer(answer: Answer) -> Presentation:
    """Take an answer apart that holds one presentation."""
    text = presentation(answer)
    token, *disclosures, binding = text.split("~")
    return Presentation(_token(token, 1), tuple(map(_disclosure, disclosures)), _token(binding, 0), len(answer.data) - len(text))


def presentation(answer: Answer) -> str:
    """Give the text of the one presentation in an answer."""
    ((text,),) = json.loads(answer.data)["vp_token"].values()
    return str(text)


def _token(text: str, tildes: int) -> Token:
    header, payload, _ = text.split(".")
    return Token(json.loads(base64url.decode(header)), json.loads(base64url.decode(payload)), len(text) + tildes)


def _disclosure(text: str) -> Disclosure:
    _, *name, value = json.loads(base64url.decode(text))
    return Disclosure(text, "".join(name), value)


def _digests(value: Json) -> int:
    if isinstance(value, dict):
        concealed = value.get("_sd")
        here = len(concealed) if isinstance(concealed, list) else int("..." in value)
        return here + sum(map(_digests, value.values()))
    return sum(map(_digests, value)) if isinstance(value, list) else 0
