"""What an outline shows: nodes with children that may come later, flattened to lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui.widgets.palette import Role
from tui.workspace.worded import holds


class Node(NamedTuple):
    """One entry: `key` is unique in its outline and stable while the entry moves or changes."""

    key: str
    label: str
    badge: str = ""
    """Short text at the right end of the line, such as a count."""
    detail: str = ""
    """Quiet text after the label, where there is room."""
    role: Role = "text"
    badge_role: Role = "muted"
    mark: str = ""
    """One or two cells before the label, such as ``●`` for what runs."""
    children: Sequence[Node] | None = ()
    """None: there may be some, and they are asked for when the node is opened."""
    open: bool = False
    """Whether it is open when it is first shown."""
    is_name: bool = False
    """Whether a label that has no room is shortened in its middle: names begin alike."""

    @property
    def can_open(self) -> bool:
        """Whether there is, or may be, something under it."""
        return self.children is None or len(self.children) > 0


class Line(NamedTuple):
    """One visible line: a node and how deep it stands."""

    node: Node
    depth: int
    open: bool


class OutlineModel:
    """Nodes by key, which of them are open, and the lines that are visible."""

    def __init__(self, nodes: Iterable[Node] = ()) -> None:
        self._roots: tuple[Node, ...] = ()
        self._open: dict[str, bool] = {}
        self._filter = ""
        self.lines: list[Line] = []
        self.foldable = False
        """Whether any visible node can be opened; a plain list needs no room for fold marks."""
        self.set_nodes(nodes)

    def set_nodes(self, nodes: Iterable[Node]) -> None:
        """Show other nodes; those that were opened or closed by hand stay so."""
        self._roots = tuple(nodes)
        self.flatten()

    def set_children(self, key: str, children: Iterable[Node]) -> None:
        """Give a node its children; nothing happens where the node is gone."""
        new = tuple(children)

        def within(nodes: Sequence[Node]) -> tuple[Node, ...]:
            return tuple(
                node._replace(children=new)
                if node.key == key
                else node._replace(children=within(node.children))
                if node.children
                else node
                for node in nodes
            )

        self._roots = within(self._roots)
        self.flatten()

    def is_open(self, node: Node) -> bool:
        """Whether the node's children are shown."""
        return node.can_open and self._open.get(node.key, node.open)

    def as_open(self, nodes: Iterable[Node]) -> list[Node]:
        """Other roots, as open as those with their keys stand here now."""
        stood = {node.key: self.is_open(node) for node in self._roots if node.can_open}
        return [node._replace(open=stood.get(node.key, node.open)) for node in nodes]

    def set_open(self, node: Node, is_open: bool) -> None:
        """Open or close a node."""
        self._open[node.key] = is_open
        self.flatten()

    def open_above(self, key: str) -> None:
        """Open all that the node with this key stands under."""

        def above(nodes: Sequence[Node]) -> list[Node] | None:
            for node in nodes:
                if node.key == key:
                    return []
                found = above(node.children or ())
                if found is not None:
                    return [node, *found]
            return None

        self._open |= {node.key: True for node in above(self._roots) or ()}
        self.flatten()

    @property
    def filter(self) -> str:
        """The text that the visible nodes are chosen by; empty shows all."""
        return self._filter

    def set_filter(self, text: str) -> None:
        """Show only nodes whose label and detail have every word, and what they stand under."""
        self._filter = text
        self.flatten()

    def matches(self, node: Node) -> bool:
        """Whether the node itself has the words of the filter."""
        return holds(f"{node.label}\n{node.detail}", self._filter)

    @property
    def first_match(self) -> int | None:
        """The first visible line whose node itself has the text, not only something under it."""
        return next((i for i, line in enumerate(self.lines) if self.matches(line.node)), None)

    def flatten(self) -> None:
        """Work out the visible lines."""
        lines: list[Line] = []
        wanted = self._filter.casefold()

        def has_match(node: Node) -> bool:
            return self.matches(node) or any(map(has_match, node.children or ()))

        def add(nodes: Sequence[Node], depth: int, filtering: bool) -> None:
            for node in nodes:
                if not filtering:
                    is_open = self.is_open(node)
                    lines.append(Line(node, depth, is_open))
                    if is_open:
                        add(node.children or (), depth + 1, False)
                elif has_match(node):
                    # Under a node that matches by itself everything may be of interest, but only
                    # what a person had open; under one that does not, the matches are shown.
                    below = any(map(has_match, node.children or ()))
                    is_open = below or self.is_open(node)
                    lines.append(Line(node, depth, is_open))
                    if is_open:
                        add(node.children or (), depth + 1, below)

        add(self._roots, 0, bool(wanted))
        self.lines = lines
        self.foldable = any(line.node.can_open for line in lines)

    def index_of(self, key: str) -> int | None:
        """Which visible line shows the node with this key."""
        return next((i for i, line in enumerate(self.lines) if line.node.key == key), None)

    def parent_index(self, index: int) -> int | None:
        """Which visible line the one at `index` stands under."""
        depth = self.lines[index].depth
        return next((i for i in range(index - 1, -1, -1) if self.lines[i].depth < depth), None)
