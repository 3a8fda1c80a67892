"""`tockdeck status`: one line, at once, without the deck and without a client."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deck import zone_at_noon
from tui import __version__, kept_status
from tui.cli import main
from tui.cli.status import _Known
from tui.store.reminders import Reminder, Reminders
from tui.workspace.timers.running import Running

CODE = """
import sys
from tui.cli import main
status = main(["status"])
loaded = {name.split(".")[0] for name in sys.modules}
heavy = {"textual", "httpx", "rich", "msgspec", "websockets", "asyncio", "dataclasses", "inspect"}
print(sorted(heavy & loaded), status)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's directories, where the time that is noted began today."""
    monkeypatch.setenv("TOCKDECK_HOME", str(tmp_path))
    monkeypatch.setenv("TOCKDECK_DECK_TIME_ZONE", zone_at_noon())
    return tmp_path


def note(home: Path, *, minutes_ago: float = 0, **more: object) -> None:
    """What the deck notes."""
    now = datetime.now(UTC)
    known: dict[str, object] = {
        "as_of": (now - timedelta(minutes=minutes_ago)).timestamp(),
        "tracker": "Booking form",
        "started_at": (now - timedelta(minutes=42, seconds=10)).timestamp(),
        "day_total": None,
    }
    file = home / "state" / "status.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(Running(**{**known, **more}).to_json())  # type: ignore[arg-type]


def test_it_answers_in_a_process_of_its_own_with_nothing_heavy(home: Path) -> None:
    note(home)
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True, text=True, timeout=60, check=True, env=os.environ.copy(),
    )  # fmt: skip
    line, heavy = done.stdout.splitlines()
    assert line.startswith("● Booking form 0:42 · today ")
    assert heavy == "[] 0"


