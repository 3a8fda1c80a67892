"""What the live screen costs to draw: the real screen beside Textual's own Sparkline, in one run.

Run: python -m tests.bench.live_wall [--rounds N] [--seconds S] [--only wall|curve|fleet|idle]

Each figure is of a whole process in a pseudo terminal of 200x50: CPU of all its threads by frame,
and bytes that reached the terminal by frame, at ten frames a second; medians of the rounds.

wall: 32 and 100 series of 1,000 points, one more point each frame. curve: 10 to 10,000 series on
the same screen. fleet: 40 boats with 7 types at 50 Hz over a websocket on loopback, from bytes
to the screen. derived: 40 boats at 10 Hz, a wall of derived rows beside one of
measured ones. idle: a feed that has gone quiet, and another screen in front.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import json
import math
import os
import pty
import random
import selectors
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from statistics import median
from typing import Any

SIZE = (200, 50)
POINTS = 1000
STEP = 100
WINDOW = 120
TYPES = (9, 6, 8, 12, 11, 23, 22)
SETTLE = 8.0
MADE = 8
"""Steps of which the values are made beforehand, where no picture is drawn of them."""


# -- the child: one application in a pseudo terminal --------------------------------------------


def tell(**news: object) -> None:
    os.write(int(os.environ["BENCH_PIPE"]), json.dumps(news).encode() + b"\n")


async def measured(seconds: float, warm_up: float, values: Callable[[], int] = lambda: 0) -> None:
    await asyncio.sleep(warm_up)
    tell(begin=True)
    before = values()
    started, cpu = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    cpu, lasted = time.process_time() - cpu, time.perf_counter() - started
    tell(end=True, cpu=cpu, seconds=lasted, values=values() - before)


def walk(number: int, step: int) -> float:
    return 12 + 8 * math.sin(step / (40 + number % 17)) + random.random()


def textual_app(count: int, seconds: float) -> Any:
    from textual.app import App
    from textual.containers import VerticalScroll
    from textual.widgets import Sparkline

    class Wall(App[None]):
        CSS = "Sparkline { height: 1; }"

        def compose(self) -> Any:
            self.data = [[walk(n, step) for step in range(POINTS)] for n in range(count)]
            with VerticalScroll():
                for data in self.data:
                    yield Sparkline(list(data))

        def on_mount(self) -> None:
            self.steps = POINTS
            self.sparks = list(self.query(Sparkline))
            self.set_interval(0.1, self.step)
            self.run_worker(self.run_through())

        def step(self) -> None:
            self.steps += 1
            for number, (spark, data) in enumerate(zip(self.sparks, self.data, strict=True)):
                data.append(walk(number, self.steps))
                del data[0]
                spark.data = list(data)

        async def run_through(self) -> None:
            await measured(seconds, 2.0)
            self.exit()

    return Wall()


class Room:
    """What the screen asks of the live room, without a service."""

    def __init__(
        self, feed: Any, serials: list[str], folder: Path, types: tuple[int, ...] = TYPES
    ) -> None:
        from tui.workspace.live.live import Place
        from tui.workspace.live.presets import Arrangement, Presets
        from tui.workspace.live.recordings import Recordings

        self.recorder = None
        self.aids: frozenset[str] = frozenset()
        self.ashore: frozenset[str] = frozenset()
        self.units: Any = None
        self.recordings = Recordings(folder)
        self.presets = Presets(folder / "presets.json")
        self.presets.save(Arrangement(window=WINDOW, types=types, devices=tuple(serials)))
        self._feed = feed
        self._places = [Place(serial, f"Boat {serial[-4:]}") for serial in serials]

    async def sessions(self) -> list[Any]:
        return []

    async def devices(self) -> Any:
        return self._places

    def name(self, serial: str) -> str:
        return f"Boat {serial[-4:]}"

    def feed(self, serials: object) -> Any:
        return self._feed

    async def release(self, feed: Any) -> None:
        await feed.stop()

    async def close(self) -> None:
        await self._feed.stop()


def series_keys(count: int) -> list[tuple[str, int, int]]:
    return [
        (f"GA-DK-{number // len(TYPES):04d}", TYPES[number % len(TYPES)], 0)
        for number in range(count)
    ]


def series_told(times: list[int], told: Iterable[tuple[str, int, str]]) -> bytes:
    """A message of these times, of serial number, type and the axes of each series as text."""
    at = f'{{"t":{times},'.replace(" ", "")
    devices: dict[str, list[str]] = {}
    for serial, type_, axes in told:
        devices.setdefault(serial, []).append(f'"{type_}":{at}{axes}}}')
    objects = (f'{{"{serial}":{{{",".join(types)}}}}}' for serial, types in devices.items())
    return f"[{','.join(objects)}]".encode()


class Synthetic:
    """A feed of so many series, each with one more sample every tenth of a second."""

    def __init__(self, count: int, *, filled: bool = True, made: int = 0) -> None:
        """`made`: of so many steps the values are made once, and then said again and again: to
        make those of thousands of series costs as much as to take them in.
        """
        from tui.live.clock import Notifier, SystemClock
        from tui.live.store import FeedStore

        self.store = FeedStore()
        self.keys = self.the_keys(count)
        self.serials = tuple(dict.fromkeys(key[0] for key in self.keys))
        self.running = True
        self.step = STEP
        self._notifier = Notifier(SystemClock(), STEP / 1000)
        self._task: asyncio.Task[None] | None = None
        self.steps = POINTS
        self._made = [self._values(step) for step in range(made)]
        if not filled:
            return
        end = self.now - self.now % STEP
        times = list(range(end - POINTS * STEP, end, STEP))
        for number, key in enumerate(self.keys):
            rows = [self.values(number, step) for step in range(POINTS)]
            self.store.add([(key, list(times), [list(axis) for axis in zip(*rows, strict=True)])])

    def the_keys(self, count: int) -> list[tuple[str, int, int]]:
        return series_keys(count)

    def values(self, number: int, step: int) -> list[float]:
        return [walk(number, step)]

    @property
    def state(self) -> Any:
        from tui.live.feed import FeedState, Phase

        return FeedState(Phase.LIVE if self.running else Phase.QUIET)

    @property
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def health(self) -> Any:
        from tui.live.feed import DeviceHealth, Health

        newest = {serial: self.store.newest(serial) for serial in self.serials}
        return Health(
            devices=tuple(DeviceHealth(serial, at, 0) for serial, at in newest.items()),
            messages_per_second=10.0 if self.running else 0.0,
        )

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        return self._notifier.subscribe(listener)

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self.step / 1000)
            if not self.running:
                continue
            self.steps += 1
            made = self._made
            told = made[self.steps % len(made)] if made else self._values(self.steps)
            at = [self.now]
            self.store.add(zip(self.keys, repeat(at), told, strict=False))
            self._notifier.poke()

    def _values(self, step: int) -> list[list[list[float]]]:
        """The axes of every series at a step."""
        return [[[one] for one in self.values(number, step)] for number in range(len(self.keys))]


def deck_of(
    feed: Any, serials: list[str], types: tuple[int, ...], run: Callable[[Any], Awaitable[None]]
) -> Any:
    """A deck that shows a feed on Live, and ends after `run`."""
    from tui.app import Tockdeck
    from tui.config.load import load
    from tui.config.locations import Locations
    from tui.workspace.live.units import Units
    from tui.workspace.workspace import Workspace

    folder = Path(os.environ["BENCH_FOLDER"])
    flags = {"deck.first_screen": "live", "deck.time_zone": "UTC", "embedded.use": "never"}
    loaded = load(folder / "config.toml", flags=flags, environment={})
    home = Locations(folder / "config", folder / "data", folder / "state", folder / "cache")
    workspace = Workspace(loaded, home)
    room = Room(feed, serials, folder, types)
    # What is taken back by undo is asked for of any room.
    room.units = Units(workspace.connections)
    workspace.__dict__["live"] = room

    class Deck(Tockdeck):
        def on_ready(self) -> None:
            self.run_worker(self.run_through(), exit_on_error=True)

        async def run_through(self) -> None:
            await run(self)
            self.exit()

    return Deck(workspace)


def deck_app(kind: str, count: int, seconds: float) -> Any:
    feed: Any
    types = TYPES
    if kind == "fleet":
        feed = fleet_feed()
    elif kind in ("measured", "derived"):
        from tests.bench import live_sailing

        feed = live_sailing.Sailing(count)
        types = live_sailing.DERIVED if kind == "derived" else live_sailing.MEASURED
    else:
        feed = Synthetic(count, made=MADE if kind == "held" else 0)

    async def run_through(app: Any) -> None:
        if kind in ("quiet", "hidden"):
            await asyncio.sleep(3.0)
            feed.running = False
            if kind == "hidden":
                # As real units do: two samples a second of each series.
                feed.running, feed.step = True, 500
                await app.go_to("console")
            await measured(seconds, SETTLE)
        elif kind == "held":
            await asyncio.sleep(3.0)
            await app.run_action("screen.command('live.pause')")
            await measured(seconds, 2.0, lambda: int(feed.steps))
        elif kind in ("measured", "derived"):
            await know_the_course(app)
            await measured(seconds, 4.0, lambda: int(feed.steps))
        else:
            await measured(seconds, 4.0, lambda: int(feed.store.counts().kept))

    return deck_of(feed, list(feed.serials), types, run_through)


async def know_the_course(app: Any) -> None:
    """Have the screen that is shown reckon with marks, line and wind units."""
    from tests.bench.live_sailing import COURSE
    from tui.screens.live.screen import LiveScreen

    # The room knows no session: what the screen asks for at first has been answered then.
    await asyncio.sleep(3.0)
    assert isinstance(app.screen, LiveScreen)
    app.screen.picture.course = COURSE
    app.screen.board.rows.rearrange()


def fleet_feed() -> Any:
    from tui.live.supervisor import LiveFeed
    from tui.services.igtimi.live import Conversation
    from tui.services.igtimi.live_json import JsonDialect

    async def servers() -> list[str]:
        return [os.environ["BENCH_URL"]]

    serials = list(dict.fromkeys(key[0] for key in series_keys(40 * len(TYPES))))
    return LiveFeed(
        serials,
        servers=servers,
        converse=lambda about: Conversation(JsonDialect("token"), about),
    )


def child(kind: str, count: int, seconds: float) -> None:
    if kind == "textual":
        textual_app(count, seconds).run()
    else:
        deck_app(kind, count, seconds).run()


# -- the sender of the fleet ----------------------------------------------------------------------


def send_fleet(hertz: int) -> None:
    """Serve 40 boats with 7 types at so many samples a second, ten messages a second each way."""
    from websockets.asyncio.server import serve
    from websockets.exceptions import ConnectionClosed

    serials = list(dict.fromkeys(key[0] for key in series_keys(40 * len(TYPES))))
    batch = hertz // 10

    def frame(step: int) -> str:
        now = time.time_ns() // 1_000_000
        times = [now - (batch - 1 - index) * (1000 // hertz) for index in range(batch)]
        return json.dumps(
            [
                {
                    serial: {
                        str(kind): {
                            "t": times,
                            "1": [round(walk(place, step * batch + i), 4) for i in range(batch)],
                        }
                        for kind in TYPES
                    }
                }
                for place, serial in enumerate(serials)
            ]
        )

    async def talk(socket: Any) -> None:
        await socket.send("1")
        await socket.recv()
        await socket.send(str(time.time_ns() // 1_000_000))
        with suppress(ConnectionClosed):
            await stream(socket)

    async def stream(socket: Any) -> None:
        step = 0
        following = time.perf_counter()
        while True:
            step += 1
            await socket.send(frame(step))
            following += 0.1
            await asyncio.sleep(max(0.0, following - time.perf_counter()))

    async def main() -> None:
        async with serve(talk, "127.0.0.1", 0, compression=None) as server:
            print(server.sockets[0].getsockname()[1], flush=True)
            await asyncio.get_running_loop().create_future()

    asyncio.run(main())


# -- the parent: runs, counts, prints -------------------------------------------------------------


@dataclass
class Cost:
    """Of one run: CPU milliseconds and bytes a frame, percent of a core, bytes a second."""

    milliseconds: float
    frame_bytes: float
    core: float
    bytes_a_second: float
    values_a_second: float


def in_terminal(
    command: list[str], environment: dict[str, str], *passed: int
) -> tuple[subprocess.Popen[bytes], int]:
    """A process in a pseudo terminal of its own, and the end of that to read from."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    process = subprocess.Popen(
        command,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
        pass_fds=passed,
        start_new_session=True,
    )
    os.close(slave)
    return process, master


