"""`tockdeck completion names`: the tables that were read, as BOOK/TABLE, for a shell to offer.

A shell asks at a key press: nothing is imported here but what reads the index of the search, and
no service is asked.
"""

from __future__ import annotations

import sqlite3
from urllib.parse import quote

from tui.first_moment import folders

INDEX = "search.db"
"""In the cache; `workspace/cache_files.py` names it, and a test holds that it is the same."""
_TABLES = "SELECT DISTINCT place_text, title FROM docs WHERE kind = 'table' ORDER BY 1, 2"


def run() -> int:
    """Print them, one a line; none where nothing was read yet, or what was is being replaced."""
    for name in names():
        print(name)
    return 0


def names() -> list[str]:
    """Every table that was read, without those whose names no line of a shell can hold."""
    path = f"{folders()[3]}/{INDEX}"
    try:
        connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=0.2)
    except sqlite3.Error:
        return []
    try:
        found = [f"{book}/{table}" for book, table in connection.execute(_TABLES)]
    except sqlite3.Error:
        return []
    finally:
        connection.close()
    return [name for name in found if name.isprintable()]
