"""Which of the addresses that are set up will be refused since they are not encrypted."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from tui.config.load import Loaded
from tui.config.settings import SERVICES
from tui.hosts import is_loopback

ENCRYPTED = {"http": "https", "ws": "wss"}


def unencrypted(loaded: Loaded) -> list[str]:
    """A sentence about each address that no credentials will be sent to; see `[network]`."""
    if loaded.settings.network.allow_plain_http:
        return []
    found = []
    for key, address in _addresses(loaded):
        parts = urlsplit(address)
        if parts.scheme in ENCRYPTED and not is_loopback(parts.hostname or ""):
            found.append(
                f"{loaded.origins[key]}: {key} is not encrypted and will be refused: write"
                f" {ENCRYPTED[parts.scheme]}://{parts.netloc}{parts.path}, or set"
                " allow_plain_http = true in [network] where the way is safe"
            )
    return found


def _addresses(loaded: Loaded) -> Iterator[tuple[str, str]]:
    """Every address that somebody set, with its key."""
    for service in SERVICES:
        section = getattr(loaded.settings, service)
        for name in ("base_url", "socket_url", "websocket_servers"):
            key = f"{service}.{name}"
            value = getattr(section, name, "")
            for address in [value] if isinstance(value, str) else value:
                if key in loaded.origins:
                    yield key, address
