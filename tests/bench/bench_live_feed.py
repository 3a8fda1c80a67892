"""What the live feed costs: against websockets plus msgspec alone, and against the raw bytes.

Run: python -m tests.bench.bench_live_feed [--rounds N] [--only throughput|memory|day]

Throughput: one process sends messages over loopback; the other receives them, once only decoding
(reference) and once through the whole feed (link, protocol, series). Both stand on one core and
take slices of the messages by turns, so that what else runs meets both alike, and the least that
a slice cost of either is held against the other's: on a machine at work medians of whole runs
told anything from 0.37 to 0.58 of the same build.
Memory: one simulated hour of 40 boats at 2 Hz with seven types is kept; what Python allocated
for it (tracemalloc) is held against the bytes of the values. `--only day` feeds a whole day of
the same, or `--hertz 50`, and prints what is held: it must become flat.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import multiprocessing
import os
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import msgspec

TYPES = (1, 2, 6, 8, 9, 11, 12)
START = 1_384_906_719_000
DAY = 86_400_000
SLICES = 6
"""Slices of messages that a process takes before there is another."""

Shape = tuple[int, Sequence[int], int]
"""Devices, types and samples of a message."""

SHAPES: dict[str, Shape] = {
    "tiny: 1 device, 1 type, 1 sample": (1, (9,), 1),
    "small: 1 device, 3 types, 1 sample": (1, (1, 2, 9), 1),
    "1 device, 6 types, 10 samples": (1, TYPES[:6], 10),
    "fleet: 40 devices, 7 types, 1 sample": (40, TYPES, 1),
    "fleet: 32 devices, 6 types, 10 samples": (32, TYPES[:6], 10),
}


def serial(number: int) -> str:
    return f"GA-DK-{number:04d}"


def message(devices: int, types: Sequence[int], samples: int, step: int) -> bytes:
    """One frame; every device has its own phase within the half second."""
    dice = random.Random(step)
    parts = []
    for device in range(devices):
        # Ahead of the server's clock a unit would be taken for one whose own is wrong.
        base = START - DAY + 500 * samples * step + device * 11
        times = [base + 500 * index for index in range(samples)]
        content: dict[str, Any] = {}
        for type_ in types:
            axes: dict[str, Any] = {"t": times}
            # What no boat could do would be set apart, and not be there to be counted.
            reach, figures = (0.0005, 9) if type_ == 1 else (12.0, 6)
            axes["1"] = [round(10 + dice.uniform(0, reach), figures) for _ in times]
            if type_ == 1:
                axes["2"] = [round(10 + dice.uniform(0, reach), figures) for _ in times]
            content[str(type_)] = axes
        parts.append({serial(device): content})
    return json.dumps(parts, separators=(",", ":")).encode()


def send(shape: Shape, port: Any) -> None:
    """The server's process: answer the configuration, then send so many frames each time that it
    is asked to, made before the time is taken.
    """
    from websockets.asyncio.server import ServerConnection, serve

    stay_on(0)
    done = asyncio.Event()

    async def handle(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send(str(START))
        step = 0
        while count := await asyncio.to_thread(port.recv):
            frames = [message(*shape, step + number).decode() for number in range(count)]
            step += count
            port.send("made")
            await asyncio.to_thread(port.recv)  # the client has begun to take the time
            for frame in frames:
                await connection.send(frame)
        await connection.close()
        done.set()

    async def main() -> None:
        async with serve(handle, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
            port.send(next(iter(server.sockets)).getsockname()[1])
            await done.wait()

    asyncio.run(main())


def stay_on(core: int) -> None:
    """Run on one core, so that caches stay warm and both who are compared have the same."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[core % len(cores)]})


Slice = Callable[[int], Awaitable[float]]
"""Have so many messages sent; the CPU seconds that taking them in cost."""


async def reference(url: str, ports: Ports, _shape: Shape) -> AsyncIterator[Slice]:
    """websockets receiving and msgspec decoding, and nothing else."""
    from websockets.asyncio.client import connect

    decode = msgspec.json.Decoder().decode
    async with connect(url, compression=None, ping_interval=None, max_size=None) as connection:
        await connection.send("go")
        await connection.recv(decode=False)

        async def take(count: int) -> float:
            await ports.make(count)
            began = time.process_time()
            ports.begin()
            for _ in range(count):
                decode(await connection.recv(decode=False))
            return time.process_time() - began

        yield take


async def whole(url: str, ports: Ports, shape: Shape) -> AsyncIterator[Slice]:
    """The feed as the screen uses it."""
    from tui.live.feed import Phase
    from tui.live.supervisor import LiveFeed
    from tui.services.igtimi.live import Conversation
    from tui.services.igtimi.live_json import JsonDialect

    devices, types, samples = shape

    async def servers() -> list[str]:
        return [url]

    feed = LiveFeed(
        [serial(number) for number in range(devices)],
        servers=servers,
        converse=lambda serials: Conversation(JsonDialect(""), serials),
    )
    news = asyncio.Event()
    feed.subscribe(news.set)
    await feed.start()

    async def until(there: Callable[[], bool]) -> None:
        while not there():
            news.clear()
            await news.wait()

    await until(lambda: feed.state.phase in (Phase.QUIET, Phase.LIVE))
    wanted = 0
    newest = (serial(devices - 1), types[-1], 0)

    def last_is_there() -> bool:
        found = feed.store.series(newest)
        return found is not None and found.ring.counts.kept == wanted

    async def take(count: int) -> float:
        nonlocal wanted
        wanted += count * samples
        await ports.make(count)
        began = time.process_time()
        ports.begin()
        await until(last_is_there)
        spent = time.process_time() - began
        kept = feed.store.counts().kept
        if kept != wanted * devices * len(types):
            raise SystemExit(f"kept {kept} samples")
        return spent

    yield take
    await feed.stop()


