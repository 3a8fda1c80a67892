"""What keeping changes costs, beside an earlier build: a write, the start, and undo.

    python -m tests.bench.changes [--base FOLDER] [--rounds N] [--only write|key|start|undo]

A write is measured from the call and from the key that saves a form, each up to the request; the
start is that of the whole program until it is quiet, with no change kept, one, and very many.

FOLDER is a checkout of the earlier build; without it one is made of commit 26e207e and taken
away again. Both run in this environment, in turns. Where `strace` is there, calls that wait for
the disk are counted. Compare ratios, not milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench import changes_scripts as scripts
from tests.bench.startup import Program
from tests.bench.startup import run as start

ROOT = Path(__file__).resolve().parents[2]
BASE = "26e207e"
WRITES = 40
BLOCKS = 8
"""For each round, so many times so many writes of each build, by turns."""
KEYS = 6
KEPT = 100_000
WHAT = ("write", "key", "start", "undo")


def run(tree: Path, script: str, *arguments: str, under: tuple[str, ...] = (), **more: str) -> Any:
    """What a script in a tree prints: microseconds of CPU."""
    done = subprocess.run(
        [*under, sys.executable, "-c", script, *arguments],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), **more},
        input="\n",
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


@contextmanager
def writer(tree: Path, script: str, folder: Path) -> Iterator[Callable[[], float]]:
    """A process that goes on writing when it is asked to: what disturbs the machine meanwhile
    disturbs both builds alike."""
    process = subprocess.Popen(
        [sys.executable, "-c", script + scripts.MEASURE, tempfile.mkdtemp(dir=folder), str(WRITES)],
        cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    asked, told = process.stdin, process.stdout

    def write() -> float:
        asked.write("\n")
        asked.flush()
        return float(json.loads(told.readline()))

    try:
        write()
        yield write
    finally:
        asked.close()
        process.wait()


def waits_for_disk(tree: Path, script: str, folder: Path) -> float | None:
    """How often a write waits for the disk, on average; None without strace."""
    if shutil.which("strace") is None:
        return None
    counts = []
    for writes in (20, 120):
        log = folder / f"strace-{writes}"
        under = ("strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(log))
        home = Path(tempfile.mkdtemp(dir=folder))
        run(tree, script + scripts.MEASURE, str(home), str(writes), under=under)
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


def figures(name: str, many: list[float], unit: str = "us") -> str:
    """A median with the lowest and the highest."""
    middle = statistics.median(many)
    return f"{name:<40}{middle:9.0f} {unit} ({min(many):.0f}-{max(many):.0f})"


def in_turns(
    what: str, rounds: int, measures: Mapping[str, Callable[[], float]], unit: str = "us"
) -> None:
    """Measure in turns, the order turned over each time; print, with ratios to the first."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds):
        names = list(measures)
        for name in names if number % 2 else reversed(names):
            found[name].append(measures[name]())
    first, *others = found
    for name, many in found.items():
        print(figures(f"{what}, {name}", many, unit))
    for name in others:
        pairs = [one / base for one, base in zip(found[name], found[first], strict=True)]
        medians = statistics.median(found[name]) / statistics.median(found[first])
        least = min(found[name]) / min(found[first])
        print(
            f"{f'{name} / {first}':<40}{medians:9.3f} of the medians, {least:.3f} of the lowest,"
            f" {statistics.median(pairs):.3f} in the middle of the pairs",
            flush=True,
        )


def main() -> None:
    """Measure in turns and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", help="a checkout of the earlier build")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", choices=WHAT, help="measure nothing else")
    options = parser.parse_args()
    wanted, rounds = (options.only,) if options.only else WHAT, options.rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if {"write", "key"} & set(wanted):
            with base_tree(options.base) as base:
                _writes(base, folder, wanted, rounds)
        if "start" in wanted:
            _starts(folder, rounds)
        if "undo" in wanted:
            _undo(folder, rounds)


def _writes(base: Path, folder: Path, wanted: Sequence[str], rounds: int) -> None:
    trees = {"before": (base, scripts.BEFORE), "now": (ROOT, scripts.NOW)}

    def saved(tree: Path) -> float:
        return float(run(tree, scripts.KEY, tempfile.mkdtemp(dir=folder), str(KEYS)))

    if "key" in wanted:
        measures = {name: partial(saved, tree) for name, (tree, _) in trees.items()}
        in_turns("from the key to the request", rounds, measures)
    if "write" in wanted:
        with ExitStack() as writing:
            writers = {
                name: writing.enter_context(writer(tree, script, folder))
                for name, (tree, script) in trees.items()
            }
            in_turns("from the call to the request", rounds * BLOCKS, writers)
        for name, (tree, script) in trees.items():
            waits = waits_for_disk(tree, script, folder)
            print(f"waits for the disk a write, {name}: {'no strace' if waits is None else waits}")


def _starts(folder: Path, rounds: int) -> None:
    """Of the whole program: CPU until it is quiet, and the time to its first frame."""
    home = folder / "home"
    file, aside = home / "data" / "changes.db", folder / "kept"
    program = Program(
        "tockdeck", [sys.executable, "-m", "tui"], b"Invoices", b"Running",
        {"TOCKDECK_HOME": str(home)},
    )  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-m", "tui.embedded", "--data", str(home / "data" / "embedded")],
        stdout=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        server.stdout.readline()
        start(program)
        owner = run(ROOT, scripts.OWNER, TOCKDECK_HOME=str(home))
        aside.mkdir()
        for count in (0, 1, KEPT):
            run_quietly(scripts.FILL, str(aside / f"{count}.db"), str(count), owner)
        painted: dict[str, list[float]] = {}

        def started(count: int, into: list[float]) -> float:
            # Not copied: what is written to the disk meanwhile would be measured.
            (aside / f"{count}.db").replace(file)
            one = start(program)
            file.replace(aside / f"{count}.db")
            for companion in ("-wal", "-shm"):
                file.with_name(file.name + companion).unlink(missing_ok=True)
            into.append(one.painted * 1000)
            return one.cpu * 1000

        measures = {
            f"{count:,} kept": partial(started, count, painted.setdefault(f"{count:,} kept", []))
            for count in (0, 1, KEPT)
        }
        in_turns("the start, CPU", rounds, measures, "ms")
        for name, many in painted.items():
            print(figures(f"the start to the first frame, {name}", many, "ms"))
    finally:
        server.terminate()
        server.wait()


def _undo(folder: Path, rounds: int) -> None:
    files = {count: folder / f"{count}.db" for count in (1, KEPT)}
    for count, file in files.items():
        run_quietly(scripts.FILL, str(file), str(count), "timesheets@home")
    measures = {
        f"{count:,} kept": partial(run, ROOT, scripts.UNDO, str(file))
        for count, file in files.items()
    }
    in_turns("u asks", rounds, measures)


def run_quietly(script: str, *arguments: str) -> None:
    """Run a script of this tree that prints nothing."""
    subprocess.run([sys.executable, "-c", script, *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
