"""That what Today shows is a sample, in one line at its top."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from tui.spoken_keys import key_for
from tui.widgets.lines import Lines, Paragraph
from tui.workspace.today.sample import SAMPLE, sample_words
from tui.workspace.workspace import Workspace


class SampleLine(Lines):
    """One line while services show the sample, and none else: it says nothing of its own."""

    DEFAULT_CSS = """
    SampleLine { height: 1; padding: 0 2; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(id="sample")
        self._workspace = workspace
        self._services: Sequence[str] = ()
        self._text = ""
        self.display = False

    def look(self) -> None:
        """See which services show the sample now: another program may clear it at any time."""
        self._services = self._workspace.connections.shows_sample()

    def fit(self, width: int, *, spare: bool) -> None:
        """Show the longest wording that the width has room for, where there is a line to spare."""
        self.display = bool(self._services) and spare
        if self.display:
            room = width - self.gutter.width
            words = list(_wordings(self._services))
            text = next((one for one in words if cell_len(one) <= room), words[-1])
            if text != self._text:
                self._text = text
                self.show([Paragraph(text, "muted")])


def _wordings(services: Sequence[str]) -> Iterable[str]:
    """What is said where these services show the sample, from the longest on."""
    words, connects = sample_words(services), f"{key_for('deck.connect')} connects"
    yield f"{words} · {connects} your account · {key_for('deck.help')} keys"
    yield f"{words} · {connects} your account"
    yield f"{SAMPLE} · {connects} your account"
    yield f"{SAMPLE} · {connects}"
    yield SAMPLE
