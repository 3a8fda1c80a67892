"""Measured data over REST in the form that a live store takes, in both dialects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime

from tui.live.feed import Fetch, Unavailable
from tui.live.store import Batch
from tui.services.errors import (
    AuthenticationFailed,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ServiceError,
)
from tui.services.igtimi import Igtimi
from tui.services.igtimi.batches import Columns, Passed, number
from tui.services.igtimi.columns import Series
from tui.services.igtimi.dialect import API, period
from tui.services.igtimi.live_json import wanted_axes
from tui.services.igtimi.live_types import HEART_RATE, TYPES
from tui.services.igtimi.riot import read_messages
from tui.services.reading import read
from tui.workspace.connections.connections import Connections

FOR_GOOD = (AuthenticationFailed, PermissionDenied, NotFound, InvalidArgument)
"""Refusals that asking again the same way does not change."""
ANY_STRAP = "0-65535"
"""The source of a heart rate is the serial number of the strap: 16 bits."""
NUMBERS = tuple(number for number, kind in TYPES.items() if kind.numeric)

Sources = Callable[[str], dict[int, Collection[int]]]
"""Which sources beside 0 of which types a device is known to have."""


def no_sources(_serial: str) -> dict[int, Collection[int]]:
    """Ask for source 0 alone."""
    return {}


class Archive:
    """Fetches stretches of one device's samples.

    `types` narrows what is asked for; all types that are numbers otherwise.
    """

    def __init__(
        self,
        connections: Connections,
        dialect: str,
        types: Collection[int] = (),
        sources: Sources = no_sources,
    ) -> None:
        self._connections = connections
        self._dialect = dialect
        self._types = dict.fromkeys(types or NUMBERS, 0.0)
        self._sources = sources

    async def fetch(self, serial: str, start: int, end: int) -> list[Batch]:
        """The samples of [start, end] in milliseconds. Raises ServiceError."""
        service = await self._connections.igtimi()
        since, until = _moment(start), _moment(end)
        if self._dialect == "riot":
            return await self._fetch_messages(service, serial, since, until)
        sids = {
            number: ",".join(str(one) for one in sorted({0, *others}))
            for number, others in self._sources(serial).items()
            if number in self._types
        }
        if HEART_RATE in self._types:
            sids[HEART_RATE] = ANY_STRAP
        answer = await service.data.list(
            start_time=since, end_time=until, serial_numbers=[serial], types=self._types, sids=sids
        )
        return batches_of(one for one in answer.series if one.serial == serial)

    async def _fetch_messages(
        self, service: Igtimi, serial: str, since: datetime, until: datetime
    ) -> list[Batch]:
        answer = await service.lookup(
            f"{API}/resources/data",
            {
                **period(since, until),
                "serial_numbers[]": [serial],
                **{f"types[{number}]": "0" for number in self._types},
            },
        )
        document = service.decoded(answer)
        messages = document.get(serial, []) if isinstance(document, dict) else []
        if not isinstance(messages, list):
            messages = []
        batches, _ = read_messages(serial, [one for one in messages if isinstance(one, str)])
        return list(batches)

    @property
    def for_feed(self) -> Fetch:
        """The same with failures as a feed expects them."""

        async def fetch(serial: str, start: int, end: int) -> list[Batch]:
            try:
                return await self.fetch(serial, start, end)
            except ServiceError as error:
                raise unavailable(error) from error

        return fetch


async def listed_servers(service: Igtimi, dialect: str) -> list[str]:
    """The websocket servers that the service names. Raises ServiceError.

    SAP's server has its list below the API's own path, with all the rest (our assumption).
    """
    if dialect != "riot":
        return await service.server_listers.web_sockets()
    answer = await service.json("GET", f"{API}/server_listers/web_sockets", signature="open")
    named = answer.get("web_socket_servers") if isinstance(answer, dict) else None
    servers: list[str] = read(list[str], named, "web_socket_servers")
    return servers


def unavailable(error: ServiceError) -> Unavailable:
    """A service's failure as a feed expects it."""
    return Unavailable(error.message, final=isinstance(error, FOR_GOOD))


def batches_of(answered: Iterable[Series]) -> list[Batch]:
    """The series of an answer as a store takes them, without those that hold no numbers.

    What makes a series is the same rule as in the live feed (heart rate comes in two forms,
    altitudes that were never measured), so that what came both ways is recognised as the same.
    """
    columns = Columns(None, Passed())
    for series in answered:
        kind = TYPES.get(series.type)
        if kind is None or not kind.numeric:
            continue
        wanted = wanted_axes(series.key, [series.axes[axis] for axis in sorted(series.axes)])
        if wanted is None or any(len(values) != len(series.times) for values in wanted):
            continue
        rows = [row for row in zip(series.times, *wanted, strict=True) if all(map(number, row))]
        if rows:
            times, *axes = zip(*rows, strict=True)
            columns.put(series.key, times, tuple(axes))
    return list(columns.take())


def _moment(time: int) -> datetime:
    return datetime.fromtimestamp(time / 1000, UTC)
