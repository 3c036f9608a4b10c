"""The description of the service for programs (OpenAPI 3.1), made from what the service itself uses."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from bone_age_gui import DISCLAIMER, __version__
from bone_age_gui.report.json_schema import case_schema, error_schema
from bone_age_gui.service.form import FIELDS, FILM
from bone_age_gui.service.refusals import described

_LOAD = ("running", "waiting", "done")


def openapi(*, with_token: bool) -> dict[str, Any]:
    """The whole description; ``with_token`` says whether this service demands one."""
    schemes = {"token": {"type": "http", "scheme": "bearer"}, "password": {"type": "http", "scheme": "basic"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Bone age of a child's hand radiograph",
            "version": __version__,
            "description": DISCLAIMER,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "./"}],
        "paths": {
            "/estimate": {"post": _estimate()},
            "/health": {"get": _get("Whether the service runs, and how busy it is", "health", _health())},
            "/model": {"get": _get("The model in use: its card", "model", {"type": "object"})},
            "/openapi.json": {"get": _get("This description", "openapi", {"type": "object"})},
        },
        "components": {
            "schemas": {"Case": case_schema(), "Error": _error()},
            **({"securitySchemes": schemes} if with_token else {}),
        },
        **({"security": [{name: []} for name in schemes]} if with_token else {}),
    }


def _estimate() -> dict[str, Any]:
    film = {"type": "string", "format": "binary", "description": "The film: DICOM, PNG, JPEG, TIFF or WebP"}
    fields = {name: {**field.schema, "description": field.words()} for name, field in FIELDS.items()}
    form = {"type": "object", "required": [FILM], "properties": {FILM: film, **fields}, "additionalProperties": False}
    case, error = {"$ref": "#/components/schemas/Case"}, {"$ref": "#/components/schemas/Error"}
    refusals = {
        str(status): _answer(f"{HTTPStatus(status).phrase}: {', '.join(codes)}", error)
        for status, codes in sorted(described().items())
        if status not in (404, 405)
    }
    refusals["503"]["headers"] = {
        "Retry-After": {"description": "Seconds until it is worth another try", "schema": {"type": "integer"}}
    }
    return {
        "summary": "Estimate the bone age of one film",
        "operationId": "estimate",
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
        "responses": {
            "200": _answer("The film was estimated; the object is that of 'bone-age estimate --json'", case),
            **refusals,
            "422": _answer("The film was refused: 'error' says why, by a stable code", case),
            "500": _answer("A mistake in the program", case),
        },
    }


def _get(summary: str, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"summary": summary, "operationId": name, "responses": {"200": _answer("Always", schema)}}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _error() -> dict[str, Any]:
    return {"type": "object", "required": ["error"], "properties": {"error": error_schema()}}


def _health() -> dict[str, Any]:
    properties = {"status": {"enum": ["ok"]}, **{name: {"type": "integer"} for name in _LOAD}}
    return {"type": "object", "required": list(properties), "properties": properties}
