"""The page to upload a film: as HTML, and in a real browser without script."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from services import Service, form, serving

if os.name == "posix":
    import browser

    CHROMIUM = browser.executable()
else:
    CHROMIUM = None


class Tags(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def shipped() -> Iterator[Service]:
    """The service with the model that is shipped."""
    with serving("--device", "cpu") as running:
        yield running


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_page_has_labels_a_language_and_no_script(service: Service) -> None:
    answer = service.get("/")
    page = Tags(answer.data.decode())
    assert not page.all("script")
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert page.all("html")[0].items() >= {"lang": "en", "dir": "ltr"}.items()
    persian = Tags(service.get("/", Accept_Language="fa-IR,en;q=0.5").data.decode())
    assert persian.all("html")[0].items() >= {"lang": "fa", "dir": "rtl"}.items()
    labelled = {attributes["for"] for attributes in page.all("label") if "for" in attributes}
    controls = [each for each in page.all("input", "select") if each.get("type") != "checkbox"]
    assert {each["id"] for each in controls} == labelled
    hints = {each["aria-describedby"] for each in controls if "aria-describedby" in each}
    assert hints <= {attributes.get("id") for _, attributes in page.tags}
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "research and education" in text_of(answer.data.decode()).lower()
    assert service.get("/static/style.css").status == 200


def test_the_answer_is_a_page_with_the_words_of_the_terminal(service: Service, film: Path) -> None:
    answer = service.post(film, {"sex": "F"}, address="/")
    html = answer.data.decode()
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    words = text_of(html)
    assert re.search(r"Bone age \d+ y", words)
    for name in ("Chronological age", "Difference", "Flag", "Model", "90 % interval"):
        assert name in words
    assert words.index("Doubtful") < words.index(" months)")  # a model without a finder checks nothing


def test_names_are_text_and_never_tags(service: Service, film: Path) -> None:
    name = "<script>alert(1)<script>.dcm"
    html = service.send({"film": (name, film.read_bytes())}, address="/").data.decode()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_refusal_keeps_what_was_typed(shipped: Service, hands: dict[str, Path]) -> None:
    answer = shipped.post(hands["two"], {"sex": "M", "age_months": "120", "height_cm": "14<0"}, address="/")
    assert answer.status == 400
    answer = shipped.post(hands["two"], {"sex": "M", "age_months": "120"}, address="/")
    html = answer.data.decode()
    page = Tags(html)
    assert answer.status == 422
    assert page.all("div")[0] == {"class": "alert", "role": "alert", "data-code": "two_hands"}
    assert "which hand is meant" in html
    assert {"value": "M", "selected": None} in page.all("option")
    assert next(each for each in page.all("input") if each.get("id") == "age_months")["value"] == "120"
    assert "<title>Refused: " in html
    letter = shipped.post(hands["letter"], address="/").data.decode()
    assert "tick the box" in letter
    insisted = shipped.post(hands["letter"], {"insist": "true"}, address="/").data.decode()
    assert "<title>Doubtful bone age" in insisted


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_film_is_estimated_in_a_real_browser_by_keyboard_alone(
    shipped: Service, hands: dict[str, Path], tmp_path: Path
) -> None:
    assert CHROMIUM is not None
    with browser.browsing(CHROMIUM, tmp_path / "profile") as page:
        page.open(f"{shipped.url}/")
        controls = page.controls()
        assert "" not in controls
        assert controls["Sex"] == "combobox"
        assert {"Birth date", "Study date", "Height", "Estimate", "Radiograph of one hand (required)"} <= {
            name.split(":")[0] for name in controls
        }
        page.choose_file("#film", hands["two"])
        page.press("#sex", "f", 70)
        page.type("#age_months", "150")
        page.submit("button")
        assert 'data-code="two_hands"' in page.html()
        page.screenshot(tmp_path / "refused.png")
        page.choose_file("#film", hands["two"])
        page.press("#hand", "t", 84)
        page.press("input[name=insist]", " ", 32)  # drawn hands are unlike all that the model learned from
        page.submit("button")
        html = page.html()
        page.screenshot(tmp_path / "answer.png")
    words = text_of(html)
    assert "<h1>Bone age</h1>" in html
    assert "Sex female" in words
    assert "12 y 6 m (150.0 months)" in words
    assert 'role="alert"' in html  # a drawing is no radiograph: doubtful, and said first
    assert (tmp_path / "answer.png").stat().st_size > 5000
    assert service_is_silent(shipped)


def service_is_silent(service: Service) -> bool:
    """True if the browser was refused nothing by the service."""
    return "cross_site" not in service.text and "wrong_host" not in service.text


def test_the_form_sends_what_the_service_knows(service: Service, film: Path) -> None:
    page = Tags(service.get("/").data.decode())
    names = {str(each["name"]) for each in page.all("input", "select")}
    sent = dict.fromkeys(names - {"film"}, "")
    assert service.send(form(film, sent), address="/").status == 200
