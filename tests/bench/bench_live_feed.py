"""What the live feed costs: against websockets plus msgspec alone, and against the raw bytes.

Run: python -m tests.bench.bench_live_feed [--rounds N] [--only throughput|memory|day]

Throughput: one process sends messages over loopback, at most four hours of a 2 Hz unit; the
other receives them, once only decoding (reference) and once through the whole feed (link,
protocol, series). Both are run in turn, each in a fresh process, and medians are printed.
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
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

TYPES = (1, 2, 6, 8, 9, 11, 12)
START = 1_384_906_719_000
DAY = 86_400_000
SHAPES = {
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


def send(shape: tuple[int, Sequence[int], int], count: int, port: Any) -> None:
    """The server's process: answer the configuration, then send everything and close."""
    from websockets.asyncio.server import ServerConnection, serve

    frames = [message(*shape, step).decode() for step in range(count)]
    done = asyncio.Event()

    async def handle(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send(str(START))
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


async def reference(url: str, count: int, begun: Callable[[str], None]) -> float:
    """websockets receiving and msgspec decoding, and nothing else."""
    from websockets.asyncio.client import connect
    from websockets.exceptions import ConnectionClosed

    decode = msgspec.json.Decoder().decode
    async with connect(url, compression=None, ping_interval=None, max_size=None) as connection:
        await connection.send("go")
        await connection.recv(decode=False)
        began = time.process_time()
        begun("reference")
        received = 0
        try:
            while True:
                decode(await connection.recv(decode=False))
                received += 1
        except ConnectionClosed:
            spent = time.process_time() - began
    if received != count:
        raise SystemExit(f"received {received} of {count}")
    return spent


async def whole(
    url: str, count: int, shape: tuple[int, Sequence[int], int], begun: Callable[[str], None]
) -> float:
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
    began = 0.0
    finished = asyncio.Event()

    def told() -> None:
        nonlocal began
        if not began and feed.state.phase in (Phase.QUIET, Phase.LIVE):
            began = time.process_time()
            begun("feed")
        if feed.state.phase is Phase.RECONNECTING:
            finished.set()

    feed.subscribe(told)
    await feed.start()
    await finished.wait()
    spent = time.process_time() - began
    kept = feed.store.counts().kept
    await feed.stop()
    if kept != count * devices * len(types) * samples:
        raise SystemExit(f"kept {kept} samples")
    return spent


def receive(kind: str, shape: tuple[int, Sequence[int], int], count: int, answer: Any) -> None:
    """The client's process."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=send, args=(shape, count, theirs))
    server.start()
    url = f"ws://127.0.0.1:{ours.recv()}"
    if kind == "reference":
        answer.send(asyncio.run(reference(url, count, ours.send)))
    else:
        answer.send(asyncio.run(whole(url, count, shape, ours.send)))
    server.join()


def measure(kind: str, shape: tuple[int, Sequence[int], int], count: int) -> float:
    """Return messages a second of processor time."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=receive, args=(kind, shape, count, theirs))
    process.start()
    spent: float = ours.recv()
    process.join()
    return count / spent


def throughput(rounds: int) -> None:
    print("messages a second of processor time, medians of", rounds, "rounds")
    print(f"{'':40}{'reference':>12}{'feed':>12}{'ratio':>8}")
    for name, shape in SHAPES.items():
        size = len(message(*shape, 0))
        count = max(300, min(20_000 // shape[2], 16_000_000 // size))
        found: dict[str, list[float]] = {"reference": [], "feed": []}
        for _ in range(rounds):
            for kind, rates in found.items():
                rates.append(measure(kind, shape, count))
        base, feed = (statistics.median(rates) for rates in found.values())
        print(f"{name:40}{base:12,.0f}{feed:12,.0f}{feed / base:8.2f}")


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
    parser.add_argument("--hertz", type=int, default=2, help="of the day")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, msgspec {msgspec.__version__}")
    if options.only in (None, "throughput"):
        throughput(options.rounds)
    if options.only == "day":
        day(options.hertz)
    if options.only in (None, "memory"):
        print("one hour of 40 boats at 2 Hz, 7 types")
        memory(shared=True)
        memory(shared=False)


if __name__ == "__main__":
    main()
