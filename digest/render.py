"""An `Output` to bytes: templates of the theme, each given one view and nothing else."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from types import CodeType
from typing import Any, ClassVar, Final

import jinja2
import msgspec
from jinja2.bccache import Bucket
from markupsafe import Markup

from digest.diagnostics import Diagnostic, Finding, Parsed, rule
from digest.planning.pages import TEMPLATES, Output
from digest.text.nodes import Reading

FOLDER: Final = "templates/"


ONCE: Final = {"row": "components/row.html", "feed_item": "components/feed_item.xml"}
"""Macros that every template may call by name, each rendered once for each value; and their templates."""


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


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(tuple[bytes | None, tuple[Diagnostic, ...]])


def decode_rendered(data: bytes) -> Parsed[bytes]:
    """Return what `Renderer.rendered` encoded."""
    return Parsed(*_DECODER.decode(data))


def template_of(output: Output) -> str:
    """Return the name of the template of an output that is rendered."""
    return TEMPLATES[type(output.view)]


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates by the text they were compiled from, for as long as the program runs."""

    codes: ClassVar[dict[tuple[str, str], CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of a template with this name and text, if it was compiled before."""
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template that was compiled."""
        if bucket.code is not None:
            self.codes[bucket.key, bucket.checksum] = bucket.code


class Renderer:
    """Renders outputs with one theme."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        """Take the texts of the theme's templates by their path below `templates/`."""
        self.templates = templates
        self._environment = jinja2.Environment(
            loader=jinja2.FunctionLoader(self._load),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=_Compiled(),
        )
        self._environment.globals = {name: self._once(template, name) for name, template in ONCE.items()}

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = self.templates.get(name)
        return None if text is None else (text, FOLDER + name, lambda: True)

    def _once(self, template: str, macro: str) -> Callable[[Any], Markup]:
        """Return a function that renders a macro once for each value of its view."""
        made: dict[Any, Markup] = {}

        def render(view: Any) -> Markup:
            done = made.get(view)
            if done is None:
                done = made[view] = getattr(self._environment.get_template(template).module, macro)(view)
            return done

        return render

    def render(self, output: Output) -> Parsed[bytes]:
        """Return the file's bytes, or the problem of the template at the line where it lies."""
        if output.data is not None:
            return Parsed(output.data)
        template = template_of(output)
        fields = {name: getattr(output.view, name) for name in output.view.__struct_fields__}
        try:
            text = self._environment.get_template(template).render(fields)
        except jinja2.TemplateNotFound as error:
            name, place = str(error.name or template), _place(error)
            asked = place is not None and name != template
            said = self._problem(*place, f"there is no file {FOLDER}{name}", output) if place and asked else None
            return Parsed(None, (said or self._missing(name),))
        except jinja2.TemplateSyntaxError as error:
            name = error.filename or FOLDER + (error.name or template)
            return Parsed(None, (self._problem(name, error.lineno, error.message or "syntax error", output),))
        except Exception as error:  # a theme's mistake is reported at its line, whatever it raises
            place = _place(error)
            if place is None:
                raise
            return Parsed(None, (self._problem(*place, _plain(error), output),))
        return Parsed(text.encode())

    def rendered(self, output: Output) -> bytes:
        """Return what `render` returns, as bytes that `decode_rendered` reads."""
        return _ENCODER.encode(self.render(output))

    def _missing(self, name: str) -> Diagnostic:
        reading = Reading(FOLDER + name, "")
        reading.check(template_missing, None, FOLDER + name)
        return reading.problems[0]

    def _problem(self, name: str, line: int, problem: str, output: Output) -> Diagnostic:
        text = self.templates.get(name.removeprefix(FOLDER), "")
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
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(FOLDER)]
    return (frames[-1].filename, frames[-1].lineno or 1) if frames else None
