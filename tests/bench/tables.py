"""Tables: sorted, filtered, searched and opened again, beside an older build and visidata.

    python -m tests.bench.tables [--rows 50000] [--rounds 3] [--against FOLDER]
                                 [--visidata PYTHON] [--million ROWS]

FOLDER is a worktree of another build (26e207e); without one it is made of this repository for the
time of the run. PYTHON is an interpreter that can import visidata; without one a virtual
environment is made for the time of the run. What cannot be had is said and left out. Every build
serves with its own embedded services, a process of their own, and runs its own deck, headless, in
another one; all of them with the packages of this interpreter. The rounds take turns. Figures are
medians with (lowest-highest); compare ratios, not milliseconds.

visidata is driven by its own calls and paints nothing, so its CPU is that of the work alone, while
the deck's has the painting in it. The large table stands in the store alone: the services would
take long to give it.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bench.big_table import FIELDS, fill
from tests.bench.idle import counted
from tests.bench.startup import ROOT, middle
from tests.bench.table_fetch import environment, serving
from tests.bench.tables_scripts import DECK, LARGE, VISIDATA

BEFORE = "26e207e"
Figures = Mapping[str, float]


@contextmanager
def build_before(given: Path | None) -> Iterator[Path | None]:
    """A worktree of the older build; None where there is none to be had."""
    if given is not None:
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / BEFORE
        git = ["git", "-C", str(ROOT), "worktree"]
        made = subprocess.run([*git, "add", "--detach", str(path), BEFORE], capture_output=True)
        if made.returncode:
            print(f"{BEFORE} cannot be had: {made.stderr.decode().strip()}")
            yield None
            return
        try:
            yield path
        finally:
            subprocess.run([*git, "remove", "--force", str(path)], check=True)


@contextmanager
def python_with_visidata(given: str | None) -> Iterator[str | None]:
    """An interpreter that has visidata; None where it cannot be had."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = str(Path(folder) / "bin" / "python")
        install = [python, "-m", "pip", "install", "--quiet", "visidata"]
        made = subprocess.run(install, capture_output=True)
        if made.returncode:
            print("visidata cannot be had: pip does not install it")
        yield None if made.returncode else python


def figures(
    script: str, root: Path, home: Path, *words: str, python: str = sys.executable
) -> Figures:
    """What a script measured, run by itself."""
    said = subprocess.run(
        [python, "-c", script, *words], cwd=root, env=environment(root, home),
        stdout=subprocess.PIPE,
    )  # fmt: skip
    if said.returncode:
        raise SystemExit(f"a process of {root} failed; it said why above")
    found: Figures = json.loads(said.stdout.splitlines()[-1])
    return found


def deck(root: Path, home: Path, rows: int) -> Figures:
    """One deck that sorts the table for the first time, and one that opens it again."""
    # How the round before left the table, too: else this one begins by sorting it.
    for file in [*(home / "cache").glob("*"), *(home / "state").glob("tables.json")]:
        file.unlink()
    with serving(root, home) as pid:
        before, _ = counted(pid)
        first = figures(DECK, root, home, "first", str(rows))
        server = counted(pid)[0] - before
        again = figures(DECK, root, home, "again", str(rows))
    return {**first, **again, "server": server}


def as_csv(home: Path, file: Path) -> None:
    """The rows of the table as visidata reads them."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(home / "data" / "embedded" / "embedded.db")) as connection:
        (table,) = connection.execute(
            "SELECT id FROM timetonic_table WHERE name = 'Big table'"
        ).fetchone()
        keys = connection.execute(
            "SELECT id FROM timetonic_field WHERE table_id = ? ORDER BY position", (table,)
        ).fetchall()
        rows = connection.execute(
            "SELECT cells FROM timetonic_row WHERE table_id = ? ORDER BY position", (table,)
        )
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(name for name, _, _ in FIELDS)
            for (cells,) in rows:
                found = json.loads(cells)
                writer.writerow(found.get(str(key)) for (key,) in keys)


def told(name: str, found: list[Figures], key: str, scale: float = 1000.0) -> float:
    """Print one figure of a side; its median."""
    values = [one[key] for one in found if key in one]
    if not values:
        return float("nan")
    print(f"  {name:<12}{middle(values, scale):>24}")
    return statistics.median(values)


def judged(what: str, ratio: float, most: float) -> None:
    """Say whether a goal is reached."""
    word = "reached" if ratio <= most else "NOT reached" if ratio == ratio else "not measured"
    print(f"  ratio {ratio:.3f}, to reach {most:g}: {word} ({what})\n")


def compare(now: list[Figures], before: list[Figures], others: list[Figures]) -> None:
    """Print the table of 50,000 rows."""
    print("first complete sort after opening, wall ms (deck and service)")
    ratio = told("now", now, "sort wall") / told(BEFORE, before, "sort wall")
    judged("wall", ratio, 1 / 6)
    print("the same, CPU ms of the deck, then of the service")
    told("now", now, "sort cpu"), told(BEFORE, before, "sort cpu")
    told("now", now, "server"), told(BEFORE, before, "server")
    print("memory that this adds to the deck, MB")
    ratio = told("now", now, "memory", 1) / told(BEFORE, before, "memory", 1)
    judged("memory", ratio, 1 / 5)
    for what in ("sort again", "filter", "search"):
        print(f"{what}: CPU ms, painting included in the deck's")
        ratio = told("now", now, f"{what} cpu") / told("visidata", others, f"{what} cpu")
        judged("CPU", ratio, 0.2)
        print(f"{what}: first page, wall ms")
        judged("of 50 ms", told("now", now, f"{what} wall") / 0.05, 1)
    print("the table opened again, sorted as it was left (before: unsorted), wall ms")
    judged("wall", told("now", now, "again") / told(BEFORE, before, "again"), 1.5)
    print("the same, CPU ms of the deck")
    told("now", now, "again cpu"), told(BEFORE, before, "again cpu")
    asked = sum(one["asked before the picture"] for one in now)
    print(f"  rows asked of the service before that picture: {asked:g}\n")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--visidata")
    parser.add_argument("--million", type=int, default=1_000_000)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        build_before(options.against) as before,
        python_with_visidata(options.visidata) as visidata,
    ):
        home = Path(folder)
        builds = {"now": ROOT} | ({"before": before} if before is not None else {})
        for name, root in builds.items():
            with serving(root, home / name):
                pass
            fill(home / name / "data" / "embedded", options.rows)
        found: dict[str, list[Figures]] = {"now": [], "before": [], "visidata": []}
        as_csv(home / "now", home / "rows.csv")
        for _ in range(options.rounds):
            for name, root in builds.items():
                found[name].append(deck(root, home / name, options.rows))
            if visidata is not None:
                file = str(home / "rows.csv")
                found["visidata"].append(figures(VISIDATA, home, home, file, python=visidata))
        compare(found["now"], found["before"], found["visidata"])
        if options.million:
            large = figures(LARGE, ROOT, home, str(home), str(options.rows), str(options.million))
            print(f"{options.million:,} rows in the store, beside {options.rows:,}")
            for key, value in large.items():
                print(f"  {key:<44}{value:>12.1f}")
            for way in ("sort", "text sort"):
                ratio = large[f"large: whole {way} CPU ms"] / large[f"small: whole {way} CPU ms"]
                judged(f"whole {way}, CPU", ratio, 25)
            judged("page", large["large: page ms"] / large["small: page ms"], 2)
            judged("of 40 MB", large["memory MB"] / 40, 1)


if __name__ == "__main__":
    main()
