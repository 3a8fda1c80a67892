"""A change in full, as paragraphs and as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from tui.spoken_keys import key_for
from tui.widgets.lines import Paragraph
from tui.widgets.palette import Role
from tui.workspace.changes.history import Change, State
from tui.workspace.changes.plans import Plan
from tui.workspace.changes.words import field_text, state_text, value_text
from tui.workspace.problems import SERVICE_TITLES
from tui.workspace.times import whole_text

ROLES: Mapping[State, Role] = {
    "waiting": "warn", "sending": "warn", "unknown": "warn", "done": "good", "refused": "bad",
    "undone": "muted", "dropped": "muted",
}  # fmt: skip


def entry_paragraphs(
    change: Change, plan: Plan | None, advice: str, zone: tzinfo
) -> list[Paragraph]:
    """All that is known: `plan` is what undo would do, `advice` what to look at first."""
    lines = [Paragraph(change.title, "title"), Paragraph("")]

    def say(name: str, text: str, role: Role = "text") -> None:
        if text:
            lines.append(Paragraph(f"{name:<11}{text}", role))

    say("State", state_text(change), ROLES[change.state])
    say("", change.reason, "warn" if change.is_open else "muted")
    if advice and advice != change.reason:
        say("Look", advice, "warn")
    say("Begun", whole_text(change.time, zone))
    if change.settled is not None:
        say("Settled", whole_text(change.settled, zone))
    say("Service", SERVICE_TITLES.get(change.service, change.service))
    say("Account", change.owner)
    say("Operation", change.operation)
    say("Record", change.record)
    if change.undoes or change.redoes:
        say("Of", f"it takes back {change.undoes}" if change.undoes else
            f"it makes {change.redoes} again")  # fmt: skip
    say("Needs", f"{change.needs} to be made first" if change.needs else "")
    say("Left out", ", ".join(change.hidden), "muted")
    say("Number", change.id, "muted")
    lines += _fields(change, zone)
    others = {name: one for name, one in change.arguments.items() if name not in change.wanted}
    if others:
        lines += [Paragraph(""), Paragraph("Arguments", "title")]
        lines += [_pair(name, _named(value, change), zone) for name, value in others.items()]
    lines += [Paragraph(""), Paragraph("Undo", "title"), *_undo(change, plan)]
    return lines


def entry_text(change: Change, plan: Plan | None, advice: str, zone: tzinfo) -> str:
    """The same as one text."""
    paragraphs = entry_paragraphs(change, plan, advice, zone)
    return "\n".join(" " * one.indent + one.text for one in paragraphs)


def _fields(change: Change, zone: tzinfo) -> list[Paragraph]:
    """The fields as they were read and as they are wanted; theirs, where it is a conflict."""
    lines: list[Paragraph] = []
    before = change.before or {}
    for name, value in change.wanted.items():
        lines.append(Paragraph(field_text(name, change.field_names), "muted", 2))
        if change.before is not None:
            lines.append(Paragraph(f"was     {value_text(before.get(name), zone)}", indent=4))
        if change.theirs is not None and name in change.theirs:
            theirs = value_text(change.theirs[name], zone)
            lines.append(Paragraph(f"theirs  {theirs}", "warn", 4))
        lines.append(Paragraph(f"wanted  {value_text(value, zone)}", indent=4))
    return [Paragraph(""), Paragraph("Fields", "title"), *lines] if lines else []


def _named(value: Any, change: Change) -> Any:
    """An argument with its fields by what they are called, where it has any."""
    if not change.field_names or not isinstance(value, Mapping):
        return value
    return {field_text(name, change.field_names): one for name, one in value.items()}


def _pair(name: str, value: Any, zone: tzinfo) -> Paragraph:
    return Paragraph(f"{field_text(name)}: {value_text(value, zone)}", indent=2)


def _undo(change: Change, plan: Plan | None) -> list[Paragraph]:
    """What taking it back would do, or why it cannot be."""
    if change.undoes or change.redoes:
        return [
            Paragraph(
                (
                    f"{key_for('deck.undo')} and {key_for('deck.redo')} go back and "
                    "forth over what it was made of."
                ),
                "muted",
                2,
            )
        ]
    if change.state == "waiting":
        return [Paragraph("It is not sent then.", indent=2)]
    if change.state not in ("done", "unknown", "sending"):
        return [
            Paragraph(f"There is nothing to take back: it is {state_text(change)}.", "muted", 2)
        ]
    if plan is None:
        return []
    if plan.cannot:
        return [Paragraph(plan.cannot, "warn", 2)]
    lines: list[Paragraph] = []
    for one in plan.changes:
        step = one.inverse
        if step is not None:
            lines.append(Paragraph(step.title or f"{step.operation} puts it back", indent=2))
    if plan.inexact:
        lines.append(Paragraph(plan.inexact, "warn", 2))
    if change.passed:
        lines.append(
            Paragraph(
                (
                    f"{key_for('deck.undo')} passes it over: "
                    f"{key_for('changes.take_back')} takes it back all the same."
                ),
                "muted",
                2,
            )
        )
    return lines