def test_the_format_is_the_persons(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note(home)
    assert main(["status", "--format", "{running}|{elapsed}|{stale}|"]) == 0
    assert capsys.readouterr().out == "Booking form|0:42||\n"


def test_when_nothing_runs_the_line_says_what_there_is(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note(home, tracker="", started_at=None, day_total=7 * 3600 + 300)
    main(["status"])
    assert capsys.readouterr().out == "○ today 7:05\n"


def test_a_forgotten_end_is_said_until_it_is_kept(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC).timestamp()
    away = {"away_from": now - 1800.0, "away_until": now - 60.0}
    note(home, **away)
    main(["status"])
    assert " · ! ran on while nobody was here, " in capsys.readouterr().out
    note(home, **away, kept_at=now)
    main(["status"])
    assert "!" not in capsys.readouterr().out
    monkeypatch.setenv("TOCKDECK_DECK_LONG_HOURS", "0.5")
    note(home)
    main(["status"])
    assert " · ! runs for more than 0:30 h" in capsys.readouterr().out


def test_what_began_without_the_service_is_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note(home, offline=True)
    main(["status"])
    assert capsys.readouterr().out == "● Booking form 0:42 · today 0:42 · not at the service yet\n"
    main(["status", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["offline"], "added later" in told["warning"]) == (True, True)


def test_what_was_stopped_here_and_goes_on_there_is_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note(
        home,
        stopped_here=datetime(2026, 3, 12, 10, 30, tzinfo=ZoneInfo(zone_at_noon())).timestamp(),
    )
    main(["status", "--format", "{running}: {warning}"])
    said = capsys.readouterr().out
    assert said == "Booking form: was stopped here at 10:30, and goes on at the service\n"


def test_what_is_old_says_of_when_it_is(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note(home, minutes_ago=20)
    main(["status"])
    assert "(as of " in capsys.readouterr().out
    main(["status", "--stale-after", "30"])
    assert "as of" not in capsys.readouterr().out


def test_as_an_object(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note(home, minutes_ago=20)
    main(["status", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["running"] == "Booking form"
    assert found["elapsed"] in range(2525, 2600)
    assert found["stale"] is True
    note(home, tracker="", started_at=None)
    main(["status", "--json"])
    assert json.loads(capsys.readouterr().out)["running"] is None


def test_a_name_that_a_service_sent_commands_neither_terminal_nor_tmux(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note(home, tracker="\x1b[31mred #[fg=red]#(reboot) #{x} #1")
    main(["status", "--format", "{running}"])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "#[" not in out
    assert "#(" not in out
    assert "#{" not in out
    assert out.endswith("#1\n")


def test_what_cannot_be_said_is_said_on_standard_error(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status"]) == 1
    told = capsys.readouterr()
    assert (told.out, "nothing is known yet" in told.err) == ("", True)
    note(home)
    assert main(["status", "--format", "{pid}"]) == 2
    assert "{pid}" in capsys.readouterr().err
    assert main(["status", "--format", "{running"]) == 2
    assert "--format: {running: write a field as {running}" in capsys.readouterr().err
    assert main(["status", "--stale-after", "-1"]) == 2
    assert "-1 is not from 0 to" in capsys.readouterr().err
    assert main(["status", "--set", "deck.time_zone=Mars"]) == 2
    assert "Mars" in capsys.readouterr().err


def test_that_nothing_is_known_is_said_before_anything_is_imported(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in os.environ if one.startswith("TOCKDECK_")]:
        if name != "TOCKDECK_HOME":
            monkeypatch.delenv(name)
    code = f"{CODE}print('tui.cli.output' in sys.modules)"

    def run() -> tuple[str, list[str]]:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True,
            env=os.environ.copy(),
        )  # fmt: skip
        return done.stderr, done.stdout.splitlines()

    told = f"tockdeck: {kept_status.NOTHING}\n"
    assert run() == (told, ["[] 1", "False"])
    assert list(home.iterdir()) == []
    # What is wrong with a configuration is told all the same, and what settings say is read.
    config = home / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text("[deck]\ntheme = 3\n")
    assert main(["status"]) == 2
    assert "deck.theme" in capsys.readouterr().err
    config.write_text("[deck]\n")
    assert run() == (told, ["[] 1", "True"])
    config.unlink()
    Reminders(home / "data" / "reminders.json").add(datetime.now(UTC), "tea")
    assert run() == ("", ["! tea", "[] 0", "True"])
    (home / "data" / "reminders.json").unlink()
    monkeypatch.setenv("TOCKDECK_DECK_TIME_ZONE", "Mars")
    assert main(["status"]) == 2


def test_a_file_that_cannot_be_looked_at_may_be_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert [kept_status.is_absent(one) for one in (file, tmp_path / "none", file / "none")] == [
        False, True, True,
    ]  # fmt: skip
    assert not kept_status.is_absent(tmp_path / ("n" * 300))


def test_the_goals_stand_in_it_and_grow_while_the_timer_runs(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    began = (now - timedelta(minutes=42, seconds=10)).timestamp()
    every = {"wanted": 36000, "begins": began, "ends": now.timestamp() + 9999, "done": 7200,
             "as_of": now.timestamp() - 60, "since": began, "of": "", "names": []}  # fmt: skip
    told = [
        {**every, "period": "week"},
        {**every, "period": "day", "ends": now.timestamp() - 1},
        {**every, "period": "month", "of": "#[bold]\x1b[31m", "names": ["Other"], "since": None},
    ]
    note(home)
    (home / "state" / "goals.json").write_text(json.dumps(told))
    assert main(["status"]) == 0
    line = capsys.readouterr().out
    assert " · week 2:42/10:00" in line
    assert "day 2:" not in line, "that day is over"
    main(["status", "--format", "{goals}"])
    line = capsys.readouterr().out
    assert line.startswith("week 2:42 of 10:00 h, 7:1")
    assert "month, # [bold]" in line
    assert "\x1b" not in line
    main(["status", "--json"])
    week, month = json.loads(capsys.readouterr().out)["goals"]
    assert week["done"] - 7200 in range(2530, 2560)
    assert (month["done"], month["left"]) == (7200, 28800)


def test_the_line_is_kept_for_as_long_as_nothing_in_it_can_be_another(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With settings in the environment nothing is kept.
    for name in [one for one in os.environ if one.startswith("TOCKDECK_")]:
        if name != "TOCKDECK_HOME":
            monkeypatch.delenv(name)
    config = home / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text(f'[deck]\ntime_zone = "{zone_at_noon()}"\n')
    note(home, tracker="", started_at=None, day_total=300)
    code = f"{CODE}print('tui.workspace.times' in sys.modules)"

    def run() -> tuple[str, bool]:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True,
            env=os.environ.copy(),
        )  # fmt: skip
        line, _, reckoned = done.stdout.splitlines()
        return line, reckoned == "True"

    def until_when() -> tuple[float, float]:
        begin, end = kept.read_text().splitlines()[1].split(" ", 2)[:2]
        return float(begin), float(end)

    kept = Path(kept_status.path())
    assert run() == ("○ today 0:05", True)
    # It may be another just now, such as at midnight.
    found = run()
    while found[1]:
        found = run()
    assert found == ("○ today 0:05", False)
    assert kept.stat().st_mode & 0o777 == 0o600
    key = kept_status.made_of(__version__)
    begin, end = until_when()
    for moment, is_true in ((begin, True), (end - 1, True), (begin - 1, False)):
        assert (kept_status._kept(key, moment) is not None) == is_true
    # What any of its files says is said at once.
    note(home, tracker="", started_at=None, day_total=600)
    assert run()[0] == "○ today 0:10"
    Reminders(home / "data" / "reminders.json").add(datetime.now(UTC), "tea")
    assert run()[0] == "○ today 0:10 · ! tea"
    config.write_text('[deck]\ntime_zone = "UTC"\n[timers]\n')
    assert kept_status._kept(kept_status.made_of(__version__), begin) is None
    # Nobody else's file is believed, and of settings in the environment none is written down.
    kept.chmod(0o644)
    assert kept_status._kept(key, begin) is None
    monkeypatch.setenv("TOCKDECK_DECK_LONG_HOURS", "3")
    assert kept_status.made_of(__version__) is None


@given(
    start=st.floats(0, 20 * 3600), age=st.floats(0, 3600), due=st.floats(-100, 100),
    total=st.one_of(st.none(), st.integers(0, 40_000)), runs=st.booleans(),
    hour=st.integers(-12, 12),
)  # fmt: skip
def test_lines_that_are_kept_are_the_same_at_every_second_of_their_spans(
    start: float, age: float, due: float, total: int | None, runs: bool, hour: int
) -> None:
    now = datetime(2026, 3, 29, 11, 59, 30, tzinfo=UTC).timestamp()
    known = _Known(
        Running(now - age, "Sail", now - start if runs else None, total),
        [],
        [Reminder(1, now + due, "tea")],
        timezone(timedelta(hours=hour)),
        timedelta(hours=10),
        timedelta(minutes=15),
    )

    def line_at(moment: float) -> str:
        return known.line(None, datetime.fromtimestamp(moment, UTC))

    before = now
    for begin, end, line in kept_status.ahead(line_at, now):
        assert 0 <= begin - before <= kept_status.SHARP
        assert {line_at(begin + second) for second in range(int(end - begin))} <= {line}
        assert line_at(end) == line
        before = end


def test_lines_of_a_running_timer_are_kept_for_many_minutes() -> None:
    now = datetime(2026, 3, 10, 9, 0, 17, tzinfo=UTC).timestamp()
    known = _Known(
        Running(now, "Sail", now - 100, 4321), [], [], UTC, timedelta(hours=10),
        timedelta(minutes=60),
    )  # fmt: skip
    asked = 0

    def line_at(moment: float) -> str:
        nonlocal asked
        asked += 1
        return known.line(None, datetime.fromtimestamp(moment, UTC))

    spans = kept_status.ahead(line_at, now)
    assert spans[-1][1] - now == 60 * kept_status.MINUTES
    assert len({line for _, _, line in spans}) == 2 * kept_status.MINUTES + 1
    assert asked < 200
