"""What is written beside a file until it is whole, and what killed processes left of it there."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_HALF = ".tockdeck"
"""How what is written beside a file ends: people export into folders of their own, where a number
behind a name may be a version of theirs."""


def refuse_device(path: Path) -> None:
    """Raise OSError where a device, a pipe or a socket stands in the place of a file: what is made
    beside it would be put in its place, which for `/dev/null` is the end of it for the machine.
    """
    with suppress(FileNotFoundError, NotADirectoryError):
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode) or stat.S_ISDIR(mode)):
            raise OSError(errno.EINVAL, "Not an ordinary file, and left as it is", str(path))


@contextmanager
def half_of(path: Path, mode: int = 0o600) -> Iterator[tuple[Path, int]]:
    """An empty file beside `path` in which that is made: its name, and a descriptor to write with,
    open as long as the block lasts, which renames it once it is whole. Where the block raises, it
    is taken away; what others left who were killed before theirs was whole goes at the beginning.

    Raises OSError (disk full, no right, no such folder).
    """
    take_away_halves(path)
    half = path.with_name(f".{path.name}.{os.getpid()}{_HALF}")
    descriptor = os.open(half, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        with suppress(OSError):  # not every disk has locks
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield half, descriptor
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def take_away_halves(path: Path) -> None:
    """Take away what processes left beside a file that were killed while they wrote it. Who still
    writes holds a lock on its own, on another machine, too.
    """
    begins = f".{path.name}."
    with suppress(OSError):
        for one in path.parent.iterdir():
            number = one.name.removeprefix(begins).removesuffix(_HALF)
            ours = one.name == f"{begins}{number}{_HALF}"
            if not (ours and number.isascii() and number.isdecimal()):
                continue
            if int(number) == os.getpid() or _lives(int(number)):
                continue
            with suppress(OSError), one.open("rb") as half:
                fcntl.flock(half, fcntl.LOCK_EX | fcntl.LOCK_NB)
                one.unlink()


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        # There is one, of somebody else; or no process is called that.
        return True
    return True
