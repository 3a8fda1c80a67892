"""People, groups, schedules, rates and links to bookkeeping services (iBuildApp Timesheets)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, Literal, get_args

import msgspec

from tui.services.errors import InvalidArgument, NotFound, Refused
from tui.services.timesheets import Timesheets
from tui.services.timesheets.answers import Created, Done, pages
from tui.services.timesheets.choices import Integrations, Sex, Unit
from tui.services.timesheets.records import (
    CustomerImport,
    EmployeeImport,
    EntryExport,
    Rate,
    Schedule,
    Team,
    User,
)
from tui.words import counted
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections
from tui.workspace.reads import Answer, Reads
from tui.workspace.side_by_side import each, perhaps

Thing = Literal["user", "group", "schedule", "rate"]
LINKS: Mapping[Integrations, str] = {"qbo": "QuickBooks Online", "xero": "Xero", "adp": "ADP"}
"""The bookkeeping services that the document knows; it has no way to ask how a link is set up."""
Move = Literal["import_employees", "import_customers", "export_timeentries"]
MOVES: Mapping[Integrations, tuple[Move, ...]] = {
    "qbo": ("export_timeentries",), "xero": ("import_employees", "import_customers"), "adp": (),
}  # fmt: skip
"""What moves with which of them: the document has an address for no other."""
UNITS: tuple[str, ...] = get_args(Unit)
"""What a rate may be for."""
SEXES: tuple[str, ...] = get_args(Sex)
FLAGS = (
    "import_employees", "import_employee_rates", "import_vendors_as_employees", "import_customers",
)  # fmt: skip
"""What a link is told to bring in."""
KEPT = "office"


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, by name."""

    users: list[User]
    groups: list[Team]
    schedules: list[Schedule]
    rates: list[Rate]
    me: int = 0
    """The id of the person's own account."""
    partly: bool = False
    """Whether the service lists groups and schedules only by words: then those are here that
    people are in and rates are of."""

    def user_name(self, user_id: int | None) -> str:
        """A person's name, or the id in words."""
        found = next((one for one in self.users if one.id == user_id), None)
        return found.name if found is not None else f"user {user_id}" if user_id else ""

    def schedule_name(self, schedule_id: int | None) -> str:
        """A schedule's name, or the id in words."""
        found = next((one for one in self.schedules if one.id == schedule_id), None)
        named = found.name if found is not None else ""
        return named or (f"schedule {schedule_id}" if schedule_id else "")


