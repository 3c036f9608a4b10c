"""How the service starts, and how it does not; what is loaded only when it is used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bone_age_gui.__main__ import command_line
from services import ROOT, Service, serving

HEAVY = {"PySide6", "shiboken6", "matplotlib", "torch", "highdicom", "openpyxl"}
WEB = {"flask", "waitress", "werkzeug", "jinja2"}
LIST = "import sys\n{}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"


def loaded_by(statement: str) -> set[str]:
    command = [sys.executable, "-c", LIST.format(statement)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    return set(answer.stdout.split())


def test_the_service_needs_neither_window_nor_reports() -> None:
    loaded = loaded_by("import bone_age_gui.service.main")
    assert loaded >= WEB
    assert not loaded & HEAVY


def test_nothing_else_loads_a_web_server() -> None:
    assert not loaded_by("import bone_age_gui.__main__, bone_age_gui.cli.main, bone_age_gui.smoke.run") & WEB


@pytest.mark.parametrize("missing", ["flask", "waitress"])
def test_without_the_extra_it_says_what_to_install(missing: str) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; from bone_age_gui.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "serve", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 2
    assert "pip install 'bone-age-gui[service]'" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_address_that_is_taken_or_is_none(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line(["serve", "--port", str(service.port)]) == 2
    assert "cannot listen at this address" in capsys.readouterr().err
    assert command_line(["serve", "--host", "127.0.0.1.nowhere.invalid", "--port", "0"]) == 2
    assert "A token is needed" in capsys.readouterr().err


def test_an_unknown_model_ends_the_start(capfd: pytest.CaptureFixture[str]) -> None:
    assert command_line(["serve", "--port", "0", "--model", "no-such-model"]) == 2
    assert "no-such-model" in capfd.readouterr().err


@pytest.mark.parametrize(
    "options", [["--port", "70000"], ["--port", "-1"], ["--workers", "0"], ["--max-mb", "none"], ["--queue", "1e3"]]
)
def test_numbers_that_make_no_sense_are_wrong_usage(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        command_line(["serve", *options])
    assert leaving.value.code == 2
    assert options[0] in capsys.readouterr().err


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")
def test_it_listens_on_ipv6_too(tiny_model: Path, film: Path) -> None:
    with serving("--host", "::1", "--model", tiny_model, "--device", "cpu") as service:
        assert service.url.startswith("http://[::1]:")
        assert service.post(film).status == 200
