"""Write queries and wallets, the same in every run: each pair has something to find, and something that only looks like it."""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

from sayso.testing.world import CountingEntropy

_T = TypeVar("_T")
NAMES = ("a", "b", "c", "d")
SCALARS: tuple[Any, ...] = ("x", "y", "1", "", 0, 1, 2, True, False, None, 1.5)
TYPES = ("urn:t0", "urn:t1", "urn:t2")
FORMATS = ("dc+sd-jwt", "dc+sd-jwt", "vc+sd-jwt", "ldp_vc", "jwt_vc_json")


class Held(NamedTuple):
    """Hold a credential as both matchers see it."""

    format: str
    types: tuple[str, ...]
    claims: dict[str, Any]

    def to_js(self) -> dict[str, Any]:
        """Write it as the npm package takes it: bound to a key, for a wallet of ours holds no other."""
        said = {"credential_format": self.format, "claims": self.claims, "cryptographic_holder_binding": True}
        return {**said, **({"vct": self.types[0]} if self.format == "dc+sd-jwt" else {"type": list(self.types)})}


class Pair(NamedTuple):
    """Hold a query in its JSON form, and a wallet."""

    query: dict[str, Any]
    wallet: list[Held]


class Author:
    """Choose by the bytes of a seed."""

    def __init__(self, seed: bytes) -> None:
        self._entropy = CountingEntropy(seed)

    def number(self, below: int) -> int:
        return int.from_bytes(self._entropy(8)) % below

    def odds(self, percent: int) -> bool:
        return self.number(100) < percent

    def one(self, items: Sequence[_T]) -> _T:
        return items[self.number(len(items))]

    def some(self, items: Sequence[_T]) -> list[_T]:
        """Choose at least one, in order."""
        sure = self.number(len(items))
        return [item for index, item in enumerate(items) if index == sure or self.odds(50)]

    def value(self, depth: int) -> Any:
        kind = self.number(10) if depth else 9
        if kind < 3:
            return {name: self.value(depth - 1) for name in self.some(NAMES)}
        if kind < 6:
            like = self.number(3)
            return [self.value(depth - 1) if like else {"a": self.one(SCALARS)} for _ in range(self.number(4))]
        return self.one(SCALARS)

    def held(self) -> Held:
        kind = self.one(FORMATS)
        types = [self.one(TYPES)] if kind == "dc+sd-jwt" else self.some(TYPES)
        return Held(kind, tuple(types), {name: self.value(3) for name in NAMES})

    def path(self, claims: dict[str, Any]) -> list[str | int | None]:
        """Walk into some claims; now and then not where they lead."""
        path: list[str | int | None] = [self.one(NAMES)]
        value: Any = claims[str(path[0])]
        while isinstance(value, (dict, list)) and value and self.odds(80):
            step: str | int = self.one([*value]) if isinstance(value, dict) else self.number(len(value))
            value = value[step]  # type: ignore[index]
            path.append(None if isinstance(step, int) and self.odds(50) else step)
        if self.odds(15):
            path.append(self.one([*NAMES, 0, 1, None]))
        return path

    def claim(self, number: int, claims: dict[str, Any]) -> dict[str, Any]:
        path = self.path(claims)
        wanted = [self.one([value for value in SCALARS if value is not None and not isinstance(value, float)]) for _ in range(3)]
        return {"id": f"c{number}", "path": path, **({"values": wanted} if self.odds(30) else {})}

    def credential(self, number: int, wallet: list[Held]) -> dict[str, Any]:
        like = self.one(wallet)
        query: dict[str, Any] = {"id": f"q{number}", "format": like.format if self.odds(90) else self.one(FORMATS)}
        alternatives = [like.types[0], *self.some(TYPES)] if self.odds(80) else [self.one(TYPES)]
        query["meta"] = {"vct_values": alternatives} if query["format"] == "dc+sd-jwt" else {"type_values": [[one] for one in alternatives]}
        if self.odds(30):
            query["multiple"] = self.odds(70)
        if self.odds(90):
            query["claims"] = [self.claim(index, like.claims) for index in range(1 + self.number(3))]
            ids = [claim["id"] for claim in query["claims"]]
            if self.odds(40):
                query["claim_sets"] = [self.some(ids) for _ in range(1 + self.number(3))]
        return query

    def pair(self) -> Pair:
        wallet = [self.held() for _ in range(1 + self.number(4))]
        query: dict[str, Any] = {"credentials": [self.credential(index, wallet) for index in range(1 + self.number(4))]}
        if self.odds(50):
            ids = [one["id"] for one in query["credentials"]]
            query["credential_sets"] = [self._credential_set(ids) for _ in range(1 + self.number(3))]
        return Pair(query, wallet)

    def _credential_set(self, ids: list[str]) -> dict[str, Any]:
        options = [self.some(ids) for _ in range(1 + self.number(3))]
        return {"options": options, **({"required": self.odds(50)} if self.odds(60) else {})}


def pairs(count: int) -> list[Pair]:
    """Write so many pairs."""
    author = Author(b"queries and wallets")
    return [author.pair() for _ in range(count)]
