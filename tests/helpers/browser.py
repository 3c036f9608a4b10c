"""A real browser without a window: Debian's Chromium, spoken to over its own pipes (Chrome DevTools Protocol)."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 120.0


def executable() -> str | None:
    """The browser of this machine, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Page:
    """One page; scripts on it are switched off."""

    def __init__(self, writing: int, reading: int) -> None:
        self._writing, self._reading = writing, reading
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self._loads = 0
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "DOM", "Accessibility"):
            self._ask(f"{domain}.enable")
        self._ask("Emulation.setScriptExecutionDisabled", value=True)

    def open(self, url: str) -> None:
        """Go there and wait until it is loaded."""
        before = self._loads
        self._ask("Page.navigate", url=url)
        self._wait_for_load(before)

    def html(self) -> str:
        root = self._ask("DOM.getDocument", depth=0)["root"]["nodeId"]
        return str(self._ask("DOM.getOuterHTML", nodeId=root)["outerHTML"])

    def choose_file(self, selector: str, path: Path) -> None:
        self._ask("DOM.setFileInputFiles", nodeId=self._node(selector), files=[str(path)])

    def type(self, selector: str, text: str) -> None:
        self._ask("DOM.focus", nodeId=self._node(selector))
        self._ask("Input.insertText", text=text)

    def press(self, selector: str, key: str, code: int) -> None:
        """One key, as on a keyboard."""
        self._ask("DOM.focus", nodeId=self._node(selector))
        text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self._ask(
                "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code,
                **(text if kind == "keyDown" else {}),
            )  # fmt: skip

    def submit(self, selector: str) -> None:
        """Enter on a button; waits for the page that comes."""
        before = self._loads
        self.press(selector, "Enter", 13)
        self._wait_for_load(before)

    def controls(self) -> dict[str, str]:
        """Role by accessible name, of everything that can be used: what a screen reader says."""
        nodes = self._ask("Accessibility.getFullAXTree")["nodes"]
        shown = [node for node in nodes if not node["ignored"]]
        usable = [node for node in shown if any(each["name"] == "focusable" for each in node.get("properties", []))]
        return {
            str(node.get("name", {}).get("value", "")): str(node["role"]["value"])
            for node in usable
            if node["role"]["value"] != "RootWebArea"
        }

    def screenshot(self, path: Path) -> None:
        picture = self._ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        path.write_bytes(base64.b64decode(picture))

    def _node(self, selector: str) -> int:
        root = self._ask("DOM.getDocument", depth=0)["root"]["nodeId"]
        node = int(self._ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"])
        assert node, f"the page has no {selector}"
        return node

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result

    def _wait_for_load(self, before: int) -> None:
        while self._loads == before:
            self._next()

    def _next(self) -> dict[str, Any]:
        """The next message of the browser; events are noted."""
        end = time.monotonic() + SECONDS
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._reading], [], [], max(0.0, end - time.monotonic()))
            assert ready, "the browser does not answer"
            part = os.read(self._reading, 2**16)
            assert part, "the browser has ended"
            self._buffer += part
        message, _, self._buffer = self._buffer.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        self._loads += answer.get("method") == "Page.loadEventFired"
        return answer


@contextlib.contextmanager
def browsing(program: str, profile: Path) -> Iterator[Page]:
    """A page in a browser of its own, until the block ends."""
    to_browser, from_us = _high_pipe()
    to_us, from_browser = _high_pipe()

    def connect() -> None:
        os.dup2(to_browser, 3)  # where the browser looks for them
        os.dup2(from_browser, 4)

    command = [
        program, "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={profile}", "--no-first-run",
        "--disable-gpu", "--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking",
        "--disable-component-update",
    ]  # fmt: skip
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(command, close_fds=False, preexec_fn=connect, stdout=nowhere, stderr=nowhere)
    os.close(to_browser)
    os.close(from_browser)
    try:
        yield Page(from_us, to_us)
    finally:
        os.close(from_us)
        os.close(to_us)
        process.terminate()
        process.wait(60)


def _high_pipe() -> tuple[int, int]:
    """A pipe whose numbers are free of those that the browser takes; closed in other programs."""
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return high[0], high[1]
