"""Carry what travels: bytes and a media type, and nothing that anybody has verified."""

from dataclasses import dataclass, field

from sayso.credentials.media_types import JSON, REQUEST_OBJECT
from sayso.errors import PARSING_ERROR, SaysoError
from sayso.identifiers import MediaType


@dataclass(frozen=True, slots=True)
class Wire:
    """Hold bytes as they travel.

    Args:
        data: the bytes.
        media_type: what they are said to be.

    Raises:
        TypeError: the data are no bytes.
    """

    data: bytes = field(repr=False)
    media_type: MediaType

    def __post_init__(self) -> None:
        """Check the data: callers need not have a type checker."""
        if not isinstance(self.data, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]
            msg = f"a {type(self).__name__} holds bytes, not {type(self.data).__name__}"
            raise TypeError(msg)

    @property
    def text(self) -> str:
        """The bytes as text; every wire form here is UTF-8.

        Raises:
            SaysoError: PARSING_ERROR.
        """
        try:
            return self.data.decode()
        except UnicodeDecodeError:
            raise SaysoError.of(PARSING_ERROR, "the bytes are not UTF-8 text") from None


@dataclass(frozen=True, slots=True)
class Credential(Wire):
    """Hold a credential as an issuer hands it out."""


@dataclass(frozen=True, slots=True)
class Presentation(Wire):
    """Hold a presentation of whole credentials, as a wallet signs it for one verifier."""


@dataclass(frozen=True, slots=True)
class Request(Wire):
    """Hold a data request: a signed OpenID4VP request object."""

    media_type: MediaType = REQUEST_OBJECT


@dataclass(frozen=True, slots=True)
class Answer(Wire):
    """Hold an answer: an OpenID4VP response object."""

    media_type: MediaType = JSON


def bytes_of(value: object) -> bytes:
    """Give the bytes of what came to a door: a value, bytes or text, never something that was parsed elsewhere.

    Raises:
        TypeError: it is something else.
        SaysoError: PARSING_ERROR, for text that has no UTF-8 form.
    """
    if isinstance(value, Wire):
        return value.data
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        msg = f"bytes, text or a sayso value is expected, not {type(value).__name__}"
        raise TypeError(msg)
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise SaysoError.of(PARSING_ERROR, "the text has no UTF-8 form") from None
