"""A form widget as questions, and the answers to them in the form's own words.

Radio buttons that follow one another are one question, as in the vendor's apps. A type of
field that nobody knows is asked for as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tui.services.widgets.form import CustomForm, FormField

QuestionKind = Literal["text", "number", "lines", "yes", "one", "date", "photos"]

_KINDS: dict[str, QuestionKind] = {
    "textarea": "lines", "checkbox": "yes", "dropdown": "one", "datepicker": "date",
    "photopicker": "photos",
}  # fmt: skip
_WITH_PLACEHOLDER = ("entryfield", "textarea", "photopicker")
"""Types whose value is not an answer but a text that stands in the empty field."""


@dataclass(frozen=True)
class Question:
    """One thing that a form asks for."""

    key: str
    """Names it within its form; labels can be empty and can stand twice."""
    group: str
    label: str
    kind: QuestionKind
    type: str
    """The field's own type, as written."""
    default: str = ""
    """As it is answered: for `yes` "checked" or nothing, for `date` MM/DD/YYYY."""
    hint: str = ""
    """A text that stands in the empty field."""
    choices: tuple[str, ...] = ()
    most: int | None = None
    """Photos that can be attached."""


def questions_of(form: CustomForm) -> list[Question]:
    """What the form asks for, in its order."""
    found: list[Question] = []
    for number, group in enumerate(form.groups):
        radio: list[FormField] = []
        for place, one in enumerate([*group.fields, None]):
            if one is not None and one.type == "radiobutton":
                radio.append(one)
                continue
            if radio:
                found.append(_radio(f"{number}.{place - len(radio)}", group.title, radio))
                radio = []
            if one is not None:
                found.append(_question(f"{number}.{place}", group.title, one))
    return found


def _radio(key: str, group: str, members: list[FormField]) -> Question:
    chosen = next((one.label or "" for one in members if one.checked), "")
    labels = tuple(dict.fromkeys(one.label or "" for one in members))
    return Question(key, group, "", "one", "radiobutton", chosen, choices=labels)


def _question(key: str, group: str, one: FormField) -> Question:
    kind = _KINDS.get(one.type, "number" if one.format == "number" else "text")
    default, hint = one.text, ""
    if kind == "yes":
        default = "checked" if one.checked else ""
    elif one.type in _WITH_PLACEHOLDER or (kind == "date" and one.day is None):
        default, hint = "", one.text
    elif kind == "one" and default not in one.choices:
        default = one.choices[0] if one.choices else ""
    return Question(
        key, group, one.label or "", kind, one.type, default, hint, tuple(one.choices), one.most
    )


Answers = Mapping[str, str | list[str]]
"""Answers by the questions' keys: text, and names of files for photos."""


def answers_json(
    document_id: str, title: str, form: CustomForm, answers: Answers
) -> dict[str, Any]:
    """Answers as one JSON object, grouped as the form is."""
    groups: list[dict[str, Any]] = []
    here = ""
    for question in questions_of(form):
        number = question.key.partition(".")[0]
        if not groups or number != here:
            groups.append({"title": question.group, "answers": []})
            here = number
        groups[-1]["answers"].append(
            {
                "label": question.label,
                "type": question.type,
                "value": answers.get(question.key, question.default),
            }
        )
    return {"widgetid": document_id, "type": "customform", "title": title, "groups": groups}


def answers_text(form: CustomForm, answers: Answers) -> str:
    """Answers as the text of a mail."""
    lines: list[str] = []
    here = ""
    for question in questions_of(form):
        number = question.key.partition(".")[0]
        if number != here:
            lines += ([""] if lines else []) + ([question.group] if question.group else [])
            here = number
        shown = shown_answer(question, answers.get(question.key, question.default))
        lines.append(f"{question.label}: {shown}" if question.label else shown)
    return "\n".join(lines) + "\n"


def shown_answer(question: Question, answer: str | list[str]) -> str:
    """An answer as a person reads it."""
    if isinstance(answer, list):
        return ", ".join(answer)
    if question.kind == "yes":
        return "yes" if answer else "no"
    return answer
