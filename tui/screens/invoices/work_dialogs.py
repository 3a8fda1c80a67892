"""Questions about what is billed: clients, projects, tasks and time entries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tui.screens.asking import Asking
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Confirm
from tui.widgets.form_checks import ends_after_start
from tui.widgets.form_filled import Filled
from tui.widgets.form_values import FormField
from tui.words import counted, were
from tui.workspace.text import clean
from tui.workspace.times import day_of, moment_text

if TYPE_CHECKING:
    from tui.workspace.invoices.work import Client, Kind, Project, Task, TimeEntry, Work, WorkDesk

MOST_CHARACTERS = 255
MOST_WORDS = 2000
MOST_TYPED = 40
UNITS = [(unit, unit) for unit in ("minutes", "hours", "days", "weeks", "months", "years")]
PROGRESS = [(value, value.replace("-", " ")) for value in ("new", "in-progress", "done",
                                                          "cancelled")]  # fmt: skip
FOR_GOOD = "The service keeps no copy."


def _text(name: str, label: str, record: object, **more: Any) -> FormField:
    default = getattr(record, name) if record is not None else None
    return FormField(name, label, default=default, limit=MOST_CHARACTERS, **more)


def _needed(record: object, name: str) -> bool:
    """Whether a field must be filled in; what the service lets be empty can stay so."""
    return record is None or bool(str(getattr(record, name)).strip())


async def client_form(asker: Asking, desk: WorkDesk, client: Client | None) -> int | None:
    """A new client, or changes to one; its id, None where nothing was saved."""
    number: list[int] = [] if client is None else [client.id]

    async def save(values: Filled) -> str:
        if client is None:
            number.append(await desk.add_client(values))
            return f"Made client {values['name']}. {key_for('deck.undo')} deletes it again."
        return _changed(values["name"], await desk.change(client, values.news))

    fields = [
        _text("name", "Name", client, required=_needed(client, "name")),
        _text("email", "E-mail", client),
        _text("phone", "Phone", client),
        _text("contact_info", "Contact", client),
        _text("address", "Address", client),
        _text("city", "City", client),
        _text("website", "Website", client),
        FormField("notes", "Notes", "lines", limit=MOST_WORDS,
                  default=client.notes if client is not None else None),
    ]  # fmt: skip
    if client is not None:
        fields.append(FormField("status", "Active", "boolean", default=client.active is not False))
    title = "New client" if client is None else f"Client {client.name}"
    identity = "new" if client is None else str(client.id)
    done = await asker.ask_form(f"invoices.client.{identity}", title, fields, save)
    return number[-1] if done and number else None


def _changed(name: str, changed: bool) -> str:
    return (
        f"Changed {name}. {key_for('deck.undo')} puts it back."
        if changed
        else "Nothing was changed."
    )


async def project_form(
    asker: Asking, desk: WorkDesk, client_id: int, project: Project | None
) -> int | None:
    """A new project of a client, or changes to one; its id."""
    number: list[int] = [] if project is None else [project.id]

    async def save(values: Filled) -> str:
        if project is None:
            number.append(await desk.add_project(client_id, values))
            return f"Made project {values['name']}. {key_for('deck.undo')} deletes it again."
        return _changed(values["name"], await desk.change(project, values.news))

    def planned(moment: datetime | None) -> date | None:
        return None if moment is None else day_of(moment, asker.workspace.zone)

    fields = [
        _text("name", "Name", project, required=_needed(project, "name")),
        _text("category", "Category", project),
        FormField("description", "Description", "lines", limit=MOST_WORDS,
                  default=project.description if project is not None else None),
        FormField("status", "Status", "choice", choices=PROGRESS,
                  required=_needed(project, "status"),
                  default=project.status if project is not None else "new"),
        FormField("planned_start_date", "Planned from", "date",
                  default=planned(project.planned_start_date) if project is not None else None),
        FormField("planned_end_date", "Planned to", "date",
                  default=planned(project.planned_end_date) if project is not None else None),
    ]  # fmt: skip
    title = "New project" if project is None else f"Project {project.name}"
    identity = f"new.{client_id}" if project is None else str(project.id)
    done = await asker.ask_form(f"invoices.project.{identity}", title, fields, save, check=_planned)
    return number[-1] if done and number else None


def _planned(values: dict[str, Any]) -> dict[str, str]:
    start, end = values["planned_start_date"], values["planned_end_date"]
    if start is not None and end is not None and end < start:
        return {"planned_end_date": "must not be before the start"}
    return {}


async def task_form(asker: Asking, desk: WorkDesk, work: Work, task: Task | None) -> int | None:
    """A new task in one of the client's projects, or changes to one; its id."""
    if not work.projects:
        asker.flash(
            (
                f"The client has no project yet: {key_for('invoices.view')} shows "
                f"projects, {key_for('invoices.add')} makes one."
            ),
            "warn",
        )
        return None
    number: list[int] = [] if task is None else [task.id]

    async def save(values: Filled) -> str:
        sent = dict(values)
        if task is None:
            sent["project_id"] = int(sent["project_id"])
            number.append(await desk.add_task(sent))
            return f"Made task {values['name']}. {key_for('deck.undo')} deletes it again."
        return _changed(values["name"], await desk.change(task, values.news))

    fields = [
        _text("name", "Name", task, required=_needed(task, "name")),
        FormField("description", "Description", "lines", limit=MOST_WORDS,
                  default=task.description if task is not None else None),
        FormField("estimate", "Estimate", "number", minimum=0,
                  default=task.estimate if task is not None else None),
        FormField("estimate_unit", "Unit", "choice", choices=UNITS, required=True,
                  default=(task.estimate_unit if task is not None else "") or "hours"),
        FormField("status", "Status", "choice", choices=PROGRESS,
                  required=_needed(task, "status"),
                  default=task.status if task is not None else "new"),
    ]  # fmt: skip
    if task is None:
        projects = [(str(one.id), one.name) for one in work.projects.values()]
        # Of a single one there is nothing to choose: what is typed is the name.
        fields.insert(
            len(projects) == 1,
            FormField("project_id", "Project", "choice", required=True, choices=projects,
                      default=projects[0][0]),
        )  # fmt: skip
    title = "New task" if task is None else f"Task {task.name}"
    identity = f"new.{work.client_id}" if task is None else str(task.id)
    projects_named = ", ".join(one.name for one in work.projects.values())
    done = await asker.ask_form(
        f"invoices.task.{identity}", title, fields, save,
        about=f"{title} in {projects_named}" if task is None else title,
    )  # fmt: skip
    return number[-1] if done and number else None


