"""Convert many JSON-LD documents in both ways, and refuse any difference.

Usage: python -m tools.differential [COUNT] [SEED]
"""

import sys
from collections import Counter
from collections.abc import Iterator
from json import dumps
from multiprocessing import Pool
from random import Random  # noqa: TID251 - from a seed that is an argument and printed

from tests.property.jsonld_documents import case
from tests.property.jsonld_oracle import Verdict, compare

COUNT = 200_000
WORKERS = 2


def tried(seed: int) -> tuple[int, Verdict]:
    """Make the document of a seed and compare."""
    return seed, compare(case(Random(seed)))  # noqa: S311


def report(results: Iterator[tuple[int, Verdict]]) -> Counter[Verdict]:
    """Count the verdicts, and show what differs."""
    counts: Counter[Verdict] = Counter()
    for seed, found in results:
        counts[found] += 1
        if found is Verdict.DIFFERS:
            made = case(Random(seed))  # noqa: S311
            print(f"seed {seed} differs: {dumps(made.document)}\nwith {dumps(made.contexts)}")
    return counts


def verdict(counts: Counter[Verdict], count: int, seed: int) -> int:
    """Print the counts, and give what the process ends with."""
    print(f"{count} documents from seed {seed}")
    for kind in Verdict:
        print(f"{counts[kind]:>9} {kind}")
    return 1 if counts[Verdict.DIFFERS] else 0


def main(count: int = COUNT, seed: int = 0) -> int:
    """Compare as many documents as asked, from this seed on."""
    with Pool(WORKERS) as pool:
        counts = report(pool.imap_unordered(tried, range(seed, seed + count), chunksize=200))
    return verdict(counts, count, seed)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
