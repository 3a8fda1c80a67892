"""Handlers, values and rules that are found in short are those that Textual finds."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest
from textual import events, message_pump, on, reactive
from textual.css import model, styles
from textual.css.styles import Styles
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import Button, Input

from tui.screens.books.screen import BooksScreen
from tui.widgets import light_handlers, light_rules, light_values
from tui.widgets.filterline import LineInput
from tui.widgets.form import Form
from tui.widgets.grid import Grid


def textuals(module: ModuleType) -> Any:
    """A module of Textual's as it is in its file, whatever was made lighter since."""
    assert module.__file__ is not None
    spec = importlib.util.spec_from_file_location("theirs", module.__file__)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    made.__package__ = module.__name__.rpartition(".")[0]
    with patch.dict(sys.modules, theirs=made):
        spec.loader.exec_module(made)
    return made


@pytest.fixture(autouse=True)
def _light() -> None:
    for one in (light_handlers, light_rules, light_values):
        one.lighten()
        one.lighten()  # once is enough


class Both(Widget):
    """Hears of the same in every way."""

    class Said(Message):
        def __init__(self, control: object) -> None:
            super().__init__()
            self.whose = control

        @property
        def control(self) -> Any:
            return self.whose

    class Shouted(Said):
        handler_name = "on_both_said"

    def on_both_said(self) -> None: ...

    def _on_key(self) -> None: ...

    def on_key(self) -> None: ...

    @on(Said)
    def any_place(self) -> None: ...

    @on(Said, "#here")
    @on(Said, ".there")
    def here(self) -> None: ...


class Heir(Both):
    """Has more of the same."""

    @on(Both.Shouted)
    def on_both_said(self) -> None: ...

    def on_key(self) -> None: ...


WIDGETS = (Both, Heir, Grid, Form, LineInput, Input, BooksScreen)
MESSAGES = (
    events.Key("a", "a"), events.Mount(), events.Focus(), events.Resize, events.Compose(),
    Input.Changed(Input(), "x"), Button.Pressed(Button(id="here")), Grid.Selected,
    *(kind(Widget(id=name, classes="there")) for kind in (Both.Said, Both.Shouted)
      for name in ("here", "elsewhere")),
    *(kind(Widget()) for kind in (Both.Said, Both.Shouted)), Both.Said(None),
)  # fmt: skip


@pytest.mark.parametrize("kind", WIDGETS)
@pytest.mark.parametrize("sent", [True, False])
def test_every_handler_is_found_in_its_order(kind: type[Widget], sent: bool) -> None:
    find = textuals(message_pump).MessagePump._get_dispatch_methods
    widget = kind.__new__(kind)
    for made in MESSAGES:
        message = made if isinstance(made, Message) else made.__new__(made)
        message._sender = widget if sent else None
        message._no_default_action = False
        name = message.handler_name
        found = [*widget._get_dispatch_methods(name, message)]
        assert found == [*find(widget, name, message)], (kind, message)


def test_what_prevents_the_default_ends_the_search() -> None:
    widget, message = Heir.__new__(Heir), events.Key("a", "a")
    for one, _method in widget._get_dispatch_methods(message.handler_name, message):
        assert one is Heir
        message.prevent_default()


def test_what_is_no_widget_is_no_place() -> None:
    widget, message = Both.__new__(Both), Both.Said("a name")
    message._sender = widget
    with pytest.raises(message_pump.OnNoWidget, match="no widget"):
        list(widget._get_dispatch_methods(message.handler_name, message))


class Reckons(Widget):
    """Has a value of each kind."""

    plain = var(3)
    made: var[list[int]] = var(list)
    total = var(0)
    later = var(0)

    def compute_total(self) -> int:
        return self.plain * 2


class ReckonsMore(Reckons):
    """Works out what its base only keeps."""

    def compute_later(self) -> int:
        return self.total + 1


def test_a_value_is_what_was_set_or_is_worked_out() -> None:
    one = ReckonsMore()
    assert (one.plain, one.made, one.total, one.later) == (3, [], 6, 7)
    one.set_reactive(Reckons.plain, 5)
    assert (one.plain, one.total, one.later) == (5, 10, 11)
    assert one.made is one.made
    assert isinstance(Reckons.plain, reactive.Reactive)
    with pytest.raises(reactive.ReactiveError, match="Node is missing data"):
        _ = Reckons.__new__(Reckons).plain


def test_a_rule_is_read_anew_once_it_is_another() -> None:
    extract = textuals(styles).Styles.extract_rules
    one, weight = Styles(), (0, 1, 0)
    one.set_rule("width", 3)
    for change in (lambda: None, lambda: one.set_rule("width", 4), one.reset):
        change()
        for is_default in (True, False, True):
            assert one.extract_rules(weight, is_default, 2) == extract(one, weight, is_default, 2)
    assert one.extract_rules(weight) == extract(one, weight)


def test_rules_are_the_same_only_where_they_are_one() -> None:
    assert textuals(model).RuleSet.__hash__ is not object.__hash__, "else nothing is to be done"
    first, second = model.RuleSet(), model.RuleSet()
    assert len({first, second, first}) == 2
