"""What was begun once is not begun again, as far as it is remembered."""

from __future__ import annotations

from bot.services.once import MAX_REMEMBERED, Once


def test_a_key_is_begun_once_until_it_is_forgotten() -> None:
    once = Once()
    assert [once.begin("a"), once.begin("a"), once.begin("b")] == [True, False, True]
    once.forget("a")
    once.forget("unknown")
    assert [once.begin("a"), once.begin("b")] == [True, False]


def test_so_many_are_remembered_and_the_oldest_give_way() -> None:
    once = Once()
    for key in range(MAX_REMEMBERED + 1):
        assert once.begin(key)
    assert [once.begin(MAX_REMEMBERED), once.begin(1), once.begin(0)] == [False, False, True]
