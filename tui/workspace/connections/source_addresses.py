"""The configured sources of real boats, as addresses."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote


def address_of(source: Mapping[str, str]) -> str:
    """A configured source as one address, with the boat's name in it."""
    address, boat = source["address"], source.get("boat", "")
    if not boat:
        return address
    return f"{address}{'&' if '?' in address else '?'}boat={quote(boat)}"
