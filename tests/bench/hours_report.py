"""CPU of a report over 100,000 blocks beside Watson's over the same log, in one run.

    python -m tests.bench.hours_report [ROUNDS [WATSON]]

WATSON is the program's path; without it `td-watson` is installed into a temporary environment.
Watson's process reads its frames and prints the report; ours is told in two ways: `reckoning`,
from blocks that are read already to the rows of the report, as the deck does on each key and
`tockdeck hours report` does once, and `table`, the same by tracker and month with rounding.
`verb` is the whole process of `tockdeck hours report`, which asks the service for all of them
over HTTP. The rounds take turns; figures are medians in seconds, compare the ratios.
"""

from __future__ import annotations

import compileall
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
import venv
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.bench.shell import ROOT, cpu
from tests.deck import service_settings
from tests.harness import EmbeddedServer
from tests.workspace.timers.tallied import tally_of
from tui.services.trackmypeople import Block, Tracker
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.rounding import EXACT, Rounding
from tui.workspace.timers.reckoning.sheet import By, Sheet, sheet, written

FRAMES, CLIENTS = 100_000, 40
MOST = 0.1
FIRST = datetime(2005, 1, 1, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
SPAN = Span(date(2004, 12, 31), date(2026, 12, 31))


def a_log() -> list[tuple[int, int, int]]:
    """(begin, end, number of the client) of each frame: about 17 years of work."""
    chance, at = random.Random(1), int(FIRST.timestamp())
    found = []
    for _ in range(FRAMES):
        begin = at + chance.randint(60, 3600)
        at = begin + chance.randint(60, 7200)
        found.append((begin, at, chance.randrange(CLIENTS)))
    return found


def watson(folder: Path) -> Path:
    """Watson in an environment of its own."""
    venv.create(folder, with_pip=True)
    subprocess.run([folder / "bin" / "pip", "install", "--quiet", "td-watson"], check=True)
    return folder / "bin" / "watson"


def blocks_of(log: list[tuple[int, int, int]]) -> list[Block]:
    """The log as the service's blocks."""
    return [
        Block(
            id=number, tracker_id=client + 1, time_in=datetime.fromtimestamp(begin, UTC),
            time_out=datetime.fromtimestamp(end, UTC), total=end - begin,
        )
        for number, (begin, end, client) in enumerate(log, 1)
    ]  # fmt: skip


def seconds_of(work: Callable[[], object]) -> float:
    """Seconds of CPU of this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


def main(rounds: int, program: Path | None) -> None:
    """Print the medians and the ratios."""
    # As it is once it is installed, and as pip leaves Watson.
    compileall.compile_dir(ROOT / "tui", quiet=1)
    log = a_log()
    blocks = blocks_of(log)
    trackers = [Tracker(id=n + 1, name=f"client {n}", depth=n % 3) for n in range(CLIENTS)]
    total = sum(end - begin for begin, end, _ in log)

    def report(by: By, rounding: Rounding) -> Sheet:
        found = sheet(by, tally_of(blocks, PARIS, SPAN, rounding), trackers, SPAN, rounding, PARIS)
        assert found.total.exact == total
        written(found, "md")
        return found

    figures: dict[str, list[float]] = {"watson": [], "reckoning": [], "table": [], "verb": []}
    with (
        tempfile.TemporaryDirectory() as home,
        EmbeddedServer(services=["trackmypeople"]) as server,
    ):
        folder = Path(home)
        program = program or watson(folder / "watson")
        frames = [
            [begin, end, f"client {client}", uuid.UUID(int=number).hex, [], end]
            for number, (begin, end, client) in enumerate(log, 1)
        ]
        (folder / "frames").write_text(json.dumps(frames))
        command = [str(program), "report", "--all", "--no-pager"]
        theirs = {**os.environ, "WATSON_DIR": home, "TZ": "Europe/Paris"}
        said = subprocess.run(command, env=theirs, capture_output=True, text=True, check=True)
        last = said.stdout.strip().splitlines()[-1].split(":")[1].strip()
        told = f"{total // 3600}h {total // 60 % 60:02}m {total % 60:02}s"
        assert last == told, (last, told)
        fill(server, log)
        settings = service_settings(server)
        named = {f"TOCKDECK_{key.replace('.', '_')}".upper(): settings[key] for key in settings}
        ours = {**os.environ, **named, "TOCKDECK_HOME": home}
        verb = [sys.executable, "-m", "tui", "hours", "report", "--period",
                f"{SPAN.first} to {SPAN.last}"]  # fmt: skip
        for _ in range(rounds):
            figures["watson"].append(cpu(command, theirs))
            figures["reckoning"].append(seconds_of(lambda: report("tracker", EXACT)))
            figures["table"].append(seconds_of(lambda: report("table", Rounding("up", 15))))
            figures["verb"].append(cpu(verb, ours))
    medians = {name: statistics.median(values) for name, values in figures.items()}
    for name, median in medians.items():
        most = "" if name in ("watson", "table") else f" (at most {MOST})"
        print(f"{name:<10} {median:.3f} s  {median / medians['watson']:.3f} of Watson's{most}")


def fill(server: EmbeddedServer, log: list[tuple[int, int, int]]) -> None:
    """The same log in the service."""
    trackers = server.context.database.read("SELECT id FROM trackmypeople_trackers")
    ids = [row["id"] for row in trackers]
    with server.context.database.write() as connection:
        connection.execute("DELETE FROM trackmypeople_blocks")
        connection.executemany(
            "INSERT INTO trackmypeople_blocks (profile_id, tracker_id, time_in, time_out)"
            " VALUES (1, ?, ?, ?)",
            [(ids[client % len(ids)], begin, end) for begin, end, client in log],
        )


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 5, Path(given[1]) if len(given) > 1 else None)
