"""Some runs of the model: nothing lost, nothing doubled, order kept, undo exact, whatever the line,
the disk and the clock do.

Many more are made by hand: `python -m tests.workspace.changes.model --runs 10000`.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.workspace.changes.model.judge import Verdict, compare, watch
from tests.workspace.changes.model.run import Model
from tests.workspace.changes.model.work import WORKS

SEEDS = range(1000, 1010)


@pytest.mark.parametrize("service", WORKS)
def test_nothing_is_lost_doubled_or_out_of_order(service: str) -> None:
    seen: Counter[str] = Counter()
    with Model([service]) as model:
        for seed in SEEDS:
            verdict = model.run(seed)
            assert not verdict.faults, (seed, verdict.faults)
            seen += verdict.seen
        broken = sum(model.proxy.counts.values())
    assert broken, "the line broke"
    assert seen["actor heard done"], seen


def test_a_write_that_nobody_noted_is_found() -> None:
    """The judge itself: what is there and was not noted is a fault, and what was only noted."""
    with Model(["timesheets"]) as model:
        database = model._server.context.database
        watch(database, WORKS["timesheets"].watched)
        verdict = Verdict()
        compare([], database, verdict)
        assert not verdict.faults
        with database.write() as connection:
            connection.execute("INSERT INTO model_log (kind, new) VALUES ('made', 'nobody')")
            connection.execute("UPDATE timesheets_clients SET name = 'x' WHERE id = 1")
        compare([], database, verdict)
        assert any("made there" in fault for fault in verdict.faults)
        assert any("1: there" in fault for fault in verdict.faults)
