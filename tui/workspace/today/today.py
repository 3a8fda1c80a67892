"""What the services have to say to today: each part is asked for on its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import tzinfo
from importlib import import_module
from typing import TYPE_CHECKING

from tui.workspace.connections.connections import Connections
from tui.workspace.once import made_once
from tui.workspace.reads import Answer, Reads
from tui.workspace.today.items import SERVICES, Items, Part, kept_under

if TYPE_CHECKING:
    from tui.services.timesheets.records import Client
    from tui.workspace.invoices.book import Book as InvoiceBook
    from tui.workspace.today.asked import Asked


class Today:
    """Parts that are asked for each on its own, so that one service's silence hides no other's."""

    def __init__(
        self,
        connections: Connections,
        reads: Reads,
        where: tzinfo,
        book: Callable[[Iterable[Client]], InvoiceBook],
    ) -> None:
        """`where` is the person's own zone, whose days count. `book` is what is kept of invoices
        here, which the service does not know; it reads the disk.
        """
        self._book = book
        self._zone = where
        self._connections = connections
        self._reads = reads

    @made_once
    def _asked(self) -> Asked:
        from tui.workspace.today.asked import Asked

        return Asked(self._connections, self._zone, self._book)

    def _key(self, part: Part) -> str:
        return kept_under(self._connections.account(SERVICES[part]), part)

    async def kept(self, part: Part) -> Answer[Items] | None:
        """A part as an earlier read had it."""
        return await self._reads.kept(self._key(part), Items)

    async def part(self, part: Part) -> Answer[Items]:
        """A part as its service has it now."""
        # The clients take longer to import than all that was kept takes to be shown.
        await asyncio.to_thread(import_module, "tui.workspace.today.asked")
        # Whose embedded data are is known once they are there: at the very first start not before.
        await self._connections.of(SERVICES[part])
        return await self._reads.fresh(self._key(part), self._asked.parts[part])
