"""What is asked for is named, where it is not one cell."""

from __future__ import annotations

from datetime import UTC
from types import SimpleNamespace

import pytest

from tui.screens.books import edit
from tui.services.timetonic import Field, TableRow
from tui.services.timetonic.table_records import Choice, Choices


async def test_a_choice_for_several_rows_is_asked_for_by_what_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    field = Field(
        id=1, name="Status", type="shorttext", order=0, choices=Choices(values=[Choice(value="a")])
    )
    asked: list[str] = []

    async def ask(title: str) -> None:
        asked.append(title)

    monkeypatch.setattr(edit, "Choice", lambda title, *_more, **_other: title)
    monkeypatch.setattr(edit, "why_not_edited", lambda *_any: "")
    table, asker = SimpleNamespace(fields=[field], zone=UTC), SimpleNamespace(ask=ask)
    for title in ("Set Status of 3 rows", ""):
        row = TableRow(id=7)
        await edit.edit_cell(asker, table, row, field, lambda _value: None, title=title)  # type: ignore[arg-type]
    assert asked == ["Set Status of 3 rows", "Status of row 7"]
