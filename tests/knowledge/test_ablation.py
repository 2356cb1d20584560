"""The parts that the ablation switches off are parts that there are."""

import pytest
from benchmarks.ablation import LEGS, Leg, without

from knowledge import KnowledgeBase, Verdict


@pytest.mark.parametrize("leg", LEGS, ids=lambda leg: leg.name)
def test_each_part_can_be_done_without(leg: Leg, bundled: KnowledgeBase) -> None:
    with without(leg):
        assert bundled.ask("Qui a été invité au dîner ?").verdict in Verdict
