"""Find the lines of a JSON text on which its values stand."""

import json
import re

from sayso.errors import pointer

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def lines(text: str) -> dict[str, int]:
    r"""Give the line of each value, from 1, by its JSON pointer. The text is JSON: it was parsed before.

    >>> lines('{"a": [1,\n 2]}')
    {'': 1, '/a': 1, '/a/0': 1, '/a/1': 2}
    """
    found: dict[str, int] = {}
    steps: list[str | int | None] = []  # in an array the index, in an object the name, None before the next one
    line, counted = 1, 0
    for token in _TOKEN.finditer(text):
        line, counted = line + text.count("\n", counted, token.start()), token.start()
        word = token[0]
        if word in "]}":
            steps.pop()
        elif word == ",":
            step = steps[-1]
            steps[-1] = step + 1 if isinstance(step, int) else None
        elif word != ":" and steps and steps[-1] is None:
            steps[-1] = str(json.loads(word))
        elif word != ":":
            found[pointer(*(step for step in steps if step is not None))] = line
            if word in "[{":
                steps.append(0 if word == "[" else None)
    return found
