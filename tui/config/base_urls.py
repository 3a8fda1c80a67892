"""What people paste as the address of a service, read as the base URL that is meant.

That may be a page of the service, of its documentation or one of its requests, with or without a
scheme, under another name of the service. Own hosts keep their origin and their own folders: only
what is known to stand below a base URL is left out there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, urlsplit

from tui.hosts import is_loopback

Environment = Literal["live", "dev"]
Folders = Sequence[str]
Cut = Callable[[Folders], Folders | None]


class NotMeant(ValueError):
    """An address that cannot be meant: why, and the nearest right form. It names no secret."""


class _Service(NamedTuple):
    """Where a service is, under which other names, and what is known of its paths."""

    base: str
    """Its own address; an example where it has none."""
    names: frozenset[str]
    """Its hosts: the address's own, and others under which that is meant."""
    domains: tuple[str, ...]
    """Where its other hosts are (help, short links, code): they take no requests."""
    meant: frozenset[tuple[str, ...]]
    """Folders on its own hosts by which the address is meant."""
    cut: Cut
    """The folders of the base URL in those of a request or a page; None where none is known."""


_INDEX = re.compile(r"(index|default)\.\w+|apidoc", re.IGNORECASE)
_BELOW_ENVIRONMENT = re.compile(r"api\.php|apidoc|index\.\w+|v\d+", re.IGNORECASE)
_FUNCTIONS = frozenset(
    ("trackers", "status", "start", "switch", "stop", "total", "add", "addfree", "reportees",
     "report", "version")
)  # fmt: skip


def _timetonic(folders: Folders) -> Folders | None:
    for place, folder in enumerate(folders):
        below = folders[place + 1 : place + 2]
        if folder in ("live", "dev") and (not below or _BELOW_ENVIRONMENT.fullmatch(below[0])):
            understood = folder == "live" and folders[place - 1 : place] not in (["live"], ["dev"])
            return folders[: place if understood else place + 1]
    return None


def _ticktocker(folders: Folders) -> Folders | None:
    for place in range(1, len(folders)):
        if folders[place - 1] == "api" and folders[place].isdecimal():
            return folders[: place + 1]
    return None


def _igtimi(folders: Folders) -> Folders | None:
    for place, folder in enumerate(folders):
        if folder in ("oauth", "server_listers", "developers") or (
            folder == "api" and re.fullmatch(r"v\d+", "".join(folders[place + 1 : place + 2]))
        ):
            return folders[:place]
    return None


def _trackmypeople(folders: Folders) -> Folders | None:
    for place in range(1, len(folders)):
        function, _, form = folders[place].partition(".")
        if folders[place - 1] == "api" and function in _FUNCTIONS and form in ("", "json", "xml"):
            return folders[:place]
    return None


def _timesheets(folders: Folders) -> Folders | None:
    for place, folder in enumerate(folders):
        if folder == "api" or (folder, *folders[place + 1 : place + 2]) == ("timesheets", "task"):
            return folders[:place]
    return None


_SERVICES: Mapping[str, _Service] = {
    "timetonic": _Service(
        "https://timetonic.com",
        frozenset({"timetonic.com", "www.timetonic.com"}),
        ("timetonic.com",),
        frozenset({(), ("dev",)}),
        _timetonic,
    ),
    "ticktocker": _Service(
        "https://ticktocker.com/api/1",
        frozenset({"ticktocker.com", "www.ticktocker.com"}),
        ("ticktocker.com", "tcktck.com"),
        frozenset({(), ("api",), ("api", "1")}),
        _ticktocker,
    ),
    "igtimi": _Service(
        "https://www.igtimi.com",
        frozenset({"www.igtimi.com", "igtimi.com"}),
        ("igtimi.com",),
        frozenset({(), ("api",)}),
        _igtimi,
    ),
    "trackmypeople": _Service(
        "https://secure.trackmypeople.com/api",
        frozenset({"secure.trackmypeople.com", "www.trackmypeople.com", "trackmypeople.com"}),
        ("trackmypeople.com",),
        frozenset({(), ("api",)}),
        _trackmypeople,
    ),
    "timesheets": _Service(
        "https://timesheets.example.org",
        frozenset(),
        ("ibuildapp.com", "ibuildapp.github.io", "github.com"),
        frozenset(),
        _timesheets,
    ),
}
"""By section. The hosts are those of the services' own documents and of their clients."""


