"""One process or many: what a training asks of the machine that it runs on.

Started by ``torchrun`` (``torch.distributed.run``), every process takes its share of each batch, gradients are
averaged by torch's DistributedDataParallel, and the first process alone evaluates, writes and speaks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from bone_age_gui.core.values.errors import BoneAgeError

PRECISIONS = ("auto", "bf16", "fp32")


@dataclass(frozen=True)
class Engine:
    """Process ``rank`` of ``world``; ``precision``, one of ``PRECISIONS``, is that of forward passes.

    ``"bf16"`` computes in bfloat16 where torch's autocast allows it, ``"auto"`` does so if the device has it.
    """

    rank: int = 0
    world: int = 1
    precision: str = "auto"

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

    def spread(self, step: nn.Module) -> nn.Module:
        """The step whose gradients are averaged over all processes."""
        return DistributedDataParallel(step) if self.world > 1 else step

    def mean(self, value: float, device: torch.device) -> float:
        """Mean of a figure over the processes."""
        if self.world == 1:
            return value
        total = torch.tensor([value], device=device, dtype=torch.float32)
        distributed.all_reduce(total)
        return float(total) / self.world

    def share(self, values: list[float], device: torch.device) -> list[float]:
        """The first process's figures, for all."""
        if self.world == 1:
            return values
        told = torch.tensor(values, device=device, dtype=torch.float32)
        distributed.broadcast(told, src=0)
        return told.tolist()

    @contextmanager
    def first_goes_ahead(self) -> Iterator[None]:
        """The first process does it, then the others: they find its files."""
        if not self.is_first:
            distributed.barrier()
        yield
        if self.is_first and self.world > 1:
            distributed.barrier()


ALONE = Engine()
"""One process, on its own."""


@cache
def has_bfloat16(kind: str) -> bool:
    """Whether a kind of device (``"cpu"``, ``"cuda"``) computes in bfloat16 itself.

    One that emulates it is slower than in 32 bits: 4 films/s against 12 on two AVX-512 cores without AMX.
    """
    if kind == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    told = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return any(told.get(name, False) for name in ("amx_bf16", "avx512_bf16", "bf16"))


@contextmanager
def started(device: str, *, precision: str = "auto") -> Iterator[tuple[Engine, torch.device]]:
    """The engine and this process's device; joins the others where ``torchrun`` started several."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        yield Engine(precision=precision), torch.device(device)
        return
    own = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if device.startswith("cuda") else torch.device(device)
    if own.type == "cuda":
        torch.cuda.set_device(own)
    distributed.init_process_group("nccl" if own.type == "cuda" else "gloo")
    try:
        yield Engine(distributed.get_rank(), world, precision), own
    finally:
        distributed.destroy_process_group()


def own_share(batch: int, engine: Engine) -> int:
    """Films of a batch for each process; a batch that cannot be shared evenly raises BoneAgeError (``bad_batch``)."""
    if batch % engine.world:
        raise BoneAgeError(
            "The batch cannot be shared",
            f"{batch} films do not divide by {engine.world} processes. Change batch, or the number of processes.",
            "bad_batch",
        )
    return batch // engine.world
