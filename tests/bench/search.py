"""One key of the search over a million kept records: what it costs, and whether the loop stalls.

    python -m tests.bench.search [RECORDS] [FOLDER]

The deck runs headless at 120x40 over an index of made-up records of all five services. Each query
is typed key by key; a key is measured from the press to the picture with its results. CPU is that
of the whole process. Meanwhile a task of the loop notes how late it gets its turns: the longest
is the stall, and what the loop's own thread worked meanwhile is its CPU, which a busy machine does
not add to. With FOLDER the index is made there once and used again.
"""

from __future__ import annotations

import asyncio
import gc
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from textual.events import Key
from textual.screen import Screen

from tui.app import Tockdeck
from tui.cli.open import TURN_SECONDS
from tui.config.load import load
from tui.config.locations import Locations
from tui.screens.deck.palette import SearchPalette
from tui.store.index.documents import Document
from tui.store.index.index import Index
from tui.workspace.workspace import Workspace

RECORDS = 1_000_000
PLACE = 25_000
"""Records of a list."""
QUERIES = (
    "regatta kiel", "lu", "e", "レガッタ", "春", "straße 2026", "an el is", '"', "boat 77",
    "books: regatta", "zzzz", "ti: lumi no", "a b c", "invoice 4711", "kareta lumino",
)  # fmt: skip
LOOK = 0.004
"""Seconds between two looks. On a busy machine a key takes long and works little: looks that follow
each other closely would be counted as its work."""
SYLLABLES = (
    "ka", "re", "ga", "ta", "lu", "mi", "no", "po", "sa", "be", "ti", "or", "an", "el", "is", "un",
    "da", "fe", "go", "hi", "ja", "ku", "le", "ma", "ne", "stra", "ße", "é", "レガ", "春",
)  # fmt: skip
SERVICES = {
    "timetonic": ("row", "Seabright Fleet › Boats", 2),
    "ticktocker": ("tock", "Community · Upcoming", 4),
    "igtimi": ("log", "Kiel, training race 3", 2),
    "trackmypeople": ("block", "Fairlead Works › Harbour Trust", 2),
    "timesheets": ("entry", "Lumen & Lark › Spring catalogue", 2),
}


def documents(count: int, kind: str, where: str, weight: int) -> Iterator[Document]:
    """Made-up records: words of syllables, so that some are everywhere and most are rare."""
    made = random.Random(f"{kind}{count}")
    words = ["".join(made.choices(SYLLABLES, k=made.randint(1, 4))) for _ in range(20_000)]
    words += ["regatta", "Kiel", "boat", "2026", "invoice"] * 40
    for number in range(count):
        title = " ".join(made.choices(words, k=3))
        text = " ".join(made.choices(words, k=6))
        yield Document(kind, str(number), title, where, f"{text} {number}", None, weight)


def fill(path: Path, records: int, accounts: dict[str, str]) -> None:
    """The index, list by list as it would be read; says how far it is, and what all of it took.

    It has its name once it is whole: one that was broken off is begun anew.
    """
    unfinished = path.with_suffix(".filling")
    for left in path.parent.glob(f"{unfinished.name}*"):
        left.unlink()
    index = Index(unfinished, most_bytes=4 << 30)
    began, cpu = time.perf_counter(), time.process_time()
    share = records // len(SERVICES)
    put = 0
    for service, (kind, where, weight) in SERVICES.items():
        found = documents(share, kind, where, weight)
        for place, part in enumerate(iter(lambda made=found: [*islice(made, PLACE)], [])):
            if not index.put(accounts[service], f"bench/{place}", part, stamp=time.time()):
                raise SystemExit(f"the index cannot be filled: {index.problem}")
            put += len(part)
            took = time.perf_counter() - began
            print(f"{put:,} of {records:,} records in {took:.0f} s", flush=True)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    print(
        f"{index.count:,} records in {took:.0f} s wall, {used:.0f} s CPU, {index.size / 1e6:.0f} MB"
    )
    index.close()
    unfinished.rename(path)


class Stalls:
    """How late a task of the loop gets its turns, and what its thread worked between them."""

    def __init__(self) -> None:
        self.longest = self.longest_work = 0.0

    async def watch(self) -> None:
        """Until it is cancelled."""
        while True:
            began, cpu = time.perf_counter(), time.thread_time()
            await asyncio.sleep(LOOK)
            self.longest = max(self.longest, time.perf_counter() - began - LOOK)
            self.longest_work = max(self.longest_work, time.thread_time() - cpu)


