"""Work in the background of a widget, a screen or the application."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import Worker


def begin_work(
    node: DOMNode,
    work: Callable[[], Coroutine[Any, Any, None]],
    *,
    name: str = "",
    group: str,
    exclusive: bool = False,
) -> Worker[None]:
    """Run a coroutine function in a worker of a node, which ends it at the latest when it goes.

    With `exclusive` it replaces what is at work in the group. It is the function and not its
    coroutine: of a worker that is cancelled before it begins, none is made that nobody awaits.
    """
    worker: Worker[None] = node.run_worker(work, name, group=group, exclusive=exclusive)
    return worker
