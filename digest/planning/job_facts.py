"""A job's key facts in their one fixed order, and the sentence on its state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from digest.dates.words import format_day, format_moment, iso
from digest.model import NOT_STATED, Job, Outcome
from digest.planning.ahead import Ahead
from digest.planning.around import Around
from digest.planning.catalogue import Carried
from digest.planning.context import ViewContext
from digest.planning.parts import Fact, FactItem, Notice
from digest.planning.states import State, day_start
from digest.planning.words import BADGES, closing_item, path_of, term_text


def job_facts(
    item: Carried, job: Job, context: ViewContext, around: Around, pay: tuple[FactItem, ...]
) -> Iterator[Fact]:
    """Yield the key facts in their one fixed order; unknown optional facts are left out."""
    yield Fact("Organisation", _linked(item, context, "organisations"))
    yield Fact("Pay", pay)
    yield Fact("Closes", (closing_item(job.closes, context.zone),))
    opens = job.opens.moment
    if opens is None:
        yield Fact("Opens", (FactItem("Not stated"),))
    elif opens != job.published:
        yield Fact("Opens", (FactItem(format_moment(opens, context.zone), iso=iso(opens)),))
    yield Fact("Location", _linked(item, context, "locations") or (FactItem("Not stated"),))
    yield from _terms(job, context)
    for label, value in _plain(job):
        if value:
            yield Fact(label, (FactItem(str(value)),))
    if item.is_open and job.apply == NOT_STATED:
        yield Fact("How to apply", (FactItem("Not stated"),))
    if job.outcome:
        yield Fact("Outcome", (_outcome(job.outcome, context, around),))


def _terms(job: Job, context: ViewContext) -> Iterator[Fact]:
    """Yield the facts that come from vocabularies, and the hours among them."""
    config = context.config
    if job.grade:
        yield Fact("Grade", (_term(context, "grades", job.grade.id, term_text(job.grade, "grades", config)),))
    if job.role or job.family:
        yield Fact("Role", _role(job, context))
    if job.contract:
        yield Fact("Contract", (FactItem(term_text(job.contract, "contracts", config)),))
    if job.pattern:
        words = [term_text(term, "patterns", config) for term in job.pattern]
        yield Fact("Working pattern", tuple(map(FactItem, words)))
    if job.hours:
        yield Fact("Hours", (FactItem(f"{job.hours} a week"),))
    if job.clearance:
        text = term_text(job.clearance, "clearances", config)
        yield Fact("Security clearance", (_term(context, "clearances", job.clearance.id, text),))


def _plain(job: Job) -> tuple[tuple[str, str | int | None], ...]:
    limit = f"{job.max_applications:,}" if job.max_applications else None
    return (
        ("Reports to", job.reports_to),
        ("Team", job.team_size),
        ("Budget", job.budget),
        ("Interviews", job.interviews),
        ("Posts", job.posts),
        ("Closes early at", f"{limit} applications" if limit else None),
        ("Who can apply", job.eligibility),
        ("Reference", job.reference),
    )


def _linked(item: Carried, context: ViewContext, facet: str) -> tuple[FactItem, ...]:
    return tuple(FactItem(link.label, href=link.href or None) for link in context.term_links(item.card, facet))


def _term(context: ViewContext, vocabulary: str, id_: str, text: str) -> FactItem:
    choice = context.config.vocabularies[vocabulary].by_id.get(id_)
    on = getattr(context.config.facets, vocabulary, False)
    href = context.href(f"/{vocabulary}/{id_}/") if on else None
    named = f"{text} ({choice.short})" if choice and choice.short and choice.short != text else text
    return FactItem(named, href=href, note=choice.explanation if choice else None)


def _role(job: Job, context: ViewContext) -> tuple[FactItem, ...]:
    families, roles = context.config.vocabularies["families"].by_id, context.config.vocabularies["roles"].by_id
    label = roles[job.role].label if job.role else families[job.family or ""].label
    note = f"{families[job.family].label} family" if job.role and job.family else None
    on = context.config.facets.roles and job.family
    return (FactItem(label, href=context.href(f"/roles/{job.family}/") if on else None, note=note),)


def _outcome(outcome: Outcome, context: ViewContext, around: Around) -> FactItem:
    text = outcome.result.capitalize()
    news = around.outcome
    when = f", {format_day(outcome.date)}" if outcome.date else ""
    return FactItem(text + when, href=context.href(path_of(news.card)) if news else None)


def notice(state: State, job: Job, context: ViewContext) -> str | None:
    """Return what a reader must not miss about a job in a state, or None."""
    zone = context.zone
    if state == "opening soon":
        moment = job.opens.moment
        return f"Applications open {_on(format_moment(moment, zone))}." if moment else "The opening day is not set yet."
    if state == "closed":
        return _closed(job, context)
    if job.closes.kind == "not stated":
        return f"The source gives no closing date. {_assumed(job, context, 'is')}"
    if job.closes.kind == "open until filled":
        return f"This job is open until filled. {_assumed(job, context, 'is')}"
    return "This is the last day to apply." if state == "last day" else None


def _closed(job: Job, context: ViewContext) -> str:
    """Return why a job is closed: by its outcome, if that came first, or by its deadline."""
    outcome, zone = job.outcome, context.zone
    early = (
        outcome is not None
        and outcome.date is not None
        and (job.closes.moment is None or day_start(outcome.date, zone) < job.closes.moment.ends)
    )
    if outcome is not None and outcome.date is not None and early:
        return f"{_OUTCOMES[outcome.result]} on {format_day(outcome.date)}."
    if job.closes.moment is not None:
        return f"This job closed {_on(format_moment(job.closes.moment, zone))}."
    if job.closes.kind == "not stated":
        return f"This job is closed. The source gives no closing date. {_assumed(job, context, 'is')}"
    return f"This job is closed. {_assumed(job, context, 'was')}"


def _assumed(job: Job, context: ViewContext, verb: str) -> str:
    """Return the assumption that a job without a deadline rests on."""
    times = context.config.times
    if job.closes.kind == "not stated":
        return f"It {verb} taken as open for {times.not_stated_days} days after it was published."
    return f"It {verb} taken as open for {times.open_until_filled_days} days after its newest change."


def notices(item: Carried, job: Job, context: ViewContext, moves: Ahead) -> tuple[Notice, ...]:
    """Return what is to be said of an open job in each state that it comes to by itself, where that is another."""
    now = notice(item.state, job, context)
    said = ((state, notice(state, job, context)) for state, _ in moves)
    return tuple(Notice(BADGES[state].kind, text) for state, text in said if text and text != now)


_OUTCOMES: Final = {
    "filled": "This job was filled",
    "readvertised": "This job was closed, to be advertised again,",
    "cancelled": "This job was cancelled",
}


def _on(moment: str) -> str:
    """Put "on" or "at" before a moment in words."""
    return f"on {moment}" if moment[0].isdigit() and " on " not in moment else f"at {moment}"
