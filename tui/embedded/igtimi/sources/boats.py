"""What sources say, as boats: devices with data windows and resources, samples, the live feed.

A boat is known by its source's place and who it is there: the same one tomorrow is the same
device. What was heard is delivered five times a second, is on the disk within a minute, and is
kept until a person removes it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from tui.embedded.context import Context
from tui.embedded.igtimi.blocks import Column, Value
from tui.embedded.igtimi.devices import add_device, next_serial
from tui.embedded.igtimi.fleet import Burst, Step
from tui.embedded.igtimi.real_boats import FROM_SOURCE, known_by
from tui.embedded.igtimi.resources import add_resource
from tui.embedded.igtimi.samples import SampleStore
from tui.embedded.instruments.readings import Said

PREFIX = "SO"
"""Of the serial numbers of what came from sources. Our choice: no series of Igtimi's units."""

NAME_LENGTH = 300
"""Characters of a boat's name that are kept."""

UNITS = "riot"
"""In what a unit's device is known by: it is the same whichever source it is heard by."""

FORMER_UNITS = "riot before"
"""In what the device of a unit is known by that is accepted no more: its data stay real."""

FACTS, TOLD = 50, 200
"""Facts that a unit may tell of itself, and characters of each."""

TICK = 0.2
"""Seconds for which samples are gathered before they are delivered: sooner costs more."""

KEEP_SECONDS = 10.0
"""Seconds after which resources reach as far as their samples."""

WRITE_SECONDS = 60.0
"""Seconds after which samples are on the disk: so much is lost where the machine loses power."""

PAUSE = 15 * 60 * 1000
"""Milliseconds of silence after which a boat's data are another resource. Our choice."""


@dataclass
class _Stretch:
    """The resource that a boat's samples go to."""

    number: int
    first: int
    last: int
    types: set[int] = field(default_factory=set)


