"""Hosts: why one could not be reached, in the system's words."""

from __future__ import annotations

import asyncio
import errno
import os
import socket

import pytest

from tui.hosts import no_way_there

REFUSED = os.strerror(errno.ECONNREFUSED)


async def test_a_refused_connection_is_said_as_the_system_says_it() -> None:
    with socket.socket() as taken:  # nobody listens there, and nobody else gets it meanwhile
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(OSError, match="Connect call failed") as one:
            await asyncio.open_connection(*taken.getsockname())
    assert no_way_there(one.value) == REFUSED


def test_of_several_addresses_one_reason_is_said_and_others_stay_as_they_are() -> None:
    both = "[Errno 111] Connect call failed ('::1', 9, 0, 0), [Errno 111] Connect call failed"
    assert no_way_there(OSError(f"Multiple exceptions: {both}")) == os.strerror(111)
    mixed = "Multiple exceptions: [Errno 111] Connect, [Errno 113] Connect"
    assert no_way_there(OSError(mixed)) == mixed
    assert no_way_there(OSError()) == "no connection"
    unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    assert no_way_there(unknown) == "Name or service not known"
