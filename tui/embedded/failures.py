"""Why the embedded services could not start, in a person's words and in a program's."""

from __future__ import annotations

import errno
import json
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from tui.embedded.files import write_private

FILE = "start-error.json"
EXIT_STATUS = 3
UNHEARD = "output"
"""The kind of a start that nobody could be told of."""


class StartError(Exception):
    """The services did not start. `kind` is for programs, `advice` says what to do next."""

    def __init__(self, kind: str, message: str, advice: str, path: Path | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.advice = advice
        self.path = path


def from_system(error: OSError, path: Path) -> StartError:
    """What the operating system refused, told about the path that it was refused for."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return read_only(path)
    reason = error.strerror or str(error)
    # Where one file takes another's name, the second one is what a person knows.
    name = error.filename2 or error.filename
    file = Path(os.fsdecode(name)) if isinstance(name, (str, bytes)) else path
    if file != path and path in file.parents:
        what = "is a folder" if file.is_dir() else f"cannot be used: {reason}"
        return StartError(
            "data-file",
            f"{file}, where the services keep a file of their own, {what}.",
            "Move it away, then start again; or name another directory with --data.",
            file,
        )
    return StartError(
        "data-directory",
        f"The data directory {path} cannot be used: {reason}.",
        "Name another directory with --data.",
        path,
    )


def disk_full(path: Path) -> StartError:
    """No room for the files of the services."""
    return StartError(
        "disk-full",
        f"The disk that holds {path} is full; nothing was changed.",
        "Make room and start again, or name a directory on another disk with --data.",
        path,
    )


def read_only(path: Path) -> StartError:
    """The services keep what they are told, so they must be able to write."""
    return StartError(
        "read-only",
        f"The data directory {path} cannot be written to; nothing was changed.",
        "Give yourself the right to write there, or name another directory with --data.",
        path,
    )


def hand_out(line: str) -> None:
    """A line for programs, on standard output; whoever started this may have gone already.

    Raises StartError where standard output takes nothing.
    """
    try:
        sys.stdout.write(line)
        sys.stdout.flush()
    except OSError as error:
        # What Python still holds goes nowhere, or its flush at the end would change the status.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise StartError(
                UNHEARD,
                f"Standard output takes nothing: {error.strerror}.",
                "Send it somewhere else.",
            ) from error


def report(error: StartError, data: Path) -> int:
    """Say it on stderr; for programs on stdout and in the data directory.

    Answers the exit status.
    """
    sys.stderr.write(f"{error.message} {error.advice}\n")
    content = {
        "kind": error.kind,
        "message": error.message,
        "advice": error.advice,
        "path": str(error.path) if error.path is not None else None,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    line = json.dumps(content) + "\n"
    with suppress(StartError):
        hand_out(line)
    # A full or read-only disk does not take the file.
    with suppress(OSError):
        write_private(data / FILE, line)
    return 1 if error.kind == UNHEARD else EXIT_STATUS