class OfficeDesk:
    """The use cases."""

    def __init__(self, connections: Connections, reads: Reads, history: History) -> None:
        self._connections = connections
        self._reads = reads
        self._history = history

    def _key(self) -> str:
        return f"{self._connections.account('timesheets')}/{KEPT}"

    async def _client(self) -> Timesheets:
        return await self._connections.timesheets()

    # -- reading --------------------------------------------------------------------------------

    async def kept(self) -> Answer[Office] | None:
        """All of them as an earlier look left them."""
        return await self._reads.kept(self._key(), Office)

    async def read(self) -> Answer[Office]:
        """All of them as they are now."""
        service = await self._client()

        async def fetch() -> Office:
            me, users, rates = await asyncio.gather(
                service.user.info(),
                perhaps("People", pages(service.user.search).collect, []),
                perhaps("Rates", pages(service.rate.search).collect, []),
            )
            people = {one.id: one for one in (*users, me)}
            groups, schedules, partly = await _listed(service, list(people.values()), rates)
            return Office(
                users=sorted(people.values(), key=lambda one: one.name.casefold()),
                groups=sorted(groups, key=lambda one: one.name.casefold()),
                schedules=sorted(schedules, key=lambda one: one.name.casefold()),
                rates=sorted(rates, key=lambda one: (one.name.casefold(), one.id)),
                me=me.id,
                partly=partly,
            )

        return await self._reads.fresh(self._key(), fetch)

    async def user(self, user_id: int) -> User:
        """All that is known of a person: lists tell only some of it."""
        return await (await self._client()).user.info(user_id=user_id)

    async def members(self, group_id: int) -> list[User]:
        """Who is in a group, by name."""
        found = await (await self._client()).group.get_users(group_id)
        return sorted(found.items, key=lambda one: one.name.casefold())

    async def address(self, link: Integrations) -> str:
        """Where access to a bookkeeping service is granted; it is opened by the person."""
        return (await (await self._client()).integration.authorize(link)).url

    # -- writing --------------------------------------------------------------------------------

    async def add(self, thing: Thing, name: str, values: Mapping[str, Any]) -> int:
        """Make one; its id. Undo deletes it."""
        service = await self._client()
        makers: Mapping[Thing, Callable[..., Coroutine[Any, Any, Created]]] = {
            "user": service.user.create,
            "group": service.group.create,
            "schedule": service.schedule.create,
            "rate": service.rate.create,
        }
        sent = {key: value for key, value in values.items() if value not in (None, "")}
        made = await self._history.write(f"New {thing} {name}", partial(makers[thing], **sent))
        return made.id

    async def change(
        self,
        thing: Thing,
        identity: int,
        name: str,
        news: Mapping[str, Any],
        seen: Mapping[str, Any],
    ) -> bool:
        """Change one; `seen` is what stood there. False where nothing is another. Undo puts the
        old values back.
        """
        sent = {key: value for key, value in news.items() if value is not None}
        if not sent:
            return False
        service = await self._client()
        changes: Mapping[Thing, partial[Coroutine[Any, Any, Done]]] = {
            "user": partial(service.user.update, user_id=identity, **sent),
            "group": partial(service.group.update, identity, **sent),
            "schedule": partial(service.schedule.update, identity, **sent),
            "rate": partial(service.rate.update, identity, **sent),
        }
        known = {key: seen[key] for key in sent if key in seen}
        whole = known if len(known) == len(sent) else None
        await self._history.write(f"Change {thing} {name}", changes[thing], seen=whole)
        return True

    async def delete(self, thing: Thing, identity: int, name: str) -> None:
        """Delete one."""
        service = await self._client()
        deletions: Mapping[Thing, partial[Coroutine[Any, Any, Done]]] = {
            "user": partial(service.user.delete, user_id=identity),
            "group": partial(service.group.delete, identity),
            "schedule": partial(service.schedule.delete, identity),
            "rate": partial(service.rate.delete, identity),
        }
        await self._history.write(f"Delete {thing} {name}", deletions[thing])

    async def put(self, group: Team, user: User, *, into: bool) -> None:
        """Put a person into a group, or take them out of it. Undo does the other."""
        chapter = (await self._client()).group
        call = chapter.add_user if into else chapter.delete_user
        verb = "into" if into else "out of"
        title = f"{user.name} {verb} {group.name}"
        await self._history.write(title, partial(call, group.id, user.id))

    async def set_up(self, link: Integrations, values: Mapping[str, Any]) -> None:
        """Set up a link; the service tells nobody what it was set to before."""
        service = await self._client()
        await self._history.write(
            f"Set up {LINKS[link]}", partial(service.integration.update, link, **values)
        )

    async def disconnect(self, link: Integrations) -> None:
        """Take a link away."""
        service = await self._client()
        await self._history.write(
            f"Disconnect {LINKS[link]}", partial(service.integration.disconnect, link)
        )

    async def move(self, link: Integrations, move: Move) -> str:
        """Have the service bring something in or out; what became of it, in a sentence."""
        chapter = (await self._client()).integration
        title = f"{move.replace('_', ' ').capitalize()} of {LINKS[link]}"
        return _said(await self._history.write(title, partial(getattr(chapter, move), link)))


async def _listed(
    service: Timesheets, users: list[User], rates: list[Rate]
) -> tuple[list[Team], list[Schedule], bool]:
    """Groups and schedules. The document lists them by a word alone; assumption: an empty one
    holds for all. Where that is refused, those are asked for that people and rates name.
    """
    try:
        groups, schedules = await asyncio.gather(
            pages(service.group.search, keyword="").collect(),
            pages(service.schedule.search, keyword="").collect(),
        )
    except (Refused, InvalidArgument, NotFound):
        teams = sorted({number for one in users for number in one.teams})
        times = sorted({one.schedule_id for one in rates if one.schedule_id is not None})
        groups = await each("groups", teams, service.group.info, str)
        schedules = await each("schedules", times, service.schedule.info, str)
        return groups, schedules, True
    return groups, schedules, False


def _said(answer: EmployeeImport | CustomerImport | EntryExport) -> str:
    if isinstance(answer, EmployeeImport):
        new, known = counted(len(answer.imported), "person", "people"), f"{len(answer.updated):,}"
        return f"Brought in {new}, brought {known} up to date."
    if isinstance(answer, CustomerImport):
        parts = [
            (answer.customers, "client"), (answer.projects, "project"), (answer.tasks, "task"),
        ]  # fmt: skip
        return f"Brought in {', '.join(counted(len(one.imported), noun) for one, noun in parts)}."
    entries = answer.time_entries
    failed = f", {len(entries.fail):,} failed" if entries.fail else ""
    return f"Gave {counted(len(entries.exported), 'time entry')} over{failed}."
