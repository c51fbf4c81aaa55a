"""Start a PostgreSQL of one's own in a folder that is thrown away: it listens on a Unix socket only, and writes before it promises."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")
_OWNERS = ("postgres", "nobody")  # it refuses to run as root


def programs() -> Path | None:
    """Find the folder with the newest initdb and pg_ctl; None where PostgreSQL is not installed, or not for this user."""
    found = [path.parent for path in sorted(_DEBIAN.glob("*/bin/initdb"), key=_release, reverse=True)]
    here = shutil.which("initdb")
    return next(iter([*found, *([Path(here).parent] if here else [])]), None)


def _release(initdb: Path) -> float:
    return float(initdb.parts[-3])


@contextmanager
def postgres(bin_: Path) -> Generator[str]:
    """Start a server, give its URL, and stop it."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        owner = _owner()
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = Path(folder, "data")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=100"
        _run(owner, bin_ / "initdb", "--pgdata", data, "--username=sayso", "--auth=trust", "--encoding=UTF8", "--no-locale")
        _run(owner, bin_ / "pg_ctl", "start", "--pgdata", data, "--log", Path(folder, "log"), "--wait", "--options", options)
        try:
            yield f"postgresql://sayso@/postgres?host={folder}"
        finally:
            _run(owner, bin_ / "pg_ctl", "stop", "--pgdata", data, "--mode=immediate", "--wait")


def _owner() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    known = {one.pw_name: one for one in pwd.getpwall()}
    return next(known[name] for name in _OWNERS if name in known)


def _run(owner: pwd.struct_passwd | None, *command: str | Path) -> None:
    """Run a command, in the name of another user where that is asked for."""
    user, group = (owner.pw_uid, owner.pw_gid) if owner else (None, None)
    others: list[int] | None = [] if owner else None
    quiet = subprocess.DEVNULL
    subprocess.run(command, check=True, cwd="/", stdin=quiet, stdout=quiet, stderr=quiet, user=user, group=group, extra_groups=others)
