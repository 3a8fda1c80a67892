"""A file of a boat's instruments into a session of the embedded Igtimi."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from tui.hosts import is_loopback
from tui.services.errors import NotFound, Refused, ServiceError
from tui.services.igtimi.brought import BroughtFile, bring_file
from tui.workspace.connections.connections import Connections

ELSEWHERE = "Igtimi is set up elsewhere: files go into the embedded one alone"


async def bring(
    connections: Connections,
    session: int,
    file: Path,
    *,
    keep: bool = False,
    day: date | None = None,
    lenient: bool = False,
) -> BroughtFile:
    """Look at a file, or keep it. A file that is kept twice is there once.

    Raises Refused where the file cannot be read or Igtimi is another than the embedded one (no
    byte of the file leaves this machine), and what a transport raises.
    """
    host = urlsplit(connections.settings.igtimi.base_url).hostname or ""
    if not connections.uses_embedded("igtimi") and not is_loopback(host):
        raise Refused(ELSEWHERE, service="igtimi")
    client = await connections.igtimi()
    try:
        return await bring_file(client, session, file, keep=keep, day=day, lenient=lenient)
    except NotFound as error:
        raise Refused(ELSEWHERE, service="igtimi") from error
    except ServiceError as error:
        # It is no operation of the registry, which would say where an error came from.
        error.locate("igtimi", "")
        raise


def remarks(found: BroughtFile) -> Iterator[str]:
    """What of the file gave nothing, and what would have it read."""
    for why, count in sorted(found.lost.items(), key=lambda lost: -lost[1]):
        if why != "no_type":
            yield f"{count:,} left out: {found.lost_words.get(why, why)}"
    if found.passed_over:
        names = ", ".join(f"{name} ({count})" for name, count in found.passed_over.items())
        yield f"not among Igtimi's types: {names}"
    if found.lost.get("no_date"):
        yield "--day DAY says the day of times without a date"
    if found.lost.get("stuck") or found.lost.get("bare"):
        yield "--lenient reads lines whose checksum is missing or of the address only"
