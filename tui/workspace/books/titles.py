"""What the columns of a table are called where each is to be told from all others: in a file that
leaves and comes in again, and in a condition that is typed or written.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.services.timetonic import Field
from tui.store.folding import fold
from tui.workspace.books.cells import kind_of

ROW_ID = "row id"
"""What the rows' own ids are called, as if they were a column."""


def titles_of(fields: Sequence[Field]) -> list[str]:
    """What the columns of these fields are called: by their names, numbered where two are alike.
    As titles are looked for without case and accents, those are alike that differ in them alone.
    """
    used = {ROW_ID}
    titles: list[str] = []
    for field in fields:
        name = " ".join(field.name.split())
        if not fold(name):
            name = f"field {field.id}"
        title, number = name, 1
        while fold(title) in used or fold(ids_title(title)) in used:
            number += 1
            title = f"{name} ({number})"
        titles.append(title)
        used.add(fold(title))
        if kind_of(field) == "link":
            used.add(fold(ids_title(title)))
    return titles


def ids_title(title: str) -> str:
    """What the column is called that has the ids of the rows that another one names."""
    return f"{title} (row ids)"


def title_of(field: Field, among: Sequence[Field]) -> str:
    """What the column of one field is called among those of its table."""
    titled = zip(among, titles_of(among), strict=True)
    return next((title for one, title in titled if one.id == field.id), field.name)
