"""A program that keeps rows, orders and what is searched, and is killed at chosen moments.

It is loaded once and forks for each kill: the fork counts what SQLite does, says when it is at the
moment at which it is to be killed, and goes no step further. Run as a program it is told a folder
and how many kills there are to be; it prints a line of JSON for each: where it was killed, and
what it had said to be kept by then.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tui.store.index import index as index_module
from tui.store.index.documents import Document
from tui.store.index.index import Index
from tui.store.mirror.file import MirrorFile
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.shape import Column, Record, Shape
from tui.store.mirror.wishes import Sort, Wish

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SHAPE = Shape((Column("name", "text"), Column("size", "number")))
BY_SIZE = Wish((Sort("size"),))
PAGE, PAGES = 60, 5
STEPS = 150
"""Steps of SQLite between two moments within a statement."""


def record(number: int, round_: int) -> Record:
    """A record as it is in a round."""
    name = f"row {number} of {round_}"
    return Record(number, (name, number * 7919 % 997), (name,), name.encode() + b"x" * 400)


class Moments:
    """Counts them; at one of them the process waits for its end."""

    def __init__(self, last: int, say: Callable[[str], None]) -> None:
        self.count = 0
        self._last = last
        self._say = say

    def one(self, *_: object) -> int:
        """One more."""
        self.count += 1
        if self.count == self._last:
            self._say("here")
            signal.pause()
        return 0

    def watch(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """Every statement of a connection is one, and so are some steps of each."""
        connection.set_trace_callback(self.one)
        return self.watch_steps(connection)

    def watch_steps(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """Only the steps: an index has ten small statements for each that it is given."""
        connection.set_progress_handler(self.one, STEPS)
        return connection


def work(folder: Path, moments: Moments, say: Callable[[str], None]) -> None:
    """Two rounds over all that is kept; what was kept is said."""
    connect, opened = MirrorFile.connect, index_module.open_file
    MirrorFile.connect = lambda self: moments.watch(connect(self))  # type: ignore[method-assign]
    index_module.open_file = lambda path, told: moments.watch_steps(opened(path, told))
    with (
        closing(Mirror(folder / "mirror.db")) as mirror,
        closing(Index(folder / "search.db")) as index,
    ):
        kept = mirror.collection("me", "things")
        for round_ in range(2):
            kept.begin(SHAPE)
            since = kept.start()
            for page in range(PAGES):
                numbers = range(page * PAGE, (page + 1) * PAGE)
                rows = [record(number, round_) for number in numbers]
                kept.put(rows, SHAPE, first=page * PAGE, total=PAGE * PAGES)
                say(f"page {round_} {page}")
                documents = [Document("row", str(one.id), str(one.values[0])) for one in rows]
                index.put("me", f"things {page}", documents, stamp=float(round_))
                say(f"found {round_} {page}")
            kept.finish(since, total=PAGE * PAGES, as_of=NOW, stamp=str(round_))
            say(f"all {round_}")
            with closing(mirror.ordered("me", "things", SHAPE, BY_SIZE).begin()) as order:
                mirror.keep(order)
            say(f"order {round_}")
            kept.delete([3, PAGE, PAGE + 1])
            say(f"gone {round_}")


def forked(folder: Path, last: int) -> tuple[list[str], int]:
    """A fork that works until its last moment, and is killed there; what it said, and how many
    moments there were where it came to its end.
    """
    folder.mkdir()
    read, write = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.close(read)

            def say(text: str) -> None:
                os.write(write, f"{text}\n".encode())

            moments = Moments(last, say)
            work(folder, moments, say)
            say(f"moments {moments.count}")
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    said: list[str] = []
    with os.fdopen(read) as lines:
        for line in lines:
            if line == "here\n":
                os.kill(child, signal.SIGKILL)
            else:
                said.append(line.rstrip())
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return said, 0
    if status:
        raise SystemExit(f"it failed by itself, at {said[-1:]}")
    return said[:-1], int(said[-1].split()[1])


def main() -> None:
    """All kills, spread over all moments."""
    folder, kills = Path(sys.argv[1]), int(sys.argv[2])
    _, moments = forked(folder / "whole", 0)
    for number in range(kills):
        last = 1 + number * (moments - 1) // kills
        said, _ = forked(folder / str(last), last)
        sys.stdout.write(f"{json.dumps([last, said])}\n")


if __name__ == "__main__":
    main()
