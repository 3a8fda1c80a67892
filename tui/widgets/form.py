"""A form over a screen: fields from plain data, errors at the field, nothing typed is ever lost.

Keys: enter goes to the next field and, on the last one, to the buttons; up, down and tab go
between fields; f2 or ctrl+o saves from anywhere (both arrive through tmux and screen); esc closes;
f3 writes a text of several lines in the person's own editor.
Every edit is told to the screen below as `Form.DraftChanged`, so that it can keep what was typed
and give it back as ``draft`` the next time.

Import this module where a form is opened, not where a screen is defined: it brings the editor of
several lines with it, which the first paint does not need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tui.spoken_keys import key_for
from tui.widget_keys import FIELDS, FORM
from tui.widgets.bindings import bindings_from
from tui.widgets.buttons import Button, Buttons
from tui.widgets.dialog import Dialog
from tui.widgets.dialogs import Choice
from tui.widgets.form_draft import draft_of as draft_of_fields
from tui.widgets.form_draft import words_of
from tui.widgets.form_fields import (
    LABEL_WIDTH,
    Edited,
    FieldRow,
    FormScroll,
    Picker,
    PickWanted,
    check_fields,
    is_slim,
)
from tui.widgets.form_filled import Filled, read_all
from tui.widgets.form_keys import form_keys, keys_at
from tui.widgets.form_understood import understood
from tui.widgets.form_values import FormField, help_of, more_of
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.outline_model import Node

HELP_WIDTH = 54
"""Cells that a line of help has at least, on a terminal of 80."""
MOST_HELP_LINES = 3


class Form(Dialog[Filled | None]):
    """Dismissed with every field's value by name and which of them were changed, or None."""

    DEFAULT_CSS = """
    Form > #box { width: 84; }
    Form FormScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    Form #intro { margin-bottom: 1; }
    Form #foot { margin-top: 1; }
    Form Buttons { margin-left: 20; }
    Form.-slim Buttons { margin-left: 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_from(FORM, priority=True),
        *bindings_from(FIELDS),
    ]

    class DraftChanged(Message):
        """What is typed is another one; posted to the screen that opened the form.

        ``values`` are texts as typed, secrets left out.
        """

        def __init__(self, form_id: str, values: dict[str, str]) -> None:
            super().__init__()
            self.form_id = form_id
            self.values = values

        def can_replace(self, message: Message) -> bool:
            """Only the newest draft of a form matters."""
            return isinstance(message, Form.DraftChanged) and message.form_id == self.form_id

    class LinkCopyWanted(Message):
        """A person wants the link of a refusal on the clipboard; posted to the screen below."""

        def __init__(self, link: str) -> None:
            super().__init__()
            self.link = link

    def __init__(
        self,
        title: str,
        fields: Sequence[FormField],
        *,
        form_id: str = "",
        draft: Mapping[str, str] | None = None,
        draft_of: str = "",
        since: datetime | None = None,
        errors: Mapping[str, str] | None = None,
        link: str = "",
        intro: str = "",
        save: str = "Save",
        check: Callable[[dict[str, Any]], Mapping[str, str]] | None = None,
        now: Callable[[], datetime] | None = None,
        zone: tzinfo | None = None,
        outside: bool = False,
    ) -> None:
        """`draft` are texts as `DraftChanged` gave them; where they are from an earlier time,
        `draft_of` names what they are about and `since` when they were typed, and the form says
        both. `errors` stand at their fields at once
        (name to words, "" for the form), as when a service refused what the form gave before;
        `link` is what it said to look at.
        `check` sees all values together and answers errors in the same way. `zone` None is this
        machine's. `outside` goes on in the person's own editor at once. Raises `FieldError` where
        two fields have one name.
        """
        super().__init__(title, form_keys())
        check_fields(fields)
        self._fields = tuple(fields)
        self._form_id = form_id
        self._errors = dict(errors or {})
        self._link = link
        self._intro = intro
        self._save = save
        self._check = check
        self._now = now
        self._zone = zone
        self._draft = draft_of_fields(self._fields, draft or {}, zone)
        self._errors |= {name: text for name, text in self._draft.gone.items() if draft_of}
        self._note = words_of(draft_of, since, zone) if draft_of and self._draft.is_one else ""
        self._outside = outside
        self._rows: list[FieldRow] = []
        self._foot = Lines(id="foot")
        longest = max((len(help_of(field)) for field in self._fields), default=0)
        self._help_lines = max(1, min(-(-longest // HELP_WIDTH), MOST_HELP_LINES))
        self._refusal = Lines(id="refusal")
        self._refusal.display = False

    def body(self) -> list[Widget]:
        """The introduction, the fields, help for the one with the focus, the buttons."""
        # Made here and not before: an editor of several lines needs its application.
        self._rows = [
            FieldRow(field, self._draft.texts[field.name], self._draft.anew[field.name])
            for field in self._fields
        ]
        widgets: list[Widget] = []
        if self._note:
            widgets.append(Lines([Paragraph(self._note, "warn")], id="draft"))
        if self._intro:
            widgets.append(Lines([Paragraph(self._intro, "muted")], id="intro"))
        widgets.append(self._refusal)
        widgets.append(FormScroll(*self._rows))
        widgets.append(self._foot)
        buttons = [Button("save", self._save), Button("cancel", "Cancel")]
        if self._note:
            buttons.append(Button("anew", "Without the draft"))
        widgets.append(Buttons(buttons))
        return widgets

    def on_mount(self) -> None:
        """The focus goes to the first field, or to the first that is wrong."""
        if self._errors:
            self._show_wrong(self._errors)
        elif self._rows:
            self.set_focus(self._rows[0].editor)
        # As high as the longest needs: fields that move under the cursor are hard to read.
        self._foot.styles.height = self._help_lines
        self._fit_height()
        if self._outside:
            self.call_after_refresh(self.action_more_room)

    def on_resize(self) -> None:
        """Fields scroll where the screen is low; buttons and help stay."""
        self._fit_height()

    def _fit_height(self) -> None:
        for one in (self, *self._rows):
            one.set_class(is_slim(self), "-slim")
        # Box frame, help, buttons and introduction stay on the screen whatever the fields need.
        around = 6 + self._help_lines + 3 * bool(self._note) + 3 * bool(self._intro)
        room = self.size.height - around - 4 * self._refusal.display
        self.query_one(FormScroll).styles.max_height = max(1, min(3, self.most_lines), room)

    # What is typed.

    @property
    def texts(self) -> dict[str, str]:
        """The text of every field by name."""
        return {row.field.name: row.text for row in self._rows}

    @property
    def to_keep(self) -> dict[str, str]:
        """The texts that a person changed, without secrets.

        What stands as it does without any typing is read anew the next time: the record may have
        been changed meanwhile, and an old value of it must not be sent over that.
        """
        return {
            row.field.name: row.text
            for row in self._rows
            if row.field.kind != "secret" and row.text != self._draft.anew[row.field.name]
        }

    def on_edited(self, event: Edited) -> None:
        """Tell the screen below what there is to keep."""
        event.stop()
        self._tell_draft()
        self._tell(event.row)

    def tell_draft(self) -> None:
        """The same, where the news of the latest typing may still be on its way."""
        if any(row.is_edited for row in self._rows):
            self._tell_draft()

    def _tell_draft(self) -> None:
        self._tell_below(self.DraftChanged(self._form_id, self.to_keep))

    def _tell_below(self, message: Message) -> None:
        stack = self.app.screen_stack
        # Where the form has been left meanwhile, nobody is to be told of it any more.
        if self in stack:
            stack[stack.index(self) - 1].post_message(message)

    def on_pick_wanted(self, event: PickWanted) -> None:
        """Open the list of a field with choices."""
        event.stop()
        picker = event.picker
        if picker.field.kind == "choices":
            self._pick_several(picker)
            return

        def chosen(key: str | None) -> None:
            if key is not None:
                picker.value = key

        nodes = [Node(value, title) for value, title in picker.field.choices]
        if not picker.field.required:
            nodes.insert(0, Node("", "none", role="muted"))
        self.app.push_screen(Choice(picker.field.label, nodes, current=picker.value), chosen)

    def _pick_several(self, picker: Picker) -> None:
        from tui.widgets.choices import Choices

        def chosen(keys: list[str] | None) -> None:
            if keys is not None:
                picker.value = ", ".join(f'"{key}"' if "," in key else key for key in keys)

        self.app.push_screen(
            Choices(picker.field.label, picker.field.choices, picker.chosen), chosen
        )

    # Going about.

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say how the field with the focus is typed, and what enter does there."""
        self.show_keys(keys_at(event.widget, self._dialog_keys))
        row = next((r for r in self._rows if event.widget in r.walk_children()), None)
        self._tell(row)

    def _tell(self, row: FieldRow | None) -> None:
        """What has been understood of a time in a field, else how the field is typed."""
        if row is None:
            self._foot.show([Paragraph(" ", "muted")])
            return
        known = understood(self._fields, self.texts, row.field, self._present(), self._zone)
        indent = 0 if is_slim(self) else LABEL_WIDTH
        if known.startswith("!"):
            said = Paragraph(known, "warn", indent=indent)
        elif known:
            said = Paragraph(
                " · ".join(filter(None, (f"= {known}", more_of(row.field)))), "text", indent=indent
            )
        else:
            said = Paragraph(help_of(row.field) or " ", "muted", indent=indent)
        self._foot.show([said])

    def _present(self) -> datetime:
        return datetime.now().astimezone(self._zone) if self._now is None else self._now()

    def action_field_before(self) -> None:
        """Go to the field before: an editor of several lines has the key for itself."""
        self.focus_previous()

    def action_next_field(self) -> None:
        """Go to the next field; the buttons are the last one."""
        if not isinstance(self.focused, Buttons):
            self.focus_next()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on."""
        event.stop()
        self.focus_next()

    def on_buttons_pressed(self, event: Buttons.Pressed) -> None:
        """Save or close."""
        event.stop()
        if event.id == "save":
            self.action_save()
        elif event.id == "anew":
            for row in self._rows:
                row.text = self._draft.anew[row.field.name]
                row.show_wrong("")
            self.set_focus(self._rows[0].editor)
        else:
            self.action_cancel()

    # With more room: in the person's own editor, or by a calendar.

    def action_more_room(self) -> None:
        """Write the text of several lines that has the focus in the person's own editor, or choose
        the day of a date.
        """
        from tui.widgets.outside import chosen_editor, edit

        dated = next((row for row in self._rows if row.editor.has_focus), None)
        if dated is not None and dated.field.kind in ("date", "datetime"):
            self._choose_day(dated)
            return

        areas = [row for row in self._rows if isinstance(row.editor, TextArea)]
        row = next((row for row in areas if row.editor.has_focus), None)
        editor = chosen_editor()
        if row is None or editor is None:
            why_not = "Set $VISUAL or $EDITOR to the program that you write in."
            if row is None:
                why_not = (
                    f"{key_for('form.more_room')} is for texts of several lines, and for "
                    "dates: go to one."
                )
            self.notify(why_not, severity="warning", markup=False)
            return
        before = row.text
        text, trouble = edit(self.app, editor, before)
        if text != before:
            row.text = text
        if trouble:
            self.notify(trouble, severity="warning", markup=False, timeout=20)

    def _choose_day(self, row: FieldRow) -> None:
        from tui.widgets.form_values import day_of_text, with_day
        from tui.widgets.month import DayPrompt

        now, zone = self._present(), self._zone

        def chosen(day: date | None) -> None:
            if day is not None:
                row.text = with_day(row.field, row.text, day, now, zone)
                if isinstance(row.editor, Input):
                    row.editor.cursor_position = len(row.text)

        day = day_of_text(row.field, row.text, now, zone)
        prompt = DayPrompt(row.field.label, day, now.astimezone(zone).date())
        self.app.push_screen(prompt, chosen)

    # Saving.

    def action_save(self) -> None:
        """Dismiss with the values, or show what is wrong and go to the first of it."""
        untouched = [row.field.name for row in self._rows if row.untouched]
        values, wrong = read_all(
            self._fields, self.texts, self._present(), self._zone, untouched=untouched
        )
        if not wrong and self._check is not None:
            wrong = dict(self._check(values))
        if wrong:
            self._show_wrong(wrong)
        else:
            self.dismiss(values)

    def _show_wrong(self, wrong: Mapping[str, str]) -> None:
        for row in self._rows:
            row.show_wrong(wrong.get(row.field.name, ""))
        names = {row.field.name for row in self._rows}
        self._show_refusal([text for name, text in wrong.items() if name not in names])
        first = next((row for row in self._rows if row.field.name in wrong), None)
        if first is not None:
            self.set_focus(first.editor)
        elif self.focused is None and self._rows:
            self.set_focus(self._rows[0].editor)

    def _show_refusal(self, refusals: Sequence[str]) -> None:
        lines = [Paragraph(f"✗ {text}", "bad") for text in refusals]
        if refusals and self._link:
            lines.append(Paragraph(self._link, "accent", indent=2))
            lines.append(
                Paragraph(f"{key_for('form.copy_link')} copies the link", "muted", indent=2)
            )
        self._refusal.show(lines)
        self._refusal.display = bool(lines)
        self._fit_height()

    def action_copy_link(self) -> None:
        """Ask the screen below to copy the link: it knows the clipboard."""
        if self._link:
            self._tell_below(self.LinkCopyWanted(self._link))
