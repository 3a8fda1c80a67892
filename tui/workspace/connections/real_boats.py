"""The embedded Igtimi for what it alone can do: files and sources of real boats."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui.hosts import is_loopback
from tui.services.errors import NotFound, Refused, ServiceError

if TYPE_CHECKING:
    from tui.services.igtimi import Igtimi
    from tui.workspace.connections.connections import Connections


async def embedded_igtimi(connections: Connections, elsewhere: str) -> Igtimi:
    """Its client. Raises Refused, with these words, where Igtimi is another: nothing is sent."""
    host = urlsplit(connections.settings.igtimi.base_url).hostname or ""
    if not connections.uses_embedded("igtimi") and not is_loopback(host):
        raise Refused(elsewhere, service="igtimi")
    return await connections.igtimi()


@contextmanager
def beyond_registry(elsewhere: str) -> Iterator[None]:
    """A call that is no operation of the registry, which would say where an error came from.

    Where there is no such call, the Igtimi is another one.
    """
    try:
        yield
    except NotFound as error:
        raise Refused(elsewhere, service="igtimi") from error
    except ServiceError as error:
        error.locate("igtimi", "")
        raise
