"""More requests than places, clients that leave or dawdle, and the end of the service."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import urllib3

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.service.waiting import Queue
from services import Service, form, printed, same, serving

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture(scope="module")
def narrow(tiny_model: Path) -> Iterator[Service]:
    """One film at a time, two may wait."""
    with serving("--model", tiny_model, "--device", "cpu", "--workers", "1", "--queue", "2") as running:
        yield running


def whole(service: Service, film: Path) -> bytes:
    """The bytes of a request."""
    body, kind = urllib3.encode_multipart_formdata(form(film))
    lines = (
        "POST /estimate HTTP/1.1",
        f"Host: {service.host}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join([*lines, "", ""]).encode() + body


def load(service: Service) -> dict[str, int]:
    values: dict[str, int] = json.loads(service.get("/health").data)
    return values


def wait_until(holds: Callable[[], bool], seconds: float = 120.0) -> None:
    for _ in range(round(seconds / 0.02)):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it never came to that")


def test_a_full_queue_says_when_to_come_again(narrow: Service, large_film: Path, film: Path) -> None:
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: narrow.post(large_film), range(12)))
    refused = [answer for answer in answers if answer.status == 503]
    assert {answer.status for answer in answers} == {200, 503}
    assert len(answers) - len(refused) >= 3
    for answer in refused:
        assert json.loads(answer.data)["error"]["code"] == "busy"
        assert int(answer.headers["Retry-After"]) >= 1
    assert narrow.post(film).status == 200
    assert load(narrow)["waiting"] == load(narrow)["running"] == 0


def test_pages_and_health_are_answered_while_films_wait(narrow: Service, large_film: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(narrow.post, large_film) for _ in range(3)]
        wait_until(lambda: load(narrow)["waiting"] > 0 or all(each.done() for each in waiting))
        assert narrow.get("/").status == 200
        assert all(each.result().status == 200 for each in waiting)


def test_a_film_whose_client_has_left_is_not_estimated(narrow: Service, large_film: Path, film: Path) -> None:
    before = load(narrow)["done"]
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(narrow.post, large_film)
        wait_until(lambda: load(narrow)["running"] == 1)
        for _ in range(2):
            with socket.create_connection((narrow.host, narrow.port), 60) as client:
                client.sendall(whole(narrow, film))
                wait_until(lambda: load(narrow)["waiting"] == 1)
            wait_until(lambda: load(narrow)["waiting"] == 0)
        assert first.result().status == 200
    wait_until(lambda: load(narrow)["done"] == before + 1)
    assert narrow.text.count(" 499 gone ") == 2
    assert narrow.post(film).status == 200


def test_who_leaves_in_the_middle_of_an_upload_leaves_nothing_behind(narrow: Service, film: Path) -> None:
    before = load(narrow)
    for share in (0.1, 0.5, 0.99):
        with socket.create_connection((narrow.host, narrow.port), 60) as client:
            request = whole(narrow, film)
            client.sendall(request[: int(len(request) * share)])
    assert narrow.post(film).status == 200
    assert load(narrow) == {**before, "done": before["done"] + 1}


def test_slow_uploads_keep_nobody_waiting(narrow: Service, tiny_model: Path, film: Path) -> None:
    request = whole(narrow, film)
    clients = [socket.create_connection((narrow.host, narrow.port), 300) for _ in range(40)]
    try:
        for client in clients:
            client.sendall(request[: len(request) // 2])
        assert narrow.post(film).status == 200  # one film at a time: none of the forty holds its place
        assert load(narrow)["running"] == load(narrow)["waiting"] == 0
        slow = clients[0]
        for start in range(len(request) // 2, len(request), 50_000):
            slow.sendall(request[start : start + 50_000])
            time.sleep(0.01)
        answer = slow.makefile("rb")
        head = b"".join(iter(answer.readline, b"\r\n"))
        assert head.startswith(b"HTTP/1.1 200 ")
        (line,) = printed(film, "--model", tiny_model)
        assert same(answer.readline()) == same(line)
    finally:
        for client in clients:
            client.close()


def test_who_comes_when_a_place_gets_free_waits_behind_who_waited() -> None:
    queue = Queue(1, 2)
    order: list[str] = []

    def film(name: str) -> None:
        with queue.place(lambda: False):
            order.append(name)

    with ThreadPoolExecutor(1) as pool:
        with queue.place(lambda: False):
            early = pool.submit(film, "early")
            wait_until(lambda: queue.load.waiting == 1)
        film("late")
        early.result()
    assert order == ["early", "late"]


def test_when_to_come_again_follows_the_time_that_films_take(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("bone_age_gui.service.waiting.time.monotonic", lambda: now[0])
    queue = Queue(2, 4)
    assert queue.retry_seconds == 1
    for _ in range(40):
        with queue.place(lambda: False):
            now[0] += 30
    assert queue.retry_seconds == 15, "of two places one gets free within half that time"


def test_the_queue_is_fair_bounded_and_closes() -> None:
    queue = Queue(1, 1)
    order: list[str] = []

    def film(name: str) -> None:
        with queue.place(lambda: False):
            order.append(name)

    with ThreadPoolExecutor(2) as pool:
        with queue.place(lambda: False):
            second = pool.submit(film, "second")
            wait_until(lambda: queue.load.waiting == 1)
            with pytest.raises(BoneAgeError) as refused:
                film("third")
            assert refused.value.code == "busy"
        second.result()
        with queue.place(lambda: False):
            last = pool.submit(film, "last")
            wait_until(lambda: queue.load.waiting == 1)
            queue.close()
            with pytest.raises(BoneAgeError) as stopped:
                last.result()
            assert stopped.value.code == "stopping"
    assert order == ["second"]
    assert (queue.load.running, queue.load.waiting, queue.load.done) == (0, 0, 3)


@posix_only
@pytest.mark.parametrize("number, code", [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_it_in_order(
    tiny_model: Path, large_film: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with (
        serving("--model", tiny_model, "--device", "cpu", "--workers", "1", env={"TMPDIR": str(tmp_path)}) as service,
        ThreadPoolExecutor(3) as pool,
    ):
        workers = psutil.Process(service.process.pid).children(recursive=True)
        films = [pool.submit(service.post, large_film) for _ in range(3)]
        wait_until(lambda: load(service)["running"] == 1 and load(service)["waiting"] == 2)
        assert service.stop(number) == code
        statuses = sorted(each.result().status for each in films)
        assert statuses == [200, 503, 503]  # the one in work is finished, the others are told
    assert service.text.rstrip().splitlines()[-1].endswith("Stopped" if code == 0 else "Stopped.")
    assert "Traceback" not in service.text
    assert not list(tmp_path.iterdir())
    assert psutil.wait_procs(workers, timeout=30)[1] == []
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((service.host, service.port), 5)
