"""Pictures: what is found out of a file, what is published of it, and what pages say of it."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.ExifTags import GPS, IFD, Base

from digest.build import Options, Snapshot, build
from digest.contract import Made
from digest.fingerprints import fingerprint
from digest.gallery import Gallery
from digest.memo import Kept, Memory
from digest.pictures import WIDEST, WIDTHS, PictureFacts, copy_name
from digest.pictures.drawings import look_at_drawing
from digest.pictures.photographs import copy, look_at_photograph, published
from tests import samples
from tests.builders import utc

SECRET: Final = b"SECRET-CAMERA"
SIDEWAYS: Final = 6
"""The value of EXIF's orientation for a camera held upright: the top of the picture is on its right."""


def painted(width: int, height: int, form: str = "JPEG", **options: Any) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", (width, height), (200, 20, 20))
    picture.paste((20, 20, 200), (width // 2, 0, width, height))
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def told(orientation: int = 1) -> Image.Exif:
    """Return what a camera writes into a file: its name, how it was held, and where."""
    exif = Image.Exif()
    exif[Base.Make] = SECRET.decode()
    exif[Base.Orientation] = orientation
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (51.0, 30.0, 0.0)
    return exif


def opened(data: bytes) -> Image.Image:
    """Return a picture, read to its end."""
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def facts_of(name: str, data: bytes) -> PictureFacts:
    """Return the facts of a picture that is right."""
    facts, found = look_at_photograph(name, data)
    assert (found, facts is not None) == ((), True)
    assert facts is not None
    return facts


def test_a_plain_picture_is_published_as_it_is() -> None:
    """A picture that holds nothing else and is not too wide keeps its bytes, and is told by its size."""
    assert facts_of("a.jpg", painted(400, 300)) == PictureFacts(400, 300)
    assert facts_of("a.png", painted(1000, 10, "PNG")) == PictureFacts(1000, 10, (480, 800, 1000))


def test_a_picture_is_turned_the_right_way_up() -> None:
    """Width and height, what is published, and the copies are those of the picture as the camera was held."""
    data = painted(900, 600, exif=told(SIDEWAYS))
    facts = facts_of("a.jpg", data)
    assert (facts.width, facts.height, facts.copies, facts.remade) == (600, 900, (480, 600), True)
    for made in (published(data), copy(data, 480)):
        picture = opened(made).convert("RGB")
        assert picture.height > picture.width
        top, bottom = picture.getpixel((20, 20)), picture.getpixel((20, picture.height - 20))
        assert isinstance(top, tuple)
        assert isinstance(bottom, tuple)
        assert top[0] > top[2]
        assert bottom[2] > bottom[0]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_published_but_the_picture(form: str) -> None:
    """The place and the camera are in the file that was given, and in no file that is published."""
    data = painted(900, 600, form, exif=told())
    assert SECRET in data
    assert facts_of(f"a.{form.lower()}", data).remade
    for made in (published(data), copy(data, 480)):
        assert SECRET not in made
        assert dict(opened(made).getexif()) == {}


def test_words_in_a_picture_are_taken_out() -> None:
    """A comment of the program that made a picture is not published."""
    data = painted(60, 40, comment=SECRET)
    assert facts_of("a.jpg", data).remade
    assert SECRET not in published(data)


@pytest.mark.parametrize("width", [481, 799, 1000, 1599, 1600, 1601, 4000])
def test_sizes(width: int) -> None:
    """Copies are smaller than what they copy or as wide, have its proportions, and nothing is made larger."""
    data = painted(width, width // 2)
    facts = facts_of("a.jpg", data)
    assert facts.width == min(width, WIDEST)
    assert facts.remade == (width > WIDEST)
    assert list(facts.copies) == sorted({min(one, width) for one in WIDTHS})
    for one in facts.copies:
        made = opened(copy(data, one))
        assert made.width == one
        assert abs(made.height - one / 2) <= 1
    shown = opened(published(data))
    assert (shown.width, shown.height) == (facts.width, facts.height)


def test_copies_of_drawn_pixels_are_exact() -> None:
    """A copy of a PNG picture that is not made smaller has the same pixels, the clear ones too."""
    picture = Image.effect_noise((500, 20), 90).convert("RGBA")
    picture.putalpha(Image.effect_noise((500, 20), 90))
    out = BytesIO()
    picture.save(out, "PNG")
    made = opened(copy(out.getvalue(), 500))
    assert made.getchannel("A").tobytes() == picture.getchannel("A").tobytes()


def test_other_colours_become_those_of_the_web() -> None:
    """A picture for print, in four colours, is published with three, and without a profile."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = BytesIO()
    Image.new("CMYK", (500, 20), (0, 0, 0, 0)).save(out, "JPEG", comment=SECRET, icc_profile=profile)
    for made in (published(out.getvalue()), copy(out.getvalue(), 480)):
        assert opened(made).mode == "RGB"
        assert "icc_profile" not in opened(made).info


def test_the_same_bytes_each_time() -> None:
    """What is made of a picture depends on its bytes alone."""
    data = painted(900, 600, exif=told(SIDEWAYS))
    assert (published(data), copy(data, 480)) == (published(data), copy(data, 480))


@given(st.data())
def test_damage_is_found_or_does_no_harm(data: st.DataObject) -> None:
    """Whatever bytes a file has, it is a picture or has a problem; nothing is raised."""
    whole = painted(32, 24, data.draw(st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"])))
    end = data.draw(st.integers(0, len(whole)))
    place, byte = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 255))
    damaged = (whole[:place] + bytes([byte]) + whole[place + 1 :])[:end]
    facts, found = look_at_photograph("a.jpg", damaged)
    assert (facts is None) == bool(found)


# --- drawings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ("width='30' height='20'", (30, 20)),
        ("width='30px' height='2cm'", (30, 76)),
        ("viewBox='0 0 300 100'", (640, 213)),
        ("viewBox='0 0 300 100' width='60'", (60, 20)),
        ("viewBox='0,0,300,100' height='20'", (60, 20)),
        ("viewBox='0 0 300 100' width='100%' height='100%'", (640, 213)),
    ],
)
def test_the_size_of_a_drawing(attributes: str, size: tuple[int, int]) -> None:
    """A drawing is as large as it says, in pixels; of one that gives proportions alone, as wide as the column."""
    facts, found = look_at_drawing("a.svg", f"<svg xmlns='http://www.w3.org/2000/svg' {attributes}/>".encode())
    assert (facts, found) == (PictureFacts(*size), ())


# --- in a site -----------------------------------------------------------------------------------------------


IMAGE: Final = {"src": "team.jpg", "alt": "Two halves", "credit": "Home Office", "licence": "OGL-3.0"}
TEXT: Final = "Words.\n\n![A wall](wall.png 'Photograph: Home Office')\n"


def site_of(**pictures: bytes) -> dict[str, bytes]:
    """Return a built site with a news item that shows two pictures, by their names with _ for the dot."""
    named = {f"content/images/{name.replace('_', '.')}": data for name, data in pictures.items()}
    return samples.build_site({**samples.base(), **named, "content/news/two.md": samples.news(TEXT, image=IMAGE)})


def test_pages_say_how_large_pictures_are() -> None:
    """A picture has its size, its smaller copies, and its rights beside it; all its files are in the site."""
    site = site_of(team_jpg=painted(2000, 1000, exif=told()), wall_png=painted(300, 200, "PNG"))
    page = samples.page(site, "/news/two/")
    first, second = page.all("//main//img")
    assert (first.get("width"), first.get("height"), first.get("loading")) == ("1600", "800", None)
    assert (second.get("width"), second.get("height"), second.get("loading")) == ("300", "200", "lazy")
    copies = [one.split() for one in first.get("srcset").split(", ")]
    assert [width for _, width in copies] == ["480w", "800w", "1280w"]
    for address, width in copies:
        assert f"{opened(site[address[1:]]).width}w" == width
    assert second.get("srcset") is None
    assert opened(site["images/team.jpg"]).size == (1600, 800)
    captions = [samples.words_of(one) for one in page.all("//figcaption")]
    assert captions == ["Home Office, Open Government Licence v3.0", "Photograph: Home Office"]
    assert page.one("//meta[@property='og:image']/@content").endswith("/images/team.jpg")
    assert page.one("//meta[@property='og:image:width']/@content") == "1600"
    assert page.one("//meta[@property='og:image:alt']/@content") == "Two halves"


def gallery_of(data: bytes, memory: Memory, plan: Kept, published_keys: dict[str, bytes]) -> list[Made]:
    """Return what is made of one picture."""
    path = "content/images/team.jpg"
    gallery = Gallery(Snapshot({path: data}, {path: fingerprint(data)}), [path], memory, plan)
    assert gallery.problems == []
    return [gallery.made(made, published_keys) for made in gallery.sources]


def test_a_picture_is_looked_at_and_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that is known and published is not read again; another one of the same name is."""
    plan, data = Kept(), painted(900, 600, exif=told())
    made = gallery_of(data, Memory(), plan, {})
    assert [one.path for one in made] == [
        "images/team.jpg",
        *(f"images/{copy_name('team.jpg', w)}" for w in (480, 800, 900)),
    ]
    keys = {one.path: one.key for one in made}
    with monkeypatch.context() as patch:
        patch.setattr(Image, "open", lambda *_, **__: pytest.fail("it was read again"))
        again = gallery_of(data, Memory(), plan, keys)
    assert [(one.key, one.data) for one in again] == [(one.key, None) for one in made]
    other = gallery_of(painted(900, 601, exif=told()), Memory(), plan, keys)
    assert all(one.data is not None and one.key != keys[one.path] for one in other)


def test_a_site_without_pictures_needs_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library that reads photographs is not asked for where there are none."""
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("it was used"))
    result = build(Snapshot(samples.base()), Options(utc("2026-06-01T12:00")))
    assert result.site is not None
