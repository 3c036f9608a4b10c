"""One process or many: what a training asks of the machine that it runs on.

Started by ``torchrun`` (``torch.distributed.run``), every process takes its part of each batch, gradients are
averaged by torch's DistributedDataParallel, and the process of rank 0 alone evaluates, writes and speaks.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from training.errors import TrainingError
from training.options import whole_number_from

PRECISIONS = ("auto", "bf16", "fp32")


@dataclass(frozen=True)
class Processes:
    """This process's rank among ``world_size``; ``precision``, one of ``PRECISIONS``, is that of forward passes.

    ``"bf16"`` computes in bfloat16 where torch's autocast allows it, ``"auto"`` does so if the device has it.
    ``workers`` processes beside this one change the films.
    """

    rank: int = 0
    world_size: int = 1
    precision: str = "auto"
    workers: int = 0

    @property
    def is_first(self) -> bool:
        """Whether this process evaluates, writes and speaks."""
        return self.rank == 0

    def autocast(self, device: torch.device) -> torch.autocast:
        """The precision of forward passes."""
        return torch.autocast(device.type, dtype=torch.bfloat16, enabled=self.precision_on(device) == "bf16")

    def precision_on(self, device: torch.device) -> str:
        """``"bf16"`` or ``"fp32"``: what forward passes are computed in."""
        if self.precision != "auto":
            return self.precision
        return "bf16" if has_bfloat16(device.type) else "fp32"

    def data_parallel(self, module: nn.Module) -> nn.Module:
        """The module with gradients that are averaged over all processes; what is frozen at this call takes no part."""
        return DistributedDataParallel(module) if self.world_size > 1 else module

    def mean(self, value: float, device: torch.device) -> float:
        """Mean of a figure over the processes."""
        if self.world_size == 1:
            return value
        total = torch.tensor([value], device=device, dtype=torch.float32)
        distributed.all_reduce(total)
        return float(total) / self.world_size

    def broadcast(self, values: list[float], device: torch.device) -> list[float]:
        """The first process's figures, for all."""
        if self.world_size == 1:
            return values
        figures = torch.tensor(values, device=device, dtype=torch.float32)
        distributed.broadcast(figures, src=0)
        return figures.tolist()

    @contextmanager
    def first_goes_ahead(self) -> Iterator[None]:
        """The first process does it, then the others, so that they find its files."""
        if not self.is_first:
            distributed.barrier()
        yield
        if self.is_first and self.world_size > 1:
            distributed.barrier()


ONE_PROCESS = Processes()
"""One process, on its own."""


@cache
def has_bfloat16(kind: str) -> bool:
    """Whether a kind of device (``"cpu"``, ``"cuda"``) computes in bfloat16 itself.

    One that emulates it is slower than in 32 bits: 4 films/s against 12 on two AVX-512 cores without AMX.
    """
    if kind == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    capabilities = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return any(capabilities.get(name, False) for name in ("amx_bf16", "avx512_bf16", "bf16"))


def add_device_option(parser: argparse.ArgumentParser) -> None:
    """``--device``, a CUDA card if there is one."""
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")


def add_speed_options(parser: argparse.ArgumentParser) -> None:
    """What makes a training faster where the machine can: ``--precision --workers``."""
    parser.add_argument(
        "--precision",
        choices=PRECISIONS,
        default="auto",
        help="of forward passes; auto: bf16 where the device computes in it itself",
    )
    parser.add_argument(
        "--workers",
        type=whole_number_from(0, 1024),
        default=0,
        help="processes that change the films beside the training; a GPU wants many",
    )


def usable_device(name: str) -> torch.device:
    """A device of this machine; one that it lacks or torch does not know raises BoneAgeError (``no_device``)."""
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:  # torch says "not compiled with CUDA" by an assertion
        raise TrainingError(
            "No such device", f"torch cannot use {name} here. Give --device cpu.", "no_device"
        ) from error
    return device


@contextmanager
def process_group(options: argparse.Namespace) -> Iterator[tuple[Processes, torch.device]]:
    """The processes of this training and this one's device; joins the others where ``torchrun`` started several.

    ``options`` are those of ``add_device_option`` and ``add_speed_options``.
    """
    world_size, device = int(os.environ.get("WORLD_SIZE", "1")), options.device
    alone = Processes(precision=options.precision, workers=options.workers)
    if world_size == 1:
        yield alone, usable_device(device)
        return
    own = usable_device(f"cuda:{os.environ['LOCAL_RANK']}" if device.startswith("cuda") else device)
    if own.type == "cuda":
        torch.cuda.set_device(own)
    distributed.init_process_group("nccl" if own.type == "cuda" else "gloo")
    try:
        yield replace(alone, rank=distributed.get_rank(), world_size=world_size), own
    finally:
        distributed.destroy_process_group()
