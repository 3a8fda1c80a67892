"""Times as people write them, in their own zone."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.form_values import write_value
from tui.workspace.times import (
    HourError,
    TimeTextError,
    age_text,
    at_clock,
    column_text,
    day_text,
    length_text,
    moment_text,
    read_clock,
    read_day,
    read_moment,
    read_span,
    running_text,
    span_text,
    zone,
    zones,
)

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 8, 21, 14, 5, 30, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1h30", 90),
        ("1h 30m", 90),
        ("90m", 90),
        ("90", 90),
        ("1:30", 90),
        ("1:30:30", 90.5),
        ("1.5h", 90),
        ("1,5h", 90),
        ("2d", 2880),
        ("45s", 0.75),
    ],
)
def test_durations(text: str, minutes: float) -> None:
    assert read_span(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "x", "1:99", "h1", "1m2h", "-5", "1" * 30, "9" * 15 + "d"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(TimeTextError):
        read_span(text)


def test_dates_and_times() -> None:
    assert read_day("2026-02-03", PARIS, NOW) == date(2026, 2, 3)
    assert read_day("today", PARIS, NOW) == date(2026, 8, 21)
    assert read_day("Tomorrow", PARIS, NOW) == date(2026, 8, 22)
    assert read_day("+3d", PARIS, NOW) == date(2026, 8, 24)
    assert read_day("-1", PARIS, NOW) == date(2026, 8, 20)
    assert read_clock("14:00", NOW) == time(14)
    assert read_clock("9:05", NOW) == time(9, 5)
    assert read_clock("now", NOW) == time(14, 5)
    for wrong in ("2026-13-01", "someday", "+99999999d", ""):
        with pytest.raises(TimeTextError):
            read_day(wrong, PARIS, NOW)
    for wrong in ("25:00", "noon", ""):
        with pytest.raises(TimeTextError):
            read_clock(wrong, NOW)


def rules_of(name: str) -> bytes:
    """A zone as the system's own file has it."""
    files = (Path(folder) / name for folder in TZPATH)
    return next(one for one in files if one.is_file()).read_bytes()


SUMMER, WINTER = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


def shown(where: tzinfo) -> tuple[str, str]:
    return (f"{SUMMER.astimezone(where):%H:%M}", f"{WINTER.astimezone(where):%H:%M}")


@pytest.mark.parametrize("written", ["Europe/Oslo", ":Europe/Oslo", "{link}", ":{link}", "{copy}"])
def test_the_machines_zone_is_read_as_the_system_reads_it(
    written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "zoneinfo" / "Europe" / "Oslo"
    file.parent.mkdir(parents=True)
    file.write_bytes(rules_of("Europe/Oslo"))
    (tmp_path / "link").symlink_to(file)
    (tmp_path / "copy").write_bytes(file.read_bytes())
    monkeypatch.setenv("TZ", written.format(link=tmp_path / "link", copy=tmp_path / "copy"))
    found = zone.__wrapped__("local")
    assert shown(found) == ("02:00", "01:00"), "in summer and in winter"
    if "copy" not in written:
        assert getattr(found, "key", None) == "Europe/Oslo"
    for machine in ("link", "copy"):
        monkeypatch.setenv("TZ", "")
        monkeypatch.setattr(zones, "PLACE", str(tmp_path / machine))
        assert shown(zone.__wrapped__("local")) == ("02:00", "01:00")
    with pytest.raises(HourError, match=r"exists twice on .* in CES?T: write"):
        at_clock(date(2026, 10, 25), time(2, 30), zone.__wrapped__("local"))
    monkeypatch.setattr(zones, "PLACE", str(tmp_path / "none"))
    assert zone.__wrapped__("local") is UTC
    for wrong in (str(tmp_path / "missing"), str(tmp_path), "CET-1CEST", "/etc/passwd"):
        monkeypatch.setenv("TZ", wrong)
        with pytest.raises(TimeTextError, match="time zone"):
            zone.__wrapped__("local")


def test_moments_are_aware_and_follow_the_zones_rules() -> None:
    def read(text: str) -> datetime:
        return read_moment(text, PARIS, NOW)

    assert read("now") == datetime(2026, 8, 21, 14, 5, tzinfo=PARIS)
    assert read("+30m") == datetime(2026, 8, 21, 14, 35, tzinfo=PARIS)
    assert read("today 9:00") == datetime(2026, 8, 21, 7, 0, tzinfo=UTC)
    assert read("9:00") == datetime(2026, 8, 21, 7, 0, tzinfo=UTC)
    assert read("2026-01-10 09:00") == datetime(2026, 1, 10, 8, 0, tzinfo=UTC), "winter time"
    assert read("2026-01-10") == datetime(2026, 1, 9, 23, 0, tzinfo=UTC)
    assert read("2026-01-10T09:00Z") == datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
    assert read_moment("2026-01-10 09:00", zone("local"), NOW).tzinfo is not None
    for wrong in ("soon", "2026-01-10 99:00", "+x", ""):
        with pytest.raises(TimeTextError):
            read(wrong)


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 1, 10, 9, 0, tzinfo=PARIS),
        datetime(2026, 7, 10, 9, 0, 7, tzinfo=PARIS),
    ],
)
def test_a_moment_survives_being_shown(value: datetime) -> None:
    assert read_moment(write_value(value, PARIS), PARIS, NOW) == value


