"""From the network's input to an estimate: one warm ONNX Runtime session."""

from __future__ import annotations

import contextlib
import io
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from bone_age_gui.core.machine import physical_cores
from bone_age_gui.core.model.bundle import Bundle
from bone_age_gui.core.model.devices import missing_driver, missing_provider
from bone_age_gui.core.model.estimate import make_estimate
from bone_age_gui.core.model.finder.network import open_finder
from bone_age_gui.core.model.graph import check_signature
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.record import MadeBy
from bone_age_gui.core.values.types import Estimate, Sex

CUDA_BATCH = 16
"""Films per run on CUDA; short batches are filled up, because each new shape costs a convolution search."""
MAX_THREADS = 4
"""More threads than this hardly shorten one film of 280x280 and take the machine from its user."""
_FATAL = 4
_WARNING = 2


class Predictor:
    """Estimates bone ages with one bundle on one device. Safe to call from several threads.

    Parameters
    ----------
    bundle : Bundle
        The model.
    device : str
        ``"auto"`` (CUDA, else CPU), ``"cpu"`` or ``"cuda"``.
    threads : int, optional
        Threads of one run on the CPU; the physical cores up to four if not given.

    Raises
    ------
    BoneAgeError
        ``cuda_unavailable`` if CUDA is demanded and not to be had, ``model_unusable`` if the file
        does not run, ``bad_signature`` if its inputs or outputs are not those of the card.
    """

    def __init__(self, bundle: Bundle, device: str = "auto", threads: int | None = None) -> None:
        if device not in ("auto", "cpu", "cuda"):
            raise ValueError(f"unknown device {device!r}")
        if threads is not None and threads < 1:
            raise ValueError(f"threads should be at least 1, not {threads}")
        self.bundle = bundle
        self.threads = threads or min(MAX_THREADS, physical_cores())
        self.fallback_reason: Fact | None = None
        """Why ``auto`` gave the CPU; ``None`` if it gave CUDA or the CPU was asked for."""
        self._session = self._open(device)
        self.device = "cuda" if self._session.get_providers()[0] == "CUDAExecutionProvider" else "cpu"
        """``"cuda"`` or ``"cpu"``: what the session really got."""
        self.finder = open_finder(bundle.finder_path, bundle.card.finder)
        """Finds the hand's joints, on the CPU; ``None`` where the bundle brings no finder."""

    @property
    def batch_size(self) -> int:
        """Films of one run: 1 on the CPU, where more bring nothing and single estimates stay bit-identical."""
        return CUDA_BATCH if self.device == "cuda" else 1

    @property
    def made_by(self) -> MadeBy:
        """Model and device, for records."""
        bundle = self.bundle
        return MadeBy(bundle.name, bundle.version, bundle.sha256, self.device, self.fallback_reason)

    def estimate(self, inputs: np.ndarray, sex: Sex | None) -> Estimate:
        """Estimate one film: ``inputs`` float32 (1, channels, height, width).

        Raises
        ------
        ValueError
            For another shape or dtype.
        BoneAgeError
            ``inference_failed``, or ``implausible_answer`` if the output is no age.
        """
        started = time.perf_counter()
        outputs = self._run(inputs, [sex])
        return self._made(outputs, 0, sex, time.perf_counter() - started)

    def estimate_batch(self, inputs: np.ndarray, sexes: Sequence[Sex | None]) -> list[Estimate]:
        """Estimate several films, in order.

        Parameters
        ----------
        inputs : numpy.ndarray
            float32 (n, channels, height, width), as ``preprocess.network_input`` makes them.
        sexes : sequence
            One per film; ``None`` is unknown.

        Raises
        ------
        ValueError
            For another shape or dtype.
        BoneAgeError
            ``inference_failed``, or ``implausible_answer`` if an output is no age.
        """
        if len(inputs) != len(sexes):
            raise ValueError(f"{len(inputs)} films with {len(sexes)} sexes")
        estimates: list[Estimate] = []
        for first in range(0, len(inputs), self.batch_size):
            part = sexes[first : first + self.batch_size]
            films = inputs[first : first + self.batch_size]
            started = time.perf_counter()
            outputs = self._run(_filled(films, self.batch_size), [*part, *[None] * (self.batch_size - len(part))])
            seconds = (time.perf_counter() - started) / len(part)
            estimates += [self._made(outputs, index, sex, seconds) for index, sex in enumerate(part)]
        return estimates

    def _made(self, outputs: dict[str, np.ndarray], index: int, sex: Sex | None, seconds: float) -> Estimate:
        estimate = make_estimate(self.bundle, outputs, index, sex, self.device, seconds)
        return replace(estimate, device_note=self.fallback_reason)

    def _open(self, device: str) -> ort.InferenceSession:
        if device != "cpu":
            reason = self._try_cuda()
            if not isinstance(reason, Fact):
                return reason
            if device == "cuda":
                raise BoneAgeError("cuda_unavailable", problem=(reason,))
            self.fallback_reason = reason
        try:
            session = self._session_on(["CPUExecutionProvider"])
            self._warm_up(session)
        except BoneAgeError:
            raise
        except Exception as error:  # ONNX Runtime has no common base class for its own
            raise BoneAgeError("model_unusable", problem=self._words(error)) from error
        return session

    def _try_cuda(self) -> ort.InferenceSession | Fact:
        """A warm session that really is on CUDA, or why there is none."""
        if "CUDAExecutionProvider" not in ort.get_available_providers():
            return Fact("cpu_runtime")
        if reason := missing_driver() or missing_provider(Path(ort.__file__).parent):
            return reason
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.suppress(Exception):
            ort.preload_dlls()  # prints what it misses; the session below decides
        options = {"use_tf32": "0", "cudnn_conv_algo_search": "HEURISTIC"}
        try:
            with _quiet():
                session = self._session_on([("CUDAExecutionProvider", options), "CPUExecutionProvider"])
                session.disable_fallback()
                if session.get_providers()[0] == "CUDAExecutionProvider":
                    self._warm_up(session)
                    return session
        except BoneAgeError:
            raise
        except Exception as error:
            return Fact("provider", {"problem": self._words(error)})
        failures = _failures(printed.getvalue())
        missing = tuple(line.split("Failed to load ", 1)[1].split(":")[0] for line in failures)
        return Fact("missing_libraries", {"missing": missing}) if missing else Fact("no_libraries")

    def _session_on(self, providers: list[Any]) -> ort.InferenceSession:
        options = ort.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        options.enable_mem_pattern = False  # planned memory costs 130 MB more at the peak and gains nothing here
        options.log_severity_level = _FATAL
        # Waiting threads that spin take a core each from the window and from other programs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = ort.InferenceSession(str(self.bundle.model_path), options, providers=providers)
        check_signature(self.bundle.card.inputs, session.get_inputs(), "input")
        check_signature(self.bundle.card.outputs, session.get_outputs(), "output")
        return session

    def _warm_up(self, session: ort.InferenceSession) -> None:
        batches = {1, CUDA_BATCH if session.get_providers()[0] == "CUDAExecutionProvider" else 1}
        shape = self.bundle.film_shape
        for batch in sorted(batches):
            image = np.zeros((batch, *shape), np.float32)
            session.run(None, {"image": image, "sex": np.zeros((batch, 2), np.float32)})

    def _run(self, inputs: np.ndarray, sexes: Sequence[Sex | None]) -> dict[str, np.ndarray]:
        shape = self.bundle.film_shape
        if inputs.dtype != np.float32 or inputs.shape != (len(sexes), *shape):
            raise ValueError(f"expected float32 {(len(sexes), *shape)}, not {inputs.dtype} {inputs.shape}")
        encoding = self.bundle.card.sex_encoding
        codes = {Sex.FEMALE: encoding.female, Sex.MALE: encoding.male, None: encoding.unknown}
        feed = {"image": inputs, "sex": np.array([codes[sex] for sex in sexes], np.float32)}
        names = [name for name in self.bundle.output_names if name != "features"]
        try:
            return dict(zip(names, self._session.run(names, feed), strict=True))
        except Exception as error:
            raise BoneAgeError("inference_failed", problem=self._words(error)) from error

    def _words(self, error: Exception) -> str:
        """First line of a native message, without the folder that it may name."""
        text = str(error).replace(str(self.bundle.directory) + os.sep, "").strip()
        return (text or type(error).__name__).splitlines()[0][:200]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No native lines on stderr while a provider is tried; what failed is said in our own words."""
    ort.set_default_logger_severity(_FATAL)
    try:
        yield
    finally:
        ort.set_default_logger_severity(_WARNING)


def _failures(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("Failed to load ")]


def _filled(films: np.ndarray, size: int) -> np.ndarray:
    """Repeat the last film until the batch is full."""
    if len(films) == size:
        return films
    return np.concatenate([films, np.repeat(films[-1:], size - len(films), axis=0)])