class Ports:
    """The pipe to the server's process."""

    def __init__(self, port: Any) -> None:
        self._port = port

    async def make(self, count: int) -> None:
        """Have so many frames made."""
        self._port.send(count)
        await asyncio.to_thread(self._port.recv)

    def begin(self) -> None:
        """Have them sent."""
        self._port.send("begun")


def receive(kind: str, shape: Shape, port: Any) -> None:
    """The client's process: one slice each time that it is asked for one."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=send, args=(shape, theirs))
    server.start()
    stay_on(-1)
    url = f"ws://127.0.0.1:{ours.recv()}"

    async def main() -> None:
        run = reference if kind == "reference" else whole
        async for take in run(url, Ports(ours), shape):
            port.send("ready")
            while count := await asyncio.to_thread(port.recv):
                port.send(await take(count))
            ours.send(0)

    asyncio.run(main())
    server.join()


def slices(shape: Shape, count: int, number: int) -> dict[str, list[float]]:
    """CPU seconds a message of slices of so many messages, of both by turns, in new processes."""
    ports: dict[str, Any] = {}
    processes = []
    for kind in ("reference", "feed"):
        ports[kind], theirs = multiprocessing.Pipe()
        process = multiprocessing.Process(target=receive, args=(kind, shape, theirs))
        process.start()
        processes.append(process)
        ports[kind].recv()
    found: dict[str, list[float]] = {kind: [] for kind in ports}
    for _ in range(number):
        for kind, port in ports.items():
            port.send(count)
            found[kind].append(port.recv() / count)
    for port, process in zip(ports.values(), processes, strict=True):
        port.send(0)
        process.join()
    return found


def throughput(rounds: int, only: str) -> None:
    """Hold both against each other by the least that a slice cost: what else runs on the machine
    can only add to it.
    """
    print(f"microseconds of CPU a message, least (median) of {rounds * SLICES} slices by turns")
    print(f"{'':40}{'reference':>18}{'feed':>18}{'ratio':>14}")
    for name, shape in SHAPES.items():
        if only not in name:
            continue
        size = len(message(*shape, 0))
        count = max(50, min(20_000 // shape[2], 16_000_000 // size) // SLICES)
        found: dict[str, list[float]] = {"reference": [], "feed": []}
        for _ in range(rounds):
            for kind, costs in slices(shape, count, SLICES).items():
                found[kind] += costs
        least = [1e6 * min(costs) for costs in found.values()]
        middle = [1e6 * statistics.median(costs) for costs in found.values()]
        shown = [f"{low:9.1f} ({mid:.1f})" for low, mid in zip(least, middle, strict=True)]
        ratios = f"{least[0] / least[1]:.2f} ({middle[0] / middle[1]:.2f})"
        print(f"{name:40}{shown[0]:>18}{shown[1]:>18}{ratios:>14}", flush=True)


def memory(shared: bool) -> None:
    """Keep an hour of 40 boats at 2 Hz with seven types."""
    from tui.live.store import FeedStore

    dice = random.Random(1)
    store = FeedStore()
    values = 0
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for minute in range(60):
        for device in range(40):
            for type_ in TYPES:
                phase = device * 11 if shared else dice.randrange(500)
                base = START + minute * 60_000 + phase
                times = [base + 500 * index for index in range(120)]
                axes = [[dice.random() for _ in times] for _ in range(2 if type_ == 1 else 1)]
                store.add([((serial(device), type_, 0), times, axes)])
                values += len(times) * len(axes)
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    samples = store.counts().kept
    name = "types of a device share times" if shared else "every series has its own times"
    print(f"{name:40}{used / 1e6:8.1f} MB for {samples:,} samples, {values:,} values")
    print(f"{'':40}{used / (8 * values):8.2f} of the values alone (8 bytes each)")
    print(f"{'':40}{used / (8 * (values + samples)):8.2f} of values and times (8 bytes each)")


def day(hertz: int) -> None:
    """Feed a day of 40 boats with seven types; print what is held every two hours."""
    from tui.live.store import FeedStore

    dice = random.Random(1)
    store = FeedStore()
    count, step = 60 * hertz, 1000 // hertz
    values = [[dice.uniform(0, 30) for _ in range(count)] for _ in range(64)]
    tracemalloc.start()
    print("hour   held (MB)   samples so far")
    for minute in range(24 * 60):
        for device in range(40):
            base = START + minute * 60_000 + device * 11
            times = [base + step * index for index in range(count)]
            store.add(
                (
                    (serial(device), type_, 0),
                    times,
                    [dice.choice(values) for _ in range(2 if type_ == 1 else 1)],
                )
                for type_ in TYPES
            )
        if minute % 120 == 119:
            held = tracemalloc.get_traced_memory()[0] / 1e6
            print(f"{(minute + 1) // 60:4}   {held:9.1f}   {store.counts().kept:14,}", flush=True)
    tracemalloc.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=("throughput", "memory", "day"))
    parser.add_argument("--shape", default="", help="only those with this in their names")
    parser.add_argument("--hertz", type=int, default=2, help="of the day")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, msgspec {msgspec.__version__}")
    if options.only in (None, "throughput"):
        throughput(options.rounds, options.shape)
    if options.only == "day":
        day(options.hertz)
    if options.only in (None, "memory"):
        print("one hour of 40 boats at 2 Hz, 7 types")
        memory(shared=True)
        memory(shared=False)


if __name__ == "__main__":
    main()
