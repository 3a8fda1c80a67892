"""The section `[hooks]`: what is run when something has happened."""

from __future__ import annotations

from tui.config.declaring import Section, setting


class Hooks(Section):
    """Commands that are run when something has happened, with JSON about it on their standard
    input (`tockdeck reference` has its fields). They are run without a shell, one after the other,
    and without any variable that could hold a secret.
    """

    start: str = setting("", "Run when a timer was started.", example="notify-send started")
    stop: str = setting("", "Run when the running timer was stopped.")
    paid: str = setting("", "Run when an invoice was marked as paid.")
    changed: str = setting("", "Run for every change that a service has made.")
    unknown: str = setting("", "Run when it is not known whether a service made a change.")
    due: str = setting(
        "",
        "Run when a reminder is due: by the deck, and by `tockdeck remind --ring`, whichever comes "
        "first.",
    )
    overdue: str = setting(
        "",
        "Run once when an invoice has become overdue: by the deck, and by `tockdeck remind "
        "--ring`.",
    )
    seconds: float = setting(
        10.0, "Seconds that a command may take; then it is ended.", above=0, most=600
    )
