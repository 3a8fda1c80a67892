"""What a form widget holds.

Source: iBuildApp API document, chapter Widgets.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from msgspec import field

from tui.services.reading import Extra, Record
from tui.services.widgets.records import Spellings, Widget, read_wire_date, spellings


class FormButton(Record, frozen=True):
    """The button that sends a form."""

    aliases: ClassVar[Spellings] = spellings("label")

    label: str = field(name="#label", default="")
    extra: Extra = {}


class FormEmail(Record, frozen=True):
    """Where the filled form is mailed to."""

    aliases: ClassVar[Spellings] = spellings("address", "subject", "button")

    address: str = field(name="#address", default="")
    subject: str = field(name="#subject", default="")
    button: FormButton | None = None
    extra: Extra = {}


class FormField(Record, frozen=True):
    """One field of a form. `type` and `label` are mandatory, the rest is optional."""

    aliases: ClassVar[Spellings] = {
        **spellings("type", "label", "format", "limit"),
        "value": ("@value",),
    }

    type: str = ""
    label: str | None = field(name="#label", default=None)
    """None where the mandatory key is missing; empty is allowed."""
    value: str | list[str] = field(name="#value", default="")
    """The default; of a dropdown that is written like the others, its choices."""
    values: list[str] | str = field(name="value", default_factory=list)
    """The choices of a dropdown, which has `value` where the others have `#value`."""
    format: str = field(name="@format", default="")
    limit: str = ""
    """How many photos, as a numeric string."""
    extra: Extra = {}

    @property
    def choices(self) -> list[str]:
        """The choices of a dropdown, under either key."""
        return next((one for one in (self.values, self.value) if one and isinstance(one, list)), [])

    @property
    def text(self) -> str:
        """The default as text, under either key; empty where the keys hold choices."""
        return next((one for one in (self.value, self.values) if one and isinstance(one, str)), "")

    @property
    def checked(self) -> bool:
        """Whether a checkbox or a radio button is on: its value is "checked", else empty."""
        return self.text.strip().lower() in {"checked", "1", "on", "true", "yes"}

    @property
    def most(self) -> int | None:
        """How many photos can be attached at most; None where that is not a number."""
        plain = self.limit.strip()
        return int(plain) if plain.isdecimal() and len(plain) < 6 else None

    @property
    def day(self) -> date | None:
        """The default of a date field; None where it is none."""
        return read_wire_date(self.text)


class FormGroup(Record, frozen=True):
    """Fields under one title."""

    aliases: ClassVar[Spellings] = spellings("title", "fields")

    title: str = field(name="#title", default="")
    fields: list[FormField] = field(default_factory=list)
    extra: Extra = {}


class FormBody(Record, frozen=True):
    """A form: where it goes, and its groups."""

    email: FormEmail | None = None
    groups: list[FormGroup] = field(default_factory=list)
    extra: Extra = {}


class CustomForm(Widget, frozen=True):
    """CustomForm Widget (`customform`)."""

    form: FormBody | None = None

    @property
    def groups(self) -> list[FormGroup]:
        """The groups; none where the form itself is missing."""
        return self.form.groups if self.form else []

    @property
    def email(self) -> FormEmail:
        """Where it is mailed to; all empty where that is missing."""
        return (self.form and self.form.email) or FormEmail()
