"""An `Output` to bytes: a template of the theme given one view and nothing else, or a function that writes a view."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import partial
from types import CodeType, FunctionType
from typing import Any, Final, cast

import jinja2
import msgspec
from jinja2.runtime import Context, Macro
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]  # see `_escaped`

from digest.compiled import Compiled, Known, nothing
from digest.contract import THEME
from digest.diagnostics import Diagnostic, Finding, Parsed, rule
from digest.emails import FINISHED
from digest.planning.outputs import TEMPLATES, Output
from digest.text.nodes import Reading
from digest.writers import WRITERS


@rule("template-error")
def template_error(problem: str, source: str | None) -> Iterator[Finding]:
    """A template is valid Jinja and uses only what its view has.

    `digest/planning/views.py` lists, for each template, the values it may use and what they mean.

    Mend: correct the name or the syntax on the line shown.
    """
    yield Finding(problem, f"while rendering {source}" if source else None)


@rule("template-missing")
def template_missing(name: str) -> Iterator[Finding]:
    """Every page has its template in `templates/`.

    Mend: put the file back, or restore the folder from version control.
    """
    yield Finding(f"there is no file {name}", "put it back; the digest cannot be built without it")


def form_of(output: Output) -> str:
    """Return the name of what makes an output's bytes: its template, or the function that writes its view."""
    kind = type(output.view)
    return TEMPLATES.get(kind) or WRITERS[kind].__name__


def _is_escaped(name: str | None) -> bool:
    """Tell whether a template's values are escaped: all are, but those of a page that is plain text."""
    return name is None or not (name.startswith("pages/") and name.endswith(".txt"))


_LONG: Final = 2_000
"""Characters from which on a piece is held as bytes."""


class _Once:
    """The function `once(macro, value, ...)` of all templates: renders a macro once for each list of values.

    Such a macro is imported without context, so that it depends on nothing but its arguments; and these are values of
    a view, which never change.  It reaches no template by itself: whoever calls it has imported the macro by name.
    """

    def __init__(self) -> None:
        self._made: dict[Any, str | bytes] = {}
        self._before: dict[Any, str | bytes] = {}

    def age(self) -> None:
        """Begin anew; of what was made until now, only that is kept which is asked for until this is called again."""
        self._before, self._made = self._made, {}

    def __call__(self, macro: Macro, *values: Any) -> str:
        """Return what the macro makes of the values."""
        key = macro, values, tuple(map(type, values))  # 1 == True, and markup may equal text that needs escaping
        held = self._made.get(key)
        if held is None:
            held = self._made[key] = self._before.get(key) or _held(macro(*values))
        return _marked(held.decode()) if isinstance(held, bytes) else held


def _held(made: str) -> str | bytes:
    """Return a piece as it is to be held: a long one as bytes, which take half as much if there is a dash in it."""
    return made.encode() if type(made) is Markup and len(made) >= _LONG else made


def _leading_to(links: Iterable[Any], path: str) -> tuple[str, ...]:
    """Return the addresses among `links`, in their order, that are `path` itself or a folder it lies in.

    In templates this is the filter `leading_to`.
    """
    return tuple(link.href for link in links if path.startswith(link.href))


def _rss_text(value: str) -> Markup:
    """Return plain words for an element of RSS: `&` and `<` as numbers, which no reader takes for HTML.

    So the profile of the RSS Advisory Board asks for it (§ Character Data).  In templates this is the filter
    `rss_text`.
    """
    escaped = str(value).replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&#x3E;")
    return Markup(escaped)  # noqa: S704 - escaped just now


def _escaped(value: Any) -> str:
    """Return a value as `markupsafe.escape` does, but as plain text, which is all that a page is put together from.

    `escape` makes an object of its own for every word; that is a fifth of rendering.
    """
    if type(value) is str:
        return _escape_inner(value)
    return value if type(value) is Markup else escape(value)


_marked: Final = partial(str.__new__, Markup)
"""Marks plain text as safe HTML; as a partial it takes a third of the time of `Markup`, which asks what it is given."""


class _Context(Context):
    """Jinja's context, with a short way to what our templates call most."""

    def call(
        self,
        function: Any,
        /,
        *values: Any,
        _loop_vars: Mapping[str, Any] | None = None,
        _block_vars: Mapping[str, Any] | None = None,
        **named: Any,
    ) -> Any:
        """Call a function of a template; a macro with all its arguments in place, and `once`, without further ado."""
        if type(function) is _Once:
            return function(*values, **named)
        if (
            type(function) is Macro
            and len(values) == len(function.arguments)
            and not (named or function.caller or function.catch_kwargs or function.catch_varargs)
            and self.eval_ctx.autoescape
        ):
            return _marked(function._func(*values))  # noqa: SLF001 - what `Macro.__call__` comes to here
        return super().call(function, *values, _loop_vars=_loop_vars, _block_vars=_block_vars, **named)