def base_url(service: str, pasted: str) -> str:
    """The base URL that an address means: the same for each way in which it may be written.

    On a service's own hosts http stays what it is where the host is the right one, and is refused
    later; under its other names the right address is meant. Raises NotMeant.
    """
    known = _SERVICES[service]
    parts = _parts(pasted, known.base)
    host = parts.hostname or ""
    folders = [folder for folder in parts.path.split("/") if folder]
    if "." in folders or ".." in folders:
        raise NotMeant(f"should have no . or .. in its path; did you mean {known.base}?")
    found = _folders_of_base(known.cut, folders)
    if host in known.names and parts.port is None:
        if tuple(found) not in known.meant:
            raise NotMeant(f"is another page of {host}; did you mean {known.base}?")
        right = urlsplit(known.base)
        scheme = parts.scheme if host == right.hostname else right.scheme
        written = f"{scheme}://{right.netloc}{right.path}"
        return f"{written}/dev" if found == ["dev"] else written
    if host not in known.names and _below(host, known.domains):
        raise NotMeant(f"is on {host}, which takes no requests; did you mean {known.base}?")
    origin = f"{parts.scheme}://{parts.netloc.lower()}"
    if service == "timetonic" and found[-1:] == ["api.php"]:
        nearest = "/".join((origin, *found[:-1], "live"))
        raise NotMeant(f"names no environment before api.php; did you mean {nearest}?")
    return "/".join((origin, *found))


def environment(base: str) -> tuple[str, Environment]:
    """TimeTonic's base URL without the folder of the environment, and which one that is."""
    for name in ("live", "dev"):
        if base.endswith(f"/{name}"):
            return base.removesuffix(f"/{name}"), name
    return base, "live"


def _folders_of_base(cut: Cut, folders: list[str]) -> list[str]:
    """Without what stands below a base URL, however often it does."""
    while True:
        found = list(folders if (shorter := cut(folders)) is None else shorter)
        while found and _INDEX.fullmatch(found[-1]):
            found.pop()
        if found == folders:
            return found
        folders = found


def _below(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _parts(pasted: str, nearest: str) -> SplitResult:
    """The address in parts, with the scheme that it lacks. Raises NotMeant."""
    text = pasted.strip().strip("<>\"'").strip()
    if re.search(r"[\s\x00-\x20\x7f\\]", text):
        raise NotMeant(f"should be one address without blanks; did you mean {nearest}?")
    if "://" not in text.partition("?")[0]:
        text = text.lstrip("/")
        text = f"{'http' if _is_here(text) else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        raise NotMeant(f"cannot be read as an address; did you mean {nearest}?") from None
    if parts.username is not None or parts.password is not None:
        raise NotMeant("must not hold a user name or password")
    if scheme not in ("http", "https") or not host or port == 0:
        hint = nearest if not host or scheme not in ("ws", "wss") else f"https://{host}"
        raise NotMeant(f"should be a http or https address; did you mean {hint}?")
    netloc = f"[{host}]" if ":" in host else host.rstrip(".")
    if port is not None and port != {"http": 80, "https": 443}[scheme]:
        netloc += f":{port}"
    return SplitResult(scheme, netloc, parts.path, "", "")


def _is_here(text: str) -> bool:
    """Whether an address without a scheme is one of this machine."""
    name = re.split(r"[/?#]", text)[0]
    return is_loopback(name[1:].partition("]")[0] if name[:1] == "[" else name.partition(":")[0])
