"""Bold holds numbers, times, addresses and syllables whole, and the address that is asked for."""

from __future__ import annotations

import pytest

from knowledge.answers.contacts import asked_contact, contacts_in, lacks_contact
from knowledge.answers.whole_units import best_stretch, widened
from knowledge.model import Span

CONTACTS = "Tél. 04 77 12 34 56, courriel info@parc.example, site www.parc.example/a."


def span_of(text: str, part: str) -> Span:
    at = text.index(part)
    return Span(at, at + len(part))


@pytest.mark.parametrize(
    ("text", "marked", "whole"),
    [
        ("ouvre à 8 h. 30 du matin", "8 h", "8 h. 30"),
        ("at 6 a.m. from", "6 a", "6 a.m."),
        ("de −17 °C à", "17", "−17 °C"),
        ("était de 7,4 ± 0,2 hier", "7,4", "7,4 ± 0,2"),
        ("coûte 12,50 euros.", "12,50", "12,50 euros"),
        ("duré deux heures et demie.", "deux heures", "deux heures et demie"),
        (CONTACTS, "www.parc", "www.parc.example/a"),
        ("ภาษาไทยสวยงาม", "าษ", "ภาษา"),
        ("de 1998-2003 déjà", "1998", "1998"),
        ("le 12 mai 1958", "1958", "1958"),
        ("carries 40 people", "40", "40"),
    ],
)
def test_bold_takes_in_the_rest_of_what_it_cuts(text: str, marked: str, whole: str) -> None:
    assert widened(text, span_of(text, marked)).of(text) == whole


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("Quelle est l'adresse e-mail ?", "info@parc.example"),
        ("What is the phone number?", "04 77 12 34 56"),
        ("Quel est le site web ?", "www.parc.example/a"),
        ("Combien de mails ont été envoyés ?", "Tél"),
        ("Qui a un site ?", "Tél"),
    ],
)
def test_the_way_to_reach_somebody_that_is_asked_for_is_bold(question: str, marked: str) -> None:
    whole = Span(0, len(CONTACTS))
    found = best_stretch(question, CONTACTS, [span_of(CONTACTS, "Tél")], whole, None)
    assert found is not None
    assert found.of(CONTACTS) == marked


def test_bold_stays_within_the_snippet() -> None:
    text = "à 8 h. 30 du matin"
    found = best_stretch("Quand ?", text, [span_of(text, "8 h")], Span(0, 5), None)
    assert found == span_of(text, "8 h")


def test_a_text_may_lack_the_way_that_is_asked_for() -> None:
    assert lacks_contact("Quel est le numéro de fax ?", CONTACTS)
    assert not lacks_contact("Quel est le numéro de fax ?", "Il a été dit que oui.")
    assert not lacks_contact("Quel est le mail ?", CONTACTS)
    assert asked_contact("Who delivers the mail?") is None


def test_a_number_is_one_of_a_telephone_where_a_word_says_so() -> None:
    assert list(contacts_in("En 2001 2002 et 12 34 56 il y en eut.")) == []
