"""The keys of lists, trees, tables, forms, lines and dialogs: each stands here once, with the id by
which `[keys]` changes it, and the widgets make their bindings from them.

It imports no Textual, so that the command line checks a configuration with it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class WidgetKey(NamedTuple):
    """What some keys do wherever a widget of one kind has the focus."""

    id: str
    """`kind.name`, by which `[keys]` changes it as it does a command's."""
    keys: tuple[str, ...]
    action: str
    title: str
    counted: str = ""
    """The action with {n}, where a number before the key means something."""


def _key(id: str, keys: str, action: str, title: str, counted: str = "") -> WidgetKey:
    """One with its keys in one text."""
    return WidgetKey(id, tuple(keys.split()), action, title, counted)


ROWS = (
    _key("list.up", "up k", "cursor_by(-1)", "Up", "cursor_by(-{n})"),
    _key("list.down", "down j", "cursor_by(1)", "Down", "cursor_by({n})"),
    _key("list.first", "home g", "cursor_first", "First", "to_row({n})"),
    _key("list.last", "end G", "cursor_last", "Last", "to_row({n})"),
    _key("list.page_up", "pageup", "page(-1.0)", "Page up", "page(-{n})"),
    _key("list.page_down", "pagedown", "page(1.0)", "Page down", "page({n})"),
    _key("list.half_up", "ctrl+u", "page(-0.5)", "Half a page up"),
    _key("list.half_down", "ctrl+d", "page(0.5)", "Half a page down"),
    _key("list.choose", "enter", "choose", "Open"),
)
TREE = (
    _key("tree.unfold", "right l", "unfold", "Open"),
    _key("tree.fold", "left h", "fold", "Close"),
    _key("tree.toggle", "space", "toggle_fold", "Open or close"),
)
TABLE = (
    _key("table.left", "left h", "column_by(-1)", "Left", "column_by(-{n})"),
    _key("table.right", "right l", "column_by(1)", "Right", "column_by({n})"),
    _key("table.first_column", "0", "first_column", "First column"),
    _key("table.last_column", "dollar_sign", "last_column", "Last column"),
    _key("table.narrower", "less_than_sign", "widen(-2)", "Narrower"),
    _key("table.wider", "greater_than_sign", "widen(2)", "Wider"),
    _key("table.widths", "equals_sign", "automatic_widths", "Automatic widths"),
    _key("table.mark", "space", "mark", "Mark"),
    _key("table.edit", "f2", "edit", "Edit"),
)
WALL = (
    _key("wall.up", "up k", "move(-1)", "Up", "move(-{n})"),
    _key("wall.down", "down j", "move(1)", "Down", "move({n})"),
    _key("wall.page_up", "pageup ctrl+u", "page(-1)", "Page up", "page(-{n})"),
    _key("wall.page_down", "pagedown ctrl+d", "page(1)", "Page down", "page({n})"),
    _key("wall.first", "home g", "edge(0)", "First"),
    _key("wall.last", "end G", "edge(1)", "Last"),
)
DAY = (
    _key("day.before", "left h", "move(-1)", "Before", "move(-{n})"),
    _key("day.after", "right l", "move(1)", "After", "move({n})"),
    _key("day.first", "home g", "edge(0)", "First"),
    _key("day.last", "end G", "edge(1)", "Last"),
    _key("day.choose", "enter", "choose", "Open"),
)
TEXT = (
    _key("text.up", "up k", "scroll(-1)", "Up", "scroll(-{n})"),
    _key("text.down", "down j", "scroll(1)", "Down", "scroll({n})"),
    _key("text.page_up", "pageup ctrl+u", "page(-1)", "Page up", "page(-{n})"),
    _key("text.page_down", "pagedown ctrl+d", "page(1)", "Page down", "page({n})"),
)
TEXT_EDGES = (
    _key("text.first", "home g", "edge(-1)", "First"),
    _key("text.last", "end G", "edge(1)", "Last"),
)
MONTH = (
    _key("month.day_before", "left h", "days(-1)", "The day before", "days(-{n})"),
    _key("month.next_day", "right l", "days(1)", "The next day", "days({n})"),
    _key("month.week_before", "up k", "weeks(-1)", "The week before", "weeks(-{n})"),
    _key("month.next_week", "down j", "weeks(1)", "The next week", "weeks({n})"),
    _key("month.month_before", "pageup ctrl+u left_square_bracket", "months(-1)",
         "The month before", "months(-{n})"),
    _key("month.next_month", "pagedown ctrl+d right_square_bracket", "months(1)",
         "The next month", "months({n})"),
    _key("month.year_before", "left_curly_bracket", "months(-12)", "The year before"),
    _key("month.next_year", "right_curly_bracket", "months(12)", "The next year"),
    _key("month.today", "t home", "today", "Today"),
    _key("month.choose", "enter", "choose", "Take the day"),
)  # fmt: skip
FORM = (
    _key("form.save", "f2 ctrl+o", "save", "Save"),
    _key("form.more_room", "f3", "more_room", "Write in your own editor, or choose a day"),
    _key("form.copy_link", "f4", "copy_link", "Copy the link"),
)
FIELDS = (
    _key("form.field_before", "up", "field_before", "The field before"),
    _key("form.next_field", "down", "next_field", "The next field"),
)
PICKER = (
    _key("picker.choose", "space", "pick", "Choose"),
    _key("picker.before", "left h", "step(-1)", "The value before"),
    _key("picker.next", "right l", "step(1)", "The next value"),
    _key("picker.leave", "enter", "leave", "To the next field"),
)
BUTTONS = (
    _key("buttons.left", "left h", "step(-1)", "Left"),
    _key("buttons.right", "right l", "step(1)", "Right"),
    _key("buttons.press", "enter space", "press", "Press"),
)
EDITOR = (_key("editor.undo", "ctrl+underscore super+z", "undo", "Undo"),)
CELL = (
    _key("cell.down", "down", "leave(1,0)", "Take, down"),
    _key("cell.up", "up", "leave(-1,0)", "Take, up"),
    _key("cell.right", "tab", "leave(0,1)", "Take, right"),
    _key("cell.left", "shift+tab", "leave(0,-1)", "Take, left"),
    _key("cell.take", "f2", "leave(0,0)", "Take"),
    _key("cell.give_up", "escape", "give_up", "Give up"),
    _key("cell.form", "ctrl+o", "whole(False)", "In a form"),
    _key("cell.editor", "f3", "whole(True)", "In your editor"),
)
FILTER = (
    _key("filter.clear", "escape", "take_back", "Clear"),
    _key("filter.keep", "down", "keep", "To the list"),
)
FINDING = (
    _key("finding.up", "up", "found_by(-1)", "Up"),
    _key("finding.down", "down", "found_by(1)", "Down"),
    _key("finding.page_up", "pageup", "found_page(-1.0)", "Page up"),
    _key("finding.page_down", "pagedown", "found_page(1.0)", "Page down"),
)
COMPLETING = (_key("line.complete", "tab", "complete", "Complete"),)
EARLIER = (
    _key("line.earlier", "up", "earlier(-1)", "The line typed before"),
    _key("line.later", "down", "earlier(1)", "The line typed after"),
)
TRACKER = (
    _key("tracker.next", "tab", "complete(1)", "Tracker"),
    _key("tracker.before", "shift+tab", "complete(-1)", "Tracker before"),
)
ROW = (
    _key("row.next", "pagedown", "go(1)", "Next row"),
    _key("row.before", "pageup", "go(-1)", "Row before"),
)
DIALOG = (_key("dialog.cancel", "escape", "cancel", "Close"),)
CLOSING = (_key("dialog.close", "q", "cancel", "Close"),)
MESSAGE = (_key("message.close", "enter space q", "cancel", "Close"),)
HEALTH = (_key("health.units", "c", "units", "Units that wait, or are told something"),)
READING = (_key("viewer.close", "q enter", "cancel", "Close"),)
CONFIRM = (_key("confirm.no", "n", "no", "No"),)
CHOICE = (_key("choice.filter", "slash", "filter", "Filter"),)
MARKING_ALL = (_key("choices.all", "a", "mark_all", "Mark all, or none"),)
COPYING = (_key("viewer.copy", "y", "copy", "Copy"),)
GOING_ON = (_key("viewer.go_on", "f2 ctrl+o", "go_on", "Go on"),)
NOTING = (_key("bank.note", "f2 ctrl+o", "note", "Note the marked"),)
CONFLICT = (
    _key("conflict.mine", "m", "choose('mine')", "Mine"),
    _key("conflict.theirs", "t", "choose('theirs')", "Theirs"),
    _key("conflict.both", "b", "choose('both')", "Both"),
)
GROUPS = (
    _key("groups.sort", "s", "sort", "Sort"),
    _key("groups.measure", "m", "measure", "Count, sum or mean"),
)
EVENTS = (
    _key("events.add", "a", "add", "Add an event"),
    _key("events.close", "v q", "cancel", "Close"),
)
REQUEST = (
    _key("request.send", "s", "send", "Send"),
    _key("request.sure", "y", "sure", "Send what destroys something"),
)
PANE = (
    _key("pane.retry", "r", "retry", "Try again"),
    _key("pane.give_up", "escape", "give_up", "Give up"),
)
TYPED = (*FORM, *FIELDS, *EDITOR, *CELL, *FILTER, *FINDING, *COMPLETING, *EARLIER, *TRACKER, *ROW)
"""What works while one types."""
WIDGET_KEYS: Mapping[str, WidgetKey] = {
    one.id: one
    for one in (
        *ROWS, *TREE, *TABLE, *WALL, *DAY, *TEXT, *TEXT_EDGES, *MONTH, *TYPED, *PICKER, *BUTTONS,
        *DIALOG, *CLOSING, *MESSAGE, *HEALTH, *READING, *CONFIRM, *CHOICE, *MARKING_ALL, *COPYING,
        *GOING_ON, *NOTING, *CONFLICT, *GROUPS, *EVENTS, *REQUEST, *PANE,
    )
}  # fmt: skip
"""Every key of a widget that can be changed, by its id."""

