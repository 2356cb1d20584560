"""👍 and 👎: one vote a member and answer, a reason if they like, and what admins see of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from postgres import on_both
from world import Shown, World, shown, write_article

from bot.state import State
from bot.state import feedback as table
from bot.state.feedback import TIED_DAYS, VOTE_DAYS, Ballot, CastVote, Vote
from bot.ui.custom_ids.encoding import MAX_CUSTOM_ID, MalformedReference
from bot.ui.custom_ids.prefixes import Prefix
from bot.ui.custom_ids.votes import DOWN, UP, Rated, decode_rated, rated_id
from knowledge import Verdict

QUESTION = "Qui a rencontré Poutine en Russie ?"
TODAY = date(2026, 1, 31)


@pytest.fixture(autouse=True)
def answered(judged: Callable[[Verdict], None]) -> None:
    judged(Verdict.ANSWERED)


def ballot(message: int = 1, member: int = 1, vote: Vote = Vote.UP, **more: object) -> Ballot:
    fields: dict[str, object] = {
        "server": 7,
        "message": message,
        "member": member,
        "verdict": Verdict.ANSWERED,
        "passages": ("abc", "def"),
        "vote": vote,
    }
    return Ballot(**{**fields, **more})  # type: ignore[arg-type]


def votes(world: World) -> tuple[CastVote, ...]:
    return world.state.feedback.of(world.guild.id)


async def press(world: World, answer: Shown, label: str, who: str = "member") -> Shown:
    actor = world.member if who == "member" else world.admin
    result = await actor.click(answer.message, custom_id=answer.button(label))
    assert result.response is not None
    return shown(result.response)


async def object_to(world: World, answer: Shown, reason: str | None = None) -> Shown:
    opened = await world.member.click(answer.message, custom_id=answer.button("👎"))
    assert opened.modal is not None
    result = await world.member.submit_modal(opened, {} if reason is None else {"reason": reason})
    assert result.response is not None
    return shown(result.response)


async def test_a_vote_is_counted_and_thanked_for_privately(world: World) -> None:
    answer = await world.ask(QUESTION)
    thanks = await press(world, answer, "👍")
    assert thanks.ephemeral
    assert "👍" in thanks.text
    best = world.knowledge.ask(QUESTION).citations[0]
    assert votes(world) == (CastVote(Verdict.ANSWERED, (best.passage,), Vote.UP, None),)


@pytest.mark.parametrize("verdict", [Verdict.UNCERTAIN, Verdict.UNANSWERED])
async def test_doubtful_answers_can_be_voted_on(
    world: World, judged: Callable[[Verdict], None], verdict: Verdict
) -> None:
    judged(verdict)
    await press(world, await world.ask(QUESTION), "👍")
    (vote,) = votes(world)
    closest = world.knowledge.ask(QUESTION).citations[0].passage
    assert (vote.verdict, vote.passages) == (verdict, (closest,))


async def test_a_member_has_one_vote_an_answer_and_may_change_it(world: World) -> None:
    answer = await world.ask(QUESTION)
    await press(world, answer, "👍")
    await press(world, answer, "👍")
    await object_to(world, answer, "the wrong meeting")
    assert [(vote.vote, vote.reason) for vote in votes(world)] == [(Vote.DOWN, "the wrong meeting")]
    await press(world, answer, "👍")
    assert [(vote.vote, vote.reason) for vote in votes(world)] == [(Vote.UP, None)]
    await press(world, answer, "👍", who="admin")
    await press(world, await world.ask(QUESTION), "👍")
    assert len(votes(world)) == 3


@pytest.mark.parametrize("code", ["en-US", "fr"])
async def test_a_vote_against_asks_for_a_reason_that_need_not_be_given(
    world: World, locale: list[str], code: str
) -> None:
    locale[0] = code
    answer = await world.ask(QUESTION)
    thanks = await object_to(world, answer)
    assert thanks.ephemeral
    assert thanks.text.startswith("Merci" if code == "fr" else "Thank you")
    assert [(vote.vote, vote.reason) for vote in votes(world)] == [(Vote.DOWN, None)]


async def test_a_vote_against_counts_where_the_form_is_closed(world: World) -> None:
    answer = await world.ask(QUESTION)
    await world.member.click(answer.message, custom_id=answer.button("👎"))
    assert [vote.vote for vote in votes(world)] == [Vote.DOWN]


async def test_votes_and_forms_work_after_a_restart(world: World) -> None:
    answer = await world.ask(QUESTION)
    opened = await world.member.click(answer.message, custom_id=answer.button("👎"))
    assert not world.bot._connection._view_store._modals
    await world.restart()
    await world.member.submit_modal(opened, {"reason": "too short"})
    assert [vote.reason for vote in votes(world)] == ["too short"]
    await press(world, answer, "👍")
    assert [vote.vote for vote in votes(world)] == [Vote.UP]


async def test_a_reason_is_kept_without_anybody_s_id(world: World) -> None:
    answer = await world.ask(QUESTION)
    await object_to(world, answer, f"<@{world.admin.id}> said {world.admin.id}, not\nthis")
    assert [vote.reason for vote in votes(world)] == ["said …, not this"]


async def test_votes_can_be_cast_in_a_direct_message(world: World) -> None:
    await world.member.send_dm(QUESTION)
    answer = shown(world.member.user.dm_channel.history()[-1])
    await world.member.user.click(answer.message, custom_id=answer.button("👍"))
    assert world.state.feedback.tied_to(world.member.id) == 1
    assert votes(world) == ()


async def feedback(world: World) -> Shown:
    result = await world.admin.slash(world.channel, "feedback")
    return shown(result.response)


async def test_admins_see_what_did_not_help_and_why_but_not_whose_it_is(world: World) -> None:
    assert "Nobody has voted" in (await feedback(world)).text
    answer = await world.ask(QUESTION)
    await press(world, answer, "👍", who="admin")
    assert "Nobody has pressed 👎" in (await feedback(world)).text
    await object_to(world, answer, "@everyone **not** [this](https://evil.example)")
    listed = await feedback(world)
    assert listed.ephemeral
    best = world.knowledge.ask(QUESTION).citations[0]
    assert "👎 **1** · 👍 1" in listed.text
    assert f"¶\u00a0{best.paragraph}" in listed.text
    assert r"• \@everyone \*\*not\*\* \[this\]" in listed.text
    assert str(world.member.id) not in str(listed)
    context = await world.admin.click(listed.message, custom_id=listed.button("In context"))
    assert f"¶\u00a0{best.paragraph}" in shown(context.response).text


async def test_what_did_not_help_is_paged_and_tells_what_has_gone(
    world: World, articles: Path
) -> None:
    texts = [f"Quokkas number {n} eat {'abcdefghij'[n] * 9}." for n in range(9)]
    write_article(articles, "quokkas", *texts)
    world.knowledge.reindex()
    passages = [paragraph.id for paragraph in world.knowledge.article("quokkas").paragraphs]
    for number, passage in enumerate([*passages, "gone"]):
        world.state.feedback.cast(
            ballot(number, vote=Vote.DOWN, server=world.guild.id, passages=(passage,)), TODAY
        )
    page = await feedback(world)
    texts = [page.text]
    while not page.buttons[page.button("Next")].get("disabled"):
        result = await world.admin.click(page.message, custom_id=page.button("Next"))
        page = shown(result.response)
        texts.append(page.text)
    seen = "\n".join(texts)
    assert sorted(re.findall(r"number (\d)", seen)) == [str(n) for n in range(9)]
    assert seen.count("changed or removed") == 1


async def test_feedback_is_for_admins(world: World) -> None:
    assert "feedback" not in world.member.available_commands(world.channel)
    assert "feedback" in world.admin.available_commands(world.channel)


@on_both
def test_a_reason_stays_until_the_vote_changes(state: State) -> None:
    state.feedback.cast(ballot(vote=Vote.DOWN, reason="why"), TODAY)
    state.feedback.cast(ballot(vote=Vote.DOWN), TODAY)
    assert [vote.reason for vote in state.feedback.of(7)] == ["why"]
    state.feedback.cast(ballot(vote=Vote.UP), TODAY)
    assert [vote.reason for vote in state.feedback.of(7)] == [None]


@on_both
def test_votes_lose_their_member_and_then_go(state: State) -> None:
    state.feedback.cast(ballot(), TODAY)
    state.feedback.expire(TODAY + timedelta(days=TIED_DAYS))
    assert state.feedback.tied_to(1) == 1
    state.feedback.expire(TODAY + timedelta(days=TIED_DAYS + 1))
    assert state.feedback.tied_to(1) == 0
    assert len(state.feedback.of(7)) == 1
    state.feedback.expire(TODAY + timedelta(days=VOTE_DAYS + 1))
    assert state.feedback.of(7) == ()


@on_both
def test_the_oldest_votes_give_way(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_VOTES", 3)
    for number in range(5):
        state.feedback.cast(ballot(number, passages=(str(number),)), TODAY)
    state.feedback.cast(ballot(9, server=8), TODAY)
    assert [vote.passages for vote in state.feedback.of(7)] == [("4",), ("3",), ("2",)]


PASSAGES = st.lists(st.text("abcXYZ019_-", min_size=1, max_size=12), max_size=5, unique=True).map(
    tuple
)


@given(st.sampled_from(Verdict), PASSAGES, st.sampled_from([UP, DOWN]))
def test_a_button_carries_what_was_answered(
    verdict: Verdict, passages: tuple[str, ...], kind: Prefix
) -> None:
    id_ = rated_id(kind, Rated(verdict, passages))
    assert len(id_) <= MAX_CUSTOM_ID
    assert decode_rated(id_.removeprefix(f"{kind}/")) == Rated(verdict, passages)


@pytest.mark.parametrize("payload", ["", "9/abc", "0", "0/a b", "0/a..b", "0/" + "a" * 13])
def test_a_vote_that_cannot_be_read_is_refused(payload: str) -> None:
    with pytest.raises(MalformedReference):
        decode_rated(payload)
