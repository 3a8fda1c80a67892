"""Under which schedules entries fall: the service says so, by a clock that it does not name."""

from __future__ import annotations

from msgspec.structs import replace

from tui.services.digits import is_whole
from tui.services.timesheets import Timesheets
from tui.services.timesheets.records import TimeEntry

AT_ONCE = 200
"""Entries that are asked for in one call."""


async def with_schedules(service: Timesheets, entries: list[TimeEntry]) -> list[TimeEntry]:
    """Entries with the schedule that they fall under, which only a search by groups tells."""
    schedules: dict[int, int] = {}
    for start in range(0, len(entries), AT_ONCE):
        ids = [one.id for one in entries[start : start + AT_ONCE]]
        found = await service.ts.search_group(
            time_entry_ids=ids, group_by="schedule", limit=len(ids)
        )
        for group in found.groups:
            if is_whole(group.value):
                schedules |= {one.id: group.value for one in group.items}
    return [replace(one, schedule_id=schedules.get(one.id, one.schedule_id)) for one in entries]
