"""Views of one's own: kept by name, and nothing that stood there is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.workspace.books.looks import Look
from tui.workspace.books.own_views import OwnView, OwnViews, columns_seen


def test_views_are_kept_by_table_and_name(tmp_path: Path) -> None:
    views = OwnViews(tmp_path / "views.json")
    assert views.of("a") == []
    first = OwnView(name="x", look=Look(filter="sea"), view=3)
    assert views.keep("a", first) is None
    other = OwnView(name="B", look=Look(sorts=[("1", True)], hidden=["2"]))
    views.keep("a", other)
    views.keep("b", first)
    again = OwnViews(tmp_path / "views.json")
    assert again.of("a") == [other, first], "by their names"
    newer = OwnView(name="x", look=Look(filter="lake"))
    assert again.keep("a", newer) == first
    assert views.of("a") == [other, newer]
    assert views.forget("a", "x") == newer
    assert views.forget("a", "x") is None
    assert (views.of("a"), views.of("b")) == ([other], [first])


def test_a_file_that_cannot_be_read_is_put_aside_and_a_disk_that_fails_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "views.json"
    file.write_text('{"a": [{"nam')
    views = OwnViews(file)
    view = OwnView(name="x", look=Look())
    assert views.of("a") == []
    views.keep("a", view)
    assert (tmp_path / "views.json.broken").read_text() == '{"a": [{"nam'

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tui.workspace.books.own_views.write_atomically", full)
    with pytest.raises(OSError, match="No space"):
        views.keep("a", OwnView(name="y", look=Look()))
    assert views.of("a") == [view]


def test_the_columns_that_are_seen() -> None:
    assert columns_seen(Look(), [1, 2, 3]) is None
    assert columns_seen(Look(hidden=["2", "9"]), [1, 2, 3]) == [1, 3]
    assert columns_seen(Look(order=["3", "9", "1"]), [1, 2, 3]) == [3, 1, 2]
