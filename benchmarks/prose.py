"""The texts of the corpus: sentences, lists, tables and quotations, put together like those of real entries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from benchmarks import words

SOMETIMES: Final = 0.4
"""How often a section ends with a table, a quotation or a heading of its own."""
_ARTICLE: Final = re.compile(r"\ba (?=[aeio])")
"""Where "a" has to be "an"; all words of ours with a "u" at the start begin with the sound of a "y"."""


def body(random: Random, headings: Sequence[str]) -> str:
    """Return a text in Markdown with a section under each heading, ending with a line end."""
    return "\n\n".join([_paragraph(random, 3), *_sections(random, headings)]) + "\n"


def fill(random: Random, pattern: str) -> str:
    """Return a sentence made from a pattern of `words`."""
    adjective = random.choice(words.ADJECTIVES)
    text = pattern.format(
        adjective=adjective,
        adjective2=adjective.capitalize(),
        noun=random.choice(words.NOUNS),
        noun2=random.choice(words.NOUNS),
        verb=random.choice(words.VERBS),
        verb2=random.choice(words.VERBS),
        people=random.choice(words.PEOPLE),
        reason=random.choice(words.REASONS),
        number=random.randint(12, 96),
        number2=random.randint(3, 60),
    )
    return _ARTICLE.sub("an ", text)


def _sections(random: Random, headings: Sequence[str]) -> Iterator[str]:
    last = len(headings) - 1
    for place, heading in enumerate(headings):
        yield f"## {heading}"
        if place in {1, last}:
            yield _sentence(random)
            yield _items(random, numbered=place == last)
        else:
            yield _paragraph(random, 3)
        if random.random() < SOMETIMES:
            yield from (_quotation, _table, _subsection)[place % 3](random)


def _sentence(random: Random) -> str:
    return fill(random, random.choice(words.PATTERNS))


def _paragraph(random: Random, most: int) -> str:
    return " ".join(_sentence(random) for _ in range(random.randint(2, most)))


def _items(random: Random, *, numbered: bool) -> str:
    lines = []
    for place in range(1, random.randint(4, 7)):
        mark = f"{place}." if numbered else "-"
        item = fill(random, "{verb} {adjective} {noun}s with {people}")
        chance = random.random()
        if chance < 0.2:  # noqa: PLR2004 - one in five
            item = f"**{item.split()[0]}** {item.split(' ', 1)[1]}"
        elif chance < 0.4:  # noqa: PLR2004 - another one in five
            item += fill(random, " ([see the {noun}](https://www.example.org/{noun}s/{number}))")
        lines.append(f"{mark} {item}")
        if chance > 0.9:  # noqa: PLR2004 - one in ten
            lines.append(f"{' ' * len(mark)} - {random.choice(words.REASONS)}")
    return "\n".join(lines)


def _table(random: Random) -> Iterator[str]:
    rows = ["| Stage | What happens | Weeks |", "| --- | --- | ---: |"]
    pattern = "| {adjective2} {noun} | We {verb} the {noun2} | {number} |"
    yield "\n".join([*rows, *(fill(random, pattern) for _ in range(random.randint(3, 5)))])


def _quotation(random: Random) -> Iterator[str]:
    yield f"> {_sentence(random)}"


def _subsection(random: Random) -> Iterator[str]:
    yield "### Pension and training"
    yield fill(random, "A **Civil Service pension**, and £1,{number}0 a year towards training - with time to use it.")
