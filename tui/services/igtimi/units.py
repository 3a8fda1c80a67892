"""Units of RIoT at the embedded Igtimi: who waits, who is accepted, what they are told to do.

Calls that only the embedded Igtimi has, as those of its sources.
"""

from __future__ import annotations

from tui.services.igtimi.client import Igtimi
from tui.services.igtimi.dialect import single
from tui.services.left_out import operating
from tui.services.reading import Record, read
from tui.services.wire import segment

_ALL = "/local/units"


class UnitAnswer(Record, frozen=True, kw_only=True):
    """What became of a command, `age` seconds ago.

    `state`: answered, refused, silent (no answer within ten seconds), gone (it hung up), absent
    (not connected, and so not told) or busy (it has not answered the command before).
    """

    command: str
    state: str
    text: str = ""
    age: float


class Unit(Record, frozen=True, kw_only=True):
    """A unit that waits or was accepted; `age` is seconds since it said something."""

    serial_number: str
    name: str = ""
    accepted: bool
    connected: bool
    age: float | None = None
    messages: int = 0
    answer: UnitAnswer | None = None


class _Units(Record, frozen=True, kw_only=True):
    units: list[Unit]


async def list_units(client: Igtimi) -> list[Unit]:
    """All units, those that wait first. Raises what a transport raises."""
    with operating():
        return read(_Units, await client.json("GET", _ALL)).units


async def accept_unit(client: Igtimi, serial: str) -> None:
    """Take a unit's data from now on. Raises Refused for what is no unit of one's own."""
    with operating():
        await client.done("POST", f"{_ALL}/{segment(serial)}")


async def withdraw_unit(client: Igtimi, serial: str) -> None:
    """Take a unit's data no more. Raises NotFound, Refused with the reason."""
    with operating():
        await client.done("DELETE", f"{_ALL}/{segment(serial)}")


async def command_unit(client: Igtimi, serial: str, command: str) -> UnitAnswer:
    """Have a unit do something; its answer. Raises NotFound, Refused for no command."""
    with operating():
        answer = await client.json(
            "POST", f"{_ALL}/{segment(serial)}/commands", form={"command": command}
        )
        return single(UnitAnswer, answer, "answer")
