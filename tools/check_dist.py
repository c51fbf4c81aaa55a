"""Build wheel and sdist, see that all of the package is in both, and run the demo from the wheel in a clean environment outside the tree.

Usage: python -m tools.check_dist
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

SOURCE = Path("src/sayso")
OUT = Path("dist")
CONTEXTS = "credentials/contexts/"
# The contexts are written by code: that they come out as published is seen where they are used.
CHECK_CONTEXTS = """
import hashlib
from sayso.credentials.contexts.bundled import CONTEXTS, content
wrong = [url for url, known in CONTEXTS.items() if hashlib.sha256(content(url)).hexdigest() != known.sha256]
assert CONTEXTS and not wrong, wrong
"""


def package_files() -> set[str]:
    """List what the package consists of, relative to it."""
    found = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    if "py.typed" not in found:
        sys.exit(f"dist: {SOURCE}/py.typed is missing")
    if f"{CONTEXTS}credentials_v2.py" not in found:
        sys.exit(f"dist: {SOURCE}/{CONTEXTS} lacks the base context")
    return found


def require(names: set[str], archive: Path, members: set[str]) -> None:
    """Stop where an archive lacks a file."""
    if missing := names - members:
        sys.exit(f"dist: {archive.name} lacks {', '.join(sorted(missing))}")
    print(f"dist: {archive.name} holds py.typed, the contexts and all {len(names)} files of the package")


def run(*command: str | Path, cwd: str | Path | None = None) -> None:
    """Run a command without what would lead it back into the tree; stop where it fails."""
    world = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(command, cwd=cwd, env=world, check=False)
    if done.returncode:
        sys.exit(f"dist: {' '.join(map(str, command))} failed with {done.returncode}")


def build(files: set[str]) -> Path:
    """Build both archives (the wheel from the sdist, so that the sdist is known to suffice) and return the wheel."""
    shutil.rmtree(OUT, ignore_errors=True)
    run(sys.executable, "-m", "build", "--outdir", OUT)
    (wheel,), (sdist,) = OUT.glob("*.whl"), OUT.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        require({f"sayso/{name}" for name in files}, wheel, set(archive.namelist()))
    with tarfile.open(sdist) as archive:
        root = sdist.name.removesuffix(".tar.gz")
        require({f"{root}/{SOURCE.as_posix()}/{name}" for name in files}, sdist, set(archive.getnames()))
    return wheel


def install_and_try(wheel: Path) -> None:
    """Install the wheel into a clean environment outside the tree, and run the demo there."""
    with tempfile.TemporaryDirectory(prefix="sayso-dist-") as outside:
        python = Path(outside, "venv", "bin", "python")
        run(sys.executable, "-m", "venv", python.parents[1])
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{wheel.resolve()}[cli]")
        run(python, "-m", "pip", "--disable-pip-version-check", "check")
        whence = "import sys, sayso; sys.exit(sayso.__file__.startswith(sys.prefix) is False and sayso.__file__)"
        run(python, "-W", "error", "-c", whence, cwd=outside)
        run(python, "-W", "error", "-c", CHECK_CONTEXTS, cwd=outside)
        run(python.with_name("sayso"), "demo", cwd=outside)


if __name__ == "__main__":
    install_and_try(build(package_files()))
    print("dist: the wheel runs the demo in a clean environment outside the tree")