async def entry_form(
    asker: Asking, desk: WorkDesk, work: Work, entry: TimeEntry | None, task_id: int | None
) -> int | None:
    """Time that was worked, or changes to what was noted; the entry's id."""
    if not work.tasks:
        asker.flash(
            (
                f"The client has no task yet: {key_for('invoices.view')} shows tasks, "
                f"{key_for('invoices.add')} makes one."
            ),
            "warn",
        )
        return None
    number: list[int] = [] if entry is None else [entry.id]

    async def save(values: Filled) -> str:
        if entry is not None:
            news = values.news
            changed = await desk.change_entry(
                entry,
                task_id=int(news["task"]) if "task" in news else None,
                start=news.get("start"),
                end=news.get("end"),
            )
            return _changed("the time entry", changed)
        task = int(values["task"])
        sent = {
            "user_id": int(values["user"]), "task_id": task, "start_time": values["start"],
            "end_time": values["end"], "comment": values["comment"],
        }  # fmt: skip
        number.append(await desk.add_entry(sent))
        return f"Added time to {work.tasks[task].name}. {key_for('deck.undo')} deletes it again."

    tasks = sorted((one.name, str(one.id)) for one in work.tasks.values())
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    chosen = entry.task_id if entry is not None else task_id
    fields = [
        FormField("task", "Task", "choice", required=entry is None or entry.task_id is not None,
                  choices=[(number, name) for name, number in tasks],
                  default=_task_of(entry) if entry is not None
                  else str(task_id) if task_id in work.tasks else tasks[0][1]),
        FormField("start", "From", "datetime", required=True, until="end",
                  default=entry.start_time if entry is not None else now - timedelta(hours=1)),
        FormField("end", "To", "datetime", default=entry.end_time if entry is not None else now,
                  required=entry is None or entry.end_time is not None),
    ]  # fmt: skip
    if entry is None:
        people = await desk.people()
        fields.insert(1, FormField("user", "Who", "choice", required=True,
                                   choices=[(str(one.id), one.name) for one in people],
                                   default=str(people[0].id)))  # fmt: skip
        fields.append(FormField("comment", "Comment", limit=MOST_CHARACTERS))
    identity = f"new.{work.client_id}.{chosen}" if entry is None else str(entry.id)
    title = "New time entry" if entry is None else "Time entry"
    task = work.tasks.get(chosen or 0)
    about = f"{title} · {task.name if task is not None else 'no task'}"
    if entry is not None and entry.start_time is not None:
        about += f" · {moment_text(entry.start_time, asker.workspace.zone)}"
    done = await asker.ask_form(
        f"invoices.entry.{identity}", title, fields, save, check=ends_after_start, about=about
    )
    return number[-1] if done and number else None


