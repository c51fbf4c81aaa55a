"""Print the floors, top first, with what each room imports, and write import-linter's picture of them.

Usage: python -m tools.floors
"""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp

PICTURE = Path("build/floors.dot")


def floors(pyproject: Path = Path("pyproject.toml")) -> list[list[str]]:
    """Read the floors from the contract that enforces them, top first, each a list of rooms as they are written there."""
    contracts = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers: list[str] = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    return [[room.strip() for room in layer.replace("|", ":").split(":")] for layer in layers]


def imported_rooms(graph: grimp.ImportGraph, room: str) -> set[str]:
    """Name the rooms whose modules a room's modules import."""
    modules = {f"sayso.{room}", *graph.find_descendants(f"sayso.{room}")}
    found = {imported for module in modules for imported in graph.find_modules_directly_imported_by(module)}
    return {name.split(".")[1] for name in found if name.startswith("sayso.")} - {room}


def lines(storeys: list[list[str]], graph: grimp.ImportGraph) -> Iterator[str]:
    """Yield one line for each room."""
    order = [room.strip("()") for storey in storeys for room in storey]
    for height, storey in zip(range(len(storeys) - 1, -1, -1), storeys, strict=True):
        for room in storey:
            if f"sayso.{room.strip('()')}" not in graph.modules:
                yield f"F{height:<3} {room:<16} not built yet"
                continue
            size = 1 + len(graph.find_descendants(f"sayso.{room.strip('()')}"))
            below = sorted(imported_rooms(graph, room.strip("()")), key=order.index)
            yield f"F{height:<3} {room:<16} {size:>3} modules  →  {', '.join(below) or 'nothing'}"


def main() -> None:
    """Print the floors and write the picture."""
    graph = grimp.build_graph("sayso", cache_dir=None)
    print("\n".join(lines(floors(), graph)))
    linter = Path(sys.executable).with_name("import-linter")
    drawn = subprocess.run([linter, "drawgraph", "sayso", "--show-import-totals"], check=True, capture_output=True, text=True)
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawn.stdout, encoding="utf-8")
    print(f"\nimport-linter's picture: {PICTURE} (`dot -Tsvg` draws it)")


if __name__ == "__main__":
    main()
