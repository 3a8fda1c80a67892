"""Views of a table that a person has named: what narrows it, its order, its columns. They are one's
own, beside those that the service keeps for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import Lock

import msgspec

from tui.store.files import write_atomically
from tui.workspace.books.looks import Look
from tui.workspace.text import in_order

LONGEST_NAME = 80


class OwnView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One view."""

    name: str
    look: Look
    view: int | None = None
    """The service's view that it stands on."""


def columns_seen(look: Look, ids: Iterable[int]) -> list[int] | None:
    """Of these fields those that are shown, as they stand; None for all as the table has them."""
    if not (look.hidden or look.order):
        return None
    there = {str(one): one for one in ids}
    keys = [*look.order, *(key for key in there if key not in look.order)]
    return [there[key] for key in keys if key in there and key not in look.hidden]


class OwnViews:
    """The views of all tables, in a file. Calls work on the disk: off the event loop.

    All raise OSError; what is not kept was not done. A file that cannot be read any more is put
    aside before another one is written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._one_at_a_time = Lock()

    def of(self, key: str) -> list[OwnView]:
        """The views of a table, by their names."""
        with self._one_at_a_time:
            return self._read().get(key, [])

    def keep(self, key: str, view: OwnView) -> OwnView | None:
        """Keep a view; the one of that name that it took the place of."""
        with self._one_at_a_time:
            views = self._read()
            old = next((one for one in views.get(key, []) if one.name == view.name), None)
            others = [one for one in views.get(key, []) if one is not old]
            views[key] = sorted([*others, view], key=lambda one: in_order(one.name))
            self._write(views)
            return old

    def forget(self, key: str, name: str) -> OwnView | None:
        """Keep a view no longer; the one that was forgotten."""
        with self._one_at_a_time:
            views = self._read()
            old = next((one for one in views.get(key, []) if one.name == name), None)
            views[key] = [one for one in views.get(key, []) if one is not old]
            if not views[key]:
                del views[key]
            self._write(views)
            return old

    def _read(self) -> dict[str, list[OwnView]]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        try:
            return msgspec.json.decode(content, type=dict[str, list[OwnView]])
        except (msgspec.DecodeError, RecursionError):
            return {}

    def _write(self, views: dict[str, list[OwnView]]) -> None:
        if self._path.exists() and not self._read() and self._path.read_bytes().strip() != b"{}":
            self._path.replace(self._path.with_name(f"{self._path.name}.broken"))
        write_atomically(self._path, msgspec.json.encode(views))
