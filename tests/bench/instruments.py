"""What real boats cost: NMEA 0183 over UDP received, stored and served, beside pynmeagps alone.

    python -m tests.bench.instruments [--seconds 10] [--rounds 3]

A process of its own sends what 40 boats say at 10 Hz (four sentences, each behind its TAG block)
in real time. The hub of the embedded Igtimi hears them on loopback, stores them and encodes each
delivery for one connection; its CPU is held against that of pynmeagps (`pip install pynmeagps`),
which parses the same lines without TAG blocks, in the same process right after. To reach: 0.5.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.embedded.igtimi.rig import until
from tests.embedded.instruments.boats import sentence, tagged
from tests.harness import CREDENTIALS
from tui.embedded import sample
from tui.embedded.context import Context, Options
from tui.embedded.database import Database
from tui.embedded.igtimi import SERVICE
from tui.embedded.igtimi.access import SAMPLE_USER
from tui.embedded.igtimi.live_messages import StepMessages
from tui.embedded.igtimi.runtime import runtime

BOATS, HERTZ = 40, 10


def lines_of(boat: int, step: int) -> list[bytes]:
    """What one boat says at one time."""
    second, tenth = divmod(step, 10)
    clock = f"12{second // 60:02}{second % 60:02}.{tenth}"
    return [
        sentence(
            f"GPRMC,{clock},A,36{boat:02}.{1106 + step % 800},S,17452.0278,E,4.{step % 10},"
            f"100.{boat % 10},291126,,,A"
        ),
        sentence(f"HCHDG,{boat}.{step % 10},,,19.0,E"),
        sentence(f"WIMWV,33{step % 10}.0,R,1{boat % 10}.{step % 10},N,A"),
        sentence(f"VWVHW,,T,,M,4.{(step + boat) % 10},N,,K"),
    ]


class Connection:
    """One who watches all boats: what would go out to them is encoded."""

    def __init__(self) -> None:
        self.bytes = 0
        self.serials: frozenset[str] = frozenset()

    def offer(self, messages: StepMessages) -> None:
        self.bytes += sum(map(len, messages.texts(self.serials)))

    def fail(self) -> None:
        """The feed ends: so does this."""


def send(port: int, seconds: int) -> None:
    """Send in real time; run in a process of its own."""
    steps = [
        [
            b"".join(tagged(f"B{boat:02}", line) for line in lines_of(boat, step))
            for boat in range(BOATS)
        ]
        for step in range(seconds * HERTZ)
    ]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        began = time.monotonic()
        for number, datagrams in enumerate(steps):
            time.sleep(max(0.0, began + number / HERTZ - time.monotonic()))
            for datagram in datagrams:
                sender.sendto(datagram, ("127.0.0.1", port))


async def hear(seconds: int, folder: Path) -> tuple[float, int, int, int]:
    """CPU seconds of hearing it all, lines heard, samples kept and bytes served."""
    database = Database(folder / "embedded.db")
    context = Context(database, CREDENTIALS, Options(folder))
    sample.prepare(context, [SERVICE], seeded=False)
    found = runtime(context)
    watching = Connection()
    found.hub.start()
    source = await found.hub.begin("udp://127.0.0.1:0?boats=tag", SAMPLE_USER, kept=True)
    found.feed.attach(watching)
    await until(lambda: bool(source.bound))
    command = [
        sys.executable,
        "-m",
        "tests.bench.instruments",
        "--send",
        source.bound.split(":")[1],
    ]
    sending = await asyncio.create_subprocess_exec(*command, "--seconds", str(seconds))
    await until(lambda: bool(source.serials))
    began = time.process_time()
    while sending.returncode is None:
        await asyncio.sleep(0.5)
        watching.serials = frozenset(source.serials.values())
    await asyncio.sleep(0.5)
    await found.hub.stop()
    spent = time.process_time() - began
    lines = int(str(found.hub.wire(source)["lines"]))
    (kept,) = database.read("SELECT count(*) AS n, sum(length(content)) AS b FROM igtimi_block")
    await found.feed.stop()
    database.close()
    return spent, lines, int(kept["n"]), watching.bytes


def parse(lines: list[bytes]) -> float:
    """CPU seconds of pynmeagps over the same lines."""
    import pynmeagps

    began = time.process_time()
    for line in lines:
        pynmeagps.NMEAReader.parse(line)
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--send", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.send:
        send(options.send, options.seconds)
        return
    said = [
        line
        for step in range(options.seconds * HERTZ)
        for boat in range(BOATS)
        for line in lines_of(boat, step)
    ]
    ratios = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            ours, lines, blocks, served = asyncio.run(hear(options.seconds, Path(folder)))
        theirs = parse(said)
        ratios.append((ours / lines) / (theirs / len(said)))
        print(
            f"{lines:,} of {len(said):,} lines, {blocks:,} blocks, {served:,} bytes served: "
            f"{1e6 * ours / lines:.1f} us a line; pynmeagps {1e6 * theirs / len(said):.1f} us; "
            f"ratio {ratios[-1]:.2f}"
        )
    print(f"median {statistics.median(ratios):.2f} (to reach: 0.5)")


if __name__ == "__main__":
    main()