_LISTS = {"a list": ROWS, "a tree": TREE}
_TABLES = {**_LISTS, "a table": TABLE}
KINDS: Mapping[str, Mapping[str, tuple[WidgetKey, ...]]] = {
    "today": _LISTS,
    **dict.fromkeys(("books", "tocks", "sessions", "invoices"), _TABLES),
    "timers": {**_TABLES, "the bar of a day": DAY},
    **dict.fromkeys(("console", "widget"), _TABLES),
    "changes": {"a list": ROWS, "a table": TABLE},
    "timesheet": {"a list": ROWS, "a table": TABLE},
    "hours": {"a list": ROWS, "a table": TABLE},
    "office": {"a list": ROWS, "a table": TABLE},
    "live": {"the wall": WALL},
    "track": {},
    "startline": {},
}
"""Scope of commands -> what has the focus on its screen, in words, and the keys of that."""
_FORM = (*FORM, *FIELDS, *DIALOG)
BY_THEMSELVES = (
    DAY, (*TEXT, *TEXT_EDGES), MONTH, FORM, CELL, FILTER, PANE, (*EDITOR, *_FORM),
    (*PICKER, *_FORM), (*BUTTONS, *_FORM), (*ROW, *_FORM), (*TRACKER, *_FORM),
    (*FINDING, *DIALOG), (*COMPLETING, *EARLIER, *DIALOG), (*CONFIRM, *DIALOG),
    (*HEALTH, *MESSAGE, *TEXT, *TEXT_EDGES, *DIALOG), (*CONFLICT, *TEXT, *DIALOG),
    (*READING, *COPYING, *GOING_ON, *ROWS, *DIALOG), (*GOING_ON, *CLOSING, *ROWS, *DIALOG),
    (*CHOICE, *CLOSING, *TREE, *ROWS, *DIALOG), (*CHOICE, *MARKING_ALL, *TABLE, *ROWS, *DIALOG),
    (*NOTING, *CLOSING, *TABLE, *ROWS, *DIALOG), (*GROUPS, *CLOSING, *TABLE, *ROWS, *DIALOG),
    (*EVENTS, *MONTH, *DIALOG), (*REQUEST, *ROWS, *DIALOG),
)  # fmt: skip
"""What no command of a screen meets where it is alive, but its own keys do."""
