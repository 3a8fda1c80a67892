"""The commands of the screens beside the seven; `tui.commands` is the registry."""

from __future__ import annotations

from tui.command import command

BESIDE = ("console", "widget", "changes", "timesheet", "hours", "office")
"""These screens."""

CONSOLE = [
    command("console.call", "Call", "enter", "Fill the form, see the request, send it.", 1),
    command("console.filter", "Find", "slash", "Find an operation, or in the answer.", 2),
    command("console.view", "Tree/table", "t", "The answer as a tree or as a table.", 3),
    command("console.history", "Earlier", "e", "Choose an earlier call and fill it again.", 4),
    command("console.again", "Again", "a", "The same call again.", 5),
    command("console.copy", "Copy", "y", "Copy the answer as JSON.", 6),
    command("console.copy_call", "As command", "c", "Copy the equal tockdeck call line.", 7),
    command("console.save", "Save", "w", "Write the answer to a file.", 8),
    command("console.back", "Back", "escape", "To the operations, then to the screen before."),
]

WIDGET = [
    command("widget.open", "Open", "enter", "The whole entry, or fill the form in.", 1),
    command("widget.fill", "Fill in", "f", "Fill the form in; nothing is sent.", 2),
    command("widget.save", "Save", "w", "Write the answers, or the document, as JSON.", 3),
    command("widget.draft", "Mail draft", "m", "Write the answers as a mail, not sent.", 4),
    command("widget.copy", "Copy", "y", "Copy the address, the mailto: link, or the value.", 5),
    command("widget.filter", "Filter", "slash", "Show only what holds a text.", 6),
    command("widget.choose", "Menu", "c", "Only the books of one choice of the menu.", 7),
    command("widget.view", "JSON", "t", "All of the document as a tree of JSON, and back.", 8),
    command("widget.other", "Other", "o", "Read another file or address.", 9),
    command("widget.reload", "Read again", "r", "Read the same document again."),
    command("widget.back", "Back", "escape", "To the screen before."),
]

CHANGES = [
    command("changes.open", "Open", "enter", "All that is known of the change.", 1),
    command("changes.choose", "Mine/theirs", "m", "Choose, where it was changed meanwhile.", 2,
             danger=True),
    command("changes.send", "Send now", "s", "Send what waits, though it is held.", 3,
             danger=True),
    command("changes.look", "Look again", "f", "Look whether it was done.", 4),
    command("changes.again", "Send again", "a", "It was not done: send it once more.", 5,
             danger=True),
    command("changes.done", "It was done", "c", "Count it as done.", 6, danger=True),
    command("changes.hold", "Hold", "p", "Let it wait for a word of yours, or no longer.", 7,
             danger=True),
    command("changes.edit", "Change", "e", "Let what waits say something else.", 8, danger=True),
    command("changes.drop", "Drop", "d", "Give up what waits or is not known.", 9, danger=True),
    command("changes.take_back", "Undo it", "b", "Take this one back.", 10, danger=True),
    command("changes.record", "Go there", "o", "Go to what it changes.", 11),
    command("changes.state", "State", "i", "Only what waits, what is open, what was done.", 12),
    command("changes.service", "Service", "v", "Only one service.", 13),
    command("changes.only", "This record", "n", "Only changes of this record, or all again.", 14),
    command("changes.filter", "Filter", "slash", "Only what holds a text.", 15),
    command("changes.copy", "Copy", "y", "Copy all that is known of it."),
    command("changes.refresh", "Refresh", "r", "Read them anew."),
    command("changes.back", "Back", "escape", "Take the filters away, then go back."),
]  # fmt: skip

TIMESHEET = [
    command("timesheet.open", "Open", "enter", "The block; its task, where it has none.", 1),
    command("timesheet.enter", "Enter hours", "e", "Enter what is new, or what is marked.", 2,
             danger=True),
    command("timesheet.task", "Task", "m", "Say which task this tracker is, from now on.", 3),
    command("timesheet.task_above", "Task above", "M", "Say it for a tracker that it is under."),
    command("timesheet.update", "Update", "c", "Let its entry be as the block is by now.", 4,
             danger=True),
    command("timesheet.delete", "Delete entry", "d",
             "Delete an entry whose block is there no more, after a question.", danger=True),
    command("timesheet.invoices", "Invoices", "i", "Go to its entry, to approve and bill it.", 5),
    command("timesheet.rounding", "Round", "z", "Choose how lengths are rounded.", 6),
    command("timesheet.previous", "Earlier", "left_square_bracket", "The period before.", 7),
    command("timesheet.next", "Later", "right_square_bracket", "The period after.", 8),
    command("timesheet.copy", "Copy", "y", "Copy the line under the cursor."),
    command("timesheet.refresh", "Refresh", "r", "Ask both services again."),
    command("timesheet.back", "Back", "escape", "To the screen before.", 9),
]  # fmt: skip

HOURS = [
    command("hours.add", "Add them", "a", "Add what is new, after a question.", 1, danger=True),
    command("hours.map", "Tracker", "m", "Say which tracker this name is, from now on.", 2),
    command("hours.map_others", "Others", "M", "Say which tracker every other name is."),
    command("hours.view", "View", "v", "Entries, sums by tracker, what could not be read.", 3),
    command("hours.open", "Open", "enter", "All of the entry; its tracker, where it has none.", 4),
    command("hours.open_file", "File", "o", "Look at another file.", 5),
    command("hours.place", "Place", "p", "Put lengths without times into the gaps of their day.",
             6),
    command("hours.reads", "Read as", "f", "Say format, zone and dates, where it is not plain.",
             7),
    command("hours.copy", "Copy", "y", "Copy the line under the cursor."),
    command("hours.refresh", "Refresh", "r", "Read the file and ask the service again."),
    command("hours.back", "Back", "escape", "Stop adding; else to the screen before.", 8),
]  # fmt: skip

OFFICE = [
    command("office.open", "Open", "enter", "Look into it.", 1),
    command("office.draft", "Draft", "i", "Draft the invoice that is due, after a look at it.", 2,
             danger=True),
    command("office.pass_over", "Pass over", "x", "Make none of what is due, or offer it again.", 3,
             danger=True),
    command("office.add", "New", "a", "A new one of what is shown.", 4, danger=True),
    command("office.change", "Change", "m", "Change what the cursor is on; set a link up.", 5,
             danger=True),
    command("office.delete", "Delete", "d", "Delete what the cursor is on; take a link away.", 6,
             danger=True),
    command("office.members", "Members", "p", "Put somebody into the group, or take them out.", 7,
             danger=True),
    command("office.move", "Bring in/out", "v", "Bring people or clients in, give entries over.", 8,
             danger=True),
    command("office.view", "View", "o",
             "What recurs, users, groups, schedules, rates, links: the next of them.", 9),
    command("office.filter", "Filter", "slash", "Show only what of the list holds a text.", 10),
    command("office.copy", "Copy", "y", "Copy the line under the cursor."),
    command("office.refresh", "Refresh", "r", "Ask the service again."),
    command("office.back", "Back", "escape", "To the screen before.", 11),
]  # fmt: skip
