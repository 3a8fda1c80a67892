"""`tockdeck completion names`: tables (as BOOK/TABLE), trackers, clients and projects that were
read, for a shell to offer.

A shell asks at a key press: nothing is imported here but what reads what was kept, and no service
is asked.
"""

from __future__ import annotations

import sqlite3
from urllib.parse import quote

from tui.first_moment import folders

INDEX, ANSWERS = "search.db", "answers.db"
"""In the cache; `workspace/cache_files.py` names them, and a test holds that they are the same."""
KINDS = ("tables", "trackers", "clients", "projects")
_TABLES = "SELECT DISTINCT place_text, title FROM docs WHERE kind = 'table' ORDER BY 1, 2"
_KEPT = (
    "SELECT one.value ->> '$.name', one.value ->> '$.depth'"
    " FROM (SELECT content FROM answers WHERE key LIKE ? ORDER BY stored DESC LIMIT 1),"
    " json_each(CAST(content AS TEXT), ?) AS one ORDER BY one.id"
)
_ANSWERS = {
    "trackers": ("trackmypeople@%/overview", "$.value.trackers"),
    "clients": ("timesheets@%/clients", "$.value.clients"),
    "projects": ("timesheets@%/clients", "$.value.projects"),
}
"""Keys of the answers in which each kind stands, as of `LIKE`, and where in them."""


def run(kind: str = "tables") -> int:
    """Print them, one a line; none where nothing was read yet, or what was is being replaced."""
    for name in names(kind):
        print(name)
    return 0


def names(kind: str) -> list[str]:
    """All of one of the `KINDS` that were read, as a verb takes them, without those whose names no
    line of a shell can hold."""
    if kind == "tables":
        found = [f"{book}/{table}" for book, table in _read(INDEX, _TABLES)]
    else:
        kept = _read(ANSWERS, _KEPT, *_ANSWERS[kind])
        found = _told(kept) if kind == "trackers" else [name for name, _ in kept]
    return [name for name in dict.fromkeys(found) if name and name.isprintable()]


def _read(file: str, query: str, *values: str) -> list[tuple[str, str]]:
    path = f"{folders()[3]}/{file}"
    try:
        connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=0.2)
    except sqlite3.Error:
        return []
    try:
        return connection.execute(query, values).fetchall()
    except sqlite3.Error:
        return []
    finally:
        connection.close()


def _told(kept: list[tuple[str, str]]) -> list[str]:
    """Each tracker by its name; one of several of a name by the way there, as `start` takes it."""
    names = [(name or "").casefold() for name, _ in kept]
    found: list[str] = []
    above: list[str] = []
    for name, depth in kept:
        del above[int(depth or 0) :]
        above.append(name or "")
        alone = names.count(above[-1].casefold()) == 1
        found.append(above[-1] if alone else " › ".join(above))
    return found
