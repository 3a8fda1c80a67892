"""What can be in the way of keeping and reading, in types and in a person's words."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tui.store.setting_aside import is_damage

Kind = Literal["damaged", "newer", "older", "not kept", "kept again"]

_GIVEN_UP = sqlite3.SQLITE_INTERRUPT
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_WHY = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_PERM: "it may not be opened",
    sqlite3.SQLITE_AUTH: "it may not be opened",
    sqlite3.SQLITE_IOERR: "the disk does not let it be read or written",
    sqlite3.SQLITE_BUSY: "another program holds it",
    sqlite3.SQLITE_LOCKED: "another program holds it",
    sqlite3.SQLITE_NOLFS: "the disk takes no file so large",
    sqlite3.SQLITE_TOOBIG: "a record is too large",
}


@dataclass(frozen=True)
class Trouble:
    """Something that happened to the mirror's file, once, to be told to a person."""

    kind: Kind
    text: str
    """What happened, what was kept, what next."""


class MirrorError(Exception):
    """The base of what the mirror raises."""


class GivenUp(MirrorError):
    """What was asked for was given up on the way."""


class Lost(MirrorError):
    """What stood in the collection does not any more: read it anew. A `Trouble` may say why."""


def damaged(path: Path, aside: Path) -> Trouble:
    """A file that was no whole database any more."""
    return Trouble(
        "damaged",
        # What happened comes before where: one line shows no more than the beginning.
        f"What was kept of earlier reads is damaged: it is now {aside.name}, and all is read anew."
        f" Nothing that the services keep is lost; the old file may be deleted. It was {path}.",
    )


def newer(path: Path, aside: Path) -> Trouble:
    """A file of a later version of the program."""
    return Trouble(
        "newer",
        f"What was kept of earlier reads is of a newer version of tockdeck: it is now {aside.name},"
        f" and all is read anew. Use the newer version, or delete that file. It was {path}.",
    )


def older(path: Path, aside: Path) -> Trouble:
    """A file of an earlier version of the program."""
    return Trouble(
        "older",
        f"What was kept of earlier reads is of an older version of tockdeck: it is now"
        f" {aside.name}, and all is read anew. Nothing that the services keep is lost; the old file"
        f" may be deleted. It was {path}.",
    )


def not_kept(path: Path, why: str) -> Trouble:
    """A disk that does not take what is to be kept."""
    return Trouble(
        "not kept",
        # Why comes before where: a narrow window shows no more than the beginning.
        f"Nothing is kept from now on: {why}. All works on, from memory, until the disk or the"
        f" folder of {path} takes it: then it is kept again.",
    )


def kept_again(path: Path) -> Trouble:
    """A disk that takes again what is to be kept."""
    return Trouble(
        "kept again", f"What is read is kept again, with what was read meanwhile: {path} takes it."
    )


def is_given_up(error: sqlite3.Error) -> bool:
    """Whether somebody has interrupted it."""
    return _code(error) == _GIVEN_UP


def is_broken(error: sqlite3.Error) -> bool:
    """Whether the file is no whole database."""
    return is_damage(error) or _code(error) in _DAMAGE


def why_not_kept(error: sqlite3.Error) -> str:
    """What of the disk is in the way; empty where it is something else."""
    return _WHY.get(_code(error), "")


def is_gone(error: sqlite3.Error) -> bool:
    """Whether a collection was dropped, by this process or another."""
    return str(error).startswith("no such table")


def _code(error: sqlite3.Error) -> int:
    """The primary code; 0 where the error has none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
