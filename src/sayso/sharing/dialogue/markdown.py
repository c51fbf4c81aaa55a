"""Write text from elsewhere into Markdown, so that it stays text.

Source: CommonMark 0.31, sections 2.4 (backslash escapes) and 6.
"""

import re
from collections.abc import Iterable

from sayso.sharing.texts import printable

# What can begin or end something other than text inside of a line. At the beginning of a line stands nothing but what is written here.
_MEANS_SOMETHING = re.compile(r"[\\`*_{}\[\]<>#|~!&$^@=]|:(?=[\w/])|(?<=\bwww)\.", re.IGNORECASE)


def plain(text: str) -> str:
    r"""Write text so that none of it is markup.

    >>> print(plain("<b>R&D</b> [x](https://y)"))
    \<b\>R\&D\</b\> \[x\](https\://y)
    """
    return _MEANS_SOMETHING.sub(lambda found: "\\" + found[0], printable(text).strip())


def link(url: str) -> str:
    """Write a link that is seen as what it is: a URL, which holds neither blanks nor angle brackets."""
    return f"<{url}>"


def labelled(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Write a list of what is known, each with its label; what is "" is left out."""
    return [f"- **{label}:** {text}" for label, text in rows if text]