class Boats:
    """All boats of all sources. Used by the event loop's thread only."""

    def __init__(
        self,
        context: Context,
        samples: SampleStore,
        deliver: Callable[[Step], None],
        gather: Callable[[], None],
    ) -> None:
        """`gather`: called for what was heard, which calls `take`."""
        self._context = context
        self._samples = samples
        self._deliver = deliver
        self._gather = gather
        self._gathered: dict[str, dict[tuple[int, int], Column]] = {}
        self._stretches: dict[str, _Stretch] = {}
        self._later: asyncio.TimerHandle | None = None
        self._keeping: asyncio.TimerHandle | None = None
        self._written = 0.0

    def device(self, user: int, name: str, *known: str) -> str:
        """The serial number of a boat's device, which is made where there is none yet."""
        uid = known_by(FROM_SOURCE, user, *known)
        row = self._context.database.one(
            "SELECT serial FROM igtimi_device WHERE uid = ? AND owner_id = ?", (uid, user)
        )
        if row is not None:
            serial = str(row["serial"])
        else:
            serial = next_serial(self._context, PREFIX, None)
            # Readable as far back as it ever tells: nobody knows what its clock says.
            add_device(self._context, serial, _shown(name) or serial, user, uid=uid, since=0.0)
        self._samples.real.add(serial)
        return serial

    def rename(self, serial: str, former: str, name: str) -> None:
        """Call a boat by what it says it is called, unless a person has named it."""
        with self._context.database.write() as connection:
            connection.execute(
                "UPDATE igtimi_device SET name = ? WHERE serial = ? AND name = ?",
                (_shown(name) or former, serial, former),
            )

    def unit(self, user: int, serial: str) -> bool:
        """Whether a unit's own serial number is a device of the user's that was accepted."""
        uid = known_by(FROM_SOURCE, user, UNITS, serial)
        found = self._context.database.one(
            "SELECT 1 FROM igtimi_device WHERE uid = ? AND owner_id = ? AND serial = ?",
            (uid, user, serial),
        )
        if found is not None:
            self._samples.real.add(serial)
        return found is not None

    def accept_unit(self, user: int, serial: str) -> bool:
        """Make a unit's device, or take the user's one of that serial; False for another's."""
        uid = known_by(FROM_SOURCE, user, UNITS, serial)
        with self._context.database.write() as connection:
            row = connection.execute(
                "SELECT owner_id FROM igtimi_device WHERE serial = ?", (serial,)
            ).fetchone()
            if row is None:
                add_device(self._context, serial, serial, user, uid=uid, since=0.0)
            elif row["owner_id"] == user:
                connection.execute(
                    "UPDATE igtimi_device SET uid = ? WHERE serial = ?", (uid, serial)
                )
            else:
                return False
        self._samples.real.add(serial)
        return True

    def withdraw_unit(self, user: int, serial: str) -> bool:
        """Take a unit's data no more; what it sent stays with its device. False for no unit."""
        with self._context.database.write() as connection:
            changed = connection.execute(
                "UPDATE igtimi_device SET uid = ? WHERE serial = ? AND owner_id = ? AND uid = ?",
                (
                    known_by(FROM_SOURCE, user, FORMER_UNITS, serial),
                    serial,
                    user,
                    known_by(FROM_SOURCE, user, UNITS, serial),
                ),
            )
            return changed.rowcount > 0

    def all_units(self, user: int) -> dict[str, str]:
        """The units that a user has accepted, with what they are called."""
        rows = self._context.database.read(
            "SELECT serial, name, uid FROM igtimi_device WHERE owner_id = ?", (user,)
        )
        return {
            str(row["serial"]): str(row["name"])
            for row in rows
            if row["uid"] == known_by(FROM_SOURCE, user, UNITS, row["serial"])
        }

    def tell_unit(self, serial: str, told: Mapping[str, str]) -> None:
        """Keep what a unit told of itself beside what it told before."""
        with self._context.database.write() as connection:
            row = connection.execute(
                "SELECT info FROM igtimi_device WHERE serial = ?", (serial,)
            ).fetchone()
            known = json.loads(row["info"]) if row is not None and row["info"] else {}
            kept = {**known, **{name[:TOLD]: text[:TOLD] for name, text in told.items()}}
            connection.execute(
                "UPDATE igtimi_device SET info = ? WHERE serial = ?",
                (json.dumps(dict(list(kept.items())[:FACTS])), serial),
            )

    def take(self, serial: str, said: Said) -> None:
        """What one boat said, which is nobody else's from here on."""
        columns = self._gathered.setdefault(serial, {})
        for kind, samples in said.items():
            column = Column(samples.stamps, cast("list[list[Value]]", samples.axes))
            former = columns.setdefault((kind, 0), column)
            if former is not column:
                former.extend(column)
        self.soon()

    def take_burst(self, burst: Burst, *, live: bool) -> None:
        """What a unit sent, whose times and sources are its own; not `live`: it was held back."""
        if not live:
            self._note(burst)
            for (kind, source), column in burst.columns.items():
                self._samples.append(burst.serial, kind, source, column)
            self._samples.write_full()
            self._keep_later()
        elif not burst.stored:
            self._deliver(Step(live=[burst]))
        else:
            columns = self._gathered.setdefault(burst.serial, {})
            for key, column in burst.columns.items():
                columns.setdefault(key, Column([], [[] for _ in column.axes])).extend(column)
            self.soon()

    def soon(self) -> None:
        """Gather and deliver, a tick from now at the latest."""
        if self._later is None:
            self._later = asyncio.get_running_loop().call_later(TICK, self._hand_on)

    def _keep_later(self) -> None:
        if self._keeping is None:
            self._keeping = asyncio.get_running_loop().call_later(KEEP_SECONDS, self._keep)

    def _hand_on(self) -> None:
        self._gather()
        if self._later is not None:
            self._later.cancel()
            self._later = None
        gathered, self._gathered = self._gathered, {}
        bursts = [Burst(serial, columns) for serial, columns in gathered.items() if columns]
        if not bursts:
            return
        for burst in bursts:
            self._note(burst)
            for (kind, source), column in burst.columns.items():
                self._samples.append(burst.serial, kind, source, column)
        self._samples.write_full()
        self._deliver(Step(live=bursts))
        self._keep_later()

    def _note(self, burst: Burst) -> None:
        stamps = [stamp for column in burst.columns.values() for stamp in column.stamps]
        first, last = min(stamps), max(stamps)
        types = {kind for kind, _ in burst.columns}
        stretch = self._stretches.get(burst.serial)
        if stretch is None or first - stretch.last > PAUSE:
            if stretch is not None:
                self._write_stretches([stretch])
            number = add_resource(self._context, burst.serial, first, last, types)
            stretch = self._stretches[burst.serial] = _Stretch(number, first, last)
        stretch.first, stretch.last = min(first, stretch.first), max(last, stretch.last)
        stretch.types |= types

    def _keep(self) -> None:
        self._keeping = None
        self._write_stretches(self._stretches.values())
        now = asyncio.get_running_loop().time()
        if now - self._written >= WRITE_SECONDS:
            self._written = now
            self._samples.flush()

    def _write_stretches(self, stretches: Iterable[_Stretch]) -> None:
        with self._context.database.write() as connection:
            connection.executemany(
                "UPDATE igtimi_resource SET start_time = ?, end_time = ?, data_types = ?"
                " WHERE id = ?",
                [
                    (one.first, one.last, json.dumps(sorted(one.types)), one.number)
                    for one in stretches
                ],
            )

    def finish(self) -> None:
        """Hand on and write all that was heard; what comes next begins anew."""
        for handle in (self._later, self._keeping):
            if handle is not None:
                handle.cancel()
        self._hand_on()
        if self._keeping is not None:
            self._keeping.cancel()
        self._keep()
        self._stretches.clear()
        self._samples.flush()


def _shown(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable()).strip()[:NAME_LENGTH]
