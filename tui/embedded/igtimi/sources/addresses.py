"""What the address of a source means: `udp://HOST:PORT`, `serial:///dev/ttyUSB0?baud=4800`."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

LOOPBACK = "127.0.0.1"

LENGTH = 500
"""Characters of an address; paths are long, and nothing else in one is."""

BAUDS = (4800, 9600, 19200, 38400, 57600, 115200)

FASTEST_PLAY = 100.0

_PORTS = {
    "udp": 10110,
    "tcp": 10110,
    "tcp-listen": 10110,
    "gpsd": 2947,
    "signalk": 3000,
    "riot": 6000,
}
"""The usual ports, by scheme."""

_LISTENING = frozenset({"udp", "tcp-listen", "riot"})
_OPTIONS = {
    "udp": {"boats", "boat", "lenient"},
    "tcp": {"boat", "lenient"},
    "tcp-listen": {"boats", "boat", "lenient"},
    "serial": {"baud", "boat", "lenient"},
    "file": {"speed", "boat"},
    "gpsd": {"boat"},
    "signalk": {"boat"},
    "riot": {"serials", "tokens"},
}
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}", re.ASCII)
SERIAL = re.compile(r"[A-Za-z0-9-]{4,32}", re.ASCII)
"""A unit's serial number."""

TOKEN = re.compile(r"[!-+.-~-]{1,200}", re.ASCII)
"""A device group's token: nothing says how one looks, but a comma would end it here."""

_TRUE, _FALSE = ("1", "true", "yes"), ("0", "false", "no")

HIDDEN, HIDDEN_VALUE = "tokens", "•••"
"""The option that is a secret, and what is shown in its place."""

Boats = Literal["host", "tag"]


class NoAddress(ValueError):
    """Not the address of a source; the text says why, for a person."""


@dataclass(frozen=True)
class Address:
    """Where a source is and how it is read.

    `boats` says what one boat of a listener is: all that one host sends, or all under one source
    of TAG blocks.
    """

    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""
    boat: str = ""
    boats: Boats = "host"
    lenient: bool = False
    baud: int = 4800
    speed: float = 1.0
    serials: tuple[str, ...] = ()
    """Of units that are taken without being asked for."""
    tokens: tuple[str, ...] = field(default=(), repr=False)
    """Of device groups whose units are taken without being asked for; shown nowhere."""

    @property
    def place(self) -> str:
        """Where it is, without how it is read: what its boats are known by from day to day."""
        if self.path:
            return f"{self.scheme}:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def listens(self) -> bool:
        """Whether others connect to it."""
        return self.scheme in _LISTENING


def without_tokens(text: str) -> str:
    """An address as it may be shown: what lets units in stays out."""
    place, mark, query = text.partition("?")
    shown = [
        f"{HIDDEN}={HIDDEN_VALUE}" if unquote_plus(part.partition("=")[0]) == HIDDEN else part
        for part in query.split("&")
    ]
    return place + mark + "&".join(shown)


def read_address(text: str) -> Address:
    """An address as a person writes it. Raises NoAddress, which names no token."""
    if len(text) > LENGTH or not text.isprintable():
        raise NoAddress(f"an address has at most {LENGTH} printable characters")
    written, text = text, without_tokens(text)
    try:
        parts = urlsplit(written)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NoAddress(f"{text}: {error}") from None
    if parts.scheme not in _OPTIONS:
        known = ", ".join(_OPTIONS)
        raise NoAddress(f"{text}: begins with none of {known}, such as udp://{LOOPBACK}:10110")
    if parts.username is not None or parts.fragment:
        raise NoAddress(f"{text}: no user, password or # belongs into it")
    options = _options(text, parts.scheme, parts.query)
    if parts.scheme in ("file", "serial"):
        return _of_path(text, parts.scheme, parts.netloc, unquote(parts.path), options)
    if parts.path and not written[len(parts.scheme) + 1 :].startswith("//"):
        raise NoAddress(f"{text}: // stands behind {parts.scheme}:, as {parts.scheme}://HOST:PORT")
    if parts.path.strip("/"):
        raise NoAddress(f"{text}: nothing stands behind the port but options (?lenient=1)")
    host = host or (LOOPBACK if parts.scheme in _LISTENING else "")
    if not host or not _HOST.fullmatch(host):
        raise NoAddress(f"{text}: names no host, such as {parts.scheme}://192.168.1.20")
    if parts.scheme in _LISTENING and not _is_ip(host):
        raise NoAddress(f"{text}: what listens has a number, such as {LOOPBACK} or 0.0.0.0")
    return _with(
        Address(parts.scheme, host, _PORTS[parts.scheme] if port is None else port), text, options
    )


_PATHS = {"file": "/home/you/day.nmea", "serial": "/dev/ttyUSB0"}


def _of_path(text: str, scheme: str, place: str, path: str, options: dict[str, str]) -> Address:
    if place not in ("", "localhost") or not path.startswith("/"):
        raise NoAddress(f"{text}: names a whole path, such as {scheme}://{_PATHS[scheme]}")
    return _with(Address(scheme, path=path), text, options)


def _options(text: str, scheme: str, query: str) -> dict[str, str]:
    found = dict(parse_qsl(query, keep_blank_values=True))
    strange = found.keys() - _OPTIONS[scheme]
    if strange:
        known = ", ".join(sorted(_OPTIONS[scheme]))
        raise NoAddress(f"{text}: {min(strange)} is no option of {scheme}, which has {known}")
    return found


def _with(address: Address, text: str, options: dict[str, str]) -> Address:
    values = dict(vars(address))
    for name, value in options.items():
        values[name] = _READ[name](text, value)
    return Address(**values)


def _baud(text: str, value: str) -> int:
    if value not in map(str, BAUDS):
        raise NoAddress(f"{text}: baud is one of {', '.join(map(str, BAUDS))}")
    return int(value)


def _speed(text: str, value: str) -> float:
    try:
        speed = float(value)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= FASTEST_PLAY:
        raise NoAddress(f"{text}: speed is a number above 0 and up to {FASTEST_PLAY:g}")
    return speed


def _lenient(text: str, value: str) -> bool:
    if value.lower() not in (*_TRUE, *_FALSE):
        raise NoAddress(f"{text}: lenient is 1 or 0")
    return value.lower() in _TRUE


def _boats(text: str, value: str) -> str:
    if value not in ("host", "tag"):
        raise NoAddress(f"{text}: boats is host or tag: what one boat of it is known by")
    return value


def _serials(text: str, value: str) -> tuple[str, ...]:
    found = tuple(filter(None, (part.strip() for part in value.split(","))))
    if not all(SERIAL.fullmatch(one) for one in found):
        raise NoAddress(f"{text}: serials are those of units, such as DD-EE-AAHA,GA-EN-AAAA")
    return found


def _tokens(text: str, value: str) -> tuple[str, ...]:
    found = tuple(filter(None, (part.strip() for part in value.split(","))))
    if not all(TOKEN.fullmatch(one) for one in found):
        raise NoAddress(f"{text}: tokens are those of device groups, between commas")
    return found


def _boat(_text: str, value: str) -> str:
    return value.strip()


_READ: dict[str, Callable[[str, str], Any]] = {
    "baud": _baud,
    "speed": _speed,
    "lenient": _lenient,
    "boats": _boats,
    "boat": _boat,
    "serials": _serials,
    "tokens": _tokens,
}


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
