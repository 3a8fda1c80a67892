"""Tables side by side in one run: our grid and Textual's DataTable.

    python -m tests.bench.bench_grid [rounds]

Opening is from the construction of the widget to the end of its first painted frame, paging from
the key to the end of the frame, both headless at 120x40 with twelve columns and as CPU time of the
process. Medians of the rounds; only the ratios mean something on another machine.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from statistics import median
from time import process_time

from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import DataTable

from tui.widgets.grid import Grid
from tui.widgets.grid_model import CellValue, Column, ListSource, PagedSource

COLUMNS = 12
PAGES = 30
SIZE = (120, 40)

Opener = Callable[[App[None]], Awaitable[Widget]]


class Window(App[None]):
    """An empty application."""

    def compose(self) -> ComposeResult:
        yield Widget()


class Made:
    """Rows that are made when they are read, so that a million of them need no memory."""

    def __init__(self, total: int) -> None:
        self.total: int | None = total
        self.known = total

    def loaded(self, index: int) -> bool:
        return 0 <= index < self.known

    def row(self, index: int) -> Sequence[CellValue] | None:
        return row_of(index)

    def key(self, index: int) -> str:
        return str(index)

    def index_of(self, key: str) -> int | None:
        return int(key)


def row_of(index: int) -> tuple[str, ...]:
    return tuple(f"row {index} cell {column}" for column in range(COLUMNS))


def columns() -> list[Column]:
    return [Column(f"c{n}", f"Column {n}") for n in range(COLUMNS)]


async def open_grid(app: App[None], count: int) -> Widget:
    grid = Grid(columns(), Made(count))
    await app.mount(grid)
    grid.focus()
    return grid


async def open_list(app: App[None], rows: Sequence[Sequence[CellValue]]) -> Widget:
    grid = Grid(columns(), ListSource(rows))
    await app.mount(grid)
    grid.focus()
    return grid


async def open_paged(app: App[None], count: int) -> Widget:
    source = PagedSource(total=count)
    source.put(0, [row_of(n) for n in range(200)])
    grid = Grid(columns(), source)
    await app.mount(grid)
    grid.focus()
    return grid


async def open_datatable(app: App[None], rows: Sequence[Sequence[CellValue]]) -> Widget:
    table: DataTable[object] = DataTable(cursor_type="row")
    await app.mount(table)
    for n in range(COLUMNS):
        table.add_column(f"Column {n}", key=f"c{n}")
    table.add_rows(rows)
    table.focus()
    return table


async def painted(app: App[None]) -> None:
    """Until the frame that is due has been painted."""
    done = asyncio.Event()
    app.screen.call_after_refresh(done.set)
    await done.wait()


async def measure(opened: Opener) -> tuple[float, float]:
    """CPU milliseconds to open, and for one page down."""
    app = Window()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        start = process_time()
        widget = await opened(app)
        await painted(app)
        opening = process_time() - start
        page_down = "action_page" if isinstance(widget, Grid) else "action_page_down"
        parameters = (1.0,) if isinstance(widget, Grid) else ()
        start = process_time()
        for _ in range(PAGES):
            getattr(widget, page_down)(*parameters)
            widget.refresh()
            await painted(app)
        paging = (process_time() - start) / PAGES
    return opening * 1000, paging * 1000


async def main(rounds: int) -> None:
    ten_thousand = [row_of(n) for n in range(10_000)]
    cases: dict[str, Opener] = {
        "grid, 1,000 rows": lambda app: open_grid(app, 1_000),
        "grid, 1,000,000 rows": lambda app: open_grid(app, 1_000_000),
        "grid, 1,000,000 rows in pages": lambda app: open_paged(app, 1_000_000),
        "grid, 10,000 rows in a list": lambda app: open_list(app, ten_thousand),
        "DataTable, 10,000 rows": lambda app: open_datatable(app, ten_thousand),
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, opened in cases.items():
            found[name].append(await measure(opened))
    print(f"{'CPU ms, median of ' + str(rounds):32}{'open':>12}{'page down':>12}")
    opening = {name: median(o for o, _ in values) for name, values in found.items()}
    paging = {name: median(p for _, p in values) for name, values in found.items()}
    for name in cases:
        print(f"{name:32}{opening[name]:12.2f}{paging[name]:12.2f}")
    table = "DataTable, 10,000 rows"
    rows_1k, rows_1m = "grid, 1,000 rows", "grid, 1,000,000 rows"
    print()
    print(f"open 1,000,000 / open 1,000:          {opening[rows_1m] / opening[rows_1k]:.2f}")
    print(f"open 1,000,000 / DataTable 10,000:    {opening[rows_1m] / opening[table]:.4f}")
    print(f"page down 1,000,000 / DataTable:      {paging[rows_1m] / paging[table]:.3f}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
