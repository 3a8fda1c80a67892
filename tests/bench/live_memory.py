"""What the whole deck holds over hours: 40 boats at 10 Hz, the wall open, by a clock that is fast.

    python -m tests.bench.live_memory [--hours 6] [--pictures 3000]

The real deck in a pseudo terminal of 200x50 follows 40 boats with 8 types and two wind units, and
shows what they measure and derived series of it. The far end of its connection is in the same
process: it says what was measured in a second, ten samples a series, moves the clock on by that
second and says the next, so that nothing waits anywhere however busy the machine is.

So what comes of time and of samples (blocks, coarse history, the bound of all series together,
views, derived series) comes as in all of those hours. A message holds a second where a server's
hold a tenth or a fifth, and there are as many pictures as the machine finds time for: what would
grow with each of these shows less, and how many of both there were is printed.

Printed is what the deck holds (RSS) by the hour. To reach: after six at most 1.05 of what it was
after one, and at most 120 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.bench.live_sailing import MEASURED, Sailing
from tests.bench.live_wall import deck_of, in_terminal, know_the_course, series_told
from tui.live.clock import SystemClock
from tui.live.derived import MEAN_TWD, MEAN_TWS, SHIFT5, TWA, VMG

BOATS, HERTZ = 40, 10
HOUR = 3_600_000
SECOND = 1000
CYCLE = 30
"""Seconds after which the same is measured again: to make it costs more than to take it in."""
PAUSE = 0.005
"""Seconds between two messages, in which the deck draws."""
FRAME = 0.1
"""Those between two messages where there is a picture for each."""
SHOWN = (*MEASURED, TWA, VMG, MEAN_TWD, MEAN_TWS, SHIFT5)


class FastClock(SystemClock):
    """Goes on by what was said; waiting is as ever."""

    def __init__(self) -> None:
        self.time = time.time_ns() // 1_000_000 // SECOND * SECOND

    def wall(self) -> int:
        """Return UTC in milliseconds since the epoch, as far as anything was said."""
        return self.time


class FarEnd:
    """A socket whose other end is here: it says a second of what all boats measure at a time, or
    where `slow` a tenth of one.
    """

    def __init__(self, clock: FastClock) -> None:
        self._clock = clock
        self.said = 0
        self.slow = False
        self._fleet = Sailing(BOATS, filled=False)
        self.serials = self._fleet.serials
        self._seconds = [
            list(self._told(range(second * HERTZ, (second + 1) * HERTZ))) for second in range(CYCLE)
        ]

    def _told(self, steps: range) -> Iterator[tuple[str, int, str]]:
        fleet = self._fleet
        for number, (serial, type_, _) in enumerate(fleet.keys):
            rows = [fleet.values(number, step) for step in steps]
            axes = (
                f'"{axis}":{[round(value, 7) for value in column]}'
                for axis, column in enumerate(zip(*rows, strict=True), 1)
            )
            yield serial, type_, ",".join(axes).replace(" ", "")

    def _message(self) -> bytes:
        every, now = SECOND // HERTZ, self._clock.time
        if self.slow:
            step = now // every % (CYCLE * HERTZ)
            self._clock.time += every
            return series_told([self._clock.time], self._told(range(step, step + 1)))
        self._clock.time += SECOND
        times = [now + every * step for step in range(1, HERTZ + 1)]
        return series_told(times, self._seconds[now // SECOND % CYCLE])

    async def listen(self, hear: Callable[[bytes], bool]) -> None:
        """Say one after the other."""
        hear(b"1")
        hear(str(self._clock.wall()).encode())
        while hear(self._message()):
            self.said += 1
            await asyncio.sleep(FRAME if self.slow else PAUSE)

    async def send(self, text: str) -> None:
        """Nothing is expected."""

    async def close(self) -> None:
        """Nothing is left."""


# -- the deck -------------------------------------------------------------------------------------


def deck() -> None:
    """The deck, until it is ended; each half hour of its clock it says what it holds."""
    from tui.live.supervisor import LiveFeed
    from tui.services.igtimi.live import Conversation
    from tui.services.igtimi.live_json import JsonDialect

    clock = FastClock()
    far = FarEnd(clock)

    async def servers() -> list[str]:
        return ["ws://127.0.0.1:1/"]

    async def connect(*_: object) -> FarEnd:
        return far

    feed = LiveFeed(
        far.serials,
        servers=servers,
        converse=lambda about: Conversation(JsonDialect("token"), about),
        clock=clock,
        connect=connect,
    )

    async def run(app: Any) -> None:
        await know_the_course(app)
        await told(feed, far, clock.time, app)

    deck_of(feed, list(far.serials), SHOWN, run).run()


async def told(feed: Any, far: FarEnd, began: int, app: Any) -> None:
    """Say what is held each half hour, and then each tenth of the pictures."""
    hours, more = float(os.environ["BENCH_HOURS"]), int(os.environ["BENCH_PICTURES"])
    pictures = 0
    board, paint = app.screen.board, app.screen.board.paint

    def painted(*given: Any, **named: Any) -> Any:
        nonlocal pictures
        pictures += 1
        return paint(*given, **named)

    board.paint = painted

    async def until(reached: Callable[[], int], due: int) -> None:
        arrived = asyncio.Event()
        ends = feed.subscribe(lambda: arrived.set() if reached() >= due else None)
        await arrived.wait()
        ends()

    with os.fdopen(int(os.environ["BENCH_PIPE"]), "w") as pipe:

        def say() -> None:
            every = (feed.store.series(key) for key in feed.store)
            series = sum(one.bytes for one in every) / 1e6
            hour = (feed.now - began) / HOUR
            print(hour, held(), series, far.said, pictures, file=pipe, flush=True)

        for half in range(1, round(2 * hours) + 1):
            await until(lambda: int(feed.now), began + half * HOUR // 2)
            say()
        far.slow = True
        for _ in range(10 if more else 0):
            await until(lambda: pictures, pictures + more // 10)
            say()


def held() -> float:
    """What this process holds, in MB."""
    text = Path("/proc/self/status").read_text()
    (line,) = (one for one in text.splitlines() if one.startswith("VmRSS:"))
    return int(line.split()[1]) / 1000


# -- the parent -----------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=6.0)
    parser.add_argument("--pictures", type=int, default=0)
    parser.add_argument("--deck", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.deck:
        deck()
        return
    read_end, write_end = os.pipe()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "BENCH_PIPE": str(write_end),
            "BENCH_FOLDER": folder,
            "BENCH_HOURS": str(options.hours),
            "BENCH_PICTURES": str(options.pictures),
        }
        command = [sys.executable, "-m", "tests.bench.live_memory", "--deck"]
        process, master = in_terminal(command, environment, write_end)
        os.close(write_end)
        try:
            follow(process, master, read_end)
        finally:
            process.terminate()
            process.wait()
            os.close(master)
            os.close(read_end)


def follow(process: subprocess.Popen[bytes], master: int, news: int) -> None:
    """Print what the deck says, until it ends."""
    selector = selectors.DefaultSelector()
    selector.register(master, selectors.EVENT_READ)
    selector.register(news, selectors.EVENT_READ)
    first = 0.0
    print("hours   RSS (MB)  of it after an hour   series (MB)   messages   pictures")
    while process.poll() is None:
        for key, _ in selector.select(timeout=1.0):
            try:
                found = os.read(key.fd, 1 << 16)
            except OSError:
                return
            if key.fd == master:
                continue
            for line in found.decode().splitlines():
                hour, now, series, said, pictures = line.split()
                first = first or (float(now) if float(hour) >= 1 else 0.0)
                ratio = f"{float(now) / first:.2f}" if first else ""
                print(
                    f"{float(hour):5.2f} {float(now):10.1f} {ratio:>18} {float(series):13.1f} "
                    f"{int(said):10,} {int(pictures):10,}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
