"""What is kept about members: nothing that they asked, and nothing that they cannot take back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from postgres import on_both
from sqlalchemy import inspect
from stored import sql
from world import Shown, World, offer_article, shown

from bot.state import State, StoredReport
from bot.state.answer_counts import KEPT_DAYS as COUNTS_KEPT_DAYS
from bot.state.answer_counts import Counted
from bot.state.feedback import TIED_DAYS, VOTE_DAYS, Ballot, Vote
from bot.state.unanswered import KEPT_DAYS
from knowledge import Verdict

MEMBER = "member"
TYPED = "typed"
"""What members have typed: questions, and nothing that may stand beside a member."""

COLUMNS = {
    "synced_commands": {"application": None, "fingerprint": None},
    "server_settings": {"server": None, "settings": None},
    "articles": {
        **dict.fromkeys(["id", "server", "slug", "title", "text", "facts", "status", "batch"]),
        **dict.fromkeys(["questions", "changed_at"]),  # golden ones, which nobody asked
    },
    "feedback": {
        **dict.fromkeys(["id", "server", "message", "passages", "verdict", "vote", "day"]),
        "member": MEMBER,
        "reason": None,  # of the vote; the question is not kept with it
    },
    "reports": dict.fromkeys(["id", "server", "made_at", "colour", "pages"]),
    "answer_counts": dict.fromkeys(["id", "server", "day", "kind", "passage", "times"]),
    "changes": dict.fromkeys(["matter", "server", "position", "origin"]),  # a random one
    "clock": dict.fromkeys(["id", "trusted", "doubted_since", "doubted"]),
    "watched": {
        **dict.fromkeys(["id", "server", "channel", "message", "passage", "article"]),
        **dict.fromkeys(["seen", "day"]),
    },
    "unanswered": {
        **dict.fromkeys(["id", "server", "times", "last_asked", "answered_by"]),
        "question": TYPED,
    },
}
"""What each column of the state holds. A new one is to be written down here."""

OF_THE_MIGRATIONS = {"_sqlite_migrations", "sourcier_schema"}


def schema(state: State) -> dict[str, list[str]]:
    with state.database.reading() as connection:
        found = inspect(connection)
        return {
            table: [column["name"] for column in found.get_columns(table)]
            for table in found.get_table_names()
            if table not in OF_THE_MIGRATIONS
        }


def rows(state: State) -> Iterator[tuple[str, dict[str, object]]]:
    for table in schema(state):
        for row in sql(state, f'select * from "{table}"'):
            yield table, dict(row._mapping)


@on_both
def test_of_every_column_it_is_known_what_it_holds(state: State) -> None:
    assert {table: set(columns) for table, columns in schema(state).items()} == {
        table: set(columns) for table, columns in COLUMNS.items()
    }


@on_both
def test_no_table_has_a_member_and_a_question(state: State) -> None:
    names = re.compile("member|user|author|voter|asker|owner|uploader", re.IGNORECASE)
    words = re.compile("question|query|asked_for|words", re.IGNORECASE)
    for table, columns in schema(state).items():
        kinds = COLUMNS[table]
        members = {name for name in columns if kinds[name] == MEMBER or names.search(name)}
        typed = {name for name in columns if kinds[name] == TYPED or words.search(name)}
        assert not (members and typed), table


@on_both
def test_every_table_with_a_member_is_forgotten(state: State) -> None:
    with_members = [table for table, columns in COLUMNS.items() if MEMBER in columns.values()]
    assert with_members == ["feedback"]
    for member, message in ((1, 1), (1, 2), (2, 1)):
        state.feedback.cast(
            Ballot(7, message, member, Verdict.ANSWERED, ("abc",), Vote.UP), date(2026, 1, 1)
        )
    assert state.forget(1) == 2
    assert [row["member"] for table, row in rows(state) if table == "feedback"] == [2]


async def session(world: World, judged: Callable[[Verdict], None]) -> None:
    """Do all that a member can do, with everything switched on that keeps something."""
    await world.bot.services.server_settings.change(
        world.guild.id, keep_unanswered=True, helpers=int(world.managers.id)
    )
    judged(Verdict.UNANSWERED)
    answer = await world.ask(f"Quel zinfandel <@{world.member.id}> et Poutine ont-ils bu ?")
    opened = await world.member.click(answer.message, custom_id=answer.button("👎"))
    await world.member.submit_modal(opened, {"reason": "there was merlot"})
    await world.member.send(world.channel, f"{world.mention} What zinfandel was served?")
    await world.member.send_dm("What zinfandel was served?")
    judged(Verdict.ANSWERED)
    answer = await world.ask("Qui a servi le zinfandel en Russie ?")
    for label in ("More", "In context", "Why?", "👍"):
        await world.member.click(answer.message, custom_id=answer.button(label))
    form = await world.member.click(answer.message, custom_id=answer.button("Follow up"))
    await world.member.submit_modal(form, {"question": "And the zinfandel of 2022?"})
    judged(Verdict.UNCERTAIN)
    answer = await world.ask("Qui a servi le zinfandel en Russie ?")
    asked = await world.member.click(answer.message, custom_id=answer.button("Ask a person"))
    before = shown(asked.response)
    await world.member.click(before.message, custom_id=before.button("Send"))
    request = world.last()
    form = await world.admin.click(request.message, custom_id=request.button("Reply"))
    await world.admin.submit_modal(form, {"reply": "Nobody served zinfandel."})
    await world.member.slash(world.channel, "search", words="zinfandel")
    await world.member.slash(world.channel, "help")
    await world.bot.services.unanswered.finish()
    await world.bot.services.counter.finish()


@on_both
async def test_no_row_has_a_member_and_what_they_asked(
    world: World, judged: Callable[[Verdict], None]
) -> None:
    await session(world, judged)
    tied, asked = [], []
    for table, row in rows(world.state):
        text = repr(row)
        is_tied, is_asked = str(world.member.id) in text, "zinfandel" in text
        assert not (is_tied and is_asked), table
        tied += [table] * is_tied
        asked += [table] * is_asked
    assert tied == ["feedback", "feedback"]
    assert set(asked) == {"unanswered"}
    assert "answer_counts" in {table for table, _ in rows(world.state)}


async def ask_to_be_forgotten(world: World) -> Shown:
    result = await world.member.slash(world.channel, "forget-me")
    assert result.response is not None
    return shown(result.response)


@on_both
@pytest.mark.parametrize(
    ("code", "button", "done"),
    [("en-US", "Remove it all", "reasons: 2."), ("fr", "Tout effacer", ": 2.")],
)
async def test_forget_me_removes_what_is_tied_to_a_member(
    world: World,
    judged: Callable[[Verdict], None],
    locale: list[str],
    code: str,
    button: str,
    done: str,
) -> None:
    await session(world, judged)
    locale[0] = code
    answer = await world.ask("Qui a rencontré Poutine ?")
    await world.admin.click(answer.message, custom_id=answer.button("👍"))
    asked = await ask_to_be_forgotten(world)
    assert asked.ephemeral
    assert world.state.feedback.tied_to(world.member.id) == 2
    await world.restart()
    result = await world.member.click(asked.message, custom_id=asked.button(button))
    assert done in shown(result.response).text
    for _, row in rows(world.state):
        assert str(world.member.id) not in repr(row)
        assert "merlot" not in repr(row)
    assert world.state.feedback.tied_to(world.admin.id) == 1
    if isinstance(world.state.place, Path):
        assert b"merlot" not in world.state.place.read_bytes()


async def test_nothing_tied_needs_no_confirmation(world: World) -> None:
    asked = await ask_to_be_forgotten(world)
    assert asked.text == "Nothing that I keep is tied to you."
    assert asked.buttons == {}


async def test_forget_me_and_privacy_work_in_direct_messages_and_closed_channels(
    world: World,
) -> None:
    dm = world.member.user.dm_channel
    await world.bot.services.server_settings.change(
        world.guild.id, denied_channels={world.channel.id}
    )
    for command in ("forget-me", "privacy", "help"):
        result = await world.member.slash(world.channel, command)
        assert "do not let me" not in shown(result.response).text
        assert shown(result.response).ephemeral
        result = await world.member.user.slash(command)
        assert result.response is not None
    assert dm is not None


@pytest.mark.parametrize("code", ["en-US", "fr"])
async def test_privacy_tells_what_holds_on_this_server(
    world: World, locale: list[str], code: str
) -> None:
    locale[0] = code
    result = await world.member.slash(world.channel, "privacy")
    told = shown(result.response)
    assert told.ephemeral
    nothing = "Je ne garde ni question" if code == "fr" else "I keep no question and no answer"
    assert nothing in told.text
    stays = "Une question à laquelle son équipe" if code == "fr" else "Where its team has answered"
    assert stays in told.text, "what the team has answered outlives the list"
    assert f"{COUNTS_KEPT_DAYS} " in told.text.partition("compte" if code == "fr" else "I count")[2]
    for days in (TIED_DAYS, VOTE_DAYS):
        assert str(days) in told.text
    person = "Demander à une personne" if code == "fr" else "Ask a person"
    assert person not in told.text
    await world.bot.services.server_settings.change(
        world.guild.id, keep_unanswered=True, helpers_channel=int(world.channel.id)
    )
    result = await world.member.slash(world.channel, "privacy")
    told = shown(result.response)
    assert nothing not in told.text
    assert person in told.text
    assert f"{KEPT_DAYS} " in told.text
    watching = "ids alone" if code == "en-US" else "des identifiants seuls"
    assert watching in told.text
    await world.bot.services.server_settings.change(world.guild.id, watch_answers=False)
    result = await world.member.slash(world.channel, "privacy")
    assert watching not in shown(result.response).text


@on_both
async def test_old_things_go_at_every_start(world: World) -> None:
    today = date.today()  # noqa: DTZ011 - a day more or less does not matter here
    world.state.unanswered.note(
        world.guild.id, "What wine?", today - timedelta(days=KEPT_DAYS + 10)
    )
    assert world.state.unanswered.count(world.guild.id) == 1
    counted = Counted(world.guild.id, Verdict.ANSWERED)
    world.state.answer_counts.add({counted: 1}, today - timedelta(days=COUNTS_KEPT_DAYS + 10))
    server = int(world.guild.id)
    removed = offer_article(world.state, server, "quokkas", "Quokkas", "Quokkas hide walnuts.")
    world.state.articles.accept(server, [removed.id])
    world.state.articles.remove(server, removed.id)
    told = world.state.reports.keep(server, StoredReport({"en": [["walnuts"]]}, 7))
    sql(world.state, "update articles set changed_at = changed_at - 31 * 86400")
    sql(world.state, "update reports set made_at = '2026-01-01T00:00:00+00:00'")
    await world.restart()
    await world.env.settle()
    assert world.state.unanswered.count(world.guild.id) == 0
    assert world.state.answer_counts.answers(world.guild.id, date.min) == ()
    assert world.state.articles.find(server, removed.id) is None
    assert world.state.reports.find(server, told) is None
    if isinstance(world.state.place, Path):
        assert b"walnuts" not in world.state.place.read_bytes()
