"""What a file of a language holds, a class a table.

Words are folded (lower case, without accents) unless it is said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = [
    "Chat",
    "Dates",
    "FunctionWords",
    "Language",
    "Lists",
    "Names",
    "Numbers",
    "Phrases",
    "Quantities",
    "Questions",
    "Reporting",
    "Words",
]

Words = frozenset[str]
Phrases = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FunctionWords:
    """Words that carry no content, and how a language is told by them.

    ``accented`` and ``telltale`` are as they are written, in lower case: function words whose
    accents count ("mais" is one, "maïs" is not), and words that show that a text is in this
    language. ``close_to``: languages (ISO 639-1) that share function words with it.
    ``determiners`` stand before a noun, ``prepositions`` join another to it; ``negations`` deny
    what their clause says.
    """

    words: Words
    accented: Words
    telltale: Words
    close_to: Words
    determiners: Words
    prepositions: Words
    negations: Words


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Words whose full stop ends no sentence: ``prose`` in an article; ``chat`` in a message,
    beside words of one or two letters."""

    prose: Words
    chat: Words


@dataclass(frozen=True, slots=True)
class Numbers:
    """Number words, by the number that each stands for.

    ``small``: from 0 up. ``ones``: those for 1 that are articles, too. ``collectives`` say about
    how many, but for ``exact_collectives``; ``plural_collectives`` say no number at all.
    ``fractions``: denominators, with one of ``articles`` or a number before; ``halves`` need
    neither, ``and_half`` adds one. ``scales`` multiply; ``bare_scales`` are numbers alone, too.
    ``ordinals``: those that no rule makes of a number word; the rule "e>ieme" takes an "e" off its
    end, if there is one, and adds "ieme". ``ordinal_endings``: what follows digits.
    """

    small: Mapping[str, int]
    ones: Words
    articles: Words
    tens: Mapping[str, int]
    hundreds: Words
    scales: Mapping[str, int]
    bare_scales: Words
    collectives: Mapping[str, int]
    exact_collectives: Words
    plural_collectives: Words
    fractions: Mapping[str, int]
    halves: Words
    and_half: Phrases
    ordinals: Mapping[str, int]
    ordinal_rules: Phrases
    ordinal_endings: Words


@dataclass(frozen=True, slots=True)
class Dates:
    """The words of dates; names of months are the gazetteer's.

    ``seasons``: the month that each starts in. ``parts``: of a year or month, 1 to 3, 0 for none
    in particular; ``of`` stands between part and whole. ``decades``: their first year in the
    century. ``before_month`` stands between a day and its month; ``before_years`` shows that a
    number is a year. ``relative``: days by the day of writing; so are ``periods`` with one of
    ``nearby`` after or ``nearby_before`` before them. ``to`` and ``and_words`` (after ``between``)
    join the ends of a range.
    """

    weekdays: Words
    seasons: Mapping[str, int]
    parts: Mapping[str, int]
    of: Words
    decades: Mapping[str, int]
    centuries: Words
    before_month: Words
    before_years: Words
    relative: Words
    periods: Words
    nearby: Words
    nearby_before: Words
    to: Words
    and_words: Words
    between: Words


@dataclass(frozen=True, slots=True)
class Quantities:
    """The words beside numbers.

    ``units``: how each unit of ``knowledge.entities.units`` is written, by its name, in one word or
    two. ``approximations``: phrases before a number, by what they mean
    (``knowledge.entities.Approximation``); ``about_after`` follow one. ``to`` joins the ends of a
    range. ``of`` stands between a number and what it counts, ``of_the`` between a measure and what
    is measured, with ``articles`` behind. ``prenominal``: adjectives before a noun.
    ``age_before``: what makes a duration an age. ``noons``: minutes of the day; ``before_noon``:
    what shows that they are a time.
    """

    units: Mapping[str, Phrases]
    approximations: Mapping[str, Phrases]
    about_after: Words
    to: Words
    of: Words
    of_the: Words
    articles: Words
    prenominal: Words
    age_before: Words
    noons: Mapping[str, int]
    before_noon: Words


@dataclass(frozen=True, slots=True)
class Names:
    """The words in and beside names that tell what bears them.

    ``roles``: offices, titles and trades before a name or right after it, with ``before_roles``
    ("vice", "former"); ``titles``: forms of address. ``organisations`` and ``places``: in such a
    name, or the common noun right before it; ``businesses``: last words of companies' names;
    ``areas`` and ``bodies``: what a place or an organisation is called after a comma; ``fields``:
    branches of learning. ``sayings`` and ``decisions``: what only people and organisations do.
    ``adjective_endings``, ``adjectives``: how an adjective is told. ``of``, ``articles``: between
    a noun and a name; ``particles``: inside a name. ``after_names``: what shows that a word that
    opens a sentence is a name. ``place_before``, ``directions``, ``born``, ``after_heads``,
    ``not_before_subjects``, ``being``, ``before_verbs``: see ``knowledge.entities.name_kinds``.
    """

    roles: Words
    before_roles: Words
    titles: Words
    organisations: Words
    businesses: Words
    places: Words
    areas: Words
    bodies: Words
    fields: Words
    sayings: Words
    decisions: Words
    adjective_endings: Words
    adjectives: Words
    of: Words
    articles: Words
    particles: Words
    after_names: Words
    place_before: Words
    directions: Words
    born: Words
    after_heads: Words
    not_before_subjects: Words
    being: Words
    before_verbs: Words


