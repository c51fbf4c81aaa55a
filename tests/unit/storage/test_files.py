"""A file is the old one or the new one, whoever stops the writing and when."""

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sayso.errors import KEY_FILE_UNREADABLE
from sayso.storage import files
from tests.unit.proofs.refusals import refused

# A process of its own, which is killed before a step; the file is what it was, or what it was to be.
KILLED = """
import os, signal, sys
from pathlib import Path
from sayso.storage import files
for number, step in enumerate(files.steps(Path(sys.argv[1]), b"new" * 100_000)):
    if number == float(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    step()
    if number + 0.5 == float(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
"""
STEPS = 5
NEW = b"new" * 100_000


def test_it_is_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    files.replace(path, b"old")
    assert files.read(path, 9) == b"old"
    files.replace(str(path), b"new")
    assert files.read(str(path), 9) == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["keys"], "nothing is left beside it"


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_bytes(b"old")
    path.chmod(0o644)
    files.replace(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_more_is_read_than_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_bytes(bytes(100))
    assert len(files.read(path, 9)) == 10


def test_what_a_link_points_to_is_replaced(tmp_path: Path) -> None:
    path, link = tmp_path / "keys", tmp_path / "link"
    path.write_bytes(b"old")
    link.symlink_to(path)
    files.replace(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"


def test_how_many_steps_there_are(tmp_path: Path) -> None:
    done = 0
    for step in files.steps(tmp_path / "keys", b"new"):
        step()
        done += 1
    assert done == STEPS


@pytest.mark.parametrize("there", [True, False], ids=["old", "none"])
@pytest.mark.parametrize("number", [half / 2 for half in range(2 * STEPS)])
def test_whoever_is_killed_leaves_the_old_or_the_new(tmp_path: Path, number: float, there: bool) -> None:
    path = tmp_path / "keys"
    if there:
        files.replace(path, b"old")
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path), str(number)], check=False)
    assert ended.returncode == -signal.SIGKILL
    found = path.read_bytes() if path.exists() else b""
    assert found in (b"old" if there else b"", NEW)
    assert (found == NEW) == (number >= 3.5), "the name changes in one step, the fourth"
    files.replace(path, b"again")
    assert path.read_bytes() == b"again"
    assert [one.name for one in tmp_path.iterdir()] == ["keys"], "what was left is written over"


@pytest.mark.parametrize("path", ["missing", "", "x\0y", "missing/keys"])
def test_what_cannot_be_read(tmp_path: Path, path: str) -> None:
    with refused(KEY_FILE_UNREADABLE, says="could not be read"):
        files.read(tmp_path / path, 9)


def test_what_cannot_be_written(tmp_path: Path) -> None:
    for path in (tmp_path / "missing" / "keys", tmp_path / "x\0y"):
        with refused(KEY_FILE_UNREADABLE, says="could not be written"):
            files.replace(path, b"new")
    (tmp_path / "folder").mkdir()
    with refused(KEY_FILE_UNREADABLE, says="could not be written"):
        files.replace(tmp_path / "folder", b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["folder"], "a writer that is refused takes its draft away"


def test_links_that_lead_nowhere(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.symlink_to(other)
    other.symlink_to(one)
    for attempt in (lambda: files.read(one, 9), lambda: files.replace(one / "keys", b"new")):
        with refused(KEY_FILE_UNREADABLE):
            attempt()
    files.replace(tmp_path / "keys", b"old")
    with refused(KEY_FILE_UNREADABLE, says="could not be read"):
        files.read(tmp_path, 9)


def test_two_writers_never_mix(tmp_path: Path) -> None:
    """One is half way when the other begins: whoever ends first, the file is never half of anything."""
    path = tmp_path / "keys"
    files.replace(path, b"old")
    first = files.steps(path, b"first")
    assert [next(first)() for _ in range(2)] == [None, None]
    files.replace(path, b"second")
    assert path.read_bytes() == b"second"
    next(first)()
    last = next(first)
    with pytest.raises(FileNotFoundError):  # its draft was taken away, and that it says
        last()
    first.close()
    assert path.read_bytes() == b"second"
    assert [one.name for one in tmp_path.iterdir()] == ["keys"]


def test_a_draft_is_never_taken_for_that_of_another_writer(tmp_path: Path) -> None:
    """The other has begun and written nothing yet: what it has so far does not become the file."""
    path = tmp_path / "keys"
    files.replace(path, b"old")
    first, second = files.steps(path, b"first"), files.steps(path, b"second")
    next(first)()
    write = next(first)
    next(second)()
    their_write = next(second)
    write()
    next(first)()
    last = next(first)
    with pytest.raises(FileNotFoundError):
        last()
    assert path.read_bytes() == b"old"
    their_write()
    for step in second:
        step()
    assert path.read_bytes() == b"second"


def test_many_threads_write_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    texts = [bytes([number]) * 10_000 for number in range(16)]
    with ThreadPoolExecutor(8) as threads:
        assert [*threads.map(lambda text: files.replace(path, text), texts)] == [None] * len(texts)
    assert path.read_bytes() in texts
    assert [one.name for one in tmp_path.iterdir()] == ["keys"]


def test_what_belongs_to_others_stays(tmp_path: Path) -> None:
    others = sorted(["keys.new", "keys.0123456789abcdef.old", "keys2.0123456789abcdef.new", "xkeys.0123456789abcdef.new", "keys..new"])
    for name in others:
        (tmp_path / name).write_bytes(b"theirs")
    (tmp_path / "keys.0123456789abcdef.new").write_bytes(b"left by who was stopped")
    files.replace(tmp_path / "keys", b"new")
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(["keys", *others])


def test_where_directories_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_DIRECTORIES_OPEN", False)
    assert len([step() for step in files.steps(tmp_path / "keys", b"new")]) == STEPS - 1
    assert (tmp_path / "keys").read_bytes() == b"new"


def test_a_full_disk_leaves_the_old(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    files.replace(path, b"old")
    code = "import resource, signal, sys\nfrom sayso.storage import files\nfrom sayso import SaysoError\n"
    code += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
    code += "try:\n    files.replace(sys.argv[1], b'new' * 100)\nexcept SaysoError:\n    sys.exit(7)\n"
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 7
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["keys"]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has such a lock")
def test_one_changes_a_folder_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    folder = os.open(tmp_path, os.O_RDONLY)
    with files.alone(tmp_path / "keys"), pytest.raises(BlockingIOError):
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    monkeypatch.setattr(files, "_DIRECTORIES_OPEN", False)
    with files.alone(tmp_path / "keys"):  # elsewhere nobody waits
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(folder)


def test_what_is_published_can_be_read_by_others(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    files.replace(tmp_path / "log", b"log", mode=files.ANYBODY)
    files.replace(tmp_path / "keys", b"keys")
    assert (tmp_path / "log").stat().st_mode == plain.stat().st_mode
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == files.OWNER_ONLY
