"""Fits everything anew, in the order in which one thing depends on another.

Ranking first (fusion), then what the reader adds to it (reranking), and at last the confidence,
whose features come from both. About an hour on two cores. The models themselves are made by
``knowledge.training.encoders``.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.answers.confidence import load_model, stored_models
from knowledge.retrieval.fusion import stored_weights as stored_fusion
from knowledge.retrieval.reranking import stored_weights as stored_reranking
from knowledge.training import confidence, fusion, reranking
from knowledge.training.fitting import load_models, run, written_parser

__all__ = ["STEPS", "main"]

STEPS = (fusion.FITTER, reranking.FITTER, confidence.FITTER)


def main(arguments: Sequence[str]) -> None:
    """Run every step; each reads what the ones before it wrote."""
    written_parser("refit", __doc__ or "").parse_args(arguments)
    models = load_models()
    for step in STEPS:
        run(step, arguments, models)
        for cached in (stored_fusion, stored_reranking, stored_models, load_model):
            cached.cache_clear()
