"""The addresses of the service and what they answer."""

from __future__ import annotations

import json
import time
from dataclasses import asdict

from flask import Flask, Response, g, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException

from bone_age_gui.core.model.bundle import bundle_record
from bone_age_gui.core.values.errors import BoneAgeError, bug_error
from bone_age_gui.report.case_json import case_line
from bone_age_gui.service.engine import FilmAnswer, ServiceEngine
from bone_age_gui.service.form import FILM, read_wishes
from bone_age_gui.service.guard import Guard
from bone_age_gui.service.intake import REFUSAL_HEADER
from bone_age_gui.service.log import log_request
from bone_age_gui.service.openapi import openapi
from bone_age_gui.service.pages import estimate_page, upload_page
from bone_age_gui.service.refusals import BY_HTTP_STATUS, EARLY, status_of
from bone_age_gui.service.uploads import FilmRequest, Uploads, film_path, shown_name
from bone_age_gui.service.waiting import Queue
from bone_age_gui.wording.errors import error_words
from bone_age_gui.wording.language import in_english

_JSON = "application/json"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # without any, browsers send no usable Origin with the form
    "X-Content-Type-Options": "nosniff",
}


def make_app(engine: ServiceEngine, queue: Queue, guard: Guard, uploads: Uploads) -> Flask:
    """The WSGI application; it holds no state of its own."""
    app = Flask(__name__)
    app.request_class = type("BoundRequest", (FilmRequest,), {"uploads": uploads})

    _add_check(app, guard)
    _add_descriptions(app, engine, queue, guard)

    @app.post("/estimate")
    def estimate() -> Response:
        answer = _estimate(engine, queue)
        error = answer.case.error
        return _json(case_line(answer.record), 200 if error is None else _noted(error))

    @app.get("/")
    def page() -> str:
        return upload_page(request)

    @app.post("/")
    def estimated_page() -> str | tuple[str, int]:
        answer = _estimate(engine, queue)
        error = answer.case.error
        return estimate_page(request, answer) if error is None else (upload_page(request, error), _noted(error))

    _add_errors(app, queue)
    app.after_request(_finish)
    return app


def _add_check(app: Flask, guard: Guard) -> None:
    @app.before_request
    def check() -> None:
        g.started = time.perf_counter()
        g.code = None
        code = request.headers.get(REFUSAL_HEADER.replace("_", "-"), "")
        if code not in EARLY:
            code = guard.refusal(request.method, lambda name: request.environ.get(f"HTTP_{name}", "")) or ""
        if code:
            raise EARLY[code]()


def _add_descriptions(app: Flask, engine: ServiceEngine, queue: Queue, guard: Guard) -> None:
    @app.get("/health")
    def health() -> Response:
        return _json(json.dumps({"status": "ok", **asdict(queue.load)}))

    @app.get("/model")
    def model() -> Response:
        record = {name: value for name, value in bundle_record(engine.predictor.bundle).items() if name != "path"}
        return _json(json.dumps(record, allow_nan=False))

    @app.get("/openapi.json")
    def description() -> Response:
        return _json(json.dumps(openapi(with_token=guard.token is not None)))


def _estimate(engine: ServiceEngine, queue: Queue) -> FilmAnswer:
    """The film of this request. Raises ``BoneAgeError`` where there is none, or no place for it.

    The form is parsed when the film's turn has come, so that films that wait are on the disk once and not twice.
    """
    if request.mimetype != "multipart/form-data":
        raise BoneAgeError("no_form")
    with queue.place(request.environ.get("waitress.client_disconnected", lambda: False)):
        film = _only_film()
        wishes = read_wishes(dict(request.form.lists()))
        with film_path(film) as path:
            return engine.estimate(path, shown_name(film.filename), wishes)


def _only_film() -> FileStorage:
    files = list(request.files.items(multi=True))
    if len(files) != 1 or files[0][0] != FILM or not files[0][1].filename:
        raise BoneAgeError("no_film")
    return files[0][1]


def _add_errors(app: Flask, queue: Queue) -> None:
    @app.errorhandler(BoneAgeError)
    def refused(error: BoneAgeError) -> Response:
        return _refused(error, queue)

    @app.errorhandler(HTTPException)
    def wrong(error: HTTPException) -> Response:
        response = _refused(BY_HTTP_STATUS.get(error.code or 0, lambda: BoneAgeError("bad_request"))(), queue)
        if "Allow" in (headers := error.get_response().headers):
            response.headers["Allow"] = headers["Allow"]
        return response

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        return _refused(bug_error(error), queue)


def _refused(error: BoneAgeError, queue: Queue) -> Response:
    """A refusal as HTML or JSON, by the address that was asked."""
    status = _noted(error)
    if request.path == "/" and error.code not in ("wrong_host", "no_token"):
        response = Response(upload_page(request, error), status)
    else:
        with in_english():
            words = {**asdict(error_words(error)), "code": error.code}
        response = _json(json.dumps({"error": words}), status)
    if status == 503:
        response.headers["Retry-After"] = str(queue.retry_seconds)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="bone-age", charset="UTF-8"'
    return response


def _noted(error: BoneAgeError) -> int:
    """The status of an error, which is written into the log's line."""
    g.code = error.code
    return status_of(error)


def _json(text: str, status: int = 200) -> Response:
    return Response(f"{text}\n", status, mimetype=_JSON)


def _finish(response: Response) -> Response:
    response.headers.update(_HEADERS)
    rule = request.url_rule.rule if request.url_rule is not None else None
    log_request(request.method, rule, response.status_code, g.code, time.perf_counter() - g.started)
    return response
