"""How much of a table is shown, in words."""

from __future__ import annotations

from tui.screens.books.amounts import meter, read_text, waiting_text
from tui.screens.books.opened import OpenTable
from tui.spoken_keys import key_for
from tui.words import counted, noun


def count_text(opened: OpenTable) -> str:
    """How many rows are shown, of how many, how far reading all of them is, and how many
    changes are not settled.
    """
    return " · ".join(filter(None, (_rows_text(opened), waiting_text(opened.waiting))))


def _rows_text(opened: OpenTable) -> str:
    state = opened.kept.state
    if opened.source is None or state is None:
        return ""
    here = state.count
    if opened.reading is not None and not opened.whole:
        read, total = opened.reading
        return (
            f"{meter(read, total)}{_matching(opened)}{read_text(read, total)} · "
            f"{key_for('books.back')} gives up"
        )
    if not opened.whole:
        what = "read" if opened.needs_all else "loaded"
        rest = "; there is no room for more" if state.evicted else ""
        more = "+" if opened.view is not None or opened.place.tab_id is not None else ""
        whole = "" if opened.total is None else f" of {opened.total:,}"
        rows = noun(here if opened.total is None else opened.total, "row")
        return f"{_matching(opened)}{here:,}{more}{whole} {rows} {what}{rest}"
    shown = opened.source.total or 0
    if opened.wanted != opened.narrowed:
        return f"still {counted(shown, 'row')}"
    if opened.wanted.strip():
        match = "matches" if shown == 1 else "match"
        return f"{shown:,} of {here:,} {match} “{opened.wanted}”"
    if opened.view is None or opened.total is None:
        return counted(here, "row")
    return f"{shown:,} of {opened.total:,} {noun(opened.total, 'row')}"


def _matching(opened: OpenTable) -> str:
    """How many match of those that are here so far."""
    if not opened.wanted.strip() or opened.source is None or opened.wanted != opened.narrowed:
        return ""
    shown = opened.source.total or 0
    return f"{shown:,} {'matches' if shown == 1 else 'match'} so far, "
