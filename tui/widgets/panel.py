"""A pane of a screen: a title line, its content, and in its place what is to be said instead.

Loading, empty, error and stale are shown where the content would be, so that the rest of the
screen stays as it is and nothing pops up.
"""

from __future__ import annotations

from functools import cached_property
from math import inf
from time import monotonic
from typing import ClassVar, Literal

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui.spoken_keys import key_for
from tui.widget_keys import PANE
from tui.widgets.bar import Piece, one_line, strip_of
from tui.widgets.bindings import bindings_from
from tui.widgets.boxes import Box, filtered
from tui.widgets.cells import ELLIPSIS, cell_text, clip_figures
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.palette import palette_of
from tui.widgets.rows import CURSOR_MARK

LEAST_SENTENCE = 40
"""Cells of a title line in which it is said in words that there are other panes."""
State = Literal["content", "loading", "empty", "error"]


class StateView(Widget, can_focus=True):
    """What stands in the place of the content; it takes the focus so that its keys work."""

    DEFAULT_CSS = """
    StateView { height: 1fr; width: 1fr; padding: 1 2; background: $background; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines = Lines()

    def compose(self) -> ComposeResult:
        """The text."""
        yield self.lines


class Panel(Box):
    """One pane around one content widget.

    Its title stands on a thin line; a mark and a bold title where the focus is within.
    """

    DEFAULT_CSS = """
    Panel { layout: vertical; height: 1fr; width: 1fr; padding-top: 1; background: $background; }
    Panel > .age { padding-right: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(PANE)

    class _About(Message):
        """A message about one panel."""

        def __init__(self, panel: Panel) -> None:
            super().__init__()
            self.panel = panel

        @property
        def control(self) -> Panel:
            """The panel, so that handlers can be chosen by its id."""
            return self.panel

    class RetryWanted(_About):
        """A person wants to try again what failed (r)."""

    class GiveUpWanted(_About):
        """A person does not want to wait any longer (esc)."""

    class Awaited(_About):
        """It begins to load: what was known of its content is not known until then."""

    class Filled(_About):
        """What it began to load is here, or it says why not."""

    def __init__(
        self,
        content: Widget,
        title: str = "",
        *,
        note: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.content = content
        self._title, self._note, self._age = title, note, ""
        self._among: tuple[int, int] | None = None
        self._title_marked = self._is_busy = False
        self._state: State = "content"
        self.loads_since = -inf
        """When (`monotonic`) its first content began to load; minus infinity where none does."""
        self._soon: Timer | None = None
        """Says that something loads, unless it is here before."""
        self._is_stale = False
        self._may_repeat = True
        self._focused_before: Widget | None = None

    def compose(self) -> ComposeResult:
        """The content, what may take its place, and a line that says how old it is."""
        yield self.content
        # What is not needed yet is not made: a screen of five panes starts with fewer widgets.
        if not self.content.display:
            yield self._view
        if self._is_stale:
            yield self._stale

    @cached_property
    def _view(self) -> StateView:
        return StateView()

    @cached_property
    def _stale(self) -> Lines:
        return Lines(classes="age")

    @property
    def state(self) -> State:
        """What is shown."""
        return self._state

    @property
    def title(self) -> str:
        """What is written on its line at the left."""
        return self._title

    @property
    def is_stale(self) -> bool:
        """Whether the content is said to be old, or not whole."""
        return self._is_stale

    def show_title(self, title: str, note: str = "", age: str = "") -> None:
        """Title at the left, note (such as ``12 of 431``) at the right, with how old that is
        (such as ``as of 14:02``) behind it, which is told whole where both others are cut.
        """
        if (title, note, age) != (self._title, self._note, self._age):
            self._title, self._note, self._age = title, note, age
            self._refresh_title()

    def show_note(self, note: str) -> None:
        """Another note beside the same title."""
        self.show_title(self._title, note)

    def show_among(self, place: int, count: int) -> None:
        """Say in the title which of so many panes it is that stand in one another's place, from 1;
        a single one is none of several."""
        among = (place, count) if count > 1 else None
        if among != self._among:
            self._among = among
            self._refresh_title()

    def _refresh_title(self) -> None:
        # Counted from the content, which begins below it.
        self.refresh(Region(0, -1, self.size.width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The title, and the background below it."""
        lines = super().render_lines(crop)
        if lines and crop.y == 0:
            lines[0] = filtered(self, self.render_line(0).crop(crop.x, crop.right))
        return lines

    def render_line(self, y: int) -> Strip:
        """Mark, title, line, note; nothing below."""
        width, palette = self.size.width, palette_of(self.app)
        ground = palette.plain["text"]
        if y:
            return Strip.blank(width, ground)
        among = self._which_of(width)
        # Whatever there is no room for, that there are other panes is told.
        room = width - sum(cell_len(text) + 3 for text in (among, self._age) if text)
        title = one_line(self._title, max(0, room - 6))
        words = f"… {self._note}".rstrip() if self._is_busy else self._note
        crowded = self._age and cell_len(title) + cell_len(words) + 8 > room
        if words and (crowded or title.endswith(ELLIPSIS)):
            # A title that is cut all the same gives way: what it is about is still told, and so
            # is how much of it there is.
            least = max(8, room // 3) if crowded else room // 2
            title = one_line(self._title, max(least, room - 8 - cell_len(words)))
        words = clip_figures(cell_text(words, room), max(0, room - cell_len(title) - 8))
        note = " · ".join(filter(None, (among, words, self._age)))
        rule = palette.plain["line"]
        if self._title_marked:
            bold = palette.bar_key.without_color + palette.plain["primary"]
            left = [Piece(CURSOR_MARK, palette.plain["primary"]), Piece(f"{title} ", bold)]
        else:
            left = [Piece("─", rule), Piece(f"{title} ", palette.plain["title"])]
        tail = [Piece(f" {note} ─", palette.plain["muted"])] if note else []
        used = sum(cell_len(piece.text) for piece in [*left, *tail])
        left.append(Piece("─" * max(0, width - used), rule))
        return strip_of(left, tail, width, ground)[0]

    def _which_of(self, width: int) -> str:
        if self._among is None:
            return ""
        place, count = self._among
        in_words = f"{place} of {count}, tab goes on"
        return in_words if width >= LEAST_SENTENCE else f"{place}/{count}"

    def show_busy(self, busy: bool) -> None:
        """Say beside the title, with an ellipsis, that the content is being read anew."""
        if busy != self._is_busy:
            self._is_busy = busy
            self._refresh_title()

    def show_content(self) -> None:
        """Show the content, and nothing about its age."""
        self._show("content", [])
        self._hide_age()

    def show_loading(self, what: str, *, after: float = 0.0) -> None:
        """Say what is being loaded; esc gives it up.

        It is the state at once. What stood there gives way to the words `after` so many seconds,
        where nothing else was shown by then: the content that comes at once is painted once.
        """
        lines = [
            Paragraph(f"… {what}"),
            Paragraph(f"{key_for('pane.give_up')} gives up", "muted", 2),
        ]
        if after and self.content.display:

            def say() -> None:
                # It may be on its way when something else is shown.
                if self._soon is timer:
                    self._soon = None
                    self._show("loading", lines)

            self._enter("loading")
            self._soon = timer = self.set_timer(after, say)
        else:
            self._show("loading", lines)

    def show_empty(self, text: str, hint: str = "") -> None:
        """Say that there is nothing, and what a person can do about it."""
        lines = [Paragraph(text, "muted")]
        if hint:
            lines.append(Paragraph(hint, "text"))
        self._show("empty", lines)

    def show_error(
        self, happened: str, kept: str = "", next_step: str = "", *, again: bool = True
    ) -> None:
        """Say what happened, what was kept, and what to do; r tries `again`, where it may."""
        lines = [Paragraph(f"✗ {happened}", "bad")]
        if kept:
            lines.append(Paragraph(kept, "text", indent=2))
        if next_step:
            lines.append(Paragraph(next_step, "text", indent=2))
        self._may_repeat = again
        if again:
            lines.append(Paragraph(f"{key_for('pane.retry')} tries again", "muted", indent=2))
        self._show("error", lines)

    def show_stale(self, text: str) -> None:
        """Show the content and say how old it is, such as ``as of 14:02, offline``."""
        self._show("content", [])
        self._say_above(f"◷ {text}")

    def show_partial(self, text: str) -> None:
        """Say of the content that something is not in it, until it is read anew."""
        self._say_above(f"◌ {text}")

    def _say_above(self, text: str) -> None:
        self._need(self._stale)
        self._stale.show([Paragraph(text, "warn", 1, f"{key_for('pane.retry')} tries again")])
        self._stale.display = self._is_stale = True

    def _need(self, widget: Widget) -> None:
        """Mount what takes the content's place, the first time that it does."""
        if widget.parent is None and self.is_attached:
            self.mount(widget)

    def _enter(self, state: State) -> None:
        """Be in a state from now on; what was to be shown of another one is not shown any more."""
        if self._soon is not None:
            self._soon.stop()
            self._soon = None
        if state != "loading":
            self.loads_since = -inf
            if self._state == "loading":
                self.post_message(self.Filled(self))
        elif self._state != state:
            self.loads_since = monotonic()
            self.post_message(self.Awaited(self))
        self._state = state

    def _show(self, state: State, lines: list[Paragraph]) -> None:
        instead = state != "content"
        self._enter(state)
        # The focus is moved at once: what was hidden meanwhile would take it and lose it.
        if instead:
            # Not from what stays in sight, such as the line that is typed into: the letters that
            # follow would be commands.
            focused = self.screen.focused if self.content.has_focus_within else None
            self._need(self._view)
            self._view.lines.show(lines)
            self._hide_age()
            self._view.display = True
            if focused is not None:
                self._focused_before = focused
                self.screen.set_focus(self._view)
            self.content.display = False
        elif not self.content.display:
            self.content.display = True
            if self.is_attached and self.screen.focused is self._view:
                self._give_back()
            self._focused_before = None
            self._view.display = False

    def _give_back(self) -> None:
        """Give the focus to the content again; where that takes none, to what comes next."""
        before = self._focused_before
        if before is not None and before.is_attached and before.focusable:
            self.screen.set_focus(before)
        elif self.content.focusable:
            self.screen.set_focus(self.content)
        else:
            self.screen.focus_next()

    def instead_of(self, widget: Widget) -> Widget:
        """Who takes the focus that a widget in this panel is told to take.

        What is hidden behind a state cannot have it: the state has it until the content is shown.
        """
        if isinstance(widget, StateView) and widget.parent is self:
            return self.content if self._state == "content" or self._soon is not None else widget
        hidden = not self.content.display and self.content in widget.ancestors_with_self
        if not hidden or self._view.parent is None:
            return widget
        self._focused_before = widget
        return self._view

    def _hide_age(self) -> None:
        if self._is_stale:
            self._stale.display = self._is_stale = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of a state are free for others in every other state."""
        del parameters
        if action == "retry":
            return (self._state == "error" and self._may_repeat) or self._is_stale
        if action == "give_up":
            return self._state == "loading"
        return True

    def action_retry(self) -> None:
        """Tell that the person wants to try again."""
        self.post_message(self.RetryWanted(self))

    def action_give_up(self) -> None:
        """Tell that the person does not want to wait."""
        self.post_message(self.GiveUpWanted(self))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Mark the title."""
        del event
        self._mark_title(self.has_focus_within)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Unmark the title, unless the focus has only moved on within: the news of that may
        come before this."""
        del event
        self._mark_title(self.has_focus_within)

    def _mark_title(self, focused: bool) -> None:
        if self._title_marked != focused:
            self._title_marked = focused
            self._refresh_title()
