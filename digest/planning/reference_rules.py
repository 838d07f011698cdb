"""The rules across entries: ids, references, links, nearly equal names, and jobs that cannot be applied for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digest.diagnostics import Finding, rule
from digest.text.guesses import closest


@rule("id-duplicate")
def id_duplicate(id_: str, other: str) -> Iterator[Finding]:
    """An id is used once, across jobs, news and pages.

    It is the entry's name in addresses, links and feeds.

    Mend: rename one of the two files.
    """
    yield Finding(f'the id "{id_}" is also that of {other}', "rename one of the two files, or change its  id")


@rule("reference-unknown")
def reference_unknown(id_: str, known: Sequence[str]) -> Iterator[Finding]:
    """What an entry refers to exists: `related`, the `news` of an outcome, and `[[id]]` in the text.

    Mend: correct the id; it is the other file's name without `.md`.
    """
    close = closest(id_, known, 0.5)
    guess = f"; did you mean {close}?" if close else ""
    yield Finding(f'there is no entry "{id_}"{guess}', "write the other file's name without  .md")


@rule("reference-draft")
def reference_draft(id_: str) -> Iterator[Finding]:
    """A published entry does not refer to a draft.

    A draft may never be published, and the link would give it away. A scheduled entry may be referred to: the link
    comes to life when it is published.

    Mend: take the reference out, or give the draft its date.
    """
    yield Finding(f'the entry "{id_}" is a draft', "take the reference out, or delete  draft: true  there")


@rule("alias-taken")
def alias_taken(alias: str, other: str) -> Iterator[Finding]:
    """An alias is nobody else's id or alias.

    An old address can lead to one page only.

    Mend: delete it from one of the two.
    """
    yield Finding(f'"{alias}" already leads to {other}', "delete it from one of the two")


@rule("link-unknown")
def link_unknown(target: str, known: Sequence[str]) -> Iterator[Finding]:
    """A link to a page of this site leads to a page that exists.

    Mend: correct the path, or link to the entry by its id: `[[id]]`.
    """
    close = closest(target, known)
    guess = f"; did you mean {close}?" if close else ""
    yield Finding(f"there is no page {target}{guess}", "correct the path, or write  [[id]]")


@rule("link-fragment")
def link_fragment(fragment: str, known: Sequence[str]) -> Iterator[Finding]:
    """A link to a heading leads to a heading that exists.

    Mend: use the heading's words in lower case, with hyphens.
    """
    hint = f"the headings are {', '.join('#' + name for name in known)}" if known else "the text has no headings"
    yield Finding(f"there is no heading {fragment}", hint)


@rule("image-missing")
def image_missing(src: str) -> Iterator[Finding]:
    """An image's file lies below `content/images/`.

    Mend: put the file there, or correct its name.
    """
    yield Finding(f"there is no file content/images/{src}", "put the file there, or correct its name")


@rule("apply-missing")
def apply_missing() -> Iterator[Finding]:
    """A job that is open says where to apply, or that its source does not say.

    Right: `apply: https://www.civilservicejobs.service.gov.uk/…`

    Right, where the source gives no link: `apply: not stated`
    """
    yield Finding("the job is open and does not say where to apply", "add  apply: https://…  or  apply: not stated")


@rule("tag-near-duplicate", "warning")
def tag_near_duplicate(text: str, other: str) -> Iterator[Finding]:
    """Two tags differ by more than case, a plural or one letter.

    Readers of one would miss the entries of the other.

    Mend: use one of the two; list other spellings as its aliases in `config.yaml`.
    """
    yield Finding(f'the tag "{text}" is nearly "{other}"', "use one of the two, or list both in config.yaml")


@rule("organisation-near-duplicate", "warning")
def organisation_near_duplicate(text: str, other: str) -> Iterator[Finding]:
    """Two organisations differ by more than case, a plural or one letter.

    Each name has its own page, so a slip splits an organisation in two.

    Mend: use one of the two; list other spellings as its aliases in `config.yaml`.
    """
    yield Finding(f'the organisation "{text}" is nearly "{other}"', "use one of the two, or list both in config.yaml")


@rule("outcome-undated")
def outcome_undated(result: str) -> Iterator[Finding]:
    """The outcome of a job that would still be open has its date.

    Nothing else says when it ended, and until then it is shown as open.

    Wrong: `outcome: filled`

    Right: `outcome: {result: filled, date: 2014-11-20}`
    """
    hint = f"write  outcome: {{result: {result}, date: …}}  with the day it ended"
    yield Finding("the job would still be shown as open, for its outcome has no date", hint)


@rule("statement-review", "warning")
def statement_review() -> Iterator[Finding]:
    """An accessibility statement is reviewed every 12 months.

    The pages change, and so do the tools that people read them with. From the day after, the page says that its review
    is overdue.

    Mend: hold the statement against the pages, correct it, and write the day into `reviewed`.
    """
    yield Finding("the statement was last reviewed more than 12 months ago", "review it, and write the day here")


@rule("edition-empty", "warning")
def edition_empty(week: str, switched_on: bool) -> Iterator[Finding]:  # noqa: FBT001 - the subject of a rule
    """The introduction of a past week has an edition to open.

    A week in which nothing was published and no deadline changed has none, so its introduction is not shown. That of
    a week to come waits for it.

    Mend: give the file the name of the week that it is about, or take it away.
    """
    if switched_on:
        yield Finding(
            f"nothing was published in the week {week}, so it has no edition to introduce",
            "give the file the name of another week, or take it away",
        )
    else:
        yield Finding("editions are switched off, so it is not shown", "write  editions: true  below  outputs")
