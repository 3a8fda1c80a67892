"""Where credentials may go: origins, this machine itself, and ways that are not encrypted."""

from __future__ import annotations

from urllib.parse import urlsplit

from tui.hosts import is_loopback
from tui.services.errors import InvalidArgument

ENCRYPTED = frozenset({"https", "wss"})


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a URL; the port is the scheme's own when none is given.

    What is no address, as services may write one, has none of them: it is of no origin.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", "", -1
    try:
        port = parts.port
    except ValueError:
        port = -1
    default = {"https": 443, "wss": 443}.get(parts.scheme, 80)
    return parts.scheme, (parts.hostname or "").lower(), default if port is None else port


def insist_on_encryption(url: str, service: str, *, allow_plain: bool = False) -> None:
    """Raise InvalidArgument for an address that others on the way could read along with."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme in ENCRYPTED or allow_plain or is_loopback(host):
        return
    raise InvalidArgument(
        f"{parts.scheme}://{host} is not encrypted: whoever is on the way could read the"
        " password and change what is sent",
        service=service,
        advice=f"Nothing was sent. Use {parts.scheme}s, or set allow_plain_http = true in"
        " [network] where the way is safe.",
    )
