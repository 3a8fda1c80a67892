"""Everything a person can do, behind one object that both faces hold.

Making it costs nothing: no service client is imported and no file is opened before a use case
is first asked for.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING

from tui.config.load import Loaded
from tui.config.locations import Locations
from tui.config.settings import SERVICES
from tui.workspace.changes import making as changing
from tui.workspace.invoices import making
from tui.workspace.notices import making as noticing
from tui.workspace.once import made_once
from tui.workspace.timers import making as timing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui.services.timesheets.records import Client
    from tui.store.drafts import Drafts
    from tui.store.mirror.mirror import Mirror
    from tui.store.mirror.room import Pin
    from tui.store.reminders import Reminders
    from tui.workspace.accounts import Accounts
    from tui.workspace.appearance import Appearance
    from tui.workspace.books.books import BookDesk
    from tui.workspace.changes.history import History
    from tui.workspace.connections.connections import Connections
    from tui.workspace.forms import Forms
    from tui.workspace.invoices.book import Book
    from tui.workspace.invoices.invoices import InvoiceDesk
    from tui.workspace.keeping import Keeping
    from tui.workspace.live.live import LiveRoom
    from tui.workspace.operations.console import ConsoleHistory
    from tui.workspace.operations.operations import Operations
    from tui.workspace.reads import Reads
    from tui.workspace.search.feed import Feed
    from tui.workspace.search.search import Search
    from tui.workspace.sessions.sessions import SessionRoom
    from tui.workspace.tocks.tocks import Tocks
    from tui.workspace.today.today import Today

SERVICE_OF_ROOM = {
    "books": "timetonic",
    "tocks": "ticktocker",
    "sessions": "igtimi",
    "live": "igtimi",
    "timers": "trackmypeople",
    "invoices": "timesheets",
    "hours": "trackmypeople",
    "office": "timesheets",
}
"""Which service a room is about."""


class Workspace:
    """The use cases of one person, over the services that the settings name."""

    def __init__(self, loaded: Loaded, locations: Locations) -> None:
        self.loaded = loaded
        self.settings = loaded.settings
        self.locations = locations
        self.typed_lines: list[str] = []
        """What was typed after `:` since the deck began, the newest last."""
        self._listeners: list[Callable[[str], None]] = []
        self.attend: Callable[[History], object] = lambda _made: None
        """Called with the changes when they are made, before the first of them is written: who
        shows them is asked and told from then on."""

    def on_change(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Be told the operation id after each change of state; returns what stops that.

        It opens nothing: whoever is shown listens before anything of the changes is imported.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self, operation: str) -> None:
        """Tell whoever listens that a change of an operation is in another state."""
        for listener in list(self._listeners):
            listener(operation)

    def prepare(self, room: str) -> None:
        """Import and make the use cases of one room (`timers`, `books`, ...).

        It takes a while the first time: call it in a thread.
        """
        getattr(self, room, None)

    @made_once
    def connections(self) -> Connections:
        """The five clients, built when first asked for."""
        from tui.workspace.connections.connections import Connections

        return Connections(self.loaded, self.locations)

    @made_once
    def accounts(self) -> Accounts:
        """Setting services up, and doing away with that."""
        from tui.workspace.accounts import Accounts

        return Accounts(
            self.connections,
            self.reads,
            self.keeping,
            self.console_history,
            self.status_file,
        )

    @made_once
    def reads(self) -> Reads:
        """Reads through the cache."""
        from tui.store.cache import Cache
        from tui.workspace.cache_files import ANSWERS
        from tui.workspace.reads import Reads

        return Reads(Cache(self.locations.cache / ANSWERS), self.feed.hear, self._forgotten)

    def _forgotten(self, prefix: str) -> None:
        """Answers that are kept no more are not found either; one that is only old still is."""
        self.feed.forget(prefix)
        if "/" not in prefix:
            self.search.forget(prefix)

    @made_once
    def feed(self) -> Feed:
        """Hands what was read on to the search."""
        from tui.workspace.search.making import feed

        return feed(self)

    @made_once
    def search(self) -> Search:
        """What was read of all services, found by words."""
        from tui.workspace.search.making import search

        return search(self)

    @made_once
    def appearance(self) -> Appearance:
        """How the person wants the deck to look."""
        from tui.workspace.appearance import Appearance

        return Appearance(self.locations.state / "theme", self.settings.deck.theme)

    @made_once
    def mirror(self) -> Mirror:
        """The records that were read, on disk, to be sorted, filtered and searched."""
        from tui.store.mirror.mirror import Mirror
        from tui.workspace.cache_files import MIRROR, SHARE_OF_RECORDS

        return Mirror(
            self.locations.cache / MIRROR,
            megabytes=self.settings.store.megabytes * SHARE_OF_RECORDS,
            pinned=self._pinned,
        )

    def _pinned(self) -> Iterable[Pin]:
        """The records that waiting changes refer to. Raises OSError where nobody can tell."""
        from tui.workspace.books.waiting import rows_meant

        return rows_meant(self.history.changes.still_open())

    @made_once
    def keeping(self) -> Keeping:
        """What is kept on this machine of what was read."""
        from tui.workspace.keeping import Keeping

        return Keeping(self.mirror, self.locations.cache)

    @made_once
    def drafts(self) -> Drafts:
        """What was typed into forms and not yet sent."""
        from tui.store.drafts import Drafts

        return Drafts(self.locations.state / "drafts", self._draft_owner)

    def _draft_owner(self, form: str) -> str:
        """The account that a form writes to; empty where it writes to none."""
        room, _, rest = form.partition(".")
        service = rest.partition(".")[0] if room == "console" else SERVICE_OF_ROOM.get(room, "")
        return self.connections.account(service) if service in SERVICES else ""

    @made_once
    def forms(self) -> Forms:
        """The forms that are open, and their drafts."""
        from tui.workspace.forms import Forms

        return Forms(self.drafts, lambda change: self.history.changes.get(change))

    history = made_once(changing.history)
    hooks = made_once(changing.hooks)
    notices = made_once(noticing.notices)
    stand = made_once(changing.stand)
    pump = made_once(changing.pump)

    @made_once
    def zone(self) -> tzinfo:
        """The zone that times are shown and typed in. Raises TimeTextError for no zone."""
        from tui.workspace.times import zone

        return zone(self.settings.deck.time_zone)

    @property
    def status_file(self) -> Path:
        """What `tockdeck status` prints: a small file, so that it needs no client."""
        return self.locations.state / "status.json"

    timers = made_once(timing.timers)
    habits = made_once(timing.habits)
    goals = made_once(timing.goals)
    hours = made_once(timing.hours)
    timesheet = made_once(timing.timesheet)

    @made_once
    def tocks(self) -> Tocks:
        """Tocks (TickTocker)."""
        from tui.workspace.tocks.tocks import Tocks

        return Tocks(self.connections, self.reads, self.history)

    @made_once
    def operations(self) -> Operations:
        """Any documented operation by its id."""
        from tui.workspace.operations.operations import Operations

        return Operations(self.connections, self.history, self.status_file, self.zone)

    @made_once
    def today(self) -> Today:
        """What runs, what is next, what waits."""
        from tui.workspace.today.today import Today

        def book(clients: Iterable[Client]) -> Book:
            from tui.workspace.invoices.book import nothing_kept

            # Where nothing is kept of invoices their use cases need not be made for it.
            desk = self.documents
            nothing = self.paper_file.is_empty and not desk.tells_of_clients
            return nothing_kept(desk.usual) if nothing else self.papers.read(clients)

        return Today(self.connections, self.reads, self.zone, book)

    @made_once
    def reminders(self) -> Reminders:
        """Reminders of one's own."""
        from tui.store.reminders import FILE, Reminders

        return Reminders(self.locations.data / FILE)

    @made_once
    def console_history(self) -> ConsoleHistory:
        """The console's latest calls."""
        from tui.workspace.operations.console import ConsoleHistory

        return ConsoleHistory(self.locations.state / "console.json")

    @made_once
    def invoices(self) -> InvoiceDesk:
        """Clients, work and invoices (Timesheets)."""
        from tui.workspace.invoices.invoices import InvoiceDesk

        return InvoiceDesk(self.connections, self.reads, self.history)

    paper_file = made_once(making.paper_file)
    documents = made_once(making.documents)
    papers = made_once(making.papers)
    recurring = made_once(making.recurring)
    office = made_once(making.office)
    settling = made_once(making.settling)
    bank = made_once(making.bank)

    @made_once
    def sessions(self) -> SessionRoom:
        """Sailing sessions (Igtimi)."""
        from tui.live.units import SpeedUnit, from_kmh
        from tui.workspace.sessions.sessions import SessionRoom

        unit = SpeedUnit(self.settings.deck.speed_unit)
        return SessionRoom(
            self.connections,
            self.reads,
            self.history,
            lambda kmh: from_kmh(kmh, unit),
            unit.value,
        )

    def rest(self) -> None:
        """A person is at work: what fills the index of the search waits a little."""
        if "feed" in self.__dict__:
            self.feed.rest()

    @made_once
    def books(self) -> BookDesk:
        """Books, tables and messages (TimeTonic)."""
        from tui.workspace.books.books import BookDesk
        from tui.workspace.books.looks import Looks
        from tui.workspace.books.own_views import OwnViews

        looks = Looks(self.locations.state / "tables.json")
        own = OwnViews(self.locations.data / "table-views.json")
        return BookDesk(
            self.connections,
            self.reads,
            self.mirror,
            looks,
            own,
            self.history,
            self.feed.hear_records,
        )

    @made_once
    def live(self) -> LiveRoom:
        """The live feed, recordings and replays (Igtimi)."""
        from tui.workspace.live.live import LiveRoom

        return LiveRoom(self.connections, self.locations, self.settings)

    def has_made(self, part: str) -> bool:
        """Whether a part was asked for and stands; asking makes nothing."""
        return part in self.__dict__

    async def close(self) -> None:
        """Close what was opened."""
        if "live" in self.__dict__:
            await self.live.close()
        if "pump" in self.__dict__:
            await self.pump.stop()
        if "history" in self.__dict__:
            await self.history.close()
        if "hooks" in self.__dict__:
            await to_thread(self.hooks.close)
        if "paper_file" in self.__dict__:
            await to_thread(self.paper_file.close)
        if "connections" in self.__dict__:
            await self.connections.close()
        if "feed" in self.__dict__:
            await to_thread(self.feed.close)
        if "search" in self.__dict__:
            await to_thread(self.search.close)
        if "reads" in self.__dict__:
            await self.reads.close()
        if "mirror" in self.__dict__:
            await to_thread(self.mirror.close)
