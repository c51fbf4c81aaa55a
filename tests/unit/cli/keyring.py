"""A ring of keys for the commands, and the files it is kept in."""

from pathlib import Path

from sayso import KeyRing
from sayso.keys.passphrase import LEAST_COST
from sayso.testing.world import CountingEntropy

KEYS = KeyRing.generate(entropy=CountingEntropy())
PASSPHRASE = "correct horse battery staple"  # noqa: S105 - it guards nothing


def kept(folder: Path, ring: KeyRing = KEYS) -> tuple[str, str]:
    """Keep a ring, and its passphrase, in files, and give their names."""
    keyfile, passphrase = folder / "city.keys", folder / "passphrase"
    ring.save(keyfile, PASSPHRASE, cost=LEAST_COST)
    passphrase.touch(0o600)
    passphrase.write_text(PASSPHRASE + "\n", encoding="utf-8")
    return str(keyfile), str(passphrase)
