"""What keeping changes costs, beside an earlier build: a write, the start, and undo.

    python -m tests.bench.changes [--base FOLDER] [--rounds N]

FOLDER is a checkout of the earlier build; without it one is made of commit 26e207e and taken
away again. Both run in this environment, in turns. Where `strace` is there, calls that wait for
the disk are counted. Compare ratios, not milliseconds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BASE = "26e207e"
WRITES = 300
KEPT = 100_000

_CLIENT = """
import asyncio, json, sys, tempfile, time
from functools import partial
from pathlib import Path
from tests.services.capture import Capture
from tui.services.client import ServiceClient
from tui.services.operation import operation
from tui.services.wire import Request

class Timesheets(ServiceClient):
    service = "timesheets"
    @operation("timesheets.ts.start", "write")
    async def start(self, *, task_id: int | None = None, comment: str | None = None) -> object:
        "Start.\\n\\nArgs:\\n    task_id: The task.\\n    comment: A comment."
        return await self.send(Request("POST", "ts/start", form=(("task_id", str(task_id)),)))

folder, writes = Path(sys.argv[1]), int(sys.argv[2])
left = [0.0]

def leaving(request):
    left[0] = time.process_time()
    return {}

client = Timesheets(Capture(leaving).transport("timesheets"))
"""
_BEFORE = (
    _CLIENT
    + """
from tui.store.journal import Journal
from tui.workspace.history import History
history = History(Journal(folder / "journal.jsonl"))

async def write(number):
    given = {"task_id": number, "comment": "as it was"}
    await history.write("Start", "timesheets.ts.start", given, lambda: client.start(**given))
"""
)
_NOW = (
    _CLIENT
    + """
from tui.store.changes import Changes
from tui.workspace.changes.history import History

class Clients:
    services = ("timesheets",)
    def account(self, service): return "timesheets@home"
    async def of(self, service): return client

history = History(Changes(folder / "changes.db"), Clients())

async def write(number):
    await history.write("Start", partial(client.start, task_id=number, comment="as it was"))
"""
)
_MEASURE = """
async def main():
    await write(0)
    spent = 0.0
    for number in range(writes):
        began = time.process_time()
        await write(number)
        spent += left[0] - began
    print(json.dumps(spent / max(1, writes) * 1e6))
asyncio.run(main())
"""
_FILL = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tui.store.changes import Change, Changes, Step
changes = Changes(Path(sys.argv[1]))
for start in range(0, int(sys.argv[2]), 5000):
    changes.begin([Change(id=f"{number:012x}", sequence=0, time=datetime.now(UTC), state="done",
        owner="timesheets@home", operation="timesheets.client.update", title=f"Change {number}",
        arguments={"client_id": number % 99, "name": "x" * 40}, record=f"client/{number % 99}",
        before={"name": "y" * 40}, inverse=Step(operation="timesheets.client.update",
        arguments={"client_id": number % 99, "name": "y" * 40})) for number in
        range(start, start + 5000)])
changes.close()
"""
_UNDO = """
import json, sys, time
from pathlib import Path
from tui.store.changes import Changes
changes = Changes(Path(sys.argv[1]))
def next_undo():
    last = changes.last_to_undo(["a", "b", "c", "d", "timesheets@home"])
    return last and changes.of_group(last)
next_undo()
began = time.process_time()
for _ in range(200):
    next_undo()
print(json.dumps((time.process_time() - began) / 200 * 1e6))
"""
_START = """
import json, sys, time
began = time.process_time()
import asyncio
from pathlib import Path
from tui.store.changes import Changes
from tui.workspace.changes.history import History
class Clients:
    services = ("timesheets",)
    def account(self, service): return "timesheets@home"
history = History(Changes(Path(sys.argv[1])), Clients())
asyncio.run(history.outbox.recover())
asyncio.run(history.undoing.next_undo())
print(json.dumps((time.process_time() - began) * 1e6))
"""


def run(tree: Path, script: str, *arguments: str, under: tuple[str, ...] = ()) -> float:
    """What a script in a tree prints: microseconds of CPU."""
    done = subprocess.run(
        [*under, sys.executable, "-c", script, *arguments],
        cwd=tree,
        env={"PYTHONPATH": str(tree), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    value: float = json.loads(done.stdout.strip().splitlines()[-1])
    return value


def waits_for_disk(tree: Path, script: str, folder: Path) -> float | None:
    """How often a write waits for the disk, on average; None without strace."""
    if shutil.which("strace") is None:
        return None
    counts = []
    for writes in (20, 120):
        log = folder / f"strace-{writes}"
        under = ("strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(log))
        home = Path(tempfile.mkdtemp(dir=folder))
        run(tree, script + _MEASURE, str(home), str(writes), under=under)
        counts.append(sum("sync(" in line for line in log.read_text().splitlines()))
    return (counts[1] - counts[0]) / 100


@contextmanager
def base_tree(given: str | None) -> Iterator[Path]:
    """A checkout of the earlier build."""
    if given:
        yield Path(given)
        return
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "base"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--detach", "--quiet", str(tree), BASE], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def figures(name: str, many: list[float]) -> str:
    """A median with the lowest and the highest."""
    return f"{name:<34}{statistics.median(many):9.0f} us ({min(many):.0f}-{max(many):.0f})"


def main() -> None:
    """Measure in turns and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", help="a checkout of the earlier build")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with base_tree(options.base) as base, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before: list[float] = []
        now: list[float] = []
        for _ in range(options.rounds):
            for tree, script, into in ((base, _BEFORE, before), (ROOT, _NOW, now)):
                home = tempfile.mkdtemp(dir=folder)
                into.append(run(tree, script + _MEASURE, home, str(WRITES)))
        print(figures("to the request leaving, before", before))
        print(figures("to the request leaving, now", now))
        print(f"ratio {statistics.median(now) / statistics.median(before):.2f}")
        for tree, script, word in ((base, _BEFORE, "before"), (ROOT, _NOW, "now")):
            waits = waits_for_disk(tree, script, folder)
            print(f"waits for the disk a write, {word}: {'no strace' if waits is None else waits}")
        _kept(folder, options.rounds)


def _kept(folder: Path, rounds: int) -> None:
    files = {"none": folder / "none.db", f"{KEPT:,} kept": folder / "many.db"}
    for file, count in zip(files.values(), (5000, KEPT), strict=True):
        run_quietly(_FILL, str(file), str(count))
    files["none"] = folder / "empty" / "changes.db"
    measured: dict[str, dict[str, list[float]]] = {}
    for _ in range(rounds):
        for kept, file in files.items():
            for what, script in (("what the start asks", _START), ("u asks", _UNDO)):
                into: Any = measured.setdefault(what, {}).setdefault(kept, [])
                into.append(run(ROOT, script, str(file)))
    for what, by_kept in measured.items():
        for kept, many in by_kept.items():
            print(figures(f"{what}, {kept}", many))


def run_quietly(script: str, *arguments: str) -> None:
    """Run a script of this tree that prints nothing."""
    subprocess.run([sys.executable, "-c", script, *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
