"""Units of RIoT, on Sessions and on Live: accepted by a person, and told what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.outline_model import Node
from tui.workspace.problems import GivenUp

if TYPE_CHECKING:
    from tui.workspace.live.units import Unit, Units

NONE = (
    "No unit waits and none was accepted. `tockdeck listen riot://0.0.0.0:6000` lets units"
    " connect that are set to `riot server_address HOST 6000`."
)
WITHDRAW = "withdraw"


async def ask_about_units(asker: Asking, serial: str = "") -> str:
    """Which unit, and what of it; its serial number where something was done, or empty.

    `serial` is of the one at hand.
    """
    from tui.workspace.live.units import called, unit_text

    units = asker.workspace.live.units
    found = await units.all()
    if not found:
        asker.flash(NONE, "warn")
        return ""
    nodes = [
        Node(
            one.serial_number,
            called(one),
            detail=unit_text(one),
            mark="●" if one.connected else "",
            role="text" if one.accepted else "warn",
            is_name=True,
        )
        for one in found
    ]
    # Who waits is what a person came for.
    current = found[0].serial_number if not found[0].accepted else serial
    chosen = await asker.ask(Choice("Units", nodes, current=current))
    unit = next((one for one in found if one.serial_number == chosen), None)
    if unit is None:
        return ""
    done = await (_tell if unit.accepted else _accept)(asker, units, unit)
    return unit.serial_number if done else ""


async def _accept(asker: Asking, units: Units, unit: Unit) -> bool:
    serial = unit.serial_number
    sure = await asker.ask(
        Confirm(
            "Accept unit",
            f"Take the data of {serial}? It becomes a device of yours. Whoever reaches the port"
            " can say this number: compare it with the one on your unit.",
            yes="accepts it",
            no="has it wait",
        )
    )
    if sure:
        await units.accept(serial)
        asker.flash(f"{serial} is accepted. {key_for('deck.undo')} takes that back.", "good")
    return bool(sure)


async def _tell(asker: Asking, units: Units, unit: Unit) -> bool:
    from tui.workspace.live.units import COMMANDS, POWER_OFF, answer_text, called, unit_text

    words = {
        "BATTERY_VOLTAGE": "How full is its battery?",
        "GPS ON": "Switch its GPS on",
        "GPS OFF": "Switch its GPS off",
        POWER_OFF: "Switch it off …",
    }
    choices = [
        Node(one, words[one], detail="" if unit.connected else "not connected") for one in COMMANDS
    ]
    choices.append(Node(WITHDRAW, "Accept it no more …", role="muted"))
    chosen = await asker.ask(Choice(called(unit), choices, note=unit_text(unit)))
    if chosen is None:
        return False
    if chosen == WITHDRAW:
        return await _withdraw(asker, units, unit)
    if chosen == POWER_OFF and not await asker.ask(
        Confirm(
            "Power off",
            f"Switch {called(unit)} off?",
            loses="It sends nothing more until somebody presses its button.",
            yes="switches it off",
        )
    ):
        return False
    answer = await asker.wait_for(
        called(unit),
        f"{chosen}: waiting for its answer, ten seconds at most",
        units.command(unit.serial_number, chosen),
        GivenUp("not waited for: the unit has been told, and may do it yet"),
    )
    good = answer.state in ("answered", "gone")
    asker.flash(f"{called(unit)}  {answer_text(answer)}", "good" if good else "warn")
    return True


async def _withdraw(asker: Asking, units: Units, unit: Unit) -> bool:
    from tui.workspace.live.units import called

    sure = await asker.ask(
        Confirm(
            "Accept no more",
            f"Take no more data of {called(unit)}? What it sent stays; it waits to be accepted"
            " again.",
            yes="takes none",
        )
    )
    if sure:
        await units.withdraw(unit.serial_number)
        said = f"{called(unit)} is accepted no more. {key_for('deck.undo')} takes that back."
        asker.flash(said, "good")
    return bool(sure)
