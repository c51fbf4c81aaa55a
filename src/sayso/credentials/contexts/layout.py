"""Lay a JSON-LD context out as its publisher did, so that its bytes have the published digest."""

from collections.abc import Mapping
from functools import partial
from json import dumps
from typing import NamedTuple, TypeAlias

Group: TypeAlias = Mapping[str, "Node"]
"""Members that stand on lines next to each other."""

Node: TypeAlias = None | bool | float | str | Group | tuple[Group, ...]
"""A value in a context. An object is one group, or a tuple of groups with an empty line between them; contexts hold no arrays."""


class Layout(NamedTuple):
    """Describe how a publisher writes.

    A text that would reach beyond `width` columns, its comma counted, stands on a line of its own below its name (None: never), but for
    the member `unbroken`. `inline` writes objects without objects in them on one line. `end` follows the last bracket. Before the member
    `slipped`, four spaces were left behind on the line above.
    """

    width: int | None = None
    unbroken: str = ""
    inline: bool = False
    end: str = "\n"
    slipped: str = ""


def serialize(context: Node, layout: Layout) -> bytes:
    r"""Write the document whose `@context` is this.

    >>> serialize(({"@protected": True}, {"id": "@id"}), Layout(end=""))
    b'{\n  "@context": {\n    "@protected": true,\n\n    "id": "@id"\n  }\n}'
    """
    return (_value({"@context": context}, "", layout) + layout.end).encode()


_text = partial(dumps, ensure_ascii=False)


def _value(node: Node, pad: str, layout: Layout) -> str:
    if not isinstance(node, Mapping | tuple):
        return _text(node)
    if layout.inline and isinstance(node, Mapping) and not any(isinstance(member, Mapping | tuple) for member in node.values()):
        return "{" + ", ".join(f"{_text(name)}: {_value(member, pad, layout)}" for name, member in node.items()) + "}"
    groups = node if isinstance(node, tuple) else (node,)
    deeper = pad + "  "
    blocks = (",".join(_member(name, member, deeper, layout) for name, member in group.items()) for group in groups)
    return "{" + ",\n".join(blocks) + f"\n{pad}}}"


def _member(name: str, member: Node, pad: str, layout: Layout) -> str:
    above = "    \n" if name == layout.slipped else "\n"
    written = _value(member, pad, layout)
    line = f"{pad}{_text(name)}: {written}"
    if layout.width is not None and isinstance(member, str) and len(line) + 1 > layout.width and name != layout.unbroken:
        return f"{above}{pad}{_text(name)}:\n{pad}  {written}"
    return above + line
