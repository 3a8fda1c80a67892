"""Tables out, in and described: beside visidata and SQLite, each with the same rows.

    python -m tests.bench.tables_in_out [--rows 100000] [--import-rows 2000] [--rounds 3]
                                        [--visidata PYTHON]

The rows stand in the store before the clock starts, and in visidata's sheet as well: export and
description are the CPU of the whole process, with all its threads. visidata's columns of numbers
are typed for the description. The import sends to the embedded services, a process of their own;
its wall time is that of reading the file, comparing and sending, while SQLite only puts the same
rows into a file. The rounds take turns; compare ratios, not milliseconds.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.bench.big_table import fill
from tests.bench.startup import ROOT
from tests.bench.table_fetch import serving
from tests.bench.tables import Figures, as_csv, figures, judged, python_with_visidata, told

OURS = """
import asyncio, csv, json, sqlite3, sys, time
from pathlib import Path
from tui.config.load import load
from tui.config.locations import Locations
from tui.workspace.books.brought import bring_up
from tui.workspace.books.described import describe
from tui.workspace.books.into.bring import Wanted, plan_file, send
from tui.workspace.books.named import find_place
from tui.workspace.books.out.export import Asked, write
from tui.workspace.workspace import Workspace

home, rows_in = Path(sys.argv[1]), int(sys.argv[2])

def clock():
    return time.perf_counter(), time.process_time()

async def main():
    found = {}
    places = Locations.of_user()
    workspace = Workspace(load(places.config / "config.toml"), places)
    desk, zone = workspace.books.rows, workspace.zone
    place = await find_place(workspace.books, "Seabright Fleet/Big table")
    kept = desk.mirrored(place, None, zone)
    await bring_up(desk, kept, None, lambda _read, _of: None)
    began = clock()
    with workspace.feed.resting():
        await write(kept, Asked(), "csv", home / "out.csv", zone)
    found["export wall"], found["export cpu"] = (b - a for a, b in zip(began, clock()))
    began = clock()
    with workspace.feed.resting():
        await describe(kept, kept.fields, (), zone)
    found["describe wall"], found["describe cpu"] = (b - a for a, b in zip(began, clock()))
    if rows_in:
        with (home / "out.csv").open(newline="") as file:
            lines = [line for _, line in zip(range(rows_in + 1), csv.reader(file))]
        for line in lines[1:]:
            line[0] = ""
        with (home / "in.csv").open("w", newline="") as file:
            csv.writer(file).writerows(lines)
        began = clock()
        with workspace.feed.resting():
            plan, _ = await plan_file(desk, kept, home / "in.csv", Wanted(), zone)
            found["plan wall"] = clock()[0] - began[0]
            sent = await send(workspace.history, desk, kept, plan,
                rows_a_call=workspace.connections.rows_a_call)
        found["import wall"], found["import cpu"] = (b - a for a, b in zip(began, clock()))
        assert sent.rows == rows_in, (sent, plan.failed[:3])
        (home / "sql.db").unlink(missing_ok=True)
        began = clock()
        with (home / "in.csv").open(newline="") as file:
            connection = sqlite3.connect(home / "sql.db")
            columns = ", ".join(f"c{n}" for n in range(len(lines[0])))
            connection.execute(f"CREATE TABLE t ({columns})")
            marks = ", ".join("?" * len(lines[0]))
            connection.executemany(f"INSERT INTO t VALUES ({marks})", csv.reader(file))
            connection.commit()
            connection.close()
        found["sqlite wall"] = clock()[0] - began[0]
    await workspace.close()
    print(json.dumps(found))

asyncio.run(main())
"""

VISIDATA = """
import json, sys, time
import visidata
from visidata import vd

found = {}
sheet = vd.openPath(visidata.Path(sys.argv[1]))
sheet.ensureLoaded()
vd.sync()

def timed(name, work):
    began, cpu = time.perf_counter(), time.process_time()
    work()
    vd.sync()
    found[name + " wall"] = time.perf_counter() - began
    found[name + " cpu"] = time.process_time() - cpu

timed("export", lambda: vd.save_csv(visidata.Path(sys.argv[2]), sheet))
for name, kind in (("Count", int), ("Price", float)):
    sheet.column(name).type = kind
described = visidata.DescribeSheet("described", source=[sheet])
timed("describe", described.ensureLoaded)
assert described.nRows == sheet.nVisibleCols
print(json.dumps(found))
"""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--import-rows", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--visidata")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        python_with_visidata(options.visidata) as visidata,
    ):
        home = Path(folder)
        with serving(ROOT, home / "now"):
            pass
        fill(home / "now" / "data" / "embedded", options.rows)
        as_csv(home / "now", home / "rows.csv")
        ours: list[Figures] = []
        others: list[Figures] = []
        for number in range(options.rounds):
            with serving(ROOT, home / "now"):
                # Only the last round adds rows: all export the same ones.
                last = number == options.rounds - 1
                count = options.import_rows if last else 0
                ours.append(figures(OURS, ROOT, home / "now", str(home), str(count)))
            if visidata is not None:
                words = (str(home / "rows.csv"), str(home / "vd.csv"))
                others.append(figures(VISIDATA, home, home, *words, python=visidata))
        for what, most in (("export", 0.7), ("describe", 0.5)):
            print(f"{what} of {options.rows:,} rows, CPU ms")
            ratio = told("now", ours, f"{what} cpu") / told("visidata", others, f"{what} cpu")
            judged("CPU", ratio, most)
        print(
            f"import of {options.import_rows:,} rows over the wire, wall ms; then of the plan alone"
        )
        ratio = told("now", ours, "import wall") / told("SQLite", ours, "sqlite wall")
        told("plan", ours, "plan wall")
        judged("wall", ratio, 6)


if __name__ == "__main__":
    main()
