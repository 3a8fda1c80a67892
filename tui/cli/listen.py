"""`tockdeck listen ADDRESS`: hear a boat's instruments for as long as this runs.

The running embedded services hear them; this begins the source, says how it stands, and ends it.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from time import monotonic
from urllib.parse import quote, unquote

from tui.cli import DONE, REFUSED, UNREACHABLE, add_configuration_arguments, fail
from tui.cli.listen_units import add_unit_arguments, for_units
from tui.cli.narration import narrate
from tui.cli.numbers import whole_number
from tui.cli.running import run_narrated
from tui.cli.statuses import report
from tui.cli.streams import add_end_argument
from tui.cli.tables import print_table
from tui.config.load import ConfigError
from tui.services.errors import NotFound, Refused, ServiceError
from tui.words import counted
from tui.workspace.live.sources import Source, Sources, address_text, losses, out_of_reach, stands
from tui.workspace.live.units import Units
from tui.workspace.text import clean
from tui.workspace.workspace import Workspace

EVERY = 1.0
"""Seconds between two looks at how it stands, which also has it stay."""

OF_PATHS = ("file", "serial")
"""Schemes of addresses that name a file."""

AGAIN = 60.0
"""Seconds after which it is said again though only numbers are others."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the instruments are heard."""
    parser.add_argument(
        "address",
        nargs="?",
        metavar="ADDRESS",
        help="udp://HOST:PORT, tcp-listen://HOST:PORT, tcp://HOST:PORT, gpsd://HOST,"
        " signalk://HOST:PORT, serial:///dev/NAME?baud=4800, file:///PATH?speed=10 or"
        " riot://HOST:PORT; alone the sources that there are",
    )
    parser.add_argument(
        "--stop", type=whole_number(), metavar="ID", help="end the source of that number"
    )
    add_unit_arguments(parser)
    add_end_argument(parser)
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Hear it until the end."""
    return run_narrated(options, _run)


async def _run(options: argparse.Namespace, workspace: Workspace) -> int:
    connections = workspace.connections
    connections.told = narrate
    connections.hears_boats = True
    sources = Sources(connections)
    try:
        if options.stop is not None:
            ended = await sources.end(options.stop)
            narrate(f"{address_text(ended)} has ended; {_heard(ended)}")
            return DONE
        if (done := await for_units(Units(connections), options)) is not None:
            return done
        if options.address is None:
            return _show(await sources.all())
        if not workspace.connections.would_show_boats():
            narrate(
                "other services are set up, so that the deck does not look at the embedded Igtimi:"
                ' [[embedded.sources]] or [embedded] use = "always" have it do so'
            )
        return await _listen(sources, _whole(options.address), options.seconds)
    except NotFound:
        return fail(f"there is no source {options.stop}", REFUSED)
    except (ServiceError, ConfigError, OSError) as error:
        return report(error, as_json=False)
    finally:
        await workspace.close()


def _whole(address: str) -> str:
    """An address whose path begins at the root: the services run in another folder than the shell
    that it was typed in. `file:day.nmea` is one here.
    """
    scheme, colon, rest = address.partition(":")
    path, mark, options = rest.partition("?")
    if scheme not in OF_PATHS or not path or path.startswith("/"):
        return address
    return (
        f"{scheme}{colon}//{quote(str(Path(unquote(path)).expanduser().absolute()))}{mark}{options}"
    )


async def _listen(sources: Sources, address: str, seconds: float | None) -> int:
    begun = await sources.begin(address)
    until = None if seconds is None else monotonic() + seconds
    found, said, said_at = begun, "", 0.0
    try:
        while found.state not in ("ended", "failed"):
            now = monotonic()
            news = f"{found.state} {found.boats} {found.error} {found.waiting}"
            if news != said or now - said_at >= AGAIN:
                print(f"{address_text(found)}  {clean(stands(found))}", flush=True)
                for serial in map(clean, found.waiting):
                    narrate(f"unknown unit {serial} waiting; to take its data: --accept {serial}")
                said, said_at = news, now
            if until is not None and now >= until:
                break
            await asyncio.sleep(EVERY if until is None else max(0.0, min(EVERY, until - now)))
            found = await sources.stay(begun.id)
    except NotFound:
        raise Refused("the source was ended by somebody else", service="igtimi") from None
    finally:
        last = await asyncio.shield(_end(sources, found))
    return _status(found, last, seconds)


def _status(found: Source, last: Source, seconds: float | None) -> int:
    """What came of a source that stood as `found` before it was ended, and as `last` after it."""
    if found.state == "failed":
        return REFUSED
    if last.boats:
        return DONE
    tried = address_text(found) + ("" if seconds is None else f", tried for {seconds:g} s")
    if last.lines:
        narrate(f"no boat was heard: {tried}")
        return REFUSED
    if out_of_reach(found):
        narrate(f"could not be reached: {tried}; trying again may help")
        return UNREACHABLE
    narrate(f"nothing was heard: {tried}")
    return REFUSED


async def _end(sources: Sources, found: Source) -> Source:
    """End it, unless it is configured, and say what came of it; how it stood at last."""
    try:
        last = found if found.kept else await sources.end(found.id)
    except (ServiceError, OSError):
        last = found
    if last.kept:
        narrate(f"{address_text(last)} is in the configuration, and goes on")
    narrate(_heard(last))
    for line in losses(last):
        narrate(line)
    if last.error:
        narrate(last.error)
    return last


def _heard(source: Source) -> str:
    names = ", ".join(source.serial_numbers)
    return f"{counted(source.lines, 'line')} of {counted(source.boats, 'boat')}" + (
        f": {names}" if names else ""
    )


def _show(sources: list[Source]) -> int:
    columns = ("id", "address", "stands", "boats", "lines", "configured")
    rows = [
        {
            "id": one.id,
            "address": address_text(one),
            "stands": stands(one),
            "boats": one.boats,
            "lines": one.lines,
            "configured": "yes" if one.kept else "",
        }
        for one in sources
    ]
    print_table(columns, rows, f"tockdeck: {counted(len(sources), 'source')}")
    return DONE
