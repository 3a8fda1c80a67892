"""What Today shows as lines, and how the height is shared out among its panes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from tui.widgets.outline_model import Node
from tui.widgets.running_clock import RunningClock
from tui.workspace.invoices.amounts import money, total
from tui.workspace.invoices.due import days_late, meant_day_text
from tui.workspace.times import clock, moment_text

if TYPE_CHECKING:
    from tui.workspace.today import Item, Items, Part

MARKS = {"running": "●", "overdue": "!", "unread": "✉", "": "", "due": ""}


class TodayClock(RunningClock, can_focus=True):
    """The running clock as a pane of its own: it takes the focus so that enter goes there."""

    IDLE = "Nothing is running. s goes on with what ran last."

    class Chosen(Message):
        """A person clicked twice."""

    def on_click(self, event: events.Click) -> None:
        """A second click chooses, as in a list."""
        if event.chain == 2:
            self.post_message(self.Chosen())


def nodes_of(part: Part, found: Items, zone: tzinfo, sign: str) -> list[Node]:
    """A part's lines; where one has a mark the others stand in as far."""
    nodes = [_node(part, one, zone, sign) for one in found.items]
    if any(node.mark for node in nodes):
        return [node if node.mark else node._replace(mark=" ") for node in nodes]
    return nodes


def _node(part: Part, item: Item, zone: tzinfo, sign: str) -> Node:
    """A line with its mark, badge and detail. Moments are absolute: they stay true."""
    now = datetime.now(UTC)
    mark = MARKS[item.state]
    if part == "books":
        return Node(
            item.key, item.title, str(item.count or ""), item.detail, "text", "accent", mark
        )
    if part == "invoices":
        late = days_late(item.when, zone, now) > 0
        mark = MARKS["overdue" if late else "due"]
        details = " · ".join(part for part in (_due(item, zone, now), item.detail) if part)
        amount = money(item.amount or Decimal(), sign)
        return Node(
            item.key, item.title, amount, details, "text", "bad" if late else "number", mark
        )
    begun = item.when is not None and item.when <= now
    if begun and (item.until is None or now < item.until):
        until = _until(item.until, zone, now) if item.until else "goes on"
        return Node(item.key, item.title, until, item.detail, "text", "good", "●")
    when = moment_text(item.when, zone, now) if item.when else ""
    return Node(item.key, item.title, when, item.detail, "text", "muted", mark)


def _until(moment: datetime, zone: tzinfo, now: datetime) -> str:
    today = _day(moment, zone) == _day(now, zone)
    return f"until {clock(moment, zone) if today else moment_text(moment, zone, now)}"


def _due(item: Item, zone: tzinfo, now: datetime) -> str:
    if item.when is None:
        return ""
    if late := days_late(item.when, zone, now):
        return f"{late} d overdue"
    return f"due {meant_day_text(item.when, zone, now)}"


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def note_of(found: Items, sign: str) -> str:
    """How many there are, and of money how much."""
    shown = len(found.items)
    count = f"{shown} of {found.total:,}" if shown < found.total else f"{shown}" if shown else ""
    if found.amount and shown == found.total:
        amount = f"{total((one.amount or Decimal() for one in found.items), sign)} · "
    else:
        amount = f"{money(found.amount, sign)} · " if found.amount else ""
    return f"{amount}{count}"


def share_out(wanted: Sequence[int], room: int, least: int = 2) -> list[int]:
    """Heights of panes in one column: each what it wants, or a fair share; the last the rest.

    The room of those that want little goes to those that want more; where there is enough for
    all, a free line stands between them.
    """
    if sum(wanted) + len(wanted) <= room:
        wanted = [lines + 1 for lines in wanted]
    heights = [0] * len(wanted)
    left = room
    open_ones = sorted(range(len(wanted)), key=lambda index: wanted[index])
    for place, index in enumerate(open_ones):
        fair = left // (len(open_ones) - place)
        heights[index] = max(least, min(wanted[index], fair))
        left -= heights[index]
    if left > 0:
        heights[-1] += left
    return heights
