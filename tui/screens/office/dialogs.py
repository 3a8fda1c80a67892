"""Questions about people, groups, schedules, rates and links."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from tui.screens.asking import Asking
from tui.screens.office.rows import TITLES, WEEKDAYS, View, days_text, move_words
from tui.spoken_keys import key_for, with_keys
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.form_filled import Filled
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.workspace.invoices.amounts import decimals, plain
from tui.workspace.office.office import FLAGS, LINKS, MOVES, SEXES, UNITS

if TYPE_CHECKING:
    from tui.workspace.office.office import Move, Office, OfficeDesk, Thing

MOST_CHARACTERS = 255
_TIMES = ("start_time", "end_time", "is_overnight")
FOR_GOOD = "The service keeps no copy."
LOSES: Mapping[str, str] = {
    "user": "What they worked may go with them.",
    "group": "Its members stay, and are in it no more.",
    "schedule": "Rates that are of it hold no more.",
    "rate": "<deck.undo> makes it again.",
}


# -- looking -------------------------------------------------------------------------------------


async def look(asker: Asking, desk: OfficeDesk, office: Office, view: View, number: int) -> None:
    """All that is known of one."""
    facts: list[tuple[str, str]] = []
    if view == "users":
        user = await desk.user(number)
        teams = [one.name for one in office.groups if one.id in user.teams]
        facts = [
            ("Name", user.name), ("E-mail", user.email), ("Position", user.position),
            ("Born", f"{user.birth_date or ''}"), ("Sex", user.sex),
            ("An hour", _amount(user.hourly_rate)), ("Roles", ", ".join(user.roles)),
            ("Groups", ", ".join(teams)), ("Hours paid", _amount(user.paid_hours)),
            ("Not approved", _amount(user.unapproved_hours)), ("Notes", user.notes),
        ]  # fmt: skip
        if number == office.me:
            facts.insert(0, ("This is", "your own account"))
    elif view == "groups":
        group = next(one for one in office.groups if one.id == number)
        members = await desk.members(number)
        facts = [
            ("Name", group.name), ("Pay rate", _amount(group.pay_rate)),
            ("Description", group.description), ("Notes", group.notes),
            ("Members", ", ".join(one.name for one in members)
             or f"nobody; {key_for('office.members')} puts somebody in"),
        ]  # fmt: skip
    elif view == "schedules":
        schedule = next(one for one in office.schedules if one.id == number)
        facts = [
            ("Name", schedule.name), ("Days", days_text(schedule.days_of_week)),
            ("Hours", f"{schedule.start_time} to {schedule.end_time}"),
            ("Holidays", "yes" if schedule.is_holiday else "no"),
            ("Past midnight", "yes" if schedule.is_overnight else "no"),
            ("Rates", ", ".join(one.name for one in office.rates if one.schedule_id == number)),
        ]  # fmt: skip
    elif view == "rates":
        rate = next(one for one in office.rates if one.id == number)
        facts = [
            ("Name", rate.name), ("User", office.user_name(rate.user_id)),
            ("Schedule", office.schedule_name(rate.schedule_id)),
            ("Amount", f"{_amount(rate.amount)} for each of: {rate.duration_unit}"),
        ]  # fmt: skip
    text = "\n".join(f"{name:<14}{value}" for name, value in facts if value)
    await asker.read(f"{TITLES[view]}: {number}", text)


def _amount(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


# -- forms ---------------------------------------------------------------------------------------


async def ask(
    asker: Asking, desk: OfficeDesk, office: Office, thing: Thing, number: int | None
) -> str:
    """A new one, or changes to one; its id, "" where nothing was saved."""
    record = await _record(desk, office, thing, number)
    fields = _FIELDS[thing](office, record)
    made: list[str] = [] if number is None else [str(number)]

    async def save(values: Filled) -> str:
        name = values.get("name") or values.get("email") or f"{thing} {number}"
        if number is None:
            made.append(str(await desk.add(thing, name, _sent(values))))
            return f"Made {thing} {name}. {key_for('deck.undo')} deletes it again."
        seen = {one: _seen(thing, record, one) for one in values}
        done = await desk.change(thing, number, name, _sent(values.news), seen)
        return (
            f"Changed {name}. {key_for('deck.undo')} puts it back."
            if done
            else "Nothing was changed."
        )

    title = f"New {thing}" if number is None else f"{thing.capitalize()} {_name(record)}"
    form = f"office.{thing}.{'new' if number is None else number}"
    check = partial(_schedule_times, record) if thing == "schedule" else None
    done = await asker.ask_form(form, title, fields, save, check=check)
    return made[-1] if done and made else ""


async def _record(desk: OfficeDesk, office: Office, thing: Thing, number: int | None) -> Any:
    if number is None:
        return None
    if thing == "user":
        # Lists tell only some of a person's fields.
        return await desk.user(number)
    found = {"group": office.groups, "schedule": office.schedules, "rate": office.rates}[thing]
    return next(one for one in cast("list[Any]", found) if one.id == number)


def _name(record: Any) -> str:
    return str(record.name)


def _seen(thing: Thing, record: Any, name: str) -> Any:
    """A field as the person saw it, in the form in which it is sent."""
    if name == "is_active":
        return record.activated
    if thing == "group" and name == "status":
        return record.status
    return getattr(record, name)


def _sent(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a form as the operations take them."""
    sent: dict[str, Any] = {}
    for name, value in values.items():
        if name == "days_of_week":
            sent[name] = {day: day in value for day in WEEKDAYS}
        elif name in ("user_id", "schedule_id"):
            sent[name] = int(value)
        elif isinstance(value, time):
            sent[name] = f"{value:%H:%M}"
        elif name in ("hourly_rate", "pay_rate", "amount") and value is not None:
            sent[name] = Decimal(value)
        else:
            sent[name] = value
    return sent


