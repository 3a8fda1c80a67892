"""Which of the servers that a list names may be sent a token.

The list comes from the network, so it must not decide where credentials go: only hosts of the
configured service's own domain are used, or those that the configuration names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from tui.hosts import is_loopback


def usable_servers(
    listed: Sequence[str], base_url: str, hosts: Collection[str] = (), plain: bool = False
) -> tuple[list[str], list[str]]:
    """Return the usable servers in the list's order, and why each other one is not.

    `hosts` are further hosts that may be used; `plain` allows ws:// to other machines (Igtimi's
    own list had that; a token would travel unencrypted). A second name of this machine for a
    server that is used already is left out without a word: nobody misses it.
    """
    usable: list[str] = []
    refused: list[str] = []
    for url in listed:
        reason = refusal(url, base_url, hosts, plain)
        if reason is None:
            usable.append(url)
        elif not _is_again(url, usable):
            refused.append(f"{url}: {reason}")
    return usable, refused


def _is_again(url: str, usable: Sequence[str]) -> bool:
    """Tell whether a URL names a used server of this machine once more, as `localhost` does."""
    try:
        parts = urlsplit(url)
        host, place = parts.hostname or "", (parts.scheme, parts.port, parts.path)
    except ValueError:
        return False
    known = [urlsplit(one) for one in usable]
    return is_loopback(host) and any(
        is_loopback(one.hostname or "") and (one.scheme, one.port, one.path) == place
        for one in known
    )


def refusal(url: str, base_url: str, hosts: Collection[str], plain: bool) -> str | None:
    """Return why `url` is not to be used, or None."""
    base = urlsplit(base_url)
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "not a URL"
    if parts.scheme not in ("ws", "wss") or not host:
        return "not a websocket URL"
    if parts.username is not None or parts.password is not None:
        return "a URL with a user name in it"
    if host not in {name.lower() for name in hosts} and not same_site(parts, base):
        return "not a host of the configured service; name it in the settings to use it"
    return unencrypted(url, plain)


def unencrypted(url: str, plain: bool) -> str | None:
    """Return why a websocket URL is not to be used that others on the way could read along."""
    parts = urlsplit(url)
    if parts.scheme != "ws" or plain or is_loopback(parts.hostname or ""):
        return None
    return "not encrypted: the token could be read on the way"


def same_site(one: SplitResult, other: SplitResult) -> bool:
    """Tell whether two URLs lie on one host or in one registered domain."""
    left, right = (one.hostname or "").lower(), (other.hostname or "").lower()
    if left == right:
        return True
    if _is_address(left) or _is_address(right):
        return False
    labels = left.split(".")
    # Under example.co.uk and its like the registered name is the third label from the end.
    size = 3 if len(labels[-1]) == 2 and len(labels[-2:][0]) <= 3 else 2
    return len(labels) >= size and labels[-size:] == right.split(".")[-size:]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
