"""What becomes of lines that are entered: as they are begun, and once they are settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from tui.services.errors import OutcomeUnknown, ServiceError
from tui.store.changes import Change
from tui.workspace.changes.errors import Waiting
from tui.workspace.changes.history import Became
from tui.workspace.timesheet.entered import Entered
from tui.workspace.timesheet.plan import Line
from tui.workspace.timesheet.targets import Target


@dataclass
class Outcome:
    """What became of entering."""

    entered: list[tuple[Line, int]] = field(default_factory=list)
    """Each with the id of its entry."""
    waiting: list[Line] = field(default_factory=list)
    """Kept, and sent when the way is open."""
    refused: list[tuple[Line, str]] = field(default_factory=list)
    """What the service did not take, in its words."""
    unknown: list[tuple[Line, str]] = field(default_factory=list)
    """What was sent, and nobody knows whether it was made."""
    meanwhile: list[Line] = field(default_factory=list)
    """What somebody else, as another machine, has entered since it was looked at."""

    @property
    def whole(self) -> bool:
        """Whether all of it was entered."""
        return not (self.waiting or self.refused or self.unknown or self.meanwhile)


def became_of(entered: Entered, change: Change) -> Entered | None:
    """What was entered, by what became of its change; None where it was not made after all."""
    if change.state in ("undone", "refused", "dropped"):
        return None
    number = change.answer.get("id")
    return replace(entered, entry=number) if change.state == "done" and number else entered


def begun_of(wanted: Sequence[tuple[Line, Target]], begun: Sequence[Change]) -> dict[str, Entered]:
    """What is about to be entered, by the block's id."""
    return {
        str(line.block.id): Entered(
            change.id,
            target.task_id,
            line.start,
            line.block.time_out or line.stop,
            line.block.description,
        )
        for (line, target), change in zip(wanted, begun, strict=True)
    }


def settled_of(
    wanted: Sequence[tuple[Line, Target]], found: Sequence[Became]
) -> dict[str, Entered | None]:
    """What was entered, by the block's id, by what became of it; None where it was not made."""
    book = begun_of(wanted, [one.change for one in found])
    return {
        block: became_of(entered, one.change)
        for (block, entered), one in zip(book.items(), found, strict=True)
    }


def sort_out(outcome: Outcome, lines: Sequence[Line], found: Sequence[Became]) -> None:
    """Note in `outcome` what became of each of these lines."""
    for line, (change, error) in zip(lines, found, strict=True):
        number = change.answer.get("id")
        if isinstance(error, Waiting) or (error is None and change.state != "done"):
            outcome.waiting.append(line)
        elif isinstance(error, OutcomeUnknown):
            outcome.unknown.append((line, error.message))
        elif isinstance(error, ServiceError):
            outcome.refused.append((line, error.message))
        else:
            outcome.entered.append((line, int(number or 0)))
