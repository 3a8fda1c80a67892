"""What blocks come to, for tests that have no pieces of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from tui.services.trackmypeople import Block
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.pieces import cut
from tui.workspace.timers.reckoning.rounding import EXACT, Rounding
from tui.workspace.timers.reckoning.tally import Tally, tally


def tally_of(
    blocks: Iterable[Block], where: tzinfo, span: Span | None = None, rounding: Rounding = EXACT
) -> Tally:
    """By tracker and day. Raises TimeTextError outside the calendar."""
    return tally(cut(blocks, where, span), rounding)
