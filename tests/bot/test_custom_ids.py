"""Every ``custom_id`` begins with a prefix of its own, and every button with one is known."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.features
from bot.app.features import FEATURES
from bot.interactions.components import Component
from bot.interactions.feature import Feature
from bot.ui.custom_ids.prefixes import Prefix

BOT = Path(bot.features.__file__).parents[1]
FORMS = {Prefix.VOTE_REASON, Prefix.ANSWER_FORM, Prefix.FOLLOW_UP_FORM, Prefix.HELPER_FORM}
"""Forms, which are no components."""

PROMISED = """
    mo cx pg ol lu wy sh rm up dn wn op ua uc eq fm rp st sl sg aa ac ar au al ap uk
    uw ut ur fu ff hp hs hc hr hf
""".split()
"""In messages that people keep."""


def _below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


@pytest.fixture(scope="module", autouse=True)
def _every_module() -> None:
    for module in pkgutil.walk_packages(bot.features.__path__, "bot.features."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def test_a_prefix_is_two_letters_and_belongs_to_one_thing() -> None:
    assert all(re.fullmatch("[a-z]{2}", prefix) for prefix in Prefix)
    assert len(set(Prefix)) == len(Prefix.__members__)


def test_no_prefix_that_was_given_out_is_lost() -> None:
    assert set(PROMISED) <= set(Prefix)


def test_every_prefix_has_one_component() -> None:
    prefixes = [one.prefix for one in _below(Component) if one.prefix is not None]  # type: ignore[attr-defined]
    assert sorted(prefixes) == sorted(set(Prefix) - FORMS)


def test_every_component_is_a_button_of_one_feature() -> None:
    known = [button for feature in FEATURES for button in feature.buttons]
    every = [one for one in _below(Component) if one.prefix is not None]  # type: ignore[attr-defined]
    assert sorted(known, key=str) == sorted(every, key=str)


def test_every_feature_is_added() -> None:
    assert set(FEATURES) == set(_below(Feature))


@pytest.mark.parametrize("path", sorted(BOT.rglob("*.py")), ids=lambda path: path.stem)
def test_no_custom_id_is_written_without_the_list(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    written = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in documented
    ]
    assert [one for one in written if one[:3] in {f"{prefix}/" for prefix in Prefix}] == []
