"""A thousand cells set: a block that is pasted, beside the same cells one at a time.

    python -m tests.bench.tables_set [--rounds 3] [--call-ms 50] [--one-by-one 40]

One deck, headless, with the embedded services as a process of their own; each call takes 50 ms
longer than it would. The block has 100 rows of ten fields of every kind that is written, and is
pasted as a person would: looked at, agreed to; the clock runs from there to the news that it is
written. One at a time is what `e` and enter do for a cell; some are timed, and reckoned up to all.
While the block is sent a key is pressed again and again, each timed until the cursor is seen to
have moved.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.bench.big_table import fill
from tests.bench.startup import ROOT
from tests.bench.table_fetch import serving
from tests.bench.tables import Figures, figures, judged, told

ROWS, FIELDS = 100, 10
DECK = """
import asyncio, json, sys, time
from textual import events
from tui.app import Tockdeck
from tui.config.load import load
from tui.config.locations import Locations
from tui.services.transport import Transport
from tui.widgets.grid import Grid
from tui.workspace.books.named import find_place
from tui.workspace.workspace import Workspace

call_seconds, one_by_one = float(sys.argv[1]), int(sys.argv[2])
found = {}
send = Transport.send

async def slow(self, request):
    await asyncio.sleep(call_seconds)
    return await send(self, request)

Transport.send = slow
places = Locations.of_user()
flags = {"deck.first_screen": "books"}
app = Tockdeck(Workspace(load(places.config / "config.toml", flags=flags), places))

def text():
    return "\\n".join(
        "".join(segment.text for segment in strip).rstrip()
        for strip in app.screen._compositor.render_strips())

async def until(condition):
    end = time.monotonic() + 30
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("it never happened:\\n" + text())
        await asyncio.sleep(0.001)

async def main():
    async with app.run_test(size=(160, 45)) as pilot:
        screen = app.screen
        await until(lambda: screen.shelf.shelf is not None)
        table = screen.table
        table.open(await find_place(app.workspace.books, "Seabright Fleet/Big table"))
        screen.arrangement.open_table(True)
        await until(lambda: table.opened.source is not None and table.grid.cursor_key)
        opened, grid = table.opened, table.grid
        await opened.read_all()
        table.reload()
        await until(lambda: not table._reading)
        fields = opened.fields
        boats = (await opened.desk.link_choices(opened.place, fields[8])).rows
        await until(lambda: opened.record(grid.source.key(0)) is not None)
        row = opened.record(grid.source.key(0))
        names = [one.id for one in fields]
        began = time.perf_counter()
        for number in range(one_by_one):
            await table._write(opened, row, fields[3], 10_000 + number, "")
            row = opened.record(str(row.id))
        found["one by one wall"] = (time.perf_counter() - began) / one_by_one * 1000
        stamp, year = 700_000, 1999
        block = "\\n".join(
            "\\t".join([
                f"Part {n}", ("High", "Normal", "Low")[n % 3], f"note {n}", str(n),
                f"{n % 1000},25", ("yes", "no")[n % 2], f"{year}-01-{1 + n % 28:02}",
                f"{year}-02-{1 + n % 28:02} 10:00", boats[n % len(boats)].text,
                f"p{n}@example.org",
            ])
            for n in range(stamp, stamp + 100)
        )
        grid.move_to(0, str(names[0]))
        grid.focus()
        await pilot.pause()
        grid.post_message(events.Paste(block))
        await until(lambda: "Paste into Big table" in text())
        began, cpu = time.perf_counter(), time.process_time()
        app.simulate_key("y")
        await until(lambda: not grid.app.screen_stack[-1].is_modal)
        worst = work = 0.0
        pressed = 0
        await until(lambda: table._bulk is not None)
        while not table._bulk.is_finished:
            before, key = grid.cursor_row, "jk"[pressed % 2]
            at, at_work = time.perf_counter(), time.thread_time()
            app.simulate_key(key)
            await until(lambda: grid.cursor_row != before)
            worst = max(worst, time.perf_counter() - at)
            work = max(work, time.thread_time() - at_work)
            pressed += 1
            await asyncio.sleep(0.02)
        found["block wall"] = time.perf_counter() - began
        last = opened.record(grid.source.key(99))
        assert last is not None and last.cells[names[3]].value == stamp + 99, text()
        found["block cpu"] = time.process_time() - cpu
        found["key"], found["key cpu"] = worst, work
    await app.workspace.close()

asyncio.run(main())
print(json.dumps(found))
"""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--call-ms", type=float, default=50)
    parser.add_argument("--one-by-one", type=int, default=40)
    options = parser.parse_args()
    found: list[Figures] = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            with serving(ROOT, home):
                pass
            fill(home / "data" / "embedded", 400)
            with serving(ROOT, home):
                words = (str(options.call_ms / 1000), str(options.one_by_one))
                found.append(figures(DECK, ROOT, home, *words))
    print(f"{ROWS * FIELDS:,} cells ({ROWS} rows of {FIELDS} fields), wall ms; "
          f"each call takes {options.call_ms:g} ms longer")  # fmt: skip
    ratio = told("a block", found, "block wall") / told("one by one", found, "one by one wall")
    judged("wall", ratio, 1 / 50)
    print("CPU ms of the deck for the block, and the longest that a key waited meanwhile, ms")
    told("block", found, "block cpu")
    told("wall", found, "key")
    # On a machine that does other things as well the wall time is theirs, too.
    judged("of 50 ms of work", told("work", found, "key cpu") / 0.05, 1)


if __name__ == "__main__":
    main()
