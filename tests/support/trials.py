"""What every agent's cases have to be like."""

from __future__ import annotations

from collections.abc import Sequence

from bot.canary.script import Case


def prove_something(cases: Sequence[Case]) -> None:
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        assert case.turns
        for step in case.steps:
            proof = step.makes or step.never or step.hears or step.unheard or case.steps[-1].makes
            assert proof, case.id
            assert step.shows, case.id
