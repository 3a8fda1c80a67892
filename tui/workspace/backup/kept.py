"""What of the program's own files a person would miss on another machine, and what stays."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomli_w

from tui.config.base_urls import NotMeant, base_url
from tui.config.connect import connection_fields
from tui.config.load import ConfigError, load
from tui.config.locations import Locations
from tui.config.settings import SERVICES

CHANGES = "changes.db"
INVOICES = "invoices.db"
DATABASES = (CHANGES, INVOICES)
CONNECTIONS = "connections.toml"
DRAFTS = "drafts/"
THEME = "theme"
IN_STATE = ("console.json", "live-presets.json", "tables.json", THEME)
"""The console's calls, the arrangements of the live wall, how tables were left, the theme."""
IN_DATA = (
    "hours-names.json", "hours.json", "reminders.json", "table-views.json",
    "timesheet-entered.json", "timesheet-tasks.json",
)  # fmt: skip
"""Which names of imported hours are which tracker; how hours are rounded, and the goals; reminders
and views of tables of one's own; which blocks were entered into the timesheet, and which task each
tracker is."""
LEFT_OUT = (
    "Passwords, keys, tokens and sessions are in no backup, nor are recordings, the data of the"
    " embedded services, what can be read again, and your own configuration and themes."
)
LARGEST_DATABASE = 4 * 1024**3
LARGEST = 16 * 1024 * 1024
_DRAFT = re.compile(r"drafts/[0-9a-f]{24}\.json")


def largest(name: str) -> int:
    """Bytes that a file of this name may have in an archive; 0 where no backup has such a file."""
    if name in DATABASES:
        return LARGEST_DATABASE
    known = name in (CONNECTIONS, *IN_DATA, *IN_STATE) or _DRAFT.fullmatch(name)
    return LARGEST if known else 0


def place_of(name: str, locations: Locations) -> Path:
    """Where a file of an archive stands on this machine. Raises LookupError for any other."""
    if not largest(name):
        raise LookupError(name)
    in_data = name in (*DATABASES, CONNECTIONS, *IN_DATA)
    return (locations.data if in_data else locations.state) / name


def small_files(locations: Locations) -> dict[str, bytes]:
    """What is kept beside the databases, by its name in an archive; nothing secret.

    What cannot be read by the program any more is left out. Raises OSError.
    """
    found: dict[str, bytes] = {}
    drafts = sorted(f"{DRAFTS}{file.name}" for file in (locations.state / DRAFTS).glob("*.json"))
    for name in (CONNECTIONS, *IN_DATA, *IN_STATE, *drafts):
        try:
            content = place_of(name, locations).read_bytes()
            if name == CONNECTIONS:
                content = _dumped(connections_of(content))
        except (FileNotFoundError, LookupError, ValueError):
            continue
        if content and len(content) <= LARGEST and is_sound(name, content):
            found[name] = content
    return found


def is_sound(name: str, content: bytes) -> bool:
    """Whether the program could read such a file."""
    try:
        if name == CONNECTIONS:
            connections_of(content)
        elif name == THEME:
            content.decode()
        else:
            json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def connections_of(content: bytes) -> dict[str, dict[str, str]]:
    """What connects each service, but for what is secret. Raises ValueError."""
    try:
        read = tomllib.loads(content.decode())
    except RecursionError as error:
        raise ValueError(str(error)) from error
    found: dict[str, dict[str, str]] = {}
    for service in SERVICES:
        section: Any = read.get(service)
        names = {one.name for one in connection_fields(service) if not one.secret}
        if isinstance(section, dict) and section:
            values = {name: section[name] for name in section if name in names}
            found[service] = dict(_sound(service, values))
    return {service: values for service, values in found.items() if values}


def joined_connections(ours: Path, content: bytes) -> tuple[bytes, dict[str, str]]:
    """Our own connections and, of the services that are not set up by the deck here, the
    archive's; and the addresses of those. Raises ValueError, OSError, ConfigError.
    """
    try:
        here: dict[str, Any] = tomllib.loads(ours.read_text(encoding="utf-8"))
    except FileNotFoundError:
        here = {}
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{ours}: is not valid TOML: {error}") from error
    added = {
        service: values
        for service, values in connections_of(content).items()
        if service not in here
    }
    addresses = {service: values.get("base_url", "") for service, values in added.items()}
    return _dumped({**here, **added}), addresses


def check_connections(file: Path) -> None:
    """Raises ConfigError where the deck could not start with this file of connections."""
    load(file.with_name("none.toml"), environment={}, kept=file)


def _sound(service: str, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if not isinstance(value, str):
            continue
        if name == "base_url":
            # An address that is none may hold anything, a password as well.
            with suppress(NotMeant):
                yield name, base_url(service, value)
        else:
            yield name, value


def _dumped(connections: dict[str, Any]) -> bytes:
    return tomli_w.dumps(connections).encode() if connections else b""
