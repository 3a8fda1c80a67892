"""Sources of real boats: begun, kept awake and ended for a person, and how they stand in words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

from tui.services.errors import InvalidArgument, Refused
from tui.services.igtimi.sources import (
    Source,
    begin_source,
    end_source,
    list_sources,
    stay_source,
)
from tui.words import counted
from tui.workspace.connections.connections import Connections
from tui.workspace.connections.real_boats import beyond_registry, embedded_igtimi
from tui.workspace.live.source_forms import FORMS
from tui.workspace.live.units import Unit, called, unit_text, waiting_text
from tui.workspace.text import clean, in_order
from tui.workspace.times import clock_off_text

__all__ = ["Source", "Sources", "address_text", "losses", "said_of", "stands"]

ELSEWHERE = "Igtimi is set up elsewhere: real boats are heard by the embedded one alone"

CORRECT = "Correct the address; nothing was begun."

NO_ADDRESS = 422
"""The HTTP status of the embedded Igtimi where the address itself is wrong."""

LOOK_SECONDS = 0.5
"""Seconds between two looks for boats: several times what it takes to hand on what was heard."""

OVER = ("ended", "failed")
"""States of a source that hears nobody any more."""

CLOCK_TOLERANCE = 1000
"""Milliseconds that a boat's clock may be off before it is said."""


class Sources:
    """The sources of the embedded Igtimi. Every method raises Refused where it is another."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def heard(self) -> list[Source]:
        """All of them; none where Igtimi is not embedded. Raises what a transport raises."""
        return await self.all() if self.there else []

    @property
    def there(self) -> bool:
        """Whether boats can be heard at all: Igtimi is the embedded one."""
        return self._connections.uses_embedded("igtimi")

    async def boats(
        self, waiting: Callable[[], object], seconds: float | None = None
    ) -> list[str] | None:
        """Serial numbers of the boats that are heard; None where there is no source.

        Beside sources no simulated boat sails, so none of those is among them. Where nobody is
        heard yet, `waiting` is called and the first ones are waited for, `seconds` at most; it
        ends when two looks find the same.
        """
        sources = await self.heard()
        if not sources:
            return None
        loop, told, before = asyncio.get_running_loop(), False, list[str]()
        end = None if seconds is None else loop.time() + seconds
        found = _boats_of(sources)
        while not found or found != before:
            if all(one.state in OVER for one in sources) or (end and loop.time() >= end):
                break
            if not (found or told):
                waiting()
                told = True
            await asyncio.sleep(LOOK_SECONDS)
            sources = await self.heard()
            before, found = found, _boats_of(sources)
        return found

    async def all(self) -> list[Source]:
        """All of them."""
        client = await embedded_igtimi(self._connections, ELSEWHERE)
        with beyond_registry(ELSEWHERE):
            return await list_sources(client)

    async def begin(self, address: str) -> Source:
        """Begin one; it has to be asked to stay. Raises InvalidArgument for an address that is
        none, and asks no service where that is seen by how it begins.
        """
        schemes = [form.partition(":")[0] for form in FORMS]
        if address.partition(":")[0].lower() not in schemes:
            raise InvalidArgument(
                f"the address {clean(address)} begins with none of {', '.join(schemes)}, such as"
                " udp://127.0.0.1:10110",
                advice=CORRECT,
            )
        client = await embedded_igtimi(self._connections, ELSEWHERE)
        try:
            with beyond_registry(ELSEWHERE):
                return await begin_source(client, address)
        except Refused as error:
            if error.status != NO_ADDRESS:
                raise
            raise InvalidArgument(error.message, status=error.status, advice=CORRECT) from error

    async def stay(self, number: int) -> Source:
        """Have it stay for another while; how it stands. Raises NotFound where it has ended."""
        return await stay_source(await self._connections.igtimi(), number)

    async def end(self, number: int) -> Source:
        """End it; how it stood. Raises NotFound where it has ended."""
        return await end_source(await self._connections.igtimi(), number)


def _boats_of(sources: Iterable[Source]) -> list[str]:
    return list(dict.fromkeys(serial for one in sources for serial in one.serial_numbers))


def address_text(source: Source) -> str:
    """Its address for people: names in it are read as letters, not as the bytes of a URL."""
    return clean(unquote(source.address))


def stands(source: Source) -> str:
    """How a source stands, in a line: its state first, then what a person would act on."""
    parts = [source.state]
    if source.state == "retrying" and source.retry_in is not None:
        parts = [f"again in {source.retry_in:.0f} s"]
    if source.state == "waiting" and source.listens_at:
        parts = [f"waiting at {source.listens_at}"]
    if source.state == "silent" and source.age is not None:
        parts = [f"silent for {source.age:.0f} s"]
    # Just begun it has no rate yet.
    if source.state == "receiving" and source.rate:
        parts.append(f"{counted(source.rate, 'line')} a second")
    if source.boats:
        parts.append(counted(source.boats, "boat"))
    if source.clock_offset is not None and abs(source.clock_offset) >= CLOCK_TOLERANCE:
        parts.append(clock_off_text(source.clock_offset))
    if source.error and source.state != "receiving":
        parts.append(source.error)
    return " · ".join(parts)


def out_of_reach(source: Source) -> bool:
    """Whether nothing was ever heard of a source that has to connect, and does not get there."""
    return not source.lines and source.state in ("starting", "retrying")


def lets_units_in(source: Source) -> bool:
    """Whether units connect to it."""
    return source.address.startswith("riot:")


def said_of(sources: list[Source], units: list[Unit], key: str) -> list[str]:
    """How all of them stand with what was lost of each, then each unit, which `key` asks about.

    Empty where there are none.
    """
    lines = []
    for one in sources:
        lines.append(f"{address_text(one)}  {clean(stands(one))}")
        lines += [f"    {clean(line)}" for line in losses(one)]
    if waiting := waiting_text((one.serial_number for one in units if not one.accepted), key):
        lines.append(f"! {waiting}")
    listed = sorted(units, key=lambda one: (one.accepted, in_order(called(one))))
    lines += [f"unit {called(one)}: {unit_text(one)}" for one in listed]
    if units and not waiting:
        lines.append(f"{key} has a unit do something")
    return [*lines, ""] if lines else []


def losses(source: Source) -> Iterator[str]:
    """What of a source gave nothing, and what would have it read."""
    for why, count in sorted(source.lost.items(), key=lambda lost: -lost[1]):
        if why not in ("no_type", "double"):
            yield f"{count:,} left out: {source.lost_words.get(why, why)}"
    if source.lost.get("stuck") or source.lost.get("bare"):
        yield "?lenient=1 reads lines whose checksum is missing or of the address only"
