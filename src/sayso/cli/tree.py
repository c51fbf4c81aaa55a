"""Draw JSON and what was taken apart as trees that people like to read, and that no text from elsewhere can spoil."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from rich.text import Text
from rich.tree import Tree

from sayso.cli.anatomy import Anatomy, Disclosure, Token
from sayso.credentials.claims_path import Location
from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.credentials.validity import format_date_time, parse_numeric_date
from sayso.errors import SaysoError, pointer
from sayso.jsonvalue import Json, JsonObject, serialize
from sayso.openid import request_object
from sayso.sharing import request as data_request
from sayso.sharing.request import DataRequest
from sayso.sharing.terms import NOTHING, SHARE_UNTIL
from sayso.sharing.texts import printable

MAX_LINES = 4000
"""The most lines of one tree."""
MAX_CHARACTERS = 400
"""The longest value that is shown whole."""
MAX_DEPTH = 12
"""What lies deeper is shown in one line."""

_INSTANTS = frozenset({"iat", "nbf", "exp", "auth_time", "updated_at", SHARE_UNTIL})
# What the words above the claims have told already.
_TOLD = frozenset({"client_id", "client_metadata", "dcql_query", "verifier_info"})
_TITLES = {
    "credential": "Credential",
    "presentation": "Presentation",
    "request": "Request",
    "answer": "Answer",
    "message": "Signed message",
    "document": "Document",
}
_NAME, _QUIET, _WARNING = "bold", "dim", "yellow"


class Drawing:
    """Draw one tree, of a bounded number of lines."""

    def __init__(self, title: str) -> None:
        """Begin with a title."""
        self.root = Tree(Text(printable(title), _NAME))
        self._left = MAX_LINES

    def add(self, tree: Tree, name: str, value: str = "", style: str = "", *, name_style: str = _NAME) -> Tree:
        """Add a line: a name, and a value behind it."""
        self._left -= 1
        if self._left == 0:
            return tree.add(Text("... and more than can be shown here: --json shows all", _WARNING))
        if self._left < 0:
            return Tree("")  # hangs on nothing
        line = Text(printable(_short(name)), name_style)
        if value:
            line.append(": ", _QUIET).append(printable(_short(value)), style)
        return tree.add(line)

    def note(self, tree: Tree, text: str) -> None:
        """Add what must not be overlooked."""
        self.add(tree, text, name_style=_WARNING)

    def json(self, tree: Tree, name: str, value: Json, *, instants: bool = False, depth: int = 0) -> None:
        """Add a JSON value under a name; of a token, numbers that are instants also say when."""
        if self._left < 0:
            return
        if _branches(value) and isinstance(value, (dict, list)) and depth < MAX_DEPTH:
            branch = self.add(tree, name)
            self.members(branch, value, depth=depth + 1)
        elif instants and name in _INSTANTS:
            self.add(tree, name, serialize(value) + _instant(value))
        else:
            self.add(tree, name, serialize(value))

    def members(self, tree: Tree, value: JsonObject | list[Json], *, instants: bool = False, depth: int = 0) -> None:
        """Add the members of an object, or the elements of an array; of digests only how many there are."""
        if isinstance(value, list):
            hidden = [isinstance(item, dict) and item.keys() == {"..."} for item in value]
            for index, item in enumerate(value):
                if not hidden[index]:
                    self.json(tree, f"[{index}]", item, depth=depth)
            if any(hidden):
                self.add(tree, "hidden elements", _counted(sum(hidden), "digest"), _QUIET)
            return
        for name, item in value.items():
            if name == "_sd" and isinstance(item, list):
                self.add(tree, name, _counted(len(item), "digest"), _QUIET)
            else:
                self.json(tree, name, item, instants=instants, depth=depth)


def draw(anatomy: Anatomy, *, salts: bool = False) -> Tree:
    """Draw what was taken apart."""
    drawing = Drawing(f"{_TITLES[anatomy.kind]}: nothing here was verified")
    _draw(drawing, drawing.root, anatomy, salts)
    return drawing.root


def _draw(drawing: Drawing, tree: Tree, anatomy: Anatomy, salts: bool) -> None:
    for note in anatomy.notes:
        drawing.note(tree, note)
    claims = anatomy.claims
    if anatomy.kind == "request" and _draw_request(drawing, tree, claims):
        claims = {name: value for name, value in claims.items() if name not in _TOLD}
    for header in anatomy.headers:
        drawing.members(drawing.add(tree, "header"), header)
    if claims:
        drawing.members(drawing.add(tree, "claims in the clear"), claims, instants=True)
    if anatomy.disclosures:
        _draw_disclosures(drawing, drawing.add(tree, "disclosures", str(len(anatomy.disclosures))), anatomy.disclosures, salts)
    if anatomy.unopened:
        opens = "opens" if anatomy.unopened == 1 else "open"
        drawing.add(tree, f"{_counted(anatomy.unopened, 'digest')} {opens} nothing: withheld, or decoys", name_style=_QUIET)
    if anatomy.binding:
        _draw_token(drawing, drawing.add(tree, "key binding: what the holder is said to have signed"), anatomy.binding)
    elif anatomy.kind == "credential" and anatomy.headers:
        drawing.add(tree, "no key binding: nothing in it says who presents it", name_style=_QUIET)
    for query, parts in anatomy.parts.items():
        _draw_parts(drawing, drawing.add(tree, f"for the query {serialize(query)}", _counted(len(parts), "presentation")), parts, salts)


def _draw_parts(drawing: Drawing, tree: Tree, parts: Iterable[Anatomy | SaysoError], salts: bool) -> None:
    for part in parts:
        if isinstance(part, SaysoError):
            drawing.note(tree, f"cannot be read: {part}")
        else:
            _draw(drawing, drawing.add(tree, _TITLES[part.kind]), part, salts)


def _draw_token(drawing: Drawing, tree: Tree, token: Token) -> None:
    drawing.members(drawing.add(tree, "header"), token.header)
    drawing.members(drawing.add(tree, "claims"), token.payload, instants=True)


def _draw_disclosures(drawing: Drawing, tree: Tree, disclosures: Iterable[Disclosure], salts: bool) -> None:
    for one in disclosures:
        place = "(no digest names it: a verifier refuses it)" if one.place is None else path(one.place)
        branch = tree
        if salts:
            branch = drawing.add(tree, place)
            drawing.add(branch, "salt", one.salt, _QUIET)
            place = "value"
        if _branches(one.value) and isinstance(one.value, (dict, list)):
            drawing.members(drawing.add(branch, place), one.value, depth=1)
        else:
            drawing.add(branch, place, serialize(one.value))


def _draw_request(drawing: Drawing, tree: Tree, payload: JsonObject) -> bool:
    try:
        asked = data_request.parse(payload, channel=request_object.own_channel(payload))
    except SaysoError as error:
        for problem in error.problems:
            drawing.note(tree, f"no request that a wallet here would answer: {problem}")
        return False
    request, said = asked.request, asked.terms
    drawing.add(tree, "who asks", request.verifier)
    drawing.add(tree, "calls itself", serialize(request.name) if request.name else "nothing")
    drawing.add(tree, "purpose", serialize(said.purpose))
    drawing.add(tree, "can be answered until", format_date_time(request.expires))
    drawing.add(tree, "answers go to", request.response_uri or request.origin or "whoever carries them: there is no address")
    _draw_queries(drawing, tree, asked)
    return True


def _draw_queries(drawing: Drawing, tree: Tree, asked: DataRequest) -> None:
    for query in asked.request.query.credentials:
        branch = drawing.add(tree, f"asks for a credential ({query.format})")
        for types in query.types:
            drawing.add(branch, "of type", " and ".join(types))
        issuers = data_request.issuers_of(query)
        drawing.add(branch, "issued by", "anyone" if issuers is None else ", ".join(issuers))
        for claim in query.claims:
            row = asked.rows.get(claim.id)
            if row is None:
                continue
            line = drawing.add(branch, spoken(data_request.claim_of(query, claim)), "required" if row.required else "optional")
            drawing.add(line, "reason", serialize(row.reason))
            drawing.add(line, "benefit", serialize(row.benefit))
            drawing.add(line, "kept for", "not stated" if row.keep_for is None else duration(row.keep_for))


def duration(kept: timedelta) -> str:
    """Say a duration in words.

    >>> duration(timedelta(days=30)), duration(timedelta(minutes=90)), duration(timedelta(0))
    ('30 days', '1 hour, 30 minutes', 'one use, and not stored')
    """
    if kept == NOTHING:
        return "one use, and not stored"
    minutes, seconds = divmod(kept.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((kept.days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
    return ", ".join(_counted(number, unit) for number, unit in parts if number)


def path(place: Location) -> str:
    """Write a place for people; one whose names could be mistaken is written as a JSON Pointer.

    >>> path(("address", "city")), path(("langs", 0)), path(("a.b",)), path(())
    ('address.city', 'langs.0', '/a.b', '(the whole)')
    """
    if not place:
        return "(the whole)"
    claim: Claim = tuple(place)
    plain = all(isinstance(step, int) or step.replace("_", "").replace("-", "").isalnum() for step in place)
    return spoken(claim) if plain else pointer(*place)


def _counted(number: int, unit: str) -> str:
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"


def _branches(value: Json) -> bool:
    """Tell whether a value needs more than a line."""
    if isinstance(value, list):
        return any(isinstance(item, (dict, list)) for item in value) or len(serialize(value)) > MAX_CHARACTERS
    return isinstance(value, dict) and bool(value)


def _instant(value: Json) -> str:
    try:
        return f" ({format_date_time(parse_numeric_date(value))})"
    except SaysoError:
        return ""


def _short(text: str) -> str:
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}... ({len(text):,} characters)"


def anatomy_json(anatomy: Anatomy, *, salts: bool = False) -> JsonObject:
    """Write what was taken apart as JSON."""
    written: JsonObject = {"verified": False, "kind": anatomy.kind}
    if anatomy.headers:
        written["headers"] = [*anatomy.headers]
    if anatomy.kind != "answer" or anatomy.claims:
        written["claims"] = anatomy.claims
    if anatomy.disclosures or anatomy.unopened:
        written["disclosures"] = [_disclosure_json(one, salts) for one in anatomy.disclosures]
        written["unopened_digests"] = anatomy.unopened
    if anatomy.binding:
        written["key_binding"] = {"header": anatomy.binding.header, "claims": anatomy.binding.payload}
    if anatomy.kind == "answer":
        written["presentations"] = _parts_json(anatomy.parts, salts)
    if anatomy.notes:
        written["notes"] = [*anatomy.notes]
    return written


def _parts_json(parts: Mapping[str, tuple[Anatomy | SaysoError, ...]], salts: bool) -> JsonObject:
    return {
        query: [
            {"problems": [dict(problem.to_json()) for problem in part.problems]}
            if isinstance(part, SaysoError)
            else anatomy_json(part, salts=salts)
            for part in found
        ]
        for query, found in parts.items()
    }


def _disclosure_json(one: Disclosure, salts: bool) -> JsonObject:
    written: JsonObject = {"path": None if one.place is None else pointer(*one.place), "value": one.value}
    return {**written, "salt": one.salt} if salts else written
