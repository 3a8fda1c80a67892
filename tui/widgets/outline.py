"""The outline: a tree or a plain list with fold marks, details and badges, opened on demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.message import Message

from tui.widget_keys import TREE
from tui.widgets.bindings import bindings_from
from tui.widgets.cells import cell_text, clip, clip_figures, fit, name_text
from tui.widgets.outline_model import Node, OutlineModel
from tui.widgets.palette import Palette
from tui.widgets.rows import RowsWidget

FOLDED = "▸ "
UNFOLDED = "▾ "
INDENT = 2
MOST_OF_A_SUM = 14
"""Cells that a badge may have though it is more than half of its line: `BHD 12,345.500`."""
LEAST_LABEL = 10


class Outline(RowsWidget):
    """A tree of `Node`; in a list without children no room is lost to fold marks."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(TREE)

    class _About(Message):
        """A message about one node of one outline."""

        def __init__(self, outline: Outline, node: Node) -> None:
            super().__init__()
            self.outline = outline
            self.node = node

        @property
        def key(self) -> str:
            """The node's key."""
            return self.node.key

        @property
        def control(self) -> Outline:
            """The outline, so that handlers can be chosen by its id."""
            return self.outline

    class Highlighted(_About):
        """The cursor is on another node; of several that wait, the last one counts."""

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor is now matters."""
            return isinstance(message, Outline.Highlighted) and message.outline is self.outline

    class Selected(_About):
        """A person chose a node: enter, or a double click."""

    class Expanded(_About):
        """A node was opened; where its children are None, they are wanted (`set_children`)."""

    class Collapsed(_About):
        """A node was closed."""

    def __init__(
        self,
        nodes: Iterable[Node] | None = None,
        *,
        empty: str = "Nothing here.",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`empty` is said where there are no nodes, and before `set_nodes` only for `()`."""
        super().__init__(empty=empty, id=id, classes=classes)
        self._tells = nodes is not None
        self._model = OutlineModel(nodes or ())
        self._cursor_key = ""

    def on_mount(self) -> None:
        """Tell where the cursor is."""
        self._settle()

    # What is shown.

    @property
    def row_count(self) -> int:
        """How many lines are visible with the present folds and filter."""
        return len(self._model.lines)

    @property
    def node(self) -> Node | None:
        """The node that the cursor is on."""
        lines = self._model.lines
        return lines[self.cursor_row].node if lines else None

    def set_nodes(self, nodes: Iterable[Node], *, same: bool = False) -> None:
        """Show other nodes; cursor and folds stay with their keys.

        `same`: they are of the same thing, so that what was open from the beginning stays so, too.
        """
        self._tells = True
        self._model.set_nodes(self._model.as_open(nodes) if same else nodes)
        self._settle()

    def set_children(self, key: str, children: Iterable[Node]) -> None:
        """Give a node the children that `Expanded` asked for."""
        self._model.set_children(key, children)
        self._settle()

    def set_filter(self, text: str) -> None:
        """Show only what has the text, and what it stands under; empty shows all.

        The cursor goes to the first node that has the text, unless it is on one already: enter
        chooses what was typed, not what it stands under.
        """
        self._model.set_filter(text)
        self._settle()
        node, first = self.node, self._model.first_match
        if text and node is not None and first is not None and not self._model.matches(node):
            self.move_to_row(first)

    @property
    def filter(self) -> str:
        """The text of the filter."""
        return self._model.filter

    def move_to_key(self, key: str) -> bool:
        """Put the cursor on the node with this key; whether it is visible."""
        index = self._model.index_of(key)
        if index is None:
            return False
        self.move_to_row(index)
        return True

    def reveal(self, key: str) -> bool:
        """The same, with all open that the node stands under; whether it is visible then."""
        if self._model.index_of(key) is None:
            self._model.open_above(key)
            self._settle()
        return self.move_to_key(key)

    def _settle(self) -> None:
        """The lines changed: keep the cursor on its node, and tell where that went otherwise."""
        before = self._cursor_key
        place = self._model.index_of(before) if before else None
        self.reset_rows(self.cursor_row if place is None else place)
        node = self.node
        self._cursor_key = "" if node is None else node.key
        if node is not None and node.key != before:
            self.post_message(self.Highlighted(self, node))

    # What a person does.

    def cursor_moved(self) -> None:
        """Remember the node and tell."""
        node = self.node
        if node is not None:
            self._cursor_key = node.key
            self.post_message(self.Highlighted(self, node))

    def row_chosen(self) -> None:
        """Tell that the node was chosen."""
        node = self.node
        if node is not None:
            self.post_message(self.Selected(self, node))

    def _open(self, node: Node, is_open: bool) -> None:
        self._model.set_open(node, is_open)
        self._settle()
        self.post_message((self.Expanded if is_open else self.Collapsed)(self, node))

    def action_toggle_fold(self) -> None:
        """Open or close the node."""
        node = self.node
        if node is not None and node.can_open:
            self._open(node, not self._model.lines[self.cursor_row].open)

    def action_unfold(self) -> None:
        """Open the node, or go to its first child."""
        node = self.node
        if node is None or not node.can_open:
            return
        if not self._model.lines[self.cursor_row].open:
            self._open(node, True)
        elif node.children:
            self.move_to_row(self.cursor_row + 1)

    def action_fold(self) -> None:
        """Close the node, or go to what it stands under."""
        node = self.node
        if node is None:
            return
        if self._model.lines[self.cursor_row].open:
            self._open(node, False)
            return
        parent = self._model.parent_index(self.cursor_row)
        if parent is not None:
            self.move_to_row(parent)

    # Drawing.

    def render_line_text(self, index: int) -> tuple[str, str]:
        """The indentation with its fold mark, and the label of one line."""
        line = self._model.lines[index]
        fold = ""
        if self._model.foldable:
            fold = "  " if not line.node.can_open else UNFOLDED if line.open else FOLDED
        return " " * (INDENT * line.depth) + fold, line.node.label

    def text_begins(self) -> int:
        """Behind the indentation and the fold mark."""
        if self.cursor_row >= self.row_count:
            return 0
        return cell_len(self.render_line_text(self.cursor_row)[0])

    def render_row(
        self, index: int, width: int, ground: Mapping[str, Style], palette: Palette
    ) -> list[Segment]:
        """Indentation, fold mark, mark, label, detail; the badge at the right end."""
        del palette
        node = self._model.lines[index].node
        before, label = self.render_line_text(index)
        # An amount in a currency is told where half of a narrow list has no room for it.
        most = max(width // 2, min(MOST_OF_A_SUM, width - LEAST_LABEL))
        badge = clip_figures(cell_text(node.badge, most), most)
        room = max(0, width - (cell_len(badge) + 1 if badge else 0))
        mark = clip(cell_text(node.mark, 2), 2)
        mark = mark + " " if mark else ""
        before = clip(before, room)
        left = room - cell_len(before) - cell_len(mark)
        if left <= 0:
            segments = [Segment(fit(before + mark, room), ground["muted"])]
        else:
            cut = name_text if node.is_name else _cut
            shown = cut(label, left)
            left -= cell_len(shown)
            detail = ""
            if node.detail and left > 4:
                detail = "  " + clip(cell_text(node.detail, left), left - 2)
            segments = [Segment(before, ground["muted"])] if before else []
            if mark:
                segments.append(Segment(mark, ground[node.badge_role]))
            segments.append(Segment(shown, ground[node.role]))
            segments.append(Segment(fit(detail, left), ground["muted"]))
        if badge:
            segments.append(Segment(" " + badge, ground[node.badge_role]))
        return segments


def _cut(label: str, width: int) -> str:
    return clip(cell_text(label, width), width)
