"""The one registry of user commands.

From a command come its key binding, its palette entry, its place in the footer, the `?` help,
the `[keys]` configuration, the cheatsheet and the man page. It imports no Textual: the command
line checks keys and prints the cheatsheet from it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from tui.command import Command
from tui.command import command as _command
from tui.commands_beside import CHANGES, CONSOLE, HOURS, OFFICE, TIMESHEET, WIDGET
from tui.commands_live import LIVE, START, TRACK
from tui.keys import CHARACTERS

__all__ = ["COMMANDS", "SCREENS", "Command", "in_scope", "keys_of", "shown_key"]


SCREENS: Mapping[str, str] = {
    "today": "Today",
    "books": "Books",
    "tocks": "Tocks",
    "sessions": "Sessions",
    "timers": "Timers",
    "invoices": "Invoices",
    "live": "Live",
}
"""The seven screens on the keys 1 to 7, by scope."""

_DECK = [
    *(
        _command(f"deck.{scope}", title, str(number), f"Go to {title}.")
        for number, (scope, title) in enumerate(SCREENS.items(), start=1)
    ),
    _command("deck.help", "Help", "question_mark f1", "Every key of this screen.", 90),
    _command(
        "deck.palette",
        "Find",
        "ctrl+f ctrl+p",
        "Find a command, or a record of any screen, by its words.",
        91,
        everywhere=True,
    ),
    _command("deck.quit", "Quit", "q", "Leave; asks only where something would be lost.", 92),
    _command("deck.undo", "Undo", "u", "Take back the latest change.", 80, danger=True),
    _command("deck.redo", "Redo", "U", "Make again what was taken back last.", danger=True),
    _command("deck.changes", "Changes", "H", "What was changed, what waits, what is not known."),
    _command("deck.command_line", "Command", "colon",
             "Type a command, a row's number or an operation; nothing opens the console."),
    _command("deck.console", "Console", "", "Call any operation of the five services."),
    _command("deck.connect", "Connect", "C", "Set up this screen's service, or forget it."),
    _command("deck.theme", "Theme", "ctrl+t", "Change to the next theme."),
    _command(
        "deck.repaint",
        "Repaint",
        "ctrl+l",
        "Write the whole screen anew, should something else have written over it.",
        everywhere=True,
    ),
    _command("deck.widget", "Widget document", "", "Read an iBuildApp widget, fill in a form."),
    _command("deck.sample", "Sample data", "", "Clear or reset the embedded sample."),
]  # fmt: skip

_TODAY = [
    _command("today.open", "Go there", "enter", "Go to what the cursor is on.", 1),
    _command("today.start", "Start", "s", "Choose a tracker and start it, or switch to it.", 2,
             danger=True),
    _command("today.stop", "Stop", "x", "Stop the running timer.", 3, danger=True),
    _command("today.resume", "Resume", "R", "Start again what ended last.", 4, danger=True),
    _command("today.put_right", "Put right", "w",
             "Of a timer that ran too long: stop it and mend its end, or keep it.", danger=True),
    _command("today.remind", "Remind", "plus", "Be reminded of something at a time.", 5,
             danger=True),
    _command("today.done", "Done", "c", "The reminder is done with.", 6, danger=True),
    _command("today.snooze", "Later", "z", "Be reminded of it again later.", 7, danger=True),
    _command("today.delete", "Delete", "d", "Delete the reminder.", 8, danger=True),
    _command("today.filter", "Filter", "slash", "Show only what of the agenda holds a text.", 9),
    _command("today.refresh", "Refresh", "r", "Ask all services again.", 10),
]  # fmt: skip

_BOOKS = [
    _command("books.open", "Open", "enter", "Open the book, table or cell; follow a link.", 1),
    _command("books.edit", "Edit", "e", "Edit the cell, or the message.", 2, danger=True),
    _command("books.add_row", "Add row", "a", "Add a row to the table.", 3, danger=True),
    _command(
        "books.duplicate",
        "Duplicate",
        "asterisk",
        "Add a copy of the row, or of the marked.",
        danger=True,
    ),
    _command("books.add_several", "Add several", "A", "Add several empty rows.", danger=True),
    _command(
        "books.set_marked",
        "Set",
        "S",
        "Set this column of all marked rows to one value.",
        danger=True,
    ),
    _command(
        "books.fill_down",
        "Fill down",
        "D",
        "The value above, into this cell or the marked.",
        danger=True,
    ),
    _command(
        "books.repeat",
        "Repeat",
        "full_stop",
        "Write once more what was written last: into this cell, or the marked.",
        danger=True,
    ),
    _command(
        "books.paste", "Paste", "P", "Put what was copied last in from this cell on.", danger=True
    ),
    _command("books.mark", "Marks", "M", "Mark all that are shown, the others, or none."),
    _command("books.mark_to", "Mark to here", "V", "Mark from the nearest marked row to here."),
    _command("books.delete_row", "Delete", "d", "Delete the row, or the message.", 4, danger=True),
    _command("books.message", "Message", "m", "Write a message in this book.", 5, danger=True),
    _command("books.history", "History", "O", "What is known of how the row came to be so."),
    _command("books.reply", "Reply", "Q", "Answer the message, quoting it.", danger=True),
    _command(
        "books.pass_on", "Pass on", "T", "Copy or move the message to another book.", danger=True
    ),
    _command(
        "books.filter",
        "Filter",
        "slash",
        "Only rows with words, or by conditions.",
        6,
    ),
    _command("books.sort", "Sort", "s", "Sort by this column; again turns it round.", 7),
    _command("books.filter_value", "Same", "comma", "Only rows that read as this cell there."),
    _command("books.take_off", "Take off", "backspace", "Take off what narrowed the rows last."),
    _command("books.filters", "Filters", "X", "Choose what of that is taken off."),
    _command("books.find", "Find", "f", "Go to the next row that holds a text."),
    _command("books.next_match", "Next", "n", "Go to the next row that holds what was found."),
    _command("books.previous_match", "Previous", "N", "Go to the row before that holds it."),
    _command("books.first_match", "First", "left_square_bracket", "Go to the first row with it."),
    _command("books.last_match", "Last", "right_square_bracket", "Go to the last row with it."),
    _command("books.jump", "Go to row", "number_sign", "Go to a row by its number."),
    _command("books.expand", "Whole cell", "z", "Show the cell in full where it stands, or not."),
    _command("books.freeze", "Freeze", "exclamation_mark", "Columns up to here do not scroll."),
    _command("books.hide_column", "Hide", "minus", "Hide this column."),
    _command("books.columns", "Columns", "plus", "Choose which columns are shown."),
    _command("books.column_left", "Move left", "left_curly_bracket", "Move this column left."),
    _command("books.column_right", "Move right", "right_curly_bracket", "Move it right."),
    _command("books.view", "View", "v", "The table's views, and those of your own; keep one.", 8),
    _command("books.pane", "Side", "p", "Messages, events or files beside the table.", 9),
    _command("books.kind", "Kind", "t", "Messages, then events, then files."),
    _command(
        "books.mark_read",
        "Mark read",
        "R",
        "The messages that are shown count as read.",
        danger=True,
    ),
    _command("books.outline", "Books", "o", "Show the books, or hide them."),
    _command("books.view_row", "Row", "w", "The row as a form; pgdn and pgup page."),
    _command("books.copy", "Copy", "y", "Copy the cell, the message or the name of the book."),
    _command("books.copy_row", "Copy row", "Y", "Copy the row, or the marked ones, with tabs."),
    _command("books.describe", "Describe", "i", "What this column comes to, and its values."),
    _command("books.values", "Values", "F", "How often each value of this column is there."),
    _command("books.pivot", "Pivot", "W", "What is shown, by two columns: count, sum, mean."),
    _command("books.points_here", "Points here", "B", "Rows of other tables that link to this."),
    _command("books.copy_as", "Copy as", "c", "The rows as TSV, JSON, Markdown; or the column."),
    _command("books.export", "Export", "E", "Write what is shown, marked, or all to a file."),
    _command("books.import", "Import", "I", "Bring CSV, TSV, XLSX, ODS or JSON in.", danger=True),
    _command("books.back", "Back", "escape", "Give up, clear the filter, or go back to the books."),
    _command("books.refresh", "Refresh", "r", "Ask the service again."),
]

_TOCKS = [
    _command("tocks.open", "Open", "enter", "The whole tock, or the feed.", 1),
    _command("tocks.submit", "New tock", "a", "Submit a tock.", 2, danger=True),
    _command("tocks.follow", "Follow", "f", "Follow its author, or no longer.", 3, danger=True),
    _command("tocks.order", "Order", "o", "Upcoming, latest or expired ones.", 4),
    _command("tocks.user", "User", "w", "The tocks of one user.", 5),
    _command("tocks.copy", "Copy link", "y", "Copy the tock's short link.", 6),
    _command("tocks.link", "Link", "L", "Open the tock's link, or its page, in a browser.", 7),
    _command("tocks.filter", "Filter", "slash", "Only those with words, tag:word, by:name.", 8),
    _command("tocks.find", "Find", "F", "Go to the next that holds a text."),
    _command("tocks.next_match", "Next", "n", "Go to the next that holds what was found."),
    _command("tocks.previous_match", "Previous", "N", "Go to the one before that holds it."),
    _command("tocks.refresh", "Refresh", "r", "Ask the service for this feed again.", 9),
]

_SESSIONS = [
    _command("sessions.open", "Open", "enter", "Look into it; on the log, read the entry.", 1),
    _command("sessions.create", "New", "a", "A new session, group, device or access.", 2,
             danger=True),
    _command("sessions.annotate", "Note", "n", "Add a note, name, times, wind, device or mark.", 3,
             danger=True),
    _command("sessions.change", "Change", "m", "Rename it; put somebody into a group.", 4,
             danger=True),
    _command("sessions.delete", "Delete", "d", "Delete it; take a log entry back.", 5,
             danger=True),
    _command("sessions.plot", "Plot", "p", "Choose the device and type that is plotted.", 6),
    _command("sessions.live", "Live", "L", "Watch its devices live, or play it again.", 7),
    _command("sessions.list", "Lists", "o", "Sessions, boats' devices, groups, access windows.", 8),
    _command("sessions.filter", "Filter", "slash", "Show only what holds a text.", 9),
    _command("sessions.bring", "Bring in", "I", "A file of instruments or a track into it.",
             danger=True),
    _command("sessions.export", "Export", "E", "Write what its devices measured to a file."),
    _command("sessions.compare", "Beside", "b", "Two to four boats in one plot, or one again."),
    _command("sessions.units", "Units", "c",
             "Accept a unit that waits at riot://; have one do something.", danger=True),
    _command("sessions.axis", "Axis", "x", "The next axis, such as latitude after longitude."),
    _command("sessions.zoom_in", "Closer", "plus", "Plot half of the time that is shown."),
    _command("sessions.zoom_out", "Wider", "minus", "Plot twice the time that is shown."),
    _command("sessions.earlier", "Earlier", "left_square_bracket", "Move the plot back in time."),
    _command("sessions.later", "Later", "right_square_bracket", "Move the plot on in time."),
    _command("sessions.whole", "Whole", "z", "Plot the whole session again."),
    _command("sessions.copy", "Copy", "y", "Copy the line under the cursor."),
    _command("sessions.refresh", "Refresh", "r", "Ask the service again, and its archive."),
]  # fmt: skip

_TIMERS = [
    _command("timers.start", "Start", "s", "Start the tracker, or switch to it.", 1, danger=True),
    _command("timers.stop", "Stop", "x", "Stop the running timer.", 2, danger=True),
    _command("timers.resume", "Resume", "R", "Start again what ended last.", danger=True),
    _command(
        "timers.describe",
        "Describe",
        "d",
        "Say what is done while it runs; it is sent with the stop.",
        3,
        danger=True,
    ),
    _command(
        "timers.put_right",
        "Put right",
        "w",
        "Of a timer that ran too long, or while nobody was here: stop it and mend its end, or "
        "keep it.",
        danger=True,
    ),
    _command(
        "timers.edit", "Edit block", "e", "Open the page where the block is edited.", danger=True
    ),
    _command(
        "timers.copy_page",
        "Copy page",
        "Y",
        "Copy the address of the page where the block is edited.",
        danger=True,
    ),
    _command(
        "timers.add", "Add time", "a", "Add time that was worked, in one line.", 3, danger=True
    ),
    _command("timers.add_form", "Add time in a form", "A", "Add time field by field.", danger=True),
    _command("timers.add_free", "Free time", "f", "Add free time.", 4, danger=True),
    _command("timers.timesheet", "Timesheet", "T", "What of these hours is entered."),
    _command("timers.import_hours", "Import hours", "I", "Bring in a log of another program."),
    _command("timers.export_hours", "Export hours", "E", "Write these hours to a file."),
    _command("timers.previous", "Earlier", "left_square_bracket", "The period before.", 5),
    _command("timers.next", "Later", "right_square_bracket", "The period after.", 6),
    _command("timers.period", "Period", "p", "By day, by week or by month.", 7),
    _command("timers.periods", "Periods", "P", "Choose a period by name, or type one from to."),
    _command("timers.view", "View", "v", "By block, by tracker and day, tracker, or day.", 8),
    _command("timers.rounding", "Round", "z", "Round hours beside the exact ones."),
    _command("timers.goals", "Goals", "n", "Hours wanted a day, week or month."),
    _command("timers.day", "Day bar", "b", "The day as a bar: gaps, overlaps, what fills it."),
    _command("timers.filter", "Filter", "slash", "Find a tracker.", 9),
    _command("timers.today", "Today", "t", "Back to the period that holds today."),
    _command("timers.person", "Person", "o", "Whose time the report shows."),
    _command("timers.copy", "Copy", "y", "Copy the tracker or block under the cursor."),
    _command("timers.copy_report", "Copy report", "c", "Copy all that the report shows."),
    _command("timers.save_report", "Save report", "S", "Write what the report shows to a file."),
    _command("timers.back", "Back", "escape", "From a cell's blocks back to the table."),
    _command("timers.refresh", "Refresh", "r", "Ask the service again."),
]

_INVOICES = [
    _command("invoices.open", "Open", "enter", "Look into it, with its comments.", 1),
    _command("invoices.add", "New", "a", "A new client, invoice, entry, task or project.", 2,
             danger=True),
    _command("invoices.invoice", "Invoice", "i", "Make an invoice from approved work.", 3,
             danger=True),
    _command("invoices.issue", "Issue", "n", "Give the draft its number: it stands then.", 4,
             danger=True),
    _command("invoices.pay", "Paid", "p",
             "Note what was paid, whole or a part; or mark a paid one unpaid.", 4, danger=True),
    _command("invoices.payments", "Payments", "P", "What was paid of it; take one back.", 5,
             danger=True),
    _command("invoices.credit", "Credit note", "x", "Take an issued invoice back.", 5,
             danger=True),
    _command("invoices.comment", "Comment", "c", "Comment on the invoice, entry or task.", 5,
             danger=True),
    _command("invoices.approve", "Approve", "v", "Approve the marked entries.", 6, danger=True),
    _command("invoices.change", "Change", "m", "Change what the cursor is on.", 7, danger=True),
    _command("invoices.delete", "Delete", "d", "Delete what the cursor is on.", 8, danger=True),
    _command("invoices.document", "Document", "D",
             "The invoice as PDF, e-invoice, mail or text; look at it, check it.", 9),
    _command("invoices.remind", "Remind", "s",
             "The text of a reminder, by its level; note that it was sent.", 9, danger=True),
    _command("invoices.view", "View", "o", "Time entries, then tasks, then projects.", 9),
    _command("invoices.export", "Export", "e", "Write entries or clients to a CSV file.", 10),
    _command("invoices.filter", "Filter", "slash", "Show only what of the list holds a text.", 11),
    _command("invoices.owed", "What is owed", "w",
             "What clients owe by how late it is, and the sums of the months.", 11),
    _command("invoices.bank", "Bank statement", "b",
             "Payments from a CAMT, MT940 or CSV file, after a look at them.", 11, danger=True),
    _command("invoices.recurring", "Recurring", "R", "Invoices that recur, and what of it is due.",
             12),
    _command("invoices.office", "Office", "O",
             "Users, groups, schedules, rates and links to bookkeeping.", 12),
    _command("invoices.copy", "Copy", "y", "Copy the line under the cursor."),
    _command("invoices.refresh", "Refresh", "r", "Ask the service again."),
]  # fmt: skip


_ALL: list[Command] = [
    *_DECK, *_TODAY, *_BOOKS, *_TOCKS, *_SESSIONS, *_TIMERS, *_INVOICES, *LIVE,
    *TRACK, *START, *CONSOLE, *WIDGET, *CHANGES, *TIMESHEET, *HOURS, *OFFICE,
]  # fmt: skip

COMMANDS: Mapping[str, Command] = {command.id: command for command in _ALL}
"""Every command by id."""
_SCOPED = [(command.scope, command) for command in _ALL]


def in_scope(*scopes: str) -> list[Command]:
    """The commands of these scopes, in the order of the registry."""
    return [command for scope, command in _SCOPED if scope in scopes]


class HasKeys(Protocol):
    """A command, or a widget's key."""

    @property
    def id(self) -> str:
        """By which `[keys]` names it."""
        ...

    @property
    def keys(self) -> tuple[str, ...]:
        """Its keys where nobody set others."""
        ...


def keys_of(command: HasKeys, overrides: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The keys of a command or a widget's key, after the person's `[keys]` configuration."""
    return tuple(overrides.get(command.id, command.keys))


_SHOWN = {
    "space": "space",
    "enter": "⏎",
    "escape": "esc",
    "shift+tab": "⇤",
    "tab": "⇥",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


_IN_WORDS = {
    "enter": "enter", "shift+tab": "s-tab", "tab": "tab",
    "up": "up", "down": "down", "left": "left", "right": "right",
}  # fmt: skip


def show_keys_in_words() -> None:
    """Write keys in words from now on, where a terminal has no signs for them."""
    _SHOWN.update(_IN_WORDS)


def shown_key(key: str) -> str:
    """A key as it is written in the footer: `ctrl+p` is `^p`."""
    if key.startswith("ctrl+"):
        return "^" + key[5:]
    return _SHOWN.get(key) or CHARACTERS.get(key, key)
