"""CPU of `tockdeck add` and `start` beside a bare script that does the same call.

    python -m tests.bench.shell [ROUNDS]

The bare script makes one call with httpx and one commit with SQLite. The rounds take turns, so
that a slow moment of the machine hits all; figures are medians in seconds, compare the ratios.
"""

from __future__ import annotations

import compileall
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.deck import service_settings
from tests.harness import EmbeddedServer

ROOT = Path(__file__).resolve().parents[2]
MOST = 1.3
BARE = """
import sqlite3, sys, httpx
file, base, user, password, function, *pairs = sys.argv[1:]
connection = sqlite3.connect(file)
connection.execute("CREATE TABLE IF NOT EXISTS notes (what TEXT)")
connection.execute("INSERT INTO notes VALUES (?)", (function,))
connection.commit()
with httpx.Client(base_url=base, auth=(user, password)) as client:
    answer = client.post(f"{function}.json", data=dict(pair.split("=") for pair in pairs))
    assert answer.json()["result"] in (1, "1"), answer.text
"""


def cpu(command: list[str], environment: Mapping[str, str]) -> float:
    """Seconds of CPU of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(rounds: int) -> None:
    """Print the medians and the ratios."""
    compileall.compile_dir(ROOT / "tui", quiet=1)
    seconds: dict[str, list[float]] = {"bare add": [], "add": [], "bare start": [], "start": []}
    with (
        EmbeddedServer(services=["trackmypeople"]) as server,
        tempfile.TemporaryDirectory() as home,
    ):
        with server.context.database.write() as connection:
            connection.execute("DELETE FROM trackmypeople_blocks")
        settings = service_settings(server)
        named = {f"TOCKDECK_{key.replace('.', '_')}".upper(): settings[key] for key in settings}
        environment = {**os.environ, **named, "TOCKDECK_HOME": home}
        held = server.credentials
        base = settings["trackmypeople.base_url"].rstrip("/") + "/"
        account = [base, held.trackmypeople_user, held.trackmypeople_password]
        bare = [sys.executable, "-c", BARE, str(Path(home) / "bare.db"), *account]
        ours = [sys.executable, "-m", "tui"]
        cpu([*ours, "add", "--dry-run", "2020-01-01 9-10 booking form"], environment)
        for number in range(rounds):
            day = f"2020-02-{number % 28 + 1:02}"
            times = [f"start={day} 09:00:00", f"stop={day} 10:00:00", "tracker_id=5"]
            seconds["bare add"].append(cpu([*bare, "add", *times], environment))
            line = f"{day} 11-12 booking form: panels"
            seconds["add"].append(cpu([*ours, "add", line], environment))
            seconds["bare start"].append(cpu([*bare, "start", "tracker_id=5"], environment))
            cpu([*bare, "stop"], environment)
            seconds["start"].append(cpu([*ours, "start", "booking form"], environment))
            cpu([*bare, "stop"], environment)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    for name, median in medians.items():
        print(f"{name:<11} {median:.3f} s")
    for verb in ("add", "start"):
        print(f"{verb}: {medians[verb] / medians[f'bare {verb}']:.2f} times (at most {MOST})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
