"""What every agent's cases have to be like."""

from __future__ import annotations

from collections.abc import Sequence

from bot.canary.script import Case


def prove_something(cases: Sequence[Case]) -> None:
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        assert case.turns
        for step in case.steps:
            last = case.steps[-1]
            proof = step.makes or step.never or step.hears or step.unheard
            proof = proof or last.makes or last.hears
            assert proof, case.id
            assert step.shows, case.id
