"""Pictures made of pixels: what they are, and copies of them.

Copies are turned the right way up and hold the picture alone: no place where it was taken, no name of a camera, no
words of the program that made it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from digest.diagnostics import Finding, Rule
from digest.pictures import WIDEST, WIDTHS, Findings, PictureFacts
from digest.pictures.rules import EXTENSIONS, MOST_PIXELS, picture_broken, picture_form, picture_moves, picture_size

_FORMS: Final = tuple(form for form in EXTENSIONS if form != "SVG")
"""The readers that are used: the library has others, for forms that no browser shows."""
_ORIENTATION: Final = 0x0112
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})
"""Values of EXIF's orientation by which width and height change places."""
_PLAIN_INFO: Final = frozenset(
    {
        *(
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "adobe",
            "adobe_transform",
            "progressive",
            "progression",
        ),
        *("icc_profile", "dpi", "gamma", "srgb", "chromaticity", "aspect", "interlace", "transparency", "background"),
        *("version", "duration", "loop", "timestamp", "extension", "srgb_intent", "bbox"),
    }
)
"""What the library tells of a file that is needed to show it, or is nobody's secret."""
_QUALITY: Final = {"JPEG": {"quality": 85, "optimize": True}, "WEBP": {"quality": 85}, "AVIF": {"quality": 70}}
_COPIES: Final[dict[str, Any]] = {"quality": 80, "method": 4}


def look_at_photograph(name: str, data: bytes) -> tuple[PictureFacts | None, Findings]:
    """Return the facts of a picture, or why it may not be published; `name` is that of its file."""
    try:
        with _opened(data) as picture:
            form = _form(picture)
            found = (
                *_found(picture_form, picture_form(name, form)),
                *_found(picture_size, picture_size(picture.width * picture.height)),
                *_found(picture_moves, picture_moves(moves=form != "JPEG" and getattr(picture, "is_animated", False))),
            )
            if found:
                return None, found
            picture.load()
            return _facts(picture), ()
    except Image.DecompressionBombError:  # the library's own limit, which is higher than ours
        return None, _found(picture_size, picture_size(MOST_PIXELS + 1))
    except UnidentifiedImageError:
        return None, _found(picture_form, picture_form(name, None))
    except Exception:  # noqa: BLE001 - what a decoder raises on wrong bytes is anything, in words that are its own
        return None, _found(picture_broken, picture_broken("it is cut off or damaged"))


def _found(check: Rule[...], findings: Iterable[Finding]) -> Findings:
    return tuple((check, finding, 1) for finding in findings)


def published(data: bytes) -> bytes:
    """Return a picture as it is published: turned the right way up, not too wide, and nothing but the picture."""
    with _opened(data) as picture:
        form = _form(picture)
        made = _resized(picture, WIDEST)
        out = BytesIO()
        made.save(out, form, **_QUALITY.get(form, {"optimize": True}))
        return out.getvalue()


def copy(data: bytes, width: int) -> bytes:
    """Return a smaller copy of a picture as WebP; drawings made of pixels stay exact."""
    with _opened(data) as picture:
        if picture.format == "JPEG" and picture.mode == "RGB":
            picture.draft("RGB", (2 * width, 2 * width))  # decodes no more than half or a quarter of a large one
        exact = picture.format in {"PNG", "GIF"}
        made = _resized(picture, width)
        out = BytesIO()
        made.save(out, "WEBP", **({"lossless": True, "quality": 60} if exact else _COPIES))
        return out.getvalue()


def _opened(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # `picture_size` is stricter, before any load
        return Image.open(BytesIO(data), formats=_FORMS)


def _form(picture: Image.Image) -> str:
    """Return the form of a file; a JPEG with a second picture behind the first is a JPEG."""
    return "JPEG" if picture.format == "MPO" else str(picture.format)


def _facts(picture: Image.Image) -> PictureFacts:
    turn = picture.getexif().get(_ORIENTATION, 1)
    width, height = reversed(picture.size) if turn in _SIDEWAYS else picture.size
    shown = min(width, WIDEST)
    remade = shown < width or turn != 1 or _says_more(picture)
    copies = sorted({min(one, width) for one in WIDTHS}) if width > WIDTHS[0] else []
    return PictureFacts(shown, max(round(height * shown / width), 1), tuple(copies), remade)


def _says_more(picture: Image.Image) -> bool:
    """Tell whether a file holds more than the picture: where and when it was taken, with what, by whom."""
    segments = {kind for kind, _ in getattr(picture, "applist", ())}
    return bool(
        picture.getexif()
        or getattr(picture, "text", None)
        or {str(key).lower() for key in picture.info} - _PLAIN_INFO
        or segments - {"APP0", "APP2", "APP14"}
    )


def _resized(picture: Image.Image, width: int) -> Image.Image:
    """Return the picture alone, upright, in the colours of the web, and at most so wide."""
    made = _in_web_colours(ImageOps.exif_transpose(picture))
    if made.width > width:
        height = max(round(made.height * width / made.width), 1)
        made = made.resize((width, height), Image.Resampling.LANCZOS)
    bare = Image.new(made.mode, made.size)
    bare.paste(made)
    return bare


def _in_web_colours(picture: Image.Image) -> Image.Image:
    """Return the picture with three colours, and transparency where it has some, as sRGB."""
    clear = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    mode = "RGBA" if clear else "RGB"
    profile = picture.info.get("icc_profile")
    made = picture
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        try:
            made = ImageCms.profileToProfile(  # type: ignore[assignment]  # None only where it works in place
                picture, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            made = picture  # a profile that cannot be read is as good as none
    return made.convert(mode)
