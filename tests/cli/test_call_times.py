"""Times on the command line: days that stay days, the person's zone, the timer that is told."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cli.conftest import Shell
from tests.harness import EmbeddedServer
from tests.workspace.times.changes import PLACES
from tui.cli import DONE, USAGE
from tui.workspace.timers.running import Running
from tui.workspace.times import end_of_day, midnight_utc, start_of_day


def form_of(shell: Shell, *words: str) -> dict[str, str]:
    """What would be sent."""
    said = shell.run("call", *words, "--dry-run")
    assert said.status == DONE, said.err
    return dict(json.loads(said.out)["form"])


@pytest.mark.parametrize("where", PLACES, ids=str)
def test_a_bare_day_stays_a_day(connected: Shell, where: ZoneInfo) -> None:
    connected.set({"TOCKDECK_DECK_TIME_ZONE": where.key})
    today = datetime.now(where).date()
    sent = form_of(connected, "trackmypeople.report", "start=yesterday", "stop=today")
    assert sent["start"] == (today - timedelta(days=1)).isoformat()
    assert sent["stop"] == today.isoformat()
    sent = form_of(connected, "trackmypeople.report", "start=27.11.2025", "stop=2025-11-28T10:00Z")
    assert (sent["start"], sent["stop"]) == ("2025-11-27", "2025-11-28 10:00:00")
    sent = form_of(connected, "trackmypeople.report", '--json={"stop": "today"}')
    assert sent["stop"] == today.isoformat()


def test_the_report_of_today_holds_today(connected: Shell, server: EmbeddedServer) -> None:
    begun = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=1)
    with server.context.database.write() as connection:
        connection.execute(
            "INSERT INTO trackmypeople_blocks (profile_id, tracker_id, time_in, time_out)"
            " VALUES (1, 1, ?, ?)",
            (int(begun.timestamp()), int(begun.timestamp()) + 1),
        )
    day = begun.date().isoformat()
    said = connected.run("call", "trackmypeople.report", f"start={day}", f"stop={day}", "--jsonl")
    assert said.status == DONE
    assert begun.timestamp() in [
        datetime.fromisoformat(json.loads(line)["TimeIn"]).timestamp()
        for line in said.out.splitlines()
    ]


@pytest.mark.parametrize("where", PLACES, ids=str)
def test_a_bare_day_for_an_end_or_a_due_day_is_the_whole_of_it(
    connected: Shell, where: ZoneInfo
) -> None:
    connected.set({"TOCKDECK_DECK_TIME_ZONE": where.key})

    def sent(*words: str) -> dict[str, int]:
        said = connected.run("call", *words, "--dry-run")
        assert said.status == DONE, said.err
        return dict(json.loads(said.out)["json"])

    for text in ("2026-04-05", "2026-09-27", "2026-11-01"):
        day = datetime.fromisoformat(text).date()
        span = sent("timesheets.ts.search", f"start_datetime={text}", f"end_datetime={text}")
        assert span["start_datetime"] == start_of_day(day, where).timestamp()
        assert span["end_datetime"] == end_of_day(day, where).timestamp()
        bill = sent("timesheets.invoice.update", "invoice_id=1", f"due_date={text}")
        assert bill["due_date"] == midnight_utc(day).timestamp()
    noon = sent("timesheets.invoice.update", "invoice_id=1", "due_date=2026-11-01T12:00Z")
    assert noon["due_date"] == datetime(2026, 11, 1, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-03-29 02:30", "clocks go from 02:00 to 03:00"),
        ("2026-10-25 02:30", "“02:30 first” (UTC+02:00) or “02:30 second” (UTC+01:00)"),
        ("yesterday 15:00-16:00", "write only one"),
        ("yesterday 15:00 -05:00", "write only one"),
    ],
)
def test_hours_that_are_none_or_two_are_said(connected: Shell, text: str, words: str) -> None:
    connected.set({"TOCKDECK_DECK_TIME_ZONE": "Europe/Paris"})
    said = connected.run("call", "trackmypeople.add", f"start={text}", "--dry-run")
    assert said.status == USAGE
    assert words in said.err


def test_tables_and_csv_tell_times_in_the_persons_zone_with_the_offset(connected: Shell) -> None:
    where = ZoneInfo("Asia/Kolkata")
    connected.set({"TOCKDECK_DECK_TIME_ZONE": where.key})
    words = ["trackmypeople.report", "start=2000-01-01"]
    rows = [json.loads(line) for line in connected.run("call", *words, "--jsonl").out.splitlines()]
    assert rows
    written = list(csv.DictReader(io.StringIO(connected.run("call", *words, "--csv").out)))
    assert {row["TimeIn"][-6:] for row in written} == {"+05:30"}
    assert [datetime.fromisoformat(row["TimeIn"]) for row in written] == [
        datetime.fromisoformat(row["TimeIn"]) for row in rows
    ]
    assert written[0]["TimeIn"] in connected.run("call", *words, "--table").out


def test_status_knows_what_call_started_and_stopped(connected: Shell, tmp_path: Path) -> None:
    file = connected.home / "state" / "status.json"
    connected.run("call", "trackmypeople.stop")
    assert not file.exists() or not (Running.read(file) or Running(0)).runs
    assert connected.run("call", "trackmypeople.start", "tracker_id=1").status == DONE
    said = json.loads(connected.run("status", "--json").out)
    assert (said["running"], said["stale"]) == ("Own work", False)
    assert connected.run("call", "trackmypeople.stop", "--raw").status == DONE
    said = json.loads(connected.run("status", "--json").out)
    assert said["running"] is None
    assert isinstance(said["today"], int), "what the day came to before is not forgotten"
    connected.run("call", "trackmypeople.start", "tracker_id=1", "--dry-run")
    assert json.loads(connected.run("status", "--json").out)["running"] is None
    connected.run("call", "trackmypeople.status")
    assert isinstance(json.loads(connected.run("status", "--json").out)["today"], int)
