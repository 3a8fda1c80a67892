"""Operations: what a marked method tells of itself, and what it adds to errors."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.services.capture import Capture
from tui.services.client import Resource, ServiceClient
from tui.services.errors import NotFound, ServiceError
from tui.services.operation import current_run, operation, operations_of


class Things(Resource):
    @operation("sample.things.list", "read")
    async def list(self, page: int = 1) -> list[str]:
        """List the things.

        Source: nowhere.

        Args:
            page: 1 is the first.
        """
        return [str(page)]


class Sample(ServiceClient):
    service = "sample"
    resource_types = {"things": Things}

    @operation("sample.make", "write")
    async def make(
        self,
        name: str,
        *,
        kind: Literal["a", "b"] = "a",
        file: Path | None = None,
        start: datetime | None = None,
        with_: list[str] | None = None,
    ) -> dict[str, Any]:
        """Make a thing. In two sentences.

        What it means, over
        two lines.

        Raises NotFound sometimes.
        Source: the sample document, section 1.

        Args:
            name: What it is called,
                in words.
            kind: Which of them.
            file: A file: with a colon.
            start: When.
            with_: What comes along.
        """
        if name == "missing":
            raise NotFound("there is none")
        if name == "located":
            raise NotFound("there is none", service="inner", operation="inner.get")
        if name == "crash":
            raise ValueError("a mistake")
        running = current_run.get()
        return {"operation": running.operation.id if running else "", "kind": kind}

    @operation("sample.drop", "destructive", idempotent=True)
    async def drop(self) -> None:
        """Drop it"""

    async def unmarked(self) -> None:
        """Not an operation."""


MAKE = Sample.operations()["sample.make"]


def sample() -> Sample:
    return Sample(Capture().transport())


def test_the_signature_and_the_docstring_are_the_only_definition() -> None:
    assert (MAKE.service, MAKE.effect, MAKE.idempotent) == ("sample", "write", False)
    assert MAKE.title == "Make a thing. In two sentences"
    assert MAKE.description.startswith("Make a thing.")
    assert MAKE.description.endswith("Source: the sample document, section 1.")
    assert "Args" not in MAKE.description
    assert [parameter.name for parameter in MAKE.parameters] == [
        "name", "kind", "file", "start", "with_",
    ]  # fmt: skip
    name, kind, file, start, with_ = MAKE.parameters
    assert (name.required, name.hint, name.default) == (True, str, None)
    assert name.help == "What it is called, in words."
    assert (kind.required, kind.hint, kind.default) == (False, Literal["a", "b"], "a")
    assert file.hint == Path | None
    assert file.help == "A file: with a colon."
    assert start.hint == datetime | None
    assert (with_.documented_name, with_.hint) == ("with", list[str] | None)
    assert MAKE.answer == dict[str, Any]


def test_a_method_without_arguments() -> None:
    drop = Sample.operations()["sample.drop"]
    assert (drop.title, drop.description, drop.parameters) == ("Drop it", "Drop it", ())
    assert (drop.effect, drop.idempotent) == ("destructive", True)
    assert drop.answer is type(None)


def test_reads_may_be_repeated() -> None:
    assert Sample.operations()["sample.things.list"].idempotent


def test_operations_stand_as_they_are_written_and_resources_after() -> None:
    assert list(Sample.operations()) == ["sample.make", "sample.drop", "sample.things.list"]
    assert list(operations_of(Things)) == ["list"]


def test_a_subclass_has_its_bases_operations_and_may_replace_them() -> None:
    class Other(Sample):
        @operation("sample.drop", "write")
        async def drop(self) -> None:
            """Drop it otherwise"""

    assert sorted(Other.operations()) == sorted(Sample.operations())
    assert Other.operations()["sample.drop"].title == "Drop it otherwise"


async def test_methods_are_called_by_id() -> None:
    client = sample()
    assert await client.methods["sample.things.list"](page=2) == ["2"]
    assert await client.methods["sample.make"]("x", kind="b") == {
        "operation": "sample.make",
        "kind": "b",
    }
    assert sorted(client.methods) == sorted(client.operations())


async def test_errors_say_where_they_come_from() -> None:
    with pytest.raises(NotFound) as caught:
        await sample().make("missing")
    assert (caught.value.service, caught.value.operation) == ("sample", "sample.make")
    assert str(caught.value) == "sample.make: there is none"
    assert caught.value.advice
    with pytest.raises(NotFound) as caught:
        await sample().make("located")
    assert caught.value.operation == "inner.get"
    assert str(ServiceError("alone")) == "alone"


async def test_the_running_operation_is_known_and_forgotten() -> None:
    assert current_run.get() is None
    await sample().make("x")
    assert current_run.get() is None
    for name, error in (("missing", NotFound), ("crash", ValueError)):
        with pytest.raises(error):
            await sample().make(name)
        assert current_run.get() is None


async def test_operations_at_once_know_only_themselves() -> None:
    client = sample()
    first, second = await asyncio.gather(client.make("x"), client.make("y", kind="b"))
    assert (first["kind"], second["kind"]) == ("a", "b")


def test_a_marked_method_keeps_its_name_and_words() -> None:
    assert Sample.make.__name__ == "make"
    assert (Sample.make.__doc__ or "").startswith("Make a thing.")
