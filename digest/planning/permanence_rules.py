"""The rules of `content/urls.lock`: what was published once keeps its address and its place in feeds."""

from __future__ import annotations

from collections.abc import Iterator

from digest.diagnostics import Finding, rule


@rule("lock-line")
def lock_line(line: str) -> Iterator[Finding]:
    """Each line of `content/urls.lock` names one id that was published: its kind, the id, and its day of publication.

    The build writes these lines. After a renaming, the id that the entry had first stands at the end. A static page
    has no day.

    Right:

        job chief-digital-officer 2014-09-12
        job digital-director 2014-09-12 chief-digital-officer
        page about
    """
    marks = line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||"))
    message = "this is a mark of an unfinished merge" if marks else "this line cannot be read"
    hint = "keep the lines of both sides and delete the marks" if marks else "write it as  job some-id 2014-09-12"
    yield Finding(message, f"{hint}, or restore the file from version control")


@rule("lock-repeat")
def lock_repeat(id_: str, other: int) -> Iterator[Finding]:
    """`content/urls.lock` says one thing of each id.

    Two different lines for one id come from a merge.

    Mend: delete the one that is wrong.
    """
    yield Finding(f'line {other} says something else of "{id_}"', "delete the line that is wrong")


@rule("lock-missing")
def lock_missing(line: str | None, place: int) -> Iterator[Finding]:
    """With `--frozen`, `content/urls.lock` names every id that is published.

    `--frozen` only checks. `build` without it adds what is missing.

    Mend: build without `--frozen` and commit `content/urls.lock`, or add the line that is named.
    """
    if line is None:
        yield Finding("there is no such file", "make an empty one, build without --frozen, and commit it")
    else:
        where = f"add it as line {place}" if place else "add it"
        yield Finding(f'the line "{line}" is missing', f"{where}, or build without --frozen; then commit the file")


@rule("url-lost")
def url_lost(address: str, cures: str) -> Iterator[Finding]:
    """An address that was published leads somewhere for ever.

    `content/urls.lock` names what was published. A page may vanish only through the `aliases` of another entry or
    through `withdrawn`.

    Mend, after renaming a file: give the entry its old name as an alias: `aliases: [old-name]`

    Mend, after deleting one: bring the file back and say why it is gone:
    `withdrawn: {date: 2026-02-09, reason: The employer asked for it.}`

    Mend, where it was never on the web: delete its line of `content/urls.lock`.
    """
    yield Finding(f"{address} was published, and nothing is there now", cures)


@rule("url-hidden")
def url_hidden(address: str, today: str) -> Iterator[Finding]:
    """What was published does not become a draft again.

    Its address would lead nowhere.

    Mend: delete `draft: true`, or withdraw the entry: `withdrawn: {date: 2026-02-09, reason: It was in error.}`
    """
    hint = f"delete this line, or write in its place  withdrawn: {{date: {today}, reason: …}}"
    yield Finding(f"{address} was published, and a draft has no page", hint)


@rule("url-redated")
def url_redated(recorded: str, number: int, line: str) -> Iterator[Finding]:
    """The date of publication stays.

    It is the date in feeds, and its year is part of the entry's permanent id: with another year, feed readers would
    show the entry a second time. What happened since is a note under `changes`.

    Mend: write the date that it was published with. If that was wrong, and is to be corrected all the same, change
    the line of `content/urls.lock` too.
    """
    cost = "" if line.split(" ")[2][:4] == recorded[:4] else ", and feed readers show the entry again"
    hint = (
        f"write  published: {recorded};  or, if that was wrong, make line {number} of content/urls.lock  {line}{cost}"
    )
    yield Finding(f"it was published with the date {recorded}", hint)


@rule("guid-changed")
def guid_changed(first: str, wanted: str) -> Iterator[Finding]:
    """An entry keeps its permanent id in feeds.

    The id is made of the name that the entry had first, which is the first of its aliases that is no path. With
    another one, feed readers would show the entry a second time. To lead other addresses here, write them as paths.

    Wrong, where `cdo` was renamed to `director`, and took over the address of `chief`: `aliases: [chief, cdo]`

    Right: `aliases: [cdo, /jobs/chief/]`
    """
    yield Finding(f'feed readers know this entry by the name "{first}", and would show it again', f"write  {wanted}")
