"""A tiny model, films, and the service as a program of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import trust_films
from films import hand_like, write_picture
from services import Service, serving
from small_films import film, picture, tiny_model

__all__ = ["film", "picture", "tiny_model"]
"""Fixtures that are the same for other faces; named here so that pytest sees them."""


@pytest.fixture(scope="session")
def large_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film that takes a while."""
    return write_picture(tmp_path_factory.mktemp("films") / "large.png", hand_like(5000, 4000))


@pytest.fixture(scope="session")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No film."""
    path = tmp_path_factory.mktemp("films") / "broken.png"
    path.write_text("no picture", encoding="ascii")
    return path


@pytest.fixture(scope="session")
def hands(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A hand, two on one film, what is none, and one that is spoilt: for the shipped model, which looks for joints."""
    return trust_films.save(
        tmp_path_factory.mktemp("hands"),
        hand=trust_films.hand(),
        two=trust_films.two_hands(),
        letter=trust_films.letter(),
        compressed=trust_films.compressed(),
    )


@pytest.fixture(scope="module")
def service(tiny_model: Path) -> Iterator[Service]:
    """The service with the tiny model, on the CPU."""
    with serving("--model", tiny_model, "--device", "cpu") as running:
        yield running