class _Template(jinja2.Template):
    """A compiled template that escapes by `_escaped`."""

    @classmethod
    def from_code(
        cls,
        environment: jinja2.Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002 - Jinja's name
        uptodate: Callable[[], bool] | None = None,
    ) -> jinja2.Template:
        """Return a template with the names that its code uses."""
        template = super().from_code(environment, code, globals, uptodate)
        cast("FunctionType", template.root_render_func).__globals__["escape"] = _escaped
        return template

    def render(self, *values: Any, **named: Any) -> str:
        """Render as Jinja does, and then let go of the values.

        A macro of the template itself refers to them, and they to it: without a collector, as in a build, they stay.
        """
        context = self.new_context(dict(*values, **named))
        try:
            return self.environment.concat(self.root_render_func(context))
        except Exception:  # noqa: BLE001 - it is raised again, with the lines of the template
            self.environment.handle_exception()
        finally:
            context.vars.clear()


class _Environment(jinja2.Environment):
    """Jinja's environment, in which a template that imports another finds it at once."""

    def __init__(self, **options: Any) -> None:
        """Take Jinja's options."""
        super().__init__(**options)
        self.template_class = _Template
        self.context_class = _Context
        self.once = _Once()
        self.globals = {"once": self.once}
        self.filters["leading_to"] = _leading_to
        self.filters["rss_text"] = _rss_text
        self._found: dict[str | jinja2.Template, jinja2.Template] = {}

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> jinja2.Template:
        """Return a template; the same one for the same name."""
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = super().get_template(name, parent, globals)
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the names that all templates know; a plain `dict`, which an import need not search in layers."""
        return self.globals if d is None else super().make_globals(d)


class Renderer:
    """Renders outputs with one theme.

    A template gets the fields of its view, the function `once` and the filters `leading_to` and `rss_text`, and of
    what Jinja gives to all templates the filters and tests, but no function.  Anything else it imports by name.
    """

    def __init__(self, templates: Mapping[str, str], known: Known = nothing) -> None:
        """Take the texts of the theme's templates by their path below `templates/`, and what gives compiled ones."""
        self.templates = templates
        self.compiled = Compiled(known)
        self._environment = _Environment(
            loader=jinja2.FunctionLoader(self._load),
            autoescape=_is_escaped,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            optimized=False,  # there are no constants to fold, and looking for them is a tenth of compiling
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=self.compiled,
        )

    def age(self) -> None:
        """Note that another build begins: pieces that were made for the one before the last are forgotten."""
        self._environment.once.age()

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = self.templates.get(name)
        return None if text is None else (text, THEME + name, lambda: True)

    def render(self, output: Output) -> Parsed[bytes]:
        """Return the file's bytes, or the problem of the template at the line where it lies."""
        write = WRITERS.get(type(output.view))
        if write is not None:
            return Parsed(write(output.view))
        template = form_of(output)
        try:
            text = self._made(template, output.view)
        except jinja2.TemplateNotFound as error:
            name, place = str(error.name or template), _place(error)
            asked = place is not None and name != template
            said = self._problem(*place, f"there is no file {THEME}{name}", output) if place and asked else None
            return Parsed(None, (said or self._missing(name),))
        except jinja2.TemplateSyntaxError as error:
            name = error.filename or THEME + (error.name or template)
            return Parsed(None, (self._problem(name, error.lineno, error.message or "syntax error", output),))
        except Exception as error:  # a theme's mistake is reported at its line, whatever it raises
            place = _place(error)
            if place is None:
                raise
            return Parsed(None, (self._problem(*place, _plain(error), output),))
        return Parsed(text.encode())

    def _made(self, template: str, view: Any) -> str:
        def made(view: Any) -> str:
            return self._environment.get_template(template).render(msgspec.structs.asdict(view))

        finish = FINISHED.get(type(view))
        return finish(view, made) if finish else made(view)

    def _missing(self, name: str) -> Diagnostic:
        reading = Reading(THEME + name, "")
        reading.check(template_missing, None, THEME + name)
        return reading.problems[0]

    def _problem(self, name: str, line: int, problem: str, output: Output) -> Diagnostic:
        text = self.templates.get(name.removeprefix(THEME), "")
        reading = Reading(name, text)
        shown = (reading.line(line) or "").rstrip()
        column = len(shown) - len(shown.lstrip()) + 1
        for finding in template_error(problem, output.source or f"/{output.path}"):
            reading.add(template_error, finding, line, column, len(shown.lstrip()))
        return reading.problems[0]


def _plain(error: Exception) -> str:
    """Return what went wrong in words that do not name our modules."""
    return re.sub(r"'digest[\w.]*\.(\w+) object'", r"the view's \1", str(error))


def _place(error: Exception) -> tuple[str, int] | None:
    """Return the template and line in which an error was raised, innermost; None if it was in none."""
    import traceback  # noqa: PLC0415 - only faults have one

    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(THEME)]
    return (frames[-1].filename, frames[-1].lineno or 1) if frames else None
