"""The sample: a studio's trackers, three people, five weeks of blocks, and a timer that runs."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from tui.embedded.context import Context
from tui.embedded.trackmypeople.tables import CAN_SEE_REPORTING, CAN_TRACK, OWN_PROFILE
from tui.embedded.zones import midnight, zone

_DAYS = 35
_RUNNING = timedelta(minutes=41, seconds=12)
_FREE_TRACKER = 19

_TRACKERS: Sequence[tuple[int, int | None, str, str, str]] = (
    (2, None, "company", "Fairlead Works", "FW"),
    (3, 2, "client", "Harbour Trust", "HT"),
    (4, 3, "project", "Berth bookings", "BB"),
    (5, 4, "task", "Booking form", "BF"),
    (6, 4, "task", "Payment page", "PP"),
    (7, 4, "issue", "Tide table import", "TTI"),
    (8, 3, "project", "Website care", "WC"),
    (9, 2, "client", "Norrland Sail Lofts", "NSL"),
    (10, 9, "project", "Loft planner", "LP"),
    (11, 10, "task", "Cutting list", "CL"),
    (12, 10, "task", "Sail wardrobe", "SW"),
    (13, 2, "client", "Tidal Energy Board", "TEB"),
    (14, 13, "project", "Turbine dashboard", "TD"),
    (15, 14, "task", "Alert rules", "AR"),
    (16, 14, "issue", "Readings go missing", "RGM"),
    (17, 2, "group", "Internal", "INT"),
    (18, 17, "task", "Administration", "ADM"),
    (_FREE_TRACKER, 17, "group", "Holidays", "HOL"),
)

_REPORTING_ONLY = (8,)
"""Where the person sees the reporting but books no time."""

_DESCRIPTIONS: dict[int, Sequence[str]] = {
    5: ("form for visiting boats", "validation of the length", "review with the harbour office"),
    6: ("card payments", "receipts by mail", "refund of a cancelled berth"),
    7: ("tables of the new year", "two tides on one line"),
    8: ("opening hours", "photographs of the new pier"),
    11: ("panels in the order of the plotter", "print layout", "cloth left over"),
    12: ("list by age", "repair notes"),
    15: ("threshold by season", "quiet hours", "who is called first"),
    16: ("gap on the night of the storm", "retry after a timeout"),
    18: ("invoices", "mail", "planning of the week"),
}

_COLLEAGUES: Sequence[tuple[int, str, str, str, str, str, int]] = (
    (2, "Mr", "Anselm", "Okafor", "anselm@example.org", "Europe/Brussels", 12),
    (3, "Ms", "Yuki", "Lindqvist", "yuki@example.org", "Europe/Stockholm", 15),
)

_WORK: dict[int, Sequence[int]] = {
    OWN_PROFILE: (5, 5, 6, 7, 11, 15, 18),
    2: (11, 12, 11, 16, 18),
    3: (15, 16, 15, 8, 6),
}


def seed(context: Context) -> None:
    """Write it; blocks end before now, and no two of a person overlap."""
    dice = random.Random(1851)
    now = context.now().replace(microsecond=0)
    with context.database.write() as connection:
        connection.executemany(
            "INSERT INTO trackmypeople_trackers VALUES (?, ?, ?, ?, ?)", _TRACKERS
        )
        _people(connection)
        started = now - _RUNNING
        here = zone(context.options.timezone)
        for profile in _WORK:
            end = started if profile == OWN_PROFILE else now
            _blocks(connection, dice, profile, end.astimezone(here))
        connection.execute(
            "INSERT INTO trackmypeople_blocks (profile_id, tracker_id, description, time_in)"
            " VALUES (?, ?, ?, ?)",
            (OWN_PROFILE, 5, "", int(started.timestamp())),
        )


def _people(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE trackmypeople_profiles SET default_tracker_id = 5 WHERE id = ?", (OWN_PROFILE,)
    )
    for number, title, first, family, mail, where, default in _COLLEAGUES:
        connection.execute(
            "INSERT INTO trackmypeople_profiles VALUES (?, ?, ?, ?, ?, '', '', ?, 'en_GB', ?)",
            (number, title, first, family, mail, where, default),
        )
    rights: list[tuple[int, int, str]] = []
    for tracker, *_ in _TRACKERS:
        rights.append((OWN_PROFILE, tracker, CAN_SEE_REPORTING))
        if tracker not in _REPORTING_ONLY:
            rights.append((OWN_PROFILE, tracker, CAN_TRACK))
    for profile, *_ in _COLLEAGUES:
        rights += [(profile, tracker, CAN_TRACK) for tracker in {*_WORK[profile], _FREE_TRACKER}]
    connection.executemany("INSERT INTO trackmypeople_permissions VALUES (?, ?, ?)", rights)


def _blocks(
    connection: sqlite3.Connection, dice: random.Random, profile: int, end: datetime
) -> None:
    days = [midnight(end - timedelta(days=back)) for back in range(_DAYS, -1, -1)]
    weekdays = [day for day in days if day.weekday() < 5]
    # Not the last ones: today is for work.
    free_days = dice.sample(weekdays[:-3], 3)
    for day in weekdays:
        if day in free_days:
            begin = day + timedelta(hours=9)
            _insert(
                connection, profile, _FREE_TRACKER, "day off", begin, timedelta(hours=8), free=True
            )
            continue
        _one_day(connection, dice, profile, day, end)


def _one_day(
    connection: sqlite3.Connection,
    dice: random.Random,
    profile: int,
    day: datetime,
    end: datetime,
) -> None:
    begin = day + timedelta(hours=8, minutes=dice.randrange(30, 65))
    lunch = day + timedelta(hours=12, minutes=dice.randrange(0, 40))
    evening = day + timedelta(hours=17, minutes=dice.randrange(0, 50))
    eaten = False
    while begin < evening:
        length = timedelta(minutes=dice.randrange(35, 150))
        tracker = dice.choice(_WORK[profile])
        words = dice.choice(_DESCRIPTIONS[tracker])
        if not eaten and begin + length > lunch:
            length = max(lunch - begin, timedelta(minutes=20))
            eaten = True
            pause = timedelta(minutes=dice.randrange(30, 55))
        else:
            pause = timedelta(minutes=dice.choice((0, 0, 0, 5, 10)))
        length = min(length, max(evening - begin, timedelta(minutes=15)))
        if begin + length > end:
            return
        _insert(connection, profile, tracker, words, begin, length)
        begin += length + pause


def _insert(
    connection: sqlite3.Connection,
    profile: int,
    tracker: int,
    words: str,
    begin: datetime,
    length: timedelta,
    *,
    free: bool = False,
) -> None:
    time_in = int(begin.timestamp())
    connection.execute(
        "INSERT INTO trackmypeople_blocks"
        " (profile_id, tracker_id, description, time_in, time_out, free)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (profile, tracker, words, time_in, time_in + int(length.total_seconds()), free),
    )
