"""What every embedded service is given, and what it must provide."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from tui.embedded.credentials import Credentials
from tui.embedded.database import Database
from tui.embedded.pages import Pages


def utc_now() -> datetime:
    """The real clock: aware, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Options:
    """How the process was started."""

    data: Path
    port: int = 0
    idle_seconds: float = 300.0
    quirks: bool = False
    boats: int = 8
    """Boats of the simulated fleet."""
    hertz: float = 2.0
    """Samples a second of each simulated device."""
    timezone: str = "UTC"
    """IANA name; the zone that the accounts of the sample workspace live in."""
    replay: tuple[Path, ...] = ()
    """Recordings that the live feed plays instead of the simulated fleet."""
    names: tuple[str, ...] = ()
    """Further names, as `host` or `host:port`, that this server answers for."""


@dataclass
class Context:
    """The one consistent store and the clock that all five services share."""

    database: Database
    credentials: Credentials
    options: Options
    now: Callable[[], datetime] = utc_now
    base_url: str = ""
    """`http://127.0.0.1:PORT`, set once the port is known."""
    notices: list[str] = field(default_factory=list)
    """What a person should know of this start, such as a file that was set aside."""
    pages: Pages = field(default_factory=Pages)
    """Where an address for a person's browser is had."""
    use: Callable[[], AbstractContextManager[object]] = nullcontext
    """Something goes on without being asked for: the process lives as long as it does."""
    state: dict[str, object] = field(default_factory=dict)
    """What a service keeps in memory between requests, under its own name."""

    def page(self, target: str) -> str:
        """The whole address by which a person opens `target`, a path and query, once."""
        return self.base_url + self.pages.address(target)

    @property
    def quirks(self) -> bool:
        """True when every documented inconsistency is to be shown."""
        return self.options.quirks


def _bare(_context: Context) -> None:
    """A service that needs no row to answer."""


def _stays(_context: Context, _zone: str) -> None:
    """A service of which nothing goes by the zone of the data."""


async def _nothing(_context: Context) -> None:
    """A service without background work."""


@dataclass(frozen=True)
class Service:
    """One embedded service: its tables, its routes and its sample data."""

    name: str
    prefix: str
    schema: str
    routes: Callable[[Context], list[BaseRoute]]
    seed: Callable[[Context], None]
    failure: Callable[[Request, int, str], Response]
    """Builds this service's own error answer: (request, HTTP status, a person's words)."""
    ground: Callable[[Context], None] = _bare
    """Writes what must be there without any sample, such as the person's own account. It runs
    before the seed, and again after the sample was cleared, inside the caller's transaction."""
    move: Callable[[Context, str], None] = _stays
    """Has what goes by the zone of the data (`context.options.timezone`) go by another one, by
    its IANA name, inside the caller's transaction."""
    real: tuple[tuple[str, str], ...] = ()
    """Tables, each with the SQL condition of rows that stay when the sample is cleared or
    reset. It has to say the same of a row whether or not the others are gone already."""
    start: Callable[[Context], Awaitable[None]] = _nothing
    stop: Callable[[Context], Awaitable[None]] = _nothing
    pages: tuple[str, ...] = ()
    """Paths below the prefix, or their beginnings where they end in `/`, that are pages for
    people: `/download`, `/block/edit/`."""

    @property
    def path(self) -> str:
        """The prefix as paths begin with it: one slash before it, none after it."""
        return "/" + self.prefix.strip("/")

    def is_page(self, path: str) -> bool:
        """True when a path, prefix included, is one of its pages."""
        return any(
            path.startswith(self.path + page) if page.endswith("/") else path == self.path + page
            for page in self.pages
        )
