"""How the search and what feeds it are made, each when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tui.config.locations import Locations
    from tui.config.settings import Settings
    from tui.store.mirror.mirror import Mirror
    from tui.workspace.connections.connections import Connections
    from tui.workspace.search.feed import Feed
    from tui.workspace.search.filling import Filling
    from tui.workspace.search.search import Search


class Parts(Protocol):
    """What they are made of: the workspace has it."""

    settings: Settings
    locations: Locations

    @property
    def connections(self) -> Connections:
        """The clients and whose accounts they have."""

    @property
    def zone(self) -> tzinfo:
        """The zone that times are shown in."""

    @property
    def mirror(self) -> Mirror:
        """The records that were read."""

    @property
    def feed(self) -> Feed:
        """What hears of all that is read."""


def feed(parts: Parts) -> Feed:
    """Hands what was read on to the search."""
    from tui.workspace.search.feed import Feed

    return Feed(lambda: filling(parts))


def filling(parts: Parts) -> Filling:
    """Fills the search; for the thread that does it."""
    from tui.config.settings import SERVICES
    from tui.store.mirror.mirror import MEGABYTE
    from tui.workspace.cache_files import SHARE_OF_RECORDS
    from tui.workspace.search.search import make_filling

    most = int(parts.settings.store.megabytes * (1 - SHARE_OF_RECORDS) * MEGABYTE)
    accounts = {service: parts.connections.account(service) for service in SERVICES}
    mirror = parts.mirror.reading()
    return make_filling(parts.locations.cache, accounts, parts.zone, mirror, _teller(parts), most)


def search(parts: Parts) -> Search:
    """What was read of all services, found by words."""
    from tui.workspace.cache_files import SEARCH
    from tui.workspace.search.search import Search

    path = parts.locations.cache / SEARCH
    return Search(parts.connections, parts.feed, path, told=_teller(parts))


def _teller(parts: Parts) -> Callable[[str], None]:
    def told(text: str) -> None:
        # Asked for late: which face shows it is known only once there is one.
        parts.connections.told(text)

    return told
