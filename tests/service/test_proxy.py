"""The examples for nginx and systemd: tried where the programs are there."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from services import ROOT, Service, form, same, serving

EXAMPLES = ROOT / "resources" / "service"
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
NGINX, OPENSSL = shutil.which("nginx", path=PATH), shutil.which("openssl", path=PATH)
ANALYZE = shutil.which("systemd-analyze", path=PATH)
NAME, TOKEN = "age.clinic.example", "0123456789abcdef0123456789abcdef"


@pytest.fixture
def behind(tiny_model: Path) -> Iterator[Service]:
    options = ("--allow-host", NAME, "--model", tiny_model, "--device", "cpu")
    with serving(*options, env={"BONE_AGE_TOKEN": TOKEN}) as running:
        yield running


@pytest.fixture
def proxied(behind: Service, tmp_path: Path) -> Iterator[urllib3.HTTPSConnectionPool]:
    """A client of the proxy, with its certificate."""
    assert NGINX is not None
    assert OPENSSL is not None
    certificate, key = tmp_path / "own.pem", tmp_path / "own.key"
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", key, "-out", certificate],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    port = free_port()
    site = (EXAMPLES / "nginx.conf").read_text(encoding="utf-8")
    for example, own in (
        (f"/etc/nginx/tls/{NAME}.pem", certificate),
        (f"/etc/nginx/tls/{NAME}.key", key),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("127.0.0.1:8080", f"127.0.0.1:{behind.port}"),
    ):
        assert example in site
        site = site.replace(example, str(own))
    folders = "".join(f"{kind}_temp_path {tmp_path / kind};\n" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""  # or its workers could not reach this folder
    (tmp_path / "nginx.conf").write_text(
        f"{user} daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ client_body_temp_path {tmp_path}/body; {folders} {site} }}\n",
        encoding="utf-8",
    )
    command = [NGINX, "-p", tmp_path, "-c", tmp_path / "nginx.conf"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            wait_for(port, process)
            yield urllib3.HTTPSConnectionPool(
                "127.0.0.1", port, ca_certs=str(certificate), server_hostname=NAME, assert_hostname=NAME,
                headers={"Host": NAME}, retries=False, timeout=120,
            )  # fmt: skip
        finally:
            process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("nginx does not listen")


@pytest.mark.skipif(NGINX is None or OPENSSL is None, reason="nginx and openssl are not installed")
def test_the_example_for_nginx_brings_tls(proxied: urllib3.HTTPSConnectionPool, behind: Service, film: Path) -> None:
    opened = {"Host": NAME, "Authorization": f"Bearer {TOKEN}"}
    assert proxied.request("GET", "/health").status == 401
    answer = proxied.request("POST", "/estimate", fields=form(film), headers=opened)
    assert answer.status == 200
    direct = behind.post(film, Authorization=f"Bearer {TOKEN}")
    assert same(answer.data) == same(direct.data)
    own = proxied.request("POST", "/", fields=form(film), headers={**opened, "Origin": f"https://{NAME}"})
    assert own.status == 200
    foreign = proxied.request("POST", "/", fields=form(film), headers={**opened, "Origin": "https://evil.example"})
    assert foreign.status == 403
    big = proxied.request("POST", "/estimate", fields={"film": ("a", bytes(100 * 2**20))}, headers=opened)
    assert (big.status, json.loads(big.data)["error"]["code"]) == (422, "not_an_image")


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_the_unit_for_systemd_is_sound_and_closed(tmp_path: Path) -> None:
    assert ANALYZE is not None
    unit = (EXAMPLES / "bone-age.service").read_text(encoding="utf-8")
    (tmp_path / "bone-age.service").write_text(
        unit.replace("/opt/bone-age/bin/bone-age", "/bin/true"), encoding="utf-8"
    )
    command = [ANALYZE, "verify", "--man=no", tmp_path / "bone-age.service"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60)
    ours = [line for line in answer.stderr.splitlines() if "bone-age.service" in line]
    assert ours == []
    command = [ANALYZE, "security", "--offline=yes", "--threshold=20", tmp_path / "bone-age.service"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if "Unknown option" in answer.stderr or "unrecognized option" in answer.stderr:
        pytest.skip("this systemd cannot judge a unit that is not installed")
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr


def test_the_unit_calls_the_program_by_options_that_it_has() -> None:
    from bone_age_gui.cli.options import parse

    unit = (EXAMPLES / "bone-age.service").read_text(encoding="utf-8")
    line = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
    options = parse(line.split()[1:])
    assert (options.command, options.host, options.port) == ("serve", "127.0.0.1", 8080)
    assert options.allow_host == [NAME]
