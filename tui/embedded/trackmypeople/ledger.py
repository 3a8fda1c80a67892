"""What is stored, as a person's ledger: trackers, profiles and blocks.

Times inside are unix seconds; the answers are in the zone of a profile. Totals are seconds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tui.embedded.context import Context
from tui.embedded.trackmypeople.tables import CAN_SEE_REPORTING, CAN_TRACK, OWN_PROFILE
from tui.embedded.zones import midnight, next_midnight, zone

_SEES = """
SELECT tracker_id FROM trackmypeople_permissions WHERE profile_id = ? AND permission = ?
"""


@dataclass(frozen=True)
class Branch:
    """A tracker of the tree with its depth; the roots have depth 0."""

    id: int
    name: str
    depth: int


class Ledger:
    """The blocks of the authenticated person, and what that person may see of others."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._database = context.database
        self.profile = OWN_PROFILE

    @property
    def now(self) -> int:
        """Unix seconds."""
        return int(self._context.now().timestamp())

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the person's profile."""
        return zone(str(self._own()["timezone"]))

    @property
    def default_tracker(self) -> int | None:
        """Where start and switch go without a tracker_id."""
        found: int | None = self._own()["default_tracker_id"]
        return found

    def _own(self) -> sqlite3.Row:
        row = self._database.one(
            "SELECT * FROM trackmypeople_profiles WHERE id = ?", (self.profile,)
        )
        assert row is not None, "the person's profile is there from the beginning"
        return row

    # Trackers

    def tree(self) -> list[Branch]:
        """The trackers that the person can track for, each level in alphabetical order."""
        children: dict[int | None, list[sqlite3.Row]] = {}
        for row in self._database.read(
            "SELECT * FROM trackmypeople_trackers ORDER BY name COLLATE NOCASE, id"
        ):
            children.setdefault(row["parent_id"], []).append(row)
        allowed = self._with_permission(CAN_TRACK)

        def walk(parent: int | None, depth: int) -> Iterator[Branch]:
            for row in children.get(parent, []):
                if row["id"] in allowed:
                    yield Branch(row["id"], row["name"], depth)
                yield from walk(row["id"], depth + 1)

        return list(walk(None, 0))

    def tracker(self, number: int) -> sqlite3.Row | None:
        """One tracker, or None."""
        return self._database.one("SELECT * FROM trackmypeople_trackers WHERE id = ?", (number,))

    def can_track(self, number: int) -> bool:
        """True when the person may book time there."""
        return number in self._with_permission(CAN_TRACK)

    def subtree(self, number: int) -> set[int]:
        """The tracker and everything below it."""
        rows = self._database.read(
            """
            WITH RECURSIVE below (id) AS (
                SELECT ? UNION SELECT t.id FROM trackmypeople_trackers t
                JOIN below ON t.parent_id = below.id
            ) SELECT id FROM below
            """,
            (number,),
        )
        return {row["id"] for row in rows}

    def reporting_trackers(self) -> set[int]:
        """Trackers whose reporting the person can see."""
        return self._with_permission(CAN_SEE_REPORTING)

    def _with_permission(self, permission: str) -> set[int]:
        return {row[0] for row in self._database.read(_SEES, (self.profile, permission))}

    # Profiles

    def reportees(self) -> list[sqlite3.Row]:
        """Profiles that have a role on a tracker whose reporting the person can see."""
        return self._database.read(
            f"""
            SELECT DISTINCT p.* FROM trackmypeople_profiles p
            JOIN trackmypeople_permissions r ON r.profile_id = p.id
            WHERE r.tracker_id IN ({_SEES}) ORDER BY p.id
            """,
            (self.profile, CAN_SEE_REPORTING),
        )

    # Blocks

    def running(self) -> sqlite3.Row | None:
        """The open block, or None."""
        return self._database.one(
            "SELECT * FROM trackmypeople_blocks WHERE profile_id = ? AND time_out IS NULL",
            (self.profile,),
        )

    def block(self, number: int) -> sqlite3.Row | None:
        """One block of the person, or None."""
        return self._database.one(
            "SELECT * FROM trackmypeople_blocks WHERE id = ? AND profile_id = ?",
            (number, self.profile),
        )

    def day_total(self, tracker: int | None = None) -> int:
        """Seconds of the blocks that began today, the running one up to now."""
        today = self._context.now().astimezone(self.zone)
        rows = self._database.read(
            """
            SELECT * FROM trackmypeople_blocks
            WHERE profile_id = ? AND time_in >= ? AND time_in < ?
            """,
            (self.profile, _seconds(midnight(today)), _seconds(next_midnight(today))),
        )
        return sum(self.total(row) for row in rows if tracker in (None, row["tracker_id"]))

    def total(self, block: sqlite3.Row) -> int:
        """Seconds of one block, an open one up to now."""
        end = self.now if block["time_out"] is None else int(block["time_out"])
        return max(0, end - int(block["time_in"]))

    def in_the_way(self, time_in: int, time_out: int, *, but: int = 0) -> sqlite3.Row | None:
        """The first block, `but` one, that the span would overlap; an open one lasts until now."""
        return self._database.one(
            """
            SELECT * FROM trackmypeople_blocks
            WHERE profile_id = :profile AND id <> :but
              AND time_in < :time_out AND coalesce(time_out, :now) > max(time_in, :time_in)
            ORDER BY time_in LIMIT 1
            """,
            {
                "profile": self.profile,
                "time_in": time_in,
                "time_out": time_out,
                "now": self.now,
                "but": but,
            },
        )

    def between(self, begin: int, end: int) -> list[sqlite3.Row]:
        """Blocks that touch the span, in the order of their beginning."""
        return self._database.read(
            """
            SELECT * FROM trackmypeople_blocks
            WHERE profile_id = ? AND time_in < ? AND coalesce(time_out, ?) > ?
            ORDER BY time_in
            """,
            (self.profile, end, self.now, begin),
        )

    def insert(
        self,
        tracker: int,
        time_in: int,
        time_out: int | None,
        *,
        description: str = "",
        free: bool = False,
        version: str = "",
    ) -> sqlite3.Row:
        """Write a block; the caller has looked for overlaps in the same transaction."""
        with self._database.write() as connection:
            number = connection.execute(
                """
                INSERT INTO trackmypeople_blocks
                (profile_id, tracker_id, description, time_in, time_out, free, client_version)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                (self.profile, tracker, description, time_in, time_out, free, version),
            ).lastrowid
        row = self._database.one("SELECT * FROM trackmypeople_blocks WHERE id = ?", (number,))
        assert row is not None
        return row

    def close(self, block: sqlite3.Row, description: str | None) -> None:
        """End the open block now."""
        with self._database.write() as connection:
            connection.execute(
                """
                UPDATE trackmypeople_blocks
                SET time_out = ?, description = coalesce(?, description) WHERE id = ?
                """,
                (max(self.now, int(block["time_in"])), description, block["id"]),
            )

    def delete(self, block: sqlite3.Row) -> None:
        """The block is gone."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM trackmypeople_blocks WHERE id = ?", (block["id"],))

    def change(
        self,
        block: sqlite3.Row,
        tracker: int,
        time_in: int,
        time_out: int | None,
        description: str | None,
    ) -> None:
        """Change a block; the caller has looked for overlaps in the same transaction."""
        with self._database.write() as connection:
            connection.execute(
                """
                UPDATE trackmypeople_blocks SET tracker_id = ?, time_in = ?, time_out = ?,
                description = coalesce(?, description) WHERE id = ?
                """,
                (tracker, time_in, time_out, description, block["id"]),
            )

    def report(
        self,
        profile: int,
        *,
        tracker: int | None,
        begin: int | None,
        end: int | None,
        free: bool | None,
        include_open: bool,
    ) -> list[sqlite3.Row]:
        """Blocks that began in the span; of others only where the person sees the reporting."""
        rows = self._database.read(
            """
            SELECT * FROM trackmypeople_blocks
            WHERE profile_id = :profile
              AND (:begin IS NULL OR time_in >= :begin) AND (:end IS NULL OR time_in < :end)
              AND (:free IS NULL OR free = :free) AND (:open OR time_out IS NOT NULL)
            ORDER BY time_in, id
            """,
            {"profile": profile, "begin": begin, "end": end, "free": free, "open": include_open},
        )
        wanted = None if tracker is None else self.subtree(tracker)
        seen = None if profile == self.profile else self.reporting_trackers()
        return [
            row
            for row in rows
            if (wanted is None or row["tracker_id"] in wanted)
            and (seen is None or row["tracker_id"] in seen)
        ]


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
