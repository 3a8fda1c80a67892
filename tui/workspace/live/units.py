"""Units of RIoT for a person: who waits, what one says to them, and all of it in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import time

from tui.services.errors import Refused
from tui.services.igtimi.units import (
    Unit,
    UnitAnswer,
    accept_unit,
    command_unit,
    list_units,
    withdraw_unit,
)
from tui.words import counted
from tui.workspace.connections.connections import Connections
from tui.workspace.connections.real_boats import beyond_registry, embedded_igtimi
from tui.workspace.text import clean
from tui.workspace.times import age_text

__all__ = [
    "COMMANDS",
    "POWER_OFF",
    "Unit",
    "UnitAnswer",
    "Units",
    "answer_text",
    "called",
    "unit_text",
    "waiting_text",
]

ELSEWHERE = "Igtimi is set up elsewhere: units of RIoT are heard by the embedded one alone"

POWER_OFF = "POWER OFF"
COMMANDS = ("BATTERY_VOLTAGE", "GPS ON", "GPS OFF", POWER_OFF)
"""What a unit understands (reference/riot-ingest.md, 4)."""


@dataclass(frozen=True)
class Step:
    """One unit that a person accepted, or accepts no more, since the deck was opened."""

    time: float
    serial: str
    accepted: bool

    @property
    def title(self) -> str:
        """What was done."""
        return f"Accept unit {clean(self.serial)}{'' if self.accepted else ' no more'}"


@dataclass(frozen=True)
class Undone:
    """A step that was taken back, and when."""

    time: float
    step: Step


class Units:
    """The units of the embedded Igtimi. Every method raises Refused where it is another."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._steps: list[Step] = []
        self._undone: list[Undone] = []

    def last_step(self) -> Step | None:
        """What `undo` would take back."""
        return self._steps[-1] if self._steps else None

    def last_undone(self) -> Undone | None:
        """What `redo` would make again."""
        return self._undone[-1] if self._undone else None

    async def undo(self) -> None:
        """Take back what was done last. Raises as accepting and withdrawing do."""
        step = self._steps[-1]
        await (self._withdraw if step.accepted else self._accept)(step.serial)
        self._steps = [one for one in self._steps if one is not step]
        self._undone.append(Undone(time(), step))

    async def redo(self) -> None:
        """Do again what was taken back last. Raises as accepting and withdrawing do."""
        undone = self._undone[-1]
        await (self._accept if undone.step.accepted else self._withdraw)(undone.step.serial)
        self._undone = [one for one in self._undone if one is not undone]
        self._steps.append(replace(undone.step, time=time()))

    def _done(self, serial: str, *, accepted: bool) -> None:
        self._undone.clear()
        self._steps.append(Step(time(), serial, accepted))

    async def all(self) -> list[Unit]:
        """All of them, those that wait first."""
        client = await embedded_igtimi(self._connections, ELSEWHERE)
        with beyond_registry(ELSEWHERE):
            return await list_units(client)

    async def waiting(self) -> list[str]:
        """Serial numbers of those that wait; none where Igtimi is another."""
        try:
            return [one.serial_number for one in await self.all() if not one.accepted]
        except Refused:
            return []

    async def one(self, serial: str) -> Unit | None:
        """One of them; None where it is none, or Igtimi is another."""
        try:
            return next((one for one in await self.all() if one.serial_number == serial), None)
        except Refused:
            return None

    async def accept(self, serial: str) -> None:
        """Take a unit's data from now on. Raises Refused for what is no unit of one's own."""
        await self._accept(serial)
        self._done(serial, accepted=True)

    async def _accept(self, serial: str) -> None:
        client = await embedded_igtimi(self._connections, ELSEWHERE)
        with beyond_registry(ELSEWHERE):
            await accept_unit(client, serial)

    async def withdraw(self, serial: str) -> None:
        """Take a unit's data no more. Raises NotFound, and Refused where the address lets it in."""
        await self._withdraw(serial)
        self._done(serial, accepted=False)

    async def _withdraw(self, serial: str) -> None:
        await withdraw_unit(await embedded_igtimi(self._connections, ELSEWHERE), serial)

    async def command(self, serial: str, command: str) -> UnitAnswer:
        """Have a unit do something. Raises NotFound, and Refused for no command."""
        client = await embedded_igtimi(self._connections, ELSEWHERE)
        return await command_unit(client, serial, command)


def called(unit: Unit) -> str:
    """A unit by its name and its serial number, which it often is called by."""
    serial = clean(unit.serial_number)
    name = clean(unit.name)
    return serial if name in ("", serial) else f"{name} {serial}"


def unit_text(unit: Unit) -> str:
    """How a unit stands, and what it answered last, in a line."""
    if not unit.accepted:
        parts = ["waits to be accepted", counted(unit.messages, "message")]
    elif unit.connected:
        parts = ["connected", f"heard {age_text(unit.age or 0.0)} ago"]
    else:
        parts = ["not connected"]
    if unit.answer is not None:
        parts.append(answer_text(unit.answer))
    return " · ".join(parts)


def answer_text(answer: UnitAnswer) -> str:
    """What became of a command, with its age, in a line."""
    said = clean(" ".join(answer.text.split()))
    off = answer.command == POWER_OFF
    text = {
        "answered": said,
        "refused": f"refused: {said}" if said else "refused",
        "silent": "no answer within 10 s",
        "absent": "not told, it is not connected",
        "busy": "not told, it has not answered the command before",
        "gone": "it went off" if off else "it hung up before it answered",
    }.get(answer.state, answer.state)
    return f"{clean(answer.command)}: {text} ({age_text(answer.age)} ago)"


def waiting_text(units: Iterable[str], key: str) -> str:
    """That unknown units wait, and which key accepts them; empty where none does."""
    waiting = [clean(one) for one in units]
    if not waiting:
        return ""
    if len(waiting) == 1:
        return f"unit {waiting[0]} waiting: {key} to accept it"
    return f"{counted(len(waiting), 'unit')} waiting: {key} to accept them"
