"""Questions about devices, groups and access: register, rename, share, join, leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui.screens.asking import Asking
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice, Confirm, TextPrompt
from tui.widgets.form_checks import ends_after_start
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.words import in_brief
from tui.workspace.problems import EXPECTED
from tui.workspace.times import moment_text

if TYPE_CHECKING:
    from datetime import datetime

    from tui.workspace.sessions.fleet import Device, Fleet, Group, GroupFound, Recipient

ALREADY_IN = "Everybody that the account knows is in this group."


async def register_device(asker: Asking, fleet: Fleet) -> str | None:
    """Serial number and tag; the serial number of what was registered."""
    done: list[str] = []

    async def register(values: Mapping[str, Any]) -> str:
        await fleet.register(values["serial"], values["tag"])
        done.append(values["serial"])
        return f"{values['serial']} is yours. {key_for('deck.undo')} gives it back."

    fields = [
        FormField("serial", "Serial number", required=True, limit=64),
        FormField("tag", "Service tag", required=True, limit=64, help="Printed on the device."),
    ]
    if await asker.ask_form("sessions.register", "Register a device", fields, register):
        return done[-1] if done else None
    return None


async def rename_device(asker: Asking, fleet: Fleet, device: Device) -> bool:
    """Another name for a device."""
    name = await asker.ask(
        TextPrompt(
            f"Name of {device.serial_number}",
            value=device.name or "",
            check=lambda text: None if text.strip() else "A device needs a name.",
        )
    )
    if name is None or name.strip() == device.name:
        return False
    await fleet.rename_device(device, name.strip())
    back = f" {key_for('deck.undo')} gives it the old name." if device.name else ""
    asker.flash(f"{device.serial_number} is called {in_brief(name)}.{back}", "good")
    return True


async def unregister_device(asker: Asking, fleet: Fleet, device: Device) -> bool:
    """Give a device up."""
    name = in_brief(device.name or device.serial_number)
    sure = await asker.ask(
        Confirm(
            "Give up device",
            f"Give up {name}?",
            loses="Having it back needs the tag that is printed on it.",
            yes="Give up",
        )
    )
    if sure:
        await fleet.unregister(device)
        asker.flash(f"{name} is not yours any more.", "good")
    return bool(sure)


async def create_group(asker: Asking, fleet: Fleet) -> int | None:
    """A name; the id of what was made."""
    name = await asker.ask(
        TextPrompt(
            "New group",
            label="Name",
            check=lambda text: None if text.strip() else "A group needs a name.",
        )
    )
    if name is None:
        return None
    made = await fleet.create_group(name.strip())
    asker.flash(f"Made group {in_brief(name)}. {key_for('deck.undo')} deletes it again.", "good")
    return made


async def delete_group(asker: Asking, fleet: Fleet, group: Group) -> bool:
    """Delete a group."""
    sure = await asker.ask(
        Confirm(
            "Delete group",
            f"Delete {in_brief(group.name)}?",
            loses="Its members see nothing through it any more; nobody can bring it back.",
            yes="Delete",
        )
    )
    if sure:
        await fleet.delete_group(group)
        asker.flash(f"Deleted group {in_brief(group.name)}.", "good")
    return bool(sure)


async def add_member(asker: Asking, fleet: Fleet, found: GroupFound) -> bool:
    """Somebody of those that the account knows who is not in the group yet."""
    there = {
        ("user", one.user.id) if one.user else ("group", one.group.id if one.group else 0)
        for one, _ in found.members
    }
    free = [
        one
        for one in await fleet.recipients()
        if (one.kind, one.id) not in there | {("group", found.group.id)}
    ]
    chosen = await asker.ask(
        Choice(f"Into {in_brief(found.group.name)}", list(map(_node, free)), empty=ALREADY_IN)
    )
    member = _of(free, chosen)
    if member is None:
        return False
    await fleet.add_member(found.group, member)
    asker.flash(
        f"{in_brief(member.name)} is in {in_brief(found.group.name)}. "
        f"{key_for('deck.undo')} takes them out.",
        "good",
    )
    return True


async def remove_member(asker: Asking, fleet: Fleet, found: GroupFound, place: int) -> bool:
    """Take a member out of a group; undo puts it back, so that nothing is asked."""
    member, name = found.members[place]
    if member.public:
        asker.flash("Everybody is in this group: it is public.", "warn")
        return False
    await fleet.remove_member(found.group, member, name)
    asker.flash(
        f"{in_brief(name)} is not in {in_brief(found.group.name)} any more. "
        f"{key_for('deck.undo')} puts them back.",
        "good",
    )
    return True


def _node(one: Recipient) -> Node:
    return Node(f"{one.kind}:{one.id}", one.name, detail=one.kind, is_name=True)


def _of(recipients: list[Recipient], key: str | None) -> Recipient | None:
    return next((one for one in recipients if f"{one.kind}:{one.id}" == key), None)


async def give_access(asker: Asking, fleet: Fleet, serial: str = "") -> bool:
    """Whose data, for whom, from when to when; asks again, since it cannot be taken back."""
    from tui.workspace.sessions.fleet import FOR_EVER

    devices = [one for one in await fleet.devices() if one.permissions.modify]
    if not devices:
        asker.flash("There is no device whose data you may share.", "warn")
        return False
    recipients = await fleet.recipients()
    typed: dict[str, Any] = {"serial": serial or devices[0].serial_number}

    async def keep(values: Mapping[str, Any]) -> str:
        typed.update(values)
        return ""

    def until(end: datetime | None) -> str:
        return moment_text(end, asker.workspace.zone) if end is not None else "for ever"

    while True:
        fields = [
            FormField(
                "serial", "Device", "choice", required=True, default=typed["serial"],
                choices=[(one.serial_number, one.name or one.serial_number) for one in devices],
            ),
            FormField(
                "recipient", "For", "choice", required=True, default=typed.get("recipient"),
                choices=[(f"{one.kind}:{one.id}", f"{one.name} · {one.kind}")
                         for one in recipients],
            ),
            FormField("start", "From", "datetime", required=True, until="end",
                      default=typed.get("start", "today")),
            FormField("end", "To", "datetime", default=typed.get("end"), help="Empty: for ever."),
            FormField("modify", "May share it", "boolean", default=typed.get("modify", False),
                      help="Whether they may give access to others."),
        ]  # fmt: skip
        if not await asker.ask_form(
            "sessions.access", "New access window", fields, keep,
            save="Go on", check=ends_after_start,
            intro="Lets somebody see a stretch of a device's data. It cannot be taken back.",
        ):  # fmt: skip
            return False
        recipient = _of(recipients, typed["recipient"])
        if recipient is None:
            continue
        sure = await asker.ask(
            Confirm(
                "Give access",
                f"Let {in_brief(recipient.name)} see the data of {typed['serial']} from "
                f"{moment_text(typed['start'], asker.workspace.zone)}, {until(typed['end'])}?",
                loses="The service cannot take this back.",
                yes="Give access",
                no="change it",
            )
        )
        if not sure:
            continue
        try:
            await fleet.give_access(
                typed["serial"], recipient, typed["start"], typed["end"] or FOR_EVER,
                modify=bool(typed["modify"]),
            )  # fmt: skip
        except EXPECTED as error:
            asker.flash_error(error)
            continue
        asker.flash(f"{in_brief(recipient.name)} sees the data of {typed['serial']}.", "good")
        return True
