"""Importing the library, and its three doors, loads nothing heavy and opens nothing."""

import subprocess
import sys

HEAVY = {
    "pyld",
    "multiformats",
    "jsonschema",
    "httpx",
    "httpcore",
    "anyio",
    "sqlalchemy",
    "asyncio",
    "cryptography",
    "joserfc",
    "socket",
    "ssl",
}


def _loaded(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_an_import_loads_nothing_heavy() -> None:
    assert _loaded("import sayso") & HEAVY == set()


def test_the_three_doors_load_nothing_heavy() -> None:
    assert _loaded("from sayso import Issuer, Wallet, Verifier") & HEAVY == set()


def test_the_three_doors_load_nothing_that_only_a_key_file_needs() -> None:
    doors = _loaded("from sayso import Issuer, Wallet, Verifier")
    assert doors & {"sayso.storage.files", "sayso.keys.sealing"} == set()
    assert "sayso.storage.keyring" in doors


def test_a_document_is_read_without_what_its_keys_need_to_verify() -> None:
    did = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"
    read = f"from sayso.dids import did_key\ndid_key.document({did!r}).to_json()"
    use = "import sayso.keys.ecdsa_signer as room\nroom.EcdsaSigner('P-256', bytes([1] * 32))"
    assert _loaded(read) & HEAVY == set()
    assert "cryptography" in _loaded(use)


def test_a_heavy_import_would_be_seen() -> None:
    assert {"asyncio", "socket", "ssl"} <= _loaded("import asyncio") & HEAVY
