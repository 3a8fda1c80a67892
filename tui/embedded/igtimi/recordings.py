"""Recorded races: plans of the simulated fleet that become samples when somebody first reads them.

A sample workspace with hours of races would take long to write. A plan says all there is to say
about a race, so seeding writes plans, and the first reading sails them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import asdict, replace

from tui.embedded.context import Context
from tui.embedded.igtimi.blocks import Column, Series
from tui.embedded.igtimi.fleet import Burst, Fleet
from tui.embedded.igtimi.fleet_course import VENUES
from tui.embedded.igtimi.fleet_heat import Plan
from tui.embedded.igtimi.samples import SampleStore

_STEP_SECONDS = 60.0


def add_recording(context: Context, plan: Plan, first: int, last: int) -> None:
    """Keep the plan of a race from first to last, in milliseconds."""
    fields = asdict(plan) | {"venue": plan.venue.name}
    with context.database.write() as connection:
        connection.execute(
            "INSERT INTO igtimi_recording (plan, first, last) VALUES (?, ?, ?)",
            (json.dumps(fields), first, last),
        )


def _read_plan(text: str) -> Plan:
    fields = json.loads(text)
    fields["venue"] = VENUES[fields["venue"]]
    plan = Plan(**fields)
    return replace(
        plan,
        boats=tuple(plan.boats),
        wind_bots=tuple(plan.wind_bots),
        marks=tuple(plan.marks),
    )


def sailed(plan: Plan, first: int, last: int) -> dict[Series, Column]:
    """All stored samples of a race, by series."""
    fleet = Fleet(plan, first)
    found: dict[Series, Column] = {}

    def gather(bursts: Iterable[Burst]) -> None:
        for burst in bursts:
            for (kind, source), column in burst.columns.items():
                series = Series(burst.serial, kind, source)
                if series not in found:
                    found[series] = Column([], [[] for _ in column.axes])
                found[series].extend(column)

    while fleet.clock < last:
        gather(fleet.step(min(_STEP_SECONDS, (last - fleet.clock) / 1000.0)).stored)
    gather(fleet.surrender())
    return {series: column.ordered() for series, column in found.items()}


class Recordings:
    """Writes the samples of recordings that are read for the first time."""

    def __init__(self, context: Context, store: SampleStore) -> None:
        self._context = context
        self._store = store
        self._lock = asyncio.Lock()

    async def write(self, start: float, end: float) -> None:
        """Write the recordings that touch start..end and are only plans so far."""
        async with self._lock:
            rows = self._context.database.read(
                "SELECT * FROM igtimi_recording WHERE written = 0 AND first <= ? AND last >= ?",
                (end, start),
            )
            for row in rows:
                plan = _read_plan(row["plan"])
                samples = await asyncio.to_thread(sailed, plan, row["first"], row["last"])
                with self._context.database.write() as connection:
                    changed = connection.execute(
                        "UPDATE igtimi_recording SET written = 1 WHERE id = ? AND written = 0",
                        (row["id"],),
                    ).rowcount
                    # The sample may have been cleared or reset while the race was sailed.
                    if changed:
                        for series, column in samples.items():
                            self._store.put(series, column)