async def until(condition: Callable[[], bool]) -> None:
    """Look again and again."""
    while not condition():  # noqa: ASYNC110 - nothing tells when
        await asyncio.sleep(LOOK)


async def painted(screen: Screen[Any]) -> None:
    """Once what was changed has been painted."""
    done = asyncio.Event()
    screen.call_after_refresh(done.set)
    await done.wait()


async def type_key(palette: SearchPalette, key: str) -> tuple[float, float]:
    """Wall and CPU seconds from a key to the picture of what it finds."""
    began, cpu = time.perf_counter(), time.process_time()
    value = palette.line.value
    palette.app.post_message(Key("space" if key == " " else key, key))
    await until(lambda: palette.line.value != value and not palette.busy_until("enter"))
    await painted(palette)
    return time.perf_counter() - began, time.process_time() - cpu


async def open_palette(app: Tockdeck) -> SearchPalette:
    """Open the search, and say what that takes."""
    began, cpu = time.perf_counter(), time.process_time()
    app.post_message(Key("ctrl+f", None))
    await until(lambda: isinstance(app.screen, SearchPalette))
    await painted(app.screen)
    wall, work = time.perf_counter() - began, time.process_time() - cpu
    print(f"opened in {wall * 1e3:.0f} ms, {work * 1e3:.0f} ms CPU, with its first picture")
    assert isinstance(app.screen, SearchPalette)
    return app.screen


async def measure(workspace: Workspace) -> None:
    """Type all queries, and print a line for each."""
    app = Tockdeck(workspace)
    walls: list[float] = []
    works: list[float] = []
    worst = Stalls()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(lambda: workspace.feed.waiting == 0)
        for _ in range(3):
            palette = await open_palette(app)
            app.post_message(Key("escape", None))
            await until(lambda: not isinstance(app.screen, SearchPalette))
        palette = await open_palette(app)
        print(
            f"{'query':18} keys {'median':>9} {'longest':>9} {'CPU':>9} {'stall':>9} {'its CPU':>9}"
        )
        for query in ("warm", *QUERIES):
            palette.line.value = ""
            await pilot.pause()
            stalls = Stalls()
            watching = asyncio.create_task(stalls.watch())
            spent = [await type_key(palette, key) for key in query]
            watching.cancel()
            if query == "warm":
                continue
            wall, cpu = [one for one, _ in spent], [one for _, one in spent]
            walls += wall
            works += cpu
            worst.longest = max(worst.longest, stalls.longest)
            worst.longest_work = max(worst.longest_work, stalls.longest_work)
            figures = (median(wall), max(wall), median(cpu), stalls.longest, stalls.longest_work)
            print(
                f"{query:18} {len(query):>4} {' '.join(f'{one * 1e3:>6.1f} ms' for one in figures)}"
            )
    for what, keys in (("wall", walls), ("CPU", works)):
        keys.sort()
        print(
            f"all keys, {what}: median {median(keys) * 1e3:.1f} ms,"
            f" 95% {keys[len(keys) * 95 // 100] * 1e3:.1f} ms, longest {keys[-1] * 1e3:.1f} ms"
        )
    print(
        f"longest stall {worst.longest * 1e3:.1f} ms, of its own {worst.longest_work * 1e3:.1f} ms"
    )


def main() -> None:
    """Fill where that was not done, then measure."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    kept = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    folder = kept or Path(tempfile.mkdtemp(prefix="tockdeck-bench-"))
    try:
        # Nobody answers there: what is measured is what is kept.
        flags = {"deck.first_screen": "timers", "network.retries": "0"}
        for service, key in (
            ("timetonic", "login"), ("ticktocker", "user"), ("trackmypeople", "user"),
            ("timesheets", "email"),
        ):  # fmt: skip
            flags |= {f"{service}.base_url": "http://127.0.0.1:9/x", f"{service}.{key}": "me"}
        flags |= {"igtimi.base_url": "http://127.0.0.1:9/x", "igtimi.access_token": "x"}
        loaded = load(folder / "config.toml", flags=flags, environment={})
        places = Locations(folder / "config", folder / "data", folder / "state", folder / "cache")
        workspace = Workspace(loaded, places)
        accounts = {service: workspace.connections.account(service) for service in SERVICES}
        if not (places.cache / "search.db").exists():
            fill(places.cache / "search.db", records, accounts)
        # As `tockdeck` does.
        gc.disable()
        sys.setswitchinterval(TURN_SECONDS)
        asyncio.run(measure(workspace))
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