def run(kind: str, count: int, seconds: float, url: str = "") -> Cost:
    read_end, write_end = os.pipe()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "BENCH_PIPE": str(write_end),
            "BENCH_FOLDER": folder,
            "BENCH_URL": url,
        }
        command = [sys.executable, "-m", "tests.bench.live_wall"]
        command += ["--child", kind, str(count), str(seconds)]
        process, master = in_terminal(command, environment, write_end)
        os.close(write_end)
        try:
            return watch(master, read_end)
        finally:
            process.terminate()
            process.wait()
            os.close(master)
            os.close(read_end)


def watch(master: int, news: int) -> Cost:
    selector = selectors.DefaultSelector()
    selector.register(master, selectors.EVENT_READ)
    selector.register(news, selectors.EVENT_READ)
    total = begun = 0
    while True:
        for key, _ in selector.select(timeout=120):
            if key.fd == master:
                try:
                    total += len(os.read(master, 1 << 16))
                except OSError:
                    raise SystemExit("the child ended before it was measured") from None
                continue
            line = os.read(news, 4096)
            if not line:
                raise SystemExit("the child ended before it was measured")
            told = json.loads(line.splitlines()[-1])
            if "begin" in told:
                begun = total
            else:
                frames = told["seconds"] * 10
                written = total - begun
                return Cost(
                    told["cpu"] / frames * 1000,
                    written / frames,
                    told["cpu"] / told["seconds"] * 100,
                    written / told["seconds"],
                    told["values"] / told["seconds"],
                )


