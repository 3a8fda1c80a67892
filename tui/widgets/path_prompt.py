"""Asks for a line that tab completes, such as the path of a file, and shows what may come next."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from tui.spoken_keys import key_for
from tui.widget_keys import COMPLETING
from tui.widgets.bindings import bindings_from
from tui.widgets.dialogs import TextPrompt
from tui.widgets.filterline import LineInput
from tui.widgets.lines import Lines, Paragraph
from tui.workspace.text import in_order

MOST_SHOWN = 8
MOST_LOOKED_AT = 5000
"""Names of a folder that are looked through: where it has more, nothing is completed."""


def completed(typed: str) -> tuple[str, list[str]]:
    """What is typed of a path, as far as only one way leads on, and the names that fit; a folder
    ends with its slash. Hidden names fit where a point is typed.
    """
    head, _, part = typed.rpartition("/")
    names: list[str] = []
    try:
        folder = Path(f"{head}/" if "/" in typed else ".").expanduser()
        with os.scandir(folder) as found:
            for place, entry in enumerate(found):
                if place >= MOST_LOOKED_AT:
                    return typed, []
                if entry.name.startswith(part) and (part or not entry.name.startswith(".")):
                    names.append(f"{entry.name}/" if entry.is_dir() else entry.name)
    except (OSError, RuntimeError, ValueError):
        return typed, []
    if not names:
        return typed, []
    first, last = min(names), max(names)
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    common = "".join(letter for letter, _ in alike)
    before = f"{head}/" if "/" in typed else ""
    return f"{before}{common}", sorted(names, key=in_order)


class CompletingPrompt(TextPrompt):
    """One line that tab completes, with what fits below it."""

    def body(self) -> Iterable[Widget]:
        """The line, and the names that fit."""
        yield from super().body()
        self._names = Lines(id="names")
        self._names.display = False
        yield self._names

    def show_names(self, names: Sequence[str], nothing: str) -> None:
        """What fits, where that is more than one; `nothing` is said where nothing does."""
        shown = [Paragraph(name, "muted") for name in names[:MOST_SHOWN]]
        if len(names) > MOST_SHOWN:
            shown.append(Paragraph(f"and {len(names) - MOST_SHOWN:,} more", "muted"))
        if not names:
            shown = [Paragraph(nothing, "warn")]
        self._names.show(shown if len(names) != 1 else [])
        self._names.display = len(names) != 1


class PathPrompt(CompletingPrompt):
    """One line for a path."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(COMPLETING, priority=True)

    _completed = ""
    """What the names that are shown fit."""

    def on_mount(self) -> None:
        """Say the key."""
        super().on_mount()
        self.show_keys(f"{key_for('line.complete')} completes · {self._dialog_keys}")

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Names that fitted what was typed before say nothing of this."""
        if self.query_one(LineInput).value != self._completed:
            self._names.display = False

    def action_complete(self) -> None:
        """As far as only one way leads on; the names that fit, where there are several."""
        line = self.query_one(LineInput)
        text, names = completed(line.value)
        line.value = self._completed = text
        line.cursor_position = len(text)
        self.show_names(names, "Nothing there is called so.")
