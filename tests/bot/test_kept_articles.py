"""What a server keeps: versions that can be had back, limits, and an end to what is not needed."""

from __future__ import annotations

import pytest
from postgres import on_both
from sqlalchemy import inspect

from bot.state import State
from bot.state import article_room as module
from bot.state.article_room import ArticlesFull
from bot.state.article_versions import (
    MAX_EARLIER,
    ArticleStatus,
    ArticleText,
    Draft,
    KeptArticle,
)
from bot.state.articles import ArticleOutdated, ArticlesTable
from bot.state.calendar import Calendar

pytestmark = on_both
HERE, ELSEWHERE = 1, 2


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def table(state: State, clock: Clock) -> ArticlesTable:
    return ArticlesTable(state.database, Calendar(state.database, clock, clock), state.changes)


def offer(
    table: ArticlesTable, slug: str, title: str, text: str, server: int = HERE
) -> KeptArticle:
    (offered,) = table.offer(server, [Draft(slug, title, ArticleText(text))])
    return offered


def put(
    table: ArticlesTable, title: str = "Quokkas", text: str = "text", server: int = HERE
) -> int:
    offered = offer(table, title.lower(), title, text, server)
    table.accept(server, [offered.id])
    return offered.id


def test_an_upload_is_in_use_only_when_it_is_accepted(table: ArticlesTable) -> None:
    offered = offer(table, "quokkas", "Quokkas", "text")
    assert (offered.slug, offered.status) == ("quokkas.1", ArticleStatus.OFFERED)
    assert table.of(HERE) == ()
    assert table.servers() == frozenset()
    assert table.accept(HERE, [offered.id]) == ((None, offered.id),)
    assert [one.id for one in table.of(HERE)] == [offered.id]
    assert table.servers() == {HERE}
    with pytest.raises(ArticleOutdated):
        table.accept(HERE, [offered.id])


def test_two_articles_of_a_title_have_two_slugs(table: ArticlesTable) -> None:
    put(table)
    put(table)
    assert [one.slug for one in table.of(HERE)] == ["quokkas.1", "quokkas.2"]


def test_a_replacement_can_be_undone_once_and_not_when_it_was_replaced(
    table: ArticlesTable,
) -> None:
    first = put(table, text="one")
    offered = offer(table, "quokkas.1", "Quokkas", "two")
    assert table.accept(HERE, [offered.id]) == ((first, offered.id),)
    assert table.text(HERE, table.of(HERE)[0].id) == ArticleText("two")
    table.swap(HERE, [(offered.id, first)])
    assert table.text(HERE, table.of(HERE)[0].id) == ArticleText("one")
    with pytest.raises(ArticleOutdated):
        table.swap(HERE, [(offered.id, first)])


def test_versions_of_two_articles_are_not_mixed_up(table: ArticlesTable) -> None:
    one, two = put(table, "One"), put(table, "Two")
    with pytest.raises(ArticleOutdated):
        table.swap(HERE, [(one, two)])
    with pytest.raises(ArticleOutdated):
        table.swap(HERE, [(None, None)])
    assert {kept.id for kept in table.of(HERE)} == {one, two}


def test_another_server_has_no_hand_on_them(table: ArticlesTable) -> None:
    kept = put(table)
    offered = offer(table, "wombats", "Wombats", "text")
    assert table.find(ELSEWHERE, kept) is None
    assert table.text(ELSEWHERE, kept) is None
    table.withdraw(ELSEWHERE, [offered.id])
    assert table.find(HERE, offered.id) is not None
    with pytest.raises(ArticleOutdated):
        table.accept(ELSEWHERE, [offered.id])
    with pytest.raises(ArticleOutdated):
        table.swap(ELSEWHERE, [(kept, None)])
    assert [one.id for one in table.of(HERE)] == [kept]


def test_what_was_removed_can_be_had_back_for_thirty_days(
    table: ArticlesTable, clock: Clock
) -> None:
    kept, other = put(table), put(table, "Wombats")
    table.swap(HERE, [(kept, None)])
    clock.now += 29 * 86_400
    table.tidy()
    assert table.find(HERE, kept) is not None
    clock.now += 2 * 86_400
    table.tidy()
    assert table.find(HERE, kept) is None
    assert [one.id for one in table.of(HERE)] == [other]


def test_an_upload_waits_for_a_day(table: ArticlesTable, clock: Clock) -> None:
    offered = offer(table, "quokkas", "Quokkas", "text")
    clock.now += 25 * 3_600
    with pytest.raises(ArticleOutdated):
        table.accept(HERE, [offered.id])


def test_older_uploads_and_versions_give_way(table: ArticlesTable) -> None:
    offers = [offer(table, "quokkas", "Quokkas", "t").id for _ in range(12)]
    assert [table.find(HERE, one) is not None for one in offers] == [False] * 2 + [True] * 10
    put(table, "Wombats")
    for number in range(15):
        table.accept(HERE, [offer(table, "wombats.1", "Wombats", str(number)).id])
    kept = [table.find(HERE, one) for one in range(1, 60)]
    earlier = [one for one in kept if one and one.status is ArticleStatus.EARLIER]
    assert len(earlier) in (MAX_EARLIER, MAX_EARLIER + 1)


def test_what_came_together_is_put_in_use_together_or_not_at_all(
    table: ArticlesTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = [Draft(slug, slug, ArticleText(slug, "facts")) for slug in ("a", "a", "b")]
    offered = table.offer(HERE, drafts)
    assert [one.slug for one in offered] == ["a.1", "a.2", "b.1"]
    assert table.together(HERE, offered[0].id) == offered
    assert table.together(ELSEWHERE, offered[0].id) == ()
    identifiers = [one.id for one in offered]
    monkeypatch.setattr(module, "MAX_ARTICLES", 2)
    with pytest.raises(ArticlesFull):
        table.accept(HERE, identifiers)
    assert table.of(HERE) == ()
    monkeypatch.setattr(module, "MAX_ARTICLES", 3)
    assert table.accept(HERE, identifiers) == tuple((None, one) for one in identifiers)
    table.swap(HERE, [(one, None) for one in identifiers])
    assert table.of(HERE) == ()


def test_uploads_that_wait_take_no_more_room_than_articles_in_use(
    table: ArticlesTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_CHARACTERS", 10)
    first, second, third = (offer(table, "a", "A", "12345").id for _ in range(3))
    left = [table.find(HERE, one) is not None for one in (first, second, third)]
    assert left == [False, True, True]


@pytest.mark.parametrize(("limit", "value"), [("MAX_ARTICLES", 1), ("MAX_CHARACTERS", 7)])
def test_a_server_that_is_full_keeps_what_it_has(
    table: ArticlesTable, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(module, limit, value)
    kept = put(table)
    with pytest.raises(ArticlesFull):
        put(table, "Wombats")
    assert [one.id for one in table.of(HERE)] == [kept]
    put(table, server=ELSEWHERE)


def test_no_column_says_who_uploaded(state: State) -> None:
    with state.database.reading() as connection:
        columns = {one["name"] for one in inspect(connection).get_columns("articles")}
    own = {"id", "server", "slug", "title", "text", "facts", "questions"}
    assert columns == {*own, "status", "changed_at", "batch"}
