"""The configured sources of real boats, as addresses."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote


def address_of(source: Mapping[str, str]) -> str:
    """A configured source as one address, with all that its table says in it."""
    address = source["address"]
    for name, value in source.items():
        if name != "address" and value:
            address += f"{'&' if '?' in address else '?'}{name}={quote(value)}"
    return address