@dataclass(frozen=True, slots=True)
class Reporting:
    """The words of reporting: who said what, and which source says so.

    ``sayings``: verbs with a quotation; ``reports``: verbs before a clause or a date, with
    ``before_verbs`` between subject and verb; ``according``: before a source; ``documents``: what
    a source publishes, between those and the source. ``media``: in the names of media;
    ``agencies``: names of one word; ``seats``: buildings that stand for a government, and
    ``speaking``: places that do. ``pronouns``, ``auxiliaries``: between a speaker and the verb.
    ``directions``: words of names that alone are none. ``kinds``: what the kinds of facts are
    called, as it is written, by the kind.
    """

    sayings: Words
    reports: Words
    before_verbs: Words
    according: Words
    documents: Words
    media: Words
    agencies: Words
    seats: Phrases
    speaking: Phrases
    pronouns: Words
    auxiliaries: Words
    directions: Words
    kinds: Mapping[str, Phrases]


@dataclass(frozen=True, slots=True)
class Questions:
    """The words of questions.

    ``openers``: those that a question begins with. ``types``: question words by what they ask for
    (``knowledge.questions.question_type.QuestionType``); the ``weak`` ones are relative pronouns
    or conjunctions, too, and ask only in some places, the ``relative`` ones nowhere else.
    ``before_who``: what stands before one that asks. ``which``: ask for the noun behind, with
    ``copulas`` and ``articles`` between. ``numbers``: what follows one of ``degree`` ("how many"),
    ``measuring``: verbs, by what is measured (``knowledge.entities.QuantitySort``; "any": that is
    not told).

    Nouns that name a kind of answer: ``number_nouns`` by what is measured, ``dates``, ``places``,
    ``people``, ``names``, ``reasons``; an answer rarely says those of ``unsaid``, nor those of
    ``abstract``, which name no thing that it could be.
    ``before_nouns``: after one of these even a function word may be a noun. ``contacts``: words for
    ways to reach somebody, by kind (email, phone, fax, web). ``characters``: for
    scripts that write no space between words, regular expressions by what they ask for.
    """

    openers: Words
    types: Mapping[str, Phrases]
    weak: Words
    relative: Words
    before_who: Words
    which: Words
    degree: Words
    copulas: Words
    articles: Words
    numbers: Mapping[str, Phrases]
    measuring: Mapping[str, Phrases]
    number_nouns: Mapping[str, Phrases]
    dates: Words
    places: Words
    people: Words
    names: Words
    reasons: Words
    unsaid: Words
    abstract: Words
    before_nouns: Words
    contacts: Mapping[str, Phrases]
    characters: Mapping[str, Phrases]


@dataclass(frozen=True, slots=True)
class Lists:
    """The words by which an item of a list is asked for: "rule 5", "the last step".

    ``items``: nouns that name one, whatever the list is of; ``numbers``: what stands between noun
    and number; ``last``: the last of all.
    """

    items: Words
    numbers: Words
    last: Words


@dataclass(frozen=True, slots=True)
class Chat:
    """What people say around a question.

    Phrases are regular expressions on folded words that single spaces part: "est-ce que" reads
    "est ce que". No article is asked about with any of these; what may be content is left out,
    since a word too many costs a question less than one that is missing.

    ``greetings``, ``courtesies``, ``apologies``; ``connectives`` take the floor; ``requests`` ask
    for an answer: what follows is the question; ``topics`` name the articles as such; ``tails``
    end a question that has been asked; of ``idle`` talk and function words a whole sentence may
    consist; ``instructions`` tell the bot what to be or to do; ``complaints`` are about how well
    somebody knows a language. ``unspaced``: the same in scripts that write no space between words,
    on plain text.

    ``first_person``: words that speak of the writer. ``leading`` may stand before a question word;
    ``asking`` ask wherever they stand; ``conjunctions`` join what is asked to what is not.
    ``gist`` asks for what a whole text says, ``salient`` for what is most of it, ``texts`` are
    nouns for one.
    ``follow_up_openers`` and ``follow_up_pronouns`` lean on the question before, and ``ellipses``
    ask of something else what it asked.
    """

    greetings: Phrases
    courtesies: Phrases
    apologies: Phrases
    connectives: Phrases
    requests: Phrases
    topics: Phrases
    tails: Phrases
    idle: Phrases
    instructions: Phrases
    complaints: Phrases
    unspaced: Phrases
    first_person: Words
    leading: Words
    asking: Words
    conjunctions: Words
    gist: Words
    salient: Words
    texts: Words
    ellipses: Phrases
    follow_up_openers: Words
    follow_up_pronouns: Words


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """The words of a language, or of all together, by what reads them.

    ``precedence``: where two languages mean different things by a word, and nothing tells which
    of them a text is in, the one of the higher precedence counts.
    """

    precedence: int
    function_words: FunctionWords
    abbreviations: Abbreviations
    numbers: Numbers
    dates: Dates
    quantities: Quantities
    names: Names
    reporting: Reporting
    questions: Questions
    lists: Lists
    chat: Chat

    @property
    def has_rules(self) -> bool:
        """Whether facts are found in it: its function words are known."""
        return bool(self.function_words.words)

    def is_function_word(self, folded: str, lower: str) -> bool:
        """Whether a word carries no content; ``lower``: as written, where accents count."""
        function_words = self.function_words
        return folded in function_words.words and (
            lower.isascii() or lower in function_words.accented
        )