@given(st.timedeltas(timedelta(0), timedelta(days=40)))
def test_a_duration_survives_being_shown(value: timedelta) -> None:
    whole = timedelta(seconds=round(value.total_seconds()))
    assert read_span(write_value(whole)) == whole


def test_more_ways_to_say_when() -> None:
    def read(text: str) -> datetime:
        return read_moment(text, PARIS, NOW)

    assert read("2 h ago") == datetime(2026, 8, 21, 12, 5, tzinfo=PARIS)
    assert read("mon 9:30") == datetime(2026, 8, 17, 9, 30, tzinfo=PARIS)
    assert read("yesterday") == datetime(2026, 8, 20, tzinfo=PARIS)
    assert read("9am") == datetime(2026, 8, 21, 9, 0, tzinfo=PARIS)
    assert read("tomorrow 12:30pm") == datetime(2026, 8, 22, 12, 30, tzinfo=PARIS)
    assert read("2026-03-12 14:00") == datetime(2026, 3, 12, 13, 0, tzinfo=UTC)


@given(st.text(max_size=30))
def test_any_other_text_raises_nothing_else(text: str) -> None:
    for reader in (lambda t: read_moment(t, PARIS, NOW), lambda t: read_day(t, PARIS, NOW),
                   lambda t: read_clock(t, NOW), read_span):  # fmt: skip
        with contextlib.suppress(TimeTextError):
            reader(text)


def test_how_times_are_shown() -> None:
    today = NOW.date()
    assert day_text(today, today) == "today"
    assert day_text(date(2026, 8, 22), today) == "tomorrow"
    assert day_text(date(2026, 8, 27), today) == "Thu 27 Aug"
    assert day_text(date(2027, 1, 1), today) == "Fri 1 Jan 2027"
    assert moment_text(datetime(2026, 8, 21, 7, 0, tzinfo=UTC), PARIS, NOW) == "today 09:00"
    assert (span_text(25_500), span_text(-60), span_text(59)) == ("7:05", "-0:01", "0:00")
    assert [length_text(s) for s in (25_500, -3600, 60, 59.9, 1, -40, 0, 0.4)] == [
        "7:05 h", "-1:00 h", "0:01 h", "59 s", "1 s", "-40 s", "0:00 h", "0:00 h",
    ]  # fmt: skip
    assert [column_text(s) for s in (25_500, 40, 0)] == ["7:05", "40 s", "0:00"]
    assert running_text(2467) == "0:41:07"
    assert [age_text(s) for s in (3, 720, 18_000, 172_800)] == ["3 s", "12 min", "5 h", "2 d"]


def test_a_name_that_is_no_zone_is_said() -> None:
    with pytest.raises(TimeTextError, match="Europe/Paris would be one"):
        zone("Mars/Olympus")
