"""The sample: a harbour town's events by nine authors, four months back and two ahead."""

from __future__ import annotations

import random
import sqlite3
from datetime import datetime, timedelta

from tui.embedded.context import Context
from tui.embedded.ticktocker import tocks
from tui.embedded.ticktocker.seed_texts import AUTHORS, NEAR, REPEATED, SERIES, Text
from tui.embedded.ticktocker.tables import OWN_USER
from tui.embedded.zones import midnight, zone

_SERIES_TOCKS = 120
_DAYS_BACK = 120
_DAYS_AHEAD = 60
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FOLLOWED = (2, 4, 7)
_FOREIGN_ZONES = ("America/New_York", "Europe/London", "Pacific/Auckland")


def seed(context: Context) -> None:
    """Write it; what is near lies around now, so that today and tomorrow show something."""
    dice = random.Random(2010)
    now = context.now().replace(second=0, microsecond=0)
    with context.database.write() as connection:
        connection.executemany(
            "INSERT INTO ticktocker_users (id, username, name, url, timezone)"
            " VALUES (?, ?, ?, ?, ?)",
            [
                (number, username, name, url, context.options.timezone)
                for number, username, name, url in AUTHORS
            ],
        )
        connection.executemany(
            "INSERT INTO ticktocker_follows VALUES (?, ?)",
            [(OWN_USER, author) for author in _FOLLOWED],
        )
        writer = _Writer(context, connection, dice, now)
        writer.series()
        writer.repeated()
        writer.near()
        _marks(connection, dice)


class _Writer:
    """Writes tocks with votes and a time of submission that fit."""

    def __init__(
        self,
        context: Context,
        connection: sqlite3.Connection,
        dice: random.Random,
        now: datetime,
    ) -> None:
        self._connection = connection
        self._dice = dice
        self._now = now
        self._timezone = context.options.timezone
        self._today = midnight(now.astimezone(zone(self._timezone)))

    def series(self) -> None:
        """Events that took place, or will, each with its date in the title."""
        for number in range(_SERIES_TOCKS):
            text = SERIES[number % len(SERIES)]
            day = self._today + timedelta(days=self._dice.randrange(-_DAYS_BACK, _DAYS_AHEAD))
            begin = day + timedelta(hours=text.hour, minutes=self._dice.choice((0, 0, 15, 30)))
            title = f"{text.title}, {day.day} {day:%B}"
            private = self._dice.random() < 0.12
            self._write(text, title, begin, private=private)

    def repeated(self) -> None:
        """Events that come again."""
        for text, frequency, weeks_back in REPEATED:
            day = _on_its_weekday(text.title, self._today - timedelta(weeks=weeks_back))
            begin = day + timedelta(hours=text.hour)
            self._write(text, text.title, begin, repeat=frequency)

    def near(self) -> None:
        """Events around now: one goes on, some are later today, some tomorrow."""
        for text, offset, private in NEAR:
            begin = self._now + timedelta(minutes=offset)
            begin -= timedelta(minutes=begin.minute % 5)
            self._write(text, text.title, begin, private=private)

    def _write(
        self,
        text: Text,
        title: str,
        begin: datetime,
        *,
        private: bool = False,
        repeat: str = "no",
    ) -> None:
        dice = self._dice
        created = min(begin, self._now) - timedelta(
            days=dice.randrange(0, 21), minutes=dice.randrange(5, 1400)
        )
        upvotes = 0 if private else int(dice.expovariate(1 / 6))
        foreign = dice.random() < 0.08
        tocks.insert(
            self._connection,
            {
                "author_id": text.author,
                "title": title,
                "description": text.description,
                "event_start": int(begin.timestamp()),
                "event_end": int((begin + timedelta(minutes=text.minutes)).timestamp()),
                "timezone": dice.choice(_FOREIGN_ZONES) if foreign else self._timezone,
                "created": int(created.timestamp()),
                "tags": text.tags,
                "repeat_frequency": repeat,
                "private": int(private),
                "link": text.link,
                "location": text.location,
                "upvotes": upvotes,
                "dnvotes": dice.randrange(0, 3) if upvotes > 4 else 0,
                "num_comments": dice.choice((0, 0, 0, 1, 2, 5)),
            },
        )


def _on_its_weekday(title: str, day: datetime) -> datetime:
    """The last day until then that is the weekday which a title names; the day itself where it
    names none.
    """
    named = next((number for number, name in enumerate(_WEEKDAYS) if name in title), None)
    return day if named is None else day - timedelta(days=(day.weekday() - named) % 7)


def _marks(connection: sqlite3.Connection, dice: random.Random) -> None:
    rows = connection.execute(
        "SELECT id, upvotes, private FROM ticktocker_tocks WHERE author_id <> ? ORDER BY id",
        (OWN_USER,),
    ).fetchall()
    for row in rows:
        upvoted = row["upvotes"] > 0 and dice.random() < 0.25
        watched = dice.random() < 0.2
        invited = bool(row["private"]) and dice.random() < 0.5
        if upvoted or watched or invited:
            connection.execute(
                "INSERT INTO ticktocker_marks VALUES (?, ?, ?, 0, ?, ?)",
                (OWN_USER, row["id"], upvoted, watched, invited),
            )