def middle(costs: list[Cost]) -> Cost:
    return Cost(
        *(
            median(getattr(cost, name) for cost in costs)
            for name in ("milliseconds", "frame_bytes", "core", "bytes_a_second", "values_a_second")
        )
    )


def show(title: str, cost: Cost, note: str = "") -> None:
    print(
        f"{title:<34} {cost.milliseconds:8.2f} ms/frame {cost.frame_bytes:10,.0f} B/frame "
        f"{cost.core:6.2f} % core {cost.bytes_a_second:10,.0f} B/s  {note}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--only", choices=["wall", "curve", "fleet", "derived", "idle"])
    parser.add_argument("--child", nargs=3)
    parser.add_argument("--send", type=int)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], int(options.child[1]), float(options.child[2]))
        return
    if options.send:
        send_fleet(options.send)
        return
    only, seconds = options.only, options.seconds
    if only in (None, "wall"):
        for count in (32, 100):
            pairs = [
                (run("textual", count, seconds), run("wall", count, seconds))
                for _ in range(options.rounds)
            ]
            theirs = middle([pair[0] for pair in pairs])
            ours = middle([pair[1] for pair in pairs])
            show(f"{count} series, Textual's Sparkline", theirs)
            cpu = theirs.milliseconds / ours.milliseconds
            size = theirs.frame_bytes / max(ours.frame_bytes, 1)
            show(f"{count} series, the live screen", ours, f"1/{cpu:.0f} CPU, 1/{size:.0f} bytes")
    if only in (None, "curve"):
        for count in (10, 100, 1000, 10_000):
            costs = [run("wall", count, seconds) for _ in range(options.rounds)]
            show(f"{count:,} series received and shown", middle(costs))
            costs = [run("held", count, seconds) for _ in range(options.rounds)]
            held = middle(costs)
            # A busy machine comes to fewer of them.
            note = f"{held.values_a_second:.1f} steps/s"
            show(f"{count:,} series received, picture held", held, note)
    if only in (None, "fleet"):
        command = [sys.executable, "-m", "tests.bench.live_wall", "--send", "50"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:
            assert sender.stdout is not None
            url = f"ws://127.0.0.1:{int(sender.stdout.readline())}/"
            costs = [run("fleet", 280, seconds, url) for _ in range(options.rounds)]
            cost = middle(costs)
            note = f"{cost.values_a_second:,.0f} values/s"
            show("40 boats, 50 Hz, 7 types, screen on", cost, note)
            sender.terminate()
    if only in (None, "derived"):
        pairs = [
            (run("measured", 40, seconds), run("derived", 40, seconds))
            for _ in range(options.rounds)
        ]
        measured_, derived = (middle([pair[place] for pair in pairs]) for place in (0, 1))
        show("40 boats at 10 Hz, measured rows", measured_)
        ratio = derived.milliseconds / measured_.milliseconds
        show("40 boats at 10 Hz, derived rows", derived, f"{ratio:.2f} CPU")
    if only in (None, "idle"):
        for kind in ("quiet", "hidden"):
            costs = [run(kind, 32, seconds) for _ in range(options.rounds)]
            show(f"{kind}, 32 series", middle(costs))


if __name__ == "__main__":
    main()
