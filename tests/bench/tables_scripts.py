"""What `tests.bench.tables` runs in processes of their own; each prints its figures as JSON.

DECK runs in any build: it looks for widgets by their ids and presses keys.
"""

DECK = """
import asyncio, gc, json, sys, time
from pathlib import Path
from tui.app import Tockdeck
from tui.config.load import load
from tui.config.locations import Locations
from tui.widgets.grid import Grid
from tui.widgets.panel import Panel
from tui.workspace.workspace import Workspace

what, rows = sys.argv[1], int(sys.argv[2])
found = {}

def memory():
    lines = Path("/proc/self/status").read_text().splitlines()
    return {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line[:3] == "VmR"}

async def until(condition):
    # Beside others at work the older build takes minutes: nothing is lost for their sake.
    end = time.monotonic() + 900
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("it never happened: " + "\\n".join(
                "".join(segment.text for segment in strip).rstrip()
                for strip in app.screen._compositor.render_strips()))
        # Looks that follow each other closely would be counted as work where the wait is long.
        await asyncio.sleep(0.005)

def note():
    return app.screen.query_one("#table-panel", Panel)._note

def grid():
    return app.screen.query_one("#rows", Grid)

def seen():
    shown = grid()
    top = shown.top_row
    keys = [shown.source.key(row) for row in range(top, top + 30)]
    return keys if all(keys) else None

async def timed(name, change):
    before = seen()
    began, cpu = time.perf_counter(), time.process_time()
    await change()
    await until(lambda: seen() is not None and seen() != before)
    found[name + " wall"] = time.perf_counter() - began
    found[name + " cpu"] = time.process_time() - cpu

async def open_table(pilot):
    await until(lambda: app.screen.query("#shelf"))
    shelf = app.screen.query_one("#shelf")
    await until(lambda: shelf.row_count > 6)
    await pilot.press("g", "j", "j", "j", "j", "j")
    began, cpu = time.perf_counter(), time.process_time()
    app.simulate_key("enter")
    await until(lambda: grid().source.loaded(grid().top_row))
    # Until they are painted: of that both builds have as much to do.
    shown = asyncio.Event()
    app.screen.call_after_refresh(shown.set)
    await shown.wait()
    found["again"] = time.perf_counter() - began
    found["again cpu"] = time.process_time() - cpu

async def main():
    async with app.run_test(size=(160, 45)) as pilot:
        await open_table(pilot)
        table = getattr(app.screen, "table", None)
        opened = getattr(table, "opened", None)
        found["asked before the picture"] = float(opened is not None and opened.fresh)
        if what == "again":
            return
        await until(lambda: f"of {rows:,}" in note())
        await pilot.press("l", "l", "l", "l")
        before = memory()["VmRSS"]
        began, cpu = time.perf_counter(), time.process_time()
        app.simulate_key("s")
        # Of late with the place of the cursor before it, as a part of the rows was told earlier.
        await until(lambda: note().startswith(f"{rows:,} rows") or (
            getattr(opened, "shows_all", False) and f" of {rows:,} rows" in note()))
        found["sort wall"] = time.perf_counter() - began
        found["sort cpu"] = time.process_time() - cpu
        found["memory"] = memory()["VmRSS"] - before
        if not hasattr(opened, "kept"):
            return
        await pilot.press("g")
        await asyncio.sleep(0.5)
        grid().move_to(0, str(opened.fields[0].id))
        async def sort():
            table._sort_by(str(opened.fields[0].id))
        async def narrow():
            table.show_filtered("regate 12")
        async def search():
            match = await opened.match("P49990@", grid().cursor_row, backwards=False)
            grid().move_to_row(match.place)
        await timed("sort again", sort)
        await asyncio.sleep(0.5)
        # The line is there before anybody types in it.
        await table.command_filter()
        await timed("filter", narrow)
        await asyncio.sleep(0.5)
        opened.wanted = " "
        await timed("clear", lambda: asyncio.sleep(0, table.show_filtered("")))
        await asyncio.sleep(0.5)
        await timed("search", search)
        # As long as a person looks at what was found.
        await asyncio.sleep(3)

# As its own command does, of whatever build.
gc.disable()
try:
    from tui.cli.open import TURN_SECONDS
    sys.setswitchinterval(TURN_SECONDS)
except ImportError:
    pass
places = Locations.of_user()
flags = {"deck.first_screen": "books"}
app = Tockdeck(Workspace(load(places.config / "config.toml", flags=flags), places))

async def whole():
    try:
        await main()
    finally:
        await app.workspace.close()

asyncio.run(whole())
if what == "again":
    found = {key: found[key] for key in ("again", "again cpu", "asked before the picture")}
print(json.dumps(found))
"""

