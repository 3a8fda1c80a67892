"""Hosts by how they are written: which are this machine itself, and what a server answers for."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

_NUMBERED = re.compile(r"\[Errno (\d+)\]")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself: localhost, 127.0.0.0/8 or ::1, as it is written.

    No name is looked up: what a name server says of it is not for us to believe.
    """
    if host.lower() == "localhost":
        return True
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def authority(host: str, port: int) -> str:
    """Host and port as they are written in an address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def own_names(host: str, port: int) -> frozenset[str]:
    """What the Host of a request may say to a server that listens there, in small letters."""
    own = {authority(host, port)}
    if host in ("127.0.0.1", "::1"):
        own.add(f"localhost:{port}")
    return frozenset(own)


def are_origin_of(origins: Sequence[str], host: str) -> bool:
    """Whether a request to this Host names a page of that Host as its origin, or none at all.

    No browser names two: whoever reads such a request may believe either.
    """
    own = f"http://{host.lower()}", f"https://{host.lower()}"
    return not origins or (len(origins) == 1 and origins[0].lower() in own)


def no_way_there(error: OSError) -> str:
    """Why a host could not be reached, in the system's words: "Connection refused".

    asyncio has its own, "Connect call failed ('127.0.0.1', 9)", and of a host with several
    addresses a list of them.
    """
    if error.errno is None:
        numbers = {int(one) for one in _NUMBERED.findall(str(error))}
        if len(numbers) == 1:
            return os.strerror(numbers.pop())
    # Looking up a name has numbers of its own, below zero.
    elif error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or str(error) or "no connection"
