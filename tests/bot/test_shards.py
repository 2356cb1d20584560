"""Which shards a process runs, and whose indexes it keeps."""

import asyncio
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import offer_article

from bot.services.knowledge_bases import UNUSED_DAYS, KnowledgeBases
from bot.settings import SettingsError, load_settings
from bot.shards import MAX_SHARDS, Shards, parse_shards
from bot.state import State
from knowledge import KnowledgeBase

HERE, ELSEWHERE = 4 << 22, 5 << 22  # on shards 0 and 1 of 4
SAID = "The quokka Beatrix guards the northern lighthouse."
TEXT = f"# Secrets\n\n{SAID}\n"
QUESTION = "Who guards the northern lighthouse?"


@pytest.mark.parametrize(
    ("written", "shards"),
    [
        ("0/1", Shards((0,), 1)),
        ("0-3/16", Shards((0, 1, 2, 3), 16)),
        (" 0, 4 /8", Shards((0, 4), 8)),
        ("6,0-2,1/8", Shards((0, 1, 2, 6), 8)),
    ],
)
def test_shards_are_read_as_they_are_written(written: str, shards: Shards) -> None:
    assert parse_shards(written) == shards
    assert parse_shards(str(shards)) == shards


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "such as 0-3/16"),
        ("4", "such as 0-3/16"),
        ("0-/4", "such as 0-3/16"),
        ("٣/٤", "such as 0-3/16"),
        ("4/4", "names shard 4, but 4 shards are 0 to 3"),
        ("3-1/4", "names shards 3-1: write the lower one first"),
        ("0/0", f"1 to {MAX_SHARDS} shards"),
        (f"0/{MAX_SHARDS + 1}", f"1 to {MAX_SHARDS} shards"),
    ],
)
def test_shards_that_are_none_are_told(written: str, said: str) -> None:
    with pytest.raises(ValueError, match="shard") as refused:
        parse_shards(written)
    assert said in str(refused.value)


def test_the_setting_is_named_with_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCIER_SHARDS", "16/16")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert refused.value.mistakes == ("SOURCIER_SHARDS names shard 16, but 16 shards are 0 to 15.",)


@given(st.integers(0, 2**64 - 1), st.integers(1, 64))
def test_every_server_is_on_exactly_one_shard(server: int, count: int) -> None:
    assert sum(Shards((one,), count).has(server) for one in range(count)) == 1


def keep(state: State, server: int) -> None:
    offered = offer_article(state, server, "secrets", "Secrets", TEXT)
    state.articles.accept(server, [offered.id])


def bases_of(knowledge: KnowledgeBase, state: State, directory: Path) -> KnowledgeBases:
    return KnowledgeBases(knowledge, state, directory, is_ours=Shards((0,), 4).has)


async def test_a_process_keeps_the_indexes_of_its_own_servers_alone(
    knowledge: KnowledgeBase, state: State, tmp_path: Path
) -> None:
    keep(state, HERE)
    keep(state, ELSEWHERE)
    bases = bases_of(knowledge, state, tmp_path / "servers")
    assert bases.has_own(HERE)
    assert not bases.has_own(ELSEWHERE)


async def test_an_index_is_made_when_it_is_first_used(
    knowledge: KnowledgeBase, state: State, tmp_path: Path
) -> None:
    keep(state, HERE)
    bases = bases_of(knowledge, state, tmp_path / "servers")
    assert bases.indexed() == ()
    base = await bases.knowledge_for(HERE)
    found = await asyncio.to_thread(base.ask, QUESTION)
    assert found.citations[0].text == SAID
    assert bases.indexed() == (HERE,)
    bases.close_all()


async def test_an_index_that_is_not_used_is_dropped_and_made_again_when_it_is(
    knowledge: KnowledgeBase, state: State, tmp_path: Path
) -> None:
    keep(state, HERE)
    bases = bases_of(knowledge, state, tmp_path / "servers")
    await bases.knowledge_for(HERE)
    bases.discard_unused()
    assert bases.indexed() == (HERE,)
    bases.close_all()

    long_ago = time.time() - (UNUSED_DAYS + 1) * 86_400
    os.utime(tmp_path / "servers" / str(HERE), (long_ago, long_ago))
    later = bases_of(knowledge, state, tmp_path / "servers")
    later.discard_unused()
    assert later.indexed() == ()
    assert later.has_own(HERE)
    base = await later.knowledge_for(HERE)
    assert (await asyncio.to_thread(base.ask, QUESTION)).citations[0].text == SAID
    later.close_all()


async def test_an_index_that_is_in_use_is_not_dropped_however_old_its_note(
    knowledge: KnowledgeBase, state: State, tmp_path: Path
) -> None:
    keep(state, HERE)
    bases = bases_of(knowledge, state, tmp_path / "servers")
    await bases.knowledge_for(HERE)
    long_ago = time.time() - (UNUSED_DAYS + 1) * 86_400
    os.utime(tmp_path / "servers" / str(HERE), (long_ago, long_ago))
    bases.discard_unused()
    assert bases.indexed() == (HERE,)
    bases.discard_unused()
    assert bases.indexed() == (HERE,)
    bases.close_all()
