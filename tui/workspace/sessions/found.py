"""What is found of Igtimi: sessions, their logs, and devices."""

from __future__ import annotations

from typing import Any

from tui.services.igtimi.records import Device
from tui.services.igtimi.session_log import (
    DataEndTime,
    DataStartTime,
    SessionLog,
    SessionName,
    Tombstone,
)
from tui.workspace.search.listed import HEAVY, LIGHT, Document, Known, Listed, Listing
from tui.workspace.sessions.sentences import Teller
from tui.workspace.sessions.sessions import Sessions

UNTOLD = (SessionName, DataStartTime, DataEndTime, Tombstone)
"""Entries that nobody looks for: the session has name and times; what was taken back is gone."""


def describe(name: str, value: Any, known: Known) -> Listed | None:
    """The documents of one answer."""
    match value:
        case Sessions():
            return Listed(
                [
                    Document(
                        "session",
                        str(one.id),
                        one.name or f"Session {one.id}",
                        "",
                        f"{one.id} {known.day(one.start_time)}",
                        one.start_time,
                        HEAVY,
                    )
                    for one in value.sessions
                ]
            )
        case SessionLog():
            return Listed(_log(name.partition("/")[2], value, known))
        case list() if name == "devices":
            # The tag that is printed on a device takes it into an account: it is not kept.
            return Listed(
                [
                    Document(
                        "device", one.serial_number, one.name or one.serial_number,
                        one.serial_number, weight=HEAVY,
                    )
                    for one in value
                    if isinstance(one, Device)
                ]
            )  # fmt: skip
    return None


def _log(session: str, log: SessionLog, known: Known) -> list[Document]:
    title = known.titles("sessions", "session").get(session, f"Session {session}")
    teller = Teller(log.entries, known.zone)
    return [
        Document(
            "log", f"{session}#{entry.id}", teller.sentence(entry.data), title,
            when=entry.created_at, weight=LIGHT,
        )
        for entry in reversed(log.entries)
        if not isinstance(entry.data, UNTOLD) and entry.id not in teller.taken_back
    ]  # fmt: skip


LISTING = Listing(
    "igtimi",
    {"sessions": Sessions, "log": SessionLog},
    describe,
)
