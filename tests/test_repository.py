"""What lies in the repository: its top level, no path of a machine, links that lead somewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {
    ".ci",
    ".github",
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "DECISIONS.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "bone_age_gui",
    "build_installer.spec",
    "models",
    "pyproject.toml",
    "resources",
    "tests",
    "training",
}


def refuse(offenders: list[str]) -> None:
    assert not offenders, "\n".join(offenders)


def tracked() -> list[str]:
    """Files that git knows or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    return answer.stdout.splitlines()


def test_the_top_level_is_fixed() -> None:
    refuse(sorted({name.split("/")[0] for name in tracked()} - TOP_LEVEL))


def test_no_path_of_a_developer_machine_is_shipped() -> None:
    """Relative paths only: what works on one machine works on all."""
    pattern = re.compile(r"(?<![\w.])/(work|root|home/[a-z]\w*|Users/\w+)/")
    paths = [ROOT / name for name in tracked() if not name.startswith("tests/")]
    texts = [path for path in paths if path.suffix in {".py", ".md", ".toml", ".json", ".sh"} and path.is_file()]
    refuse([str(path) for path in texts if pattern.search(path.read_text(encoding="utf-8"))])


def test_links_of_the_documents_lead_somewhere() -> None:
    links = [
        (document, target)
        for document in (ROOT / name for name in tracked() if name.endswith(".md"))
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    ]
    refuse([f"{file.name}: {to}" for file, to in links if "://" not in to and not (file.parent / to).exists()])


def test_files_that_the_documents_name_are_there() -> None:
    """The changelog tells of what was; the sources of the growth tables lie in other people's repositories."""
    names = tracked()
    offenders = []
    for document in (ROOT / name for name in names if name.endswith(".md")):
        if document.name != "CHANGELOG.md" and document.parent.name not in ("growth", "tests"):
            for file, test in re.findall(r"`([\w/]+/\w+\.py)(?:::(\w+))?`", document.read_text(encoding="utf-8")):
                there = [name for name in names if f"/{name}".endswith(f"/{file}")]
                if not there or (test and f"def {test}(" not in (ROOT / there[0]).read_text(encoding="utf-8")):
                    offenders.append(f"{document.name}: {file} {test}")
    refuse(offenders)


def test_what_the_list_of_breaks_names_is_there() -> None:
    """``tests/README.md`` says which test sees which break: one that is renamed takes its name along."""
    text = (ROOT / "tests" / "README.md").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^Removed, as they only repeated the code:(?:.+\n)+", "", text)
    tests = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    known = {name for content in tests.values() for name in re.findall(r"(?m)^def (test_\w+)\(", content)}
    named = set(re.findall(r"[`:](test_\w+)`", text))
    assert len(named) > 100
    assert named <= known, sorted(named - known)
    roots = (ROOT / "tests", ROOT / "tests" / "training")
    for file, name in re.findall(r"`([\w/]+\.py)(?:::(test_\w+))?`", text):
        contents = [tests[root / file] for root in roots if root / file in tests]
        assert any(f"def {name}" in content for content in contents), f"{file}::{name}"


def test_the_house_on_one_page_has_every_room() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## The house on one page")[2]
    house = set(re.findall(r"\w+", page.partition("```\n")[2].partition("```")[0]))
    rooms = [*(ROOT / "bone_age_gui").iterdir(), *(ROOT / "training").iterdir()]
    rooms += [*(ROOT / "bone_age_gui" / "gui").iterdir(), *(ROOT / "bone_age_gui" / "core").glob("*.py")]
    rooms = [path for path in rooms if (path / "__init__.py").exists() or path.parent.name == "core"]
    rooms += [path for path in (ROOT / "bone_age_gui" / "core").iterdir() if (path / "__init__.py").exists()]
    assert sorted(path.stem for path in rooms if path.stem not in house | {"__init__"}) == []
    assert {"core", "work", "trust", "quality"} <= {path.stem for path in rooms}