def _text(name: str, label: str, record: Any, **more: Any) -> FormField:
    default = getattr(record, name) if record is not None else None
    return FormField(name, label, default=default, limit=MOST_CHARACTERS, **more)


def _user_fields(_office: Office, user: Any) -> list[FormField]:
    fields = [
        _text("email", "E-mail", user, required=True),
        _text("first_name", "First name", user),
        _text("last_name", "Last name", user),
        _text("position", "Position", user),
        FormField("sex", "Sex", "choice", choices=[(one, one) for one in SEXES],
                  default=user.sex or None if user is not None else None),
        FormField("birth_date", "Born", "date",
                  default=user.birth_date if user is not None else None),
    ]  # fmt: skip
    if user is None:
        return [
            *fields,
            FormField("hourly_rate", "An hour", "money", minimum=Decimal(0), digits=3,
                      help="What an hour costs; the service takes it only now."),
            FormField("notes", "Notes", "lines", limit=MOST_CHARACTERS),
            FormField("password", "Password", "secret", help="8 to 15 characters; or empty.",
                      check=_password),
        ]  # fmt: skip
    active = user.activated is not False
    return [*fields, FormField("is_active", "Active", "boolean", default=active)]


def _password(typed: object) -> str | None:
    return None if not typed or 8 <= len(str(typed)) <= 15 else "It has 8 to 15 characters."


def _group_fields(_office: Office, group: Any) -> list[FormField]:
    fields = [
        _text("name", "Name", group, required=True),
        _text("description", "Description", group),
        FormField("notes", "Notes", "lines", limit=MOST_CHARACTERS,
                  default=group.notes if group is not None else None),
    ]  # fmt: skip
    if group is None:
        return [*fields, FormField("pay_rate", "Pay rate", "money", minimum=Decimal(0), digits=3)]
    states = [("active", "active"), ("inactive", "inactive")]
    state = "inactive" if group.active is False else "active"
    return [
        *fields,
        FormField("status", "Status", "choice", required=True, choices=states, default=state),
    ]


def _schedule_fields(_office: Office, schedule: Any) -> list[FormField]:
    def of(name: str, otherwise: object) -> Any:
        return getattr(schedule, name) if schedule is not None else otherwise

    days = of("days_of_week", dict.fromkeys(WEEKDAYS[:5], True))
    return [
        _text("name", "Name", schedule, required=True),
        FormField("days_of_week", "Days", "choices", required=True,
                  choices=[(day, day) for day in WEEKDAYS],
                  default=[day for day in WEEKDAYS if days.get(day)]),
        FormField("start_time", "From", "time", required=True, default=of("start_time", "09:00")),
        FormField("end_time", "To", "time", required=True, default=of("end_time", "17:00")),
        FormField("is_holiday", "Holidays", "boolean", default=of("is_holiday", False)),
        FormField("is_overnight", "Past midnight", "boolean", default=of("is_overnight", False)),
    ]  # fmt: skip