def _task_of(entry: TimeEntry) -> str | None:
    return str(entry.task_id) if entry.task_id is not None else None


async def delete(
    asker: Asking, desk: WorkDesk, kind: Kind, identity: int, name: str, *, work: bool
) -> bool:
    """Delete one; what other things hang on wants its name typed."""
    goes = {
        "client": "Its projects, tasks and time entries go with it.",
        "project": "Its tasks and time entries go with it.",
        "task": "Its time entries go with it.",
        "entry": "Its comments go with it.",
    }[kind]
    sure = await asker.ask(
        Confirm(
            f"Delete {'time entry' if kind == 'entry' else kind}",
            f"Delete {name}?",
            loses=f"{goes} {FOR_GOOD}",
            yes="Delete",
            typed_name=_typable(name, f"{kind} {identity}") if work else "",
        )
    )
    if sure:
        await desk.delete(kind, identity, name)
        asker.flash(f"Deleted {name}.", "good")
    return bool(sure)


def _typable(name: str, otherwise: str) -> str:
    """What has to be typed: the name, unless it is too long or odd for that."""
    plain = clean(name) == name and name.isprintable() and name.strip()
    return name if plain and len(name) <= MOST_TYPED else otherwise


async def comment(
    asker: Asking, key: str, about: str, send: Callable[[str], Awaitable[None]]
) -> bool:
    """One comment; what could not be sent is kept."""

    async def submit(values: Mapping[str, Any]) -> str:
        await send(values["text"])
        return f"Commented on {about}."

    return await asker.ask_form(
        f"invoices.comment.{key}",
        f"Comment on {about}",
        [FormField("text", "Comment", "lines", required=True, limit=MOST_WORDS)],
        submit,
        save="Send",
    )


def entry_name(entry: TimeEntry, work: Work, when: Callable[[datetime], str]) -> str:
    """What a time entry is called in a question."""
    task = work.tasks.get(entry.task_id or 0)
    start = when(entry.start_time) if entry.start_time else "no time"
    return f"the entry of {start}" + (f", {task.name}" if task else "")


async def approve(asker: Asking, desk: WorkDesk, ids: list[int]) -> bool:
    """Approve time entries, after a question; which were not is told. Those whose approval is not
    settled yet are left out: another would be sent behind it.
    """
    unsettled = await _being_approved(asker)
    waiting = [one for one in ids if one in unsettled]
    ids = [one for one in ids if one not in unsettled]
    told = (
        f"Of {counted(len(waiting), 'entry')} an approval waits already, or nobody knows yet what "
        f"became of it: {key_for('deck.changes')} shows it. "
        if waiting
        else ""
    )
    if not ids:
        asker.flash(told.rstrip(), "warn")
        return False
    sure = await asker.ask(
        Confirm(
            "Approve",
            f"Approve {counted(len(ids), 'entry')}?",
            loses=f"{told}Approving cannot be taken back here.",
        )
    )
    if sure:
        approved = await desk.approve(ids)
        left = len(ids) - len(approved)
        rest = f" {left:,} {were(left)} not: still running, or approved before." if left else ""
        asker.flash(f"Approved {len(approved):,}.{rest}", "warn" if left else "good")
    return bool(sure)


async def _being_approved(asker: Asking) -> frozenset[int]:
    """The entries of approvals that wait, or of which nobody knows whether they were made."""
    from tui.workspace.changes.unsettled import unsettled_of

    workspace = asker.workspace
    still_open = await workspace.history.outbox.still_open()
    ours = unsettled_of(still_open, workspace.connections.account("timesheets"))
    return frozenset(
        entry
        for change in ours.new("timesheets.ts.approve")
        for entry in change.arguments.get("time_entry_ids") or ()
    )
