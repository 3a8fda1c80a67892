"""A whole table over the wire: CPU of the embedded service and of who reads it, side by side.

    python -m tests.bench.table_fetch [--rows 50000] [--against FOLDER] [--rounds 3] [--view]

Each build serves with its own embedded services, as a process of their own, and reads with its
own client, 500 rows a request: one after the other, and by several requests at once where the
build knows how. FOLDER is a worktree of another build, such as 26e207e; the rounds take turns.
CPU is of the whole process, that of the reader from the first request to the last row; figures are
medians with (lowest-highest). Memory is what the reader had at its peak beyond what it had before.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.big_table import BigTable, fill
from tests.bench.idle import counted
from tests.bench.startup import ROOT, middle

READER = """
import asyncio, json, resource, sys, time
from tui.config.load import load
from tui.config.locations import Locations
from tui.workspace.workspace import Workspace

async def one_by_one(client, table, view, keep):
    offset, rows = 0, 0
    while True:
        found = (await client.get_table_values(
            table, view_id=view, offset=offset, max_rows=500)).rows
        keep(found)
        rows, offset = rows + len(found), offset + len(found)
        if len(found) < 500:
            return rows

async def at_once(client, table, view, keep):
    rows = 0
    async for page in client.table_pages(table, view_id=view):
        keep(page.rows)
        rows += len(page.rows)
    return rows

async def main(table, view, way):
    places = Locations.of_user()
    connections = Workspace(load(places.config / "config.toml"), places).connections
    client = await connections.timetonic()
    await client.get_table_values(table, max_rows=1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, cpu = time.perf_counter(), time.process_time()
    way = globals()[way]
    rows = await way(client, table, view, lambda rows: None)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    await connections.close()
    print(json.dumps([rows, wall, cpu, (after - before) / 1024]))

asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]) or None, sys.argv[3]))
"""


@dataclass(frozen=True)
class Fetched:
    """One reading of the whole table: seconds, megabytes."""

    rows: int
    wall: float
    reader: float
    memory: float
    server: float


@contextmanager
def serving(root: Path, home: Path) -> Iterator[int]:
    """The embedded services of a build; answers the id of their process."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tui.embedded", "--data", str(home / "data" / "embedded")],
        stdout=subprocess.PIPE, cwd=root, env=environment(root, home),
    )  # fmt: skip
    assert server.stdout is not None
    try:
        server.stdout.readline()
        yield server.pid
    finally:
        server.terminate()
        server.wait()


def environment(root: Path, home: Path) -> dict[str, str]:
    """Of a process of that build.

    What is compiled is kept beside the home: an installed program does not compile itself either.
    """
    kept = {name: one for name, one in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept,
        "TOCKDECK_HOME": str(home),
        "PYTHONPATH": str(root),
        "PYTHONPYCACHEPREFIX": str(home / "compiled"),
    }


def fetch(root: Path, home: Path, pid: int, made: BigTable, way: str, view: bool) -> Fetched:
    """Read all of it once."""
    before, _ = counted(pid)
    command = [sys.executable, "-c", READER, str(made.id), str(made.view if view else 0), way]
    said = subprocess.run(
        command, cwd=root, env=environment(root, home), stdout=subprocess.PIPE, check=True
    )
    rows, wall, reader, memory = json.loads(said.stdout)
    return Fetched(rows, wall, reader, memory, counted(pid)[0] - before)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--view", action="store_true", help="only the rows of a saved view")
    options = parser.parse_args()
    builds = [("before", options.against.resolve(), ("one_by_one",))] if options.against else []
    builds.append(("now", ROOT, ("one_by_one", "at_once")))
    found: dict[str, list[Fetched]] = {}
    with tempfile.TemporaryDirectory() as folder:
        made: dict[str, BigTable] = {}
        for name, root, _ in builds:
            with serving(root, Path(folder) / name):
                pass
            made[name] = fill(Path(folder) / name / "data" / "embedded", options.rows)
        for _ in range(options.rounds):
            for name, root, ways in builds:
                home = Path(folder) / name
                with serving(root, home) as pid:
                    for way in ways:
                        one = fetch(root, home, pid, made[name], way, options.view)
                        found.setdefault(f"{name}, {way.replace('_', ' ')}", []).append(one)
    print(f"{'':24}{'rows':>9}{'wall ms':>22}{'server CPU ms':>22}{'reader CPU ms':>22}{'MB':>18}")
    for name, ones in found.items():
        columns = [
            middle([one.wall for one in ones], 1000),
            middle([one.server for one in ones], 1000),
            middle([one.reader for one in ones], 1000),
            middle([one.memory for one in ones]),
        ]
        print(
            f"{name:24}{ones[0].rows:9}"
            + "".join(f"{column:>22}" for column in columns[:3])
            + f"{columns[3]:>18}"
        )


if __name__ == "__main__":
    main()
