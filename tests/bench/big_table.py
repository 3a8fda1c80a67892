"""A table of as many rows as a benchmark asks for, put into the embedded services' file.

    python -m tests.bench.big_table FOLDER [ROWS]

FOLDER is a data directory in which the embedded services, of whatever build, have run and have
ended. Ten fields: texts, a select, numbers of three kinds, a check box, days and moments, a link
to the fleet's boats. The rows are the same every time.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

NAME = "Big table"
VIEW = "High"
"""A saved view that shows about a third of the rows."""
BOOK = "seabright-fleet"

_CHOICES = [["High", "#FFBBBB"], ["Normal", "#BBEBFF"], ["Low", "#DDDDDD"]]
_BOATS = {"link": 126_185, "multiple": True}
FIELDS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("Title", "shorttext", {}),
    ("Priority", "shorttext", {"choices": _CHOICES, "strict": True}),
    ("Notes", "mediumtext", {}),
    ("Count", "int", {}),
    ("Price", "double", {"numformat": "0.00", "numlang": "fr"}),
    ("Done", "boolean", {}),
    ("Due", "date", {}),
    ("Begun", "date", {"timeAndDate": True}),
    ("Boats", "link", _BOATS),
    ("Mail", "email", {}),
)
_WORDS = ("été", "voile", "bouée", "winch", "régate", "mât", "écoute", "foc", "帆", "quai", "cap")


@dataclass(frozen=True)
class BigTable:
    """What was made."""

    id: int
    view: int
    rows: int


def fill(folder: Path, rows: int) -> BigTable:
    """Put the table into the file. Raises sqlite3.Error."""
    with closing(sqlite3.connect(folder / "embedded.db")) as connection, connection:
        made = _define(connection, rows)
        connection.executemany(
            "INSERT INTO timetonic_row (table_id, position, cells, created, modified, sstamp)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            _rows(connection, made),
        )
    # The file is another one than the services have left: nothing to be frightened of.
    (folder / "embedded.db.seal").unlink(missing_ok=True)
    return made


def _define(connection: sqlite3.Connection, rows: int) -> BigTable:
    [(book,)] = connection.execute("SELECT id FROM timetonic_book WHERE b_c = ?", (BOOK,))
    table = connection.execute(
        "INSERT INTO timetonic_table (book_id, name, modified) VALUES (?, ?, 1790000000)",
        (book, NAME),
    ).lastrowid
    assert table is not None
    connection.executemany(
        "INSERT INTO timetonic_field (table_id, position, name, fixed_code, type, options,"
        " modified) VALUES (?, ?, ?, ?, ?, ?, 1790000000)",
        [
            (table, place, name, name.lower(), kind, json.dumps(options))
            for place, (name, kind, options) in enumerate(FIELDS, 1)
        ],
    )
    connection.execute(
        "INSERT INTO timetonic_view (table_id, name) VALUES (?, 'Default view')", (table,)
    )
    test = {"predicate": "is", "operand": VIEW}
    rule = {"id": "f0", "field_id": _field_ids(connection, table)[1], "json": test}
    view = connection.execute(
        "INSERT INTO timetonic_view (table_id, name, filter_group) VALUES (?, ?, ?)",
        (table, VIEW, json.dumps({"operator": "and", "filters": [rule]})),
    ).lastrowid
    assert view is not None
    connection.execute(
        "INSERT INTO timetonic_tab (book_id, table_id, position) VALUES (?, ?, 99)", (book, table)
    )
    return BigTable(table, view, rows)


def _field_ids(connection: sqlite3.Connection, table: int) -> list[int]:
    found = connection.execute(
        "SELECT id FROM timetonic_field WHERE table_id = ? ORDER BY position", (table,)
    )
    return [int(field) for (field,) in found]


def _rows(connection: sqlite3.Connection, made: BigTable) -> Iterator[tuple[object, ...]]:
    dice = random.Random(50_000)
    keys = list(map(str, _field_ids(connection, made.id)))
    boats = [
        int(row)
        for (row,) in connection.execute(
            "SELECT id FROM timetonic_row WHERE table_id = ?", (_BOATS["link"],)
        )
    ]
    for place in range(1, made.rows + 1):
        day = f"20{dice.randrange(20, 30)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
        cells: list[object] = [
            f"{dice.choice(_WORDS)} {dice.choice(_WORDS)} {place}",
            dice.choice(_CHOICES)[0],
            " ".join(dice.choices(_WORDS, k=6)) if place % 3 else None,
            dice.randrange(1_000),
            dice.randrange(1_000_000) / 100,
            place % 2 == 0,
            day,
            f"{day} {dice.randrange(24):02d}:{dice.randrange(60):02d}:00",
            dice.sample(boats, place % 3) if boats else None,
            f"p{place}@example.org",
        ]
        row = {key: cell for key, cell in zip(keys, cells, strict=True) if cell is not None}
        moment = 1_790_000_000 + place
        text = json.dumps(row, ensure_ascii=False)
        yield made.id, place, text, moment, moment, moment * 10_000


def main() -> None:
    """Fill, and say what was made."""
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 50_000
    made = fill(Path(sys.argv[1]), rows)
    print(json.dumps({"id": made.id, "view": made.view, "rows": made.rows}))


if __name__ == "__main__":
    main()
