"""Whether the tables of a configuration fit each other."""

from __future__ import annotations

from training.configs.values import TrainingConfig


def check_choices(config: TrainingConfig) -> None:
    """That no table rules another one out. Raises ``ValueError``, in words and without a full stop."""
    is_distribution = config.loss.kind == "distribution"
    if (config.network.head == "distribution") != is_distribution:
        raise ValueError(f"a {config.network.head} head cannot be trained with the loss {config.loss.kind}")
    if is_distribution and config.loss.sigma == 0:
        raise ValueError("loss.sigma should be more than 0: the width of the bell about a reading, in months")
    if config.lessons is not None and not is_distribution:
        raise ValueError("lessons are distributions, which this loss does not compare")
    if config.distillation is not None and not is_distribution:
        raise ValueError("a teacher gives distributions, which this loss does not compare")
    tables = ("finer", "lessons", "changed", "joint_crops")
    if config.split is not None and (named := [name for name in tables if getattr(config, name) is not None]):
        raise ValueError(f"{' and '.join(named)} go by the written-down split: leave [split] out")


def check_sense(config: TrainingConfig) -> None:
    """That a file names nothing that its training would read past. Raises ``ValueError``, as ``check_choices`` does.

    Not asked of a checkpoint, which can be exported whatever it was made by, nor of a variant, which changes one thing.
    """
    loss, settings, cleaning = config.loss, config.optimisation, config.preprocessing.cleaning
    height = config.preprocessing.network_height
    too_large = next((place for place, phase in enumerate(config.phases) if phase.size > height), None)
    problems = {
        f"loss.sigma and loss.l1 should be 0: the loss {loss.kind} has neither": (
            loss.kind != "distribution" and (loss.sigma > 0 or loss.l1 > 0)
        ),
        "the teacher teaches nothing: distillation.share and every hint are 0": (
            config.distillation is not None
            and config.distillation.share == 0
            and not any(phase.hint for phase in config.phases)
        ),
        "sampling.unknown_sex should be 0: the network does not see the sex (network.use_sex)": (
            config.sampling.unknown_sex > 0 and not config.network.use_sex
        ),
        "optimisation.warm_up should be 0: the schedule plateau has none": (
            settings.schedule == "plateau" and settings.warm_up > 0
        ),
        "preprocessing.cleaning.tightest should not be more than widest": (
            cleaning is not None and cleaning.tightest > cleaning.widest
        ),
        f"phases[{too_large}].size should be at most preprocessing.network_height, {height}": too_large is not None,
    }
    for words, is_so in problems.items():
        if is_so:
            raise ValueError(words)