VISIDATA = """
import json, sys, time
import visidata
from visidata import vd

found = {}
sheet = vd.openPath(visidata.Path(sys.argv[1]))
sheet.ensureLoaded()
vd.sync()
sheet.column("Price").type = float
sheet.orderBy(None, sheet.column("Price"), save_cmd_input=False)
vd.sync()

def timed(name, work):
    began, cpu = time.perf_counter(), time.process_time()
    work()
    vd.sync()
    found[name + " wall"] = time.perf_counter() - began
    found[name + " cpu"] = time.process_time() - cpu

def search():
    next(iter(vd.searchRegex(sheet, regex="(?i)p49990@", columns="visibleCols")))

timed("sort again", lambda: sheet.orderBy(None, sheet.column("Title"), save_cmd_input=False))
sheet._ordering.clear()
sheet.reload()
vd.sync()
timed("filter", lambda: list(vd.searchRegex(sheet, regex="(?i)r.gate 12", columns="visibleCols")))
timed("search", search)
print(json.dumps(found))
"""

LARGE = """
import json, random, sys, time
from datetime import UTC, datetime
from pathlib import Path
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.shape import Column, Record, Shape
from tui.store.mirror.wishes import Holds, Sort, Wish

folder, small, large = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
kinds = ["text", "text", "text", "number", "number", "boolean", "date", "moment", "text", "text"]
shape = Shape(tuple(Column(str(n), kind) for n, kind in enumerate(kinds)))
words = ["été", "voile", "bouée", "winch", "régate", "mât", "écoute", "foc", "帆", "quai", "cap"]
dice = random.Random(1)

def record(n):
    day = datetime(2020 + dice.randrange(10), 1 + dice.randrange(12), 1 + dice.randrange(28),
        dice.randrange(24), dice.randrange(60), tzinfo=UTC)
    values = [f"{dice.choice(words)} {dice.choice(words)} {n}", dice.choice(words),
        " ".join(dice.choices(words, k=6)), dice.randrange(1000), dice.randrange(10**6) / 100,
        n % 2 == 0, day.date(), day, dice.choice(words), f"{n}@example.org"]
    texts = [str(value) for value in values]
    return Record(n, values, texts, json.dumps(texts).encode())

def memory():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))

found = {}
mirror = Mirror(folder / "large.db", megabytes=4096)

def filled(name, count):
    kept = mirror.collection("bench", name)
    kept.begin(shape)
    since = kept.start()
    cpu = time.process_time()
    for first in range(0, count, 1000):
        kept.put([record(n) for n in range(first, min(count, first + 1000))], shape,
            first=first, total=count)
    kept.finish(since, total=count, as_of=datetime.now(UTC))

def timed(name, work):
    began, cpu = time.perf_counter(), time.process_time()
    done = work()
    for what, took in (("", time.perf_counter() - began), ("CPU ", time.process_time() - cpu)):
        # The best of several, where there are several.
        key = f"{name} {what}ms"
        found[key] = min(took * 1000, found.get(key, float("inf")))
    return done

def begun(name, wish):
    order = mirror.ordered("bench", name, shape, wish).begin()
    order.window(0, 60)
    return order

filled("small", small)
filled("large", large)
found["file MB"] = mirror.size().bytes / 2**20
before = memory()
for name, count in [("small", small)] * 3 + [("large", large)] * 2:
    for way, wish in (
        ("sort", Wish((Sort("4"),))),
        ("text sort", Wish((Sort("0"),))),
        ("two keys", Wish((Sort("1"), Sort("4", True)))),
    ):
        order = timed(f"{name}: {way}, first page", lambda: begun(name, wish))
        timed(f"{name}: whole {way}", order.complete)
        if way == "sort":
            for at in (count // 2, count - 60):
                order.window(at, 60)
            timed(f"{name}: page", lambda: [order.window(at, 60) for at in
                (count // 3, count // 2, count - 60)])
            timed(f"{name}: search, no match", lambda: order.match("nowhere", 0))
        order.close()
    order = timed(f"{name}: filter", lambda: begun(name, Wish((), (Holds("regate 12"),))))
    order.close()

found["memory MB"] = memory() - before
mirror.close()
print(json.dumps(found))
"""
