"""An archive that knows only C-MOVE, with an Orthanc beside it as gateway, as the README describes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archives import OURS, Orthanc, free_port, running
from films import hand_like, write_dicom

Run = Callable[..., Any]


def test_an_orthanc_beside_an_archive_that_knows_only_c_move(
    run: Run, nodes: Callable[..., None], tmp_path: Path
) -> None:
    gateway_port = free_port()
    archive_options = {
        "DicomModalities": {
            # The archive lets this program look and the gateway fetch, and hands nobody anything by C-GET.
            "ours": {"AET": OURS, "Host": "127.0.0.1", "Port": 1, "AllowGet": False},
            "gateway": {"AET": "GATEWAY", "Host": "127.0.0.1", "Port": gateway_port, "AllowGet": False},
        },
        "DicomAlwaysAllowEcho": True,
    }
    archive = Orthanc(tmp_path / "archive", title="ARCHIVE", options=archive_options)
    gateway = Orthanc(tmp_path / "gateway", title="GATEWAY", dicom_port=gateway_port)
    gateway.options = {
        "DicomModalities": {
            "ours": {
                "AET": OURS,
                "Host": "127.0.0.1",
                "Port": 1,
                "AllowGet": True,
                "AllowFind": True,
                "AllowStore": True,
            },
            "archive": {"AET": "ARCHIVE", "Host": "127.0.0.1", "Port": archive.dicom_port, "AllowStore": True},
        }
    }
    with running(archive), running(gateway):
        archive.upload(write_dicom(tmp_path / "film.dcm", hand_like(300, 240), AccessionNumber="A7"))
        nodes(archive.node(name="archive"), gateway.node(name="gateway"))
        assert len(run("pacs", "find", "--node", "archive", "--json").records) == 1
        refused = run("pacs", "get", "--node", "archive", "--json")
        assert refused.code != 0
        # What the gateway's administrator lets it do by itself, here by hand: a query, and a C-MOVE to the gateway.
        query = gateway.ask(
            "/modalities/archive/query", json.dumps({"Level": "Study", "Query": {"AccessionNumber": "A7"}}).encode()
        )
        gateway.ask(
            f"/queries/{query['ID']}/retrieve", json.dumps({"TargetAet": "GATEWAY", "Synchronous": True}).encode()
        )
        fetched = run("pacs", "get", "--node", "gateway", "--accession", "A7", "--json")
        assert (fetched.code, len(fetched.records)) == (0, 1)
