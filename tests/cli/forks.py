"""Verbs with standard streams of every kind: closed, full, in another encoding.

A process of its own loads the program once and forks for each run, as a shell does: the streams
are made as the interpreter makes them, and its own flush at the end is part of the run.

Run as a program it reads one run a line and answers one status a line.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import TracebackType

CLOSED = None


@dataclass(frozen=True)
class Streams:
    """Where standard streams are, as paths; None is closed."""

    stdin: str | None = os.devnull
    stdout: str | None = ""
    stderr: str | None = ""
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Ended:
    """A run: its status, and what it wrote where there was a file to write to."""

    status: int
    out: bytes
    err: str


class Forks:
    """The program, loaded once."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.forks"],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Forks:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=60)

    def run(self, words: Sequence[str], streams: Streams) -> Ended:
        """A verb to its end."""
        files = {name: self._directory / name for name in ("stdout", "stderr")}
        for path in files.values():
            path.write_bytes(b"")
        placed = replace(
            streams,
            **{name: str(path) for name, path in files.items() if getattr(streams, name) == ""},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([list(words), asdict(placed)]) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        return Ended(
            status, files["stdout"].read_bytes(), files["stderr"].read_text(errors="replace")
        )


def _replaced(number: int, where: str | None, encoding: str) -> object:
    """A standard stream as the interpreter would have made it."""
    os.close(number)
    if where is None:
        return None
    opened = os.open(where, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_APPEND)
    assert opened == number, "closed from the lowest on"
    os.set_inheritable(number, True)
    return open(
        number,
        "r" if number == 0 else "w",
        encoding=encoding,
        errors="backslashreplace" if number == 2 else "strict",
        closefd=False,
    )


def _forked() -> list[str]:
    """Fork for each run that is asked for; the words of one in its child, [] at the end."""
    for line in sys.stdin:
        words, streams = json.loads(line)
        child = os.fork()
        if not child:
            encoding = streams["encoding"]
            # A closed one is opened again by what is opened next: from the highest on.
            made = {}
            for number, name in ((0, "stdin"), (1, "stdout"), (2, "stderr")):
                where = streams[name] if streams[name] is not None else os.devnull
                made[name] = _replaced(number, where, encoding)
            for number, name in ((0, "stdin"), (1, "stdout"), (2, "stderr")):
                if streams[name] is None:
                    os.close(number)
                    made[name] = None
            sys.stdin, sys.stdout, sys.stderr = made.values()
            return [str(word) for word in words]
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    return []


if __name__ == "__main__":
    from importlib import import_module

    from tui.cli import VERBS, main
    from tui.services import registry

    for verb in VERBS:
        import_module(f"tui.cli.{verb}")
    registry.operations()
    # What every fork has is looked through by none at its end.
    gc.freeze()
    asked = _forked()
    if asked:
        sys.exit(main(asked))