def _schedule_times(schedule: Any, values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the times of a schedule: in one that ends before it begins no work falls,
    so that its rates never hold. What the service has so already is left.
    """
    begins, ends, overnight = (values.get(one) for one in _TIMES)
    if begins is None or ends is None:
        return {}
    told = _sent(dict(zip(_TIMES, (begins, ends, bool(overnight)), strict=True)))
    if schedule is not None and all(getattr(schedule, one) == told[one] for one in _TIMES):
        return {}
    if overnight and ends > begins:
        return {"is_overnight": "it would be longer than a day"}
    if not overnight and ends <= begins:
        return {"end_time": "is not after From: or is it Past midnight?"}
    return {}


def _rate_fields(office: Office, rate: Any) -> list[FormField]:
    def of(name: str) -> str | None:
        held = getattr(rate, name) if rate is not None else None
        return str(held) if held else None

    amount = rate.amount if rate is not None else None
    return [
        _text("name", "Name", rate, required=True),
        FormField("user_id", "User", "choice", required=True, default=of("user_id"),
                  choices=[(str(one.id), one.name) for one in office.users]),
        FormField("schedule_id", "Schedule", "choice", required=True, default=of("schedule_id"),
                  choices=[(str(one.id), one.name) for one in office.schedules],
                  help=f"Work within it has this rate; {key_for('office.view')} shows schedules."),
        FormField("amount", "Amount", "money", required=rate is not None and amount is not None,
                  default=amount, minimum=Decimal(0), digits=max(3, decimals(amount))),
        FormField("duration_unit", "For each of", "choice", required=True,
                  choices=[(one, one) for one in UNITS],
                  default=(of("duration_unit") or "hours")),
    ]  # fmt: skip


_FIELDS = {
    "user": _user_fields, "group": _group_fields, "schedule": _schedule_fields,
    "rate": _rate_fields,
}  # fmt: skip


async def delete(
    asker: Asking, desk: OfficeDesk, office: Office, thing: Thing, number: int
) -> bool:
    """Delete one, after a question; a person goes only by their name."""
    name = _name(await _record(desk, office, thing, number))
    own = "It is your own account: nobody is let in by it then. " if number == office.me else ""
    mine = own if thing == "user" else ""
    back = "" if thing == "rate" else f" {FOR_GOOD}"
    sure = await asker.ask(
        Confirm(
            f"Delete {thing}",
            f"Delete {thing} {name}?",
            loses=f"{mine}{with_keys(LOSES[thing])}{back}",
            yes="Delete",
            typed_name=f"{thing} {number}" if thing == "user" else "",
        )
    )
    if sure:
        await desk.delete(thing, number, name)
        asker.flash(f"Deleted {thing} {name}.", "good")
    return bool(sure)


async def members(asker: Asking, desk: OfficeDesk, office: Office, number: int) -> None:
    """Put somebody into a group, or take them out: one after the other, until esc."""
    group, current = next(one for one in office.groups if one.id == number), ""
    while True:
        inside = {one.id: one for one in await desk.members(number)}
        nodes = [
            Node(str(one.id), one.name, mark="✓" if one.id in inside else " ",
                 detail="in it" if one.id in inside else "")
            for one in office.users
        ]  # fmt: skip
        chosen = await asker.ask(
            Choice(
                f"Members of {group.name}: {key_for('list.choose')} puts in or takes out",
                nodes,
                current=current,
            )
        )
        if chosen is None:
            return
        current, user = chosen, next(one for one in office.users if str(one.id) == chosen)
        into = user.id not in inside
        await desk.put(group, user, into=into)
        verb = "into" if into else "out of"
        asker.flash(
            f"{user.name} is {verb} {group.name}. {key_for('deck.undo')} takes it back.", "good"
        )


# -- links ---------------------------------------------------------------------------------------


async def grant(asker: Asking, desk: OfficeDesk, link: Any) -> None:
    """Show where access to a bookkeeping service is granted, to be copied and opened."""
    if link not in LINKS:
        return
    address = await desk.address(link)
    from tui.widgets.viewer import Viewer

    words = (
        f"Open this in a browser to let Timesheets into {LINKS[link]}; "
        f"{key_for('office.copy')} copies it."
    )
    await asker.ask(Viewer(LINKS[link], f"{address}\n\n{words}"))


async def set_up(asker: Asking, desk: OfficeDesk, link: Any) -> None:
    """The application's id and secret there, and what is brought in."""
    if link not in LINKS:
        return

    async def save(values: Filled) -> str:
        sent = {name: values[name] for name in ("client_id", "client_secret") if values[name]}
        flags = {name: bool(values[name]) for name in FLAGS}
        await desk.set_up(link, {**sent, "settings": flags})
        return (
            f"Set up {LINKS[link]}. {key_for('office.open')} has the address where "
            "access is granted."
        )

    await asker.ask_form(
        f"office.link.{link}",
        f"Set up {LINKS[link]}",
        [
            FormField("client_id", "Client id", limit=MOST_CHARACTERS),
            FormField("client_secret", "Client secret", "secret"),
            *(
                FormField(name, move_words(name).removeprefix("import ").capitalize(), "boolean",
                          default=name == "import_employees")
                for name in FLAGS
            ),
        ],
        save,
        intro="The service tells nobody what it is set to now: all switches are sent.",
    )  # fmt: skip


async def disconnect(asker: Asking, desk: OfficeDesk, link: Any) -> None:
    """Take a link away, after a question."""
    if link not in LINKS:
        return
    sure = await asker.ask(
        Confirm(
            "Disconnect",
            f"Disconnect {LINKS[link]}?",
            loses="It has to be set up and granted anew. What was brought in stays.",
            yes="Disconnect",
        )
    )
    if sure:
        await desk.disconnect(link)
        asker.flash(f"{LINKS[link]} is disconnected.", "good")


async def move(asker: Asking, desk: OfficeDesk, link: Any) -> bool:
    """Have the service bring something in or out, after a choice that nothing takes back."""
    moves = MOVES.get(link, ())
    if not moves:
        asker.flash("The service has no way to move anything over this link.", "warn")
        return False
    nodes = [Node(one, move_words(one).capitalize()) for one in moves]
    chosen = await asker.ask(
        Choice(f"{LINKS[link]}: what is moved", nodes, note="Nothing takes it back.")
    )
    if chosen is None:
        return False
    asker.flash(await desk.move(link, cast("Move", chosen)), "good")
    return True
