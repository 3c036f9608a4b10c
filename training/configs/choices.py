"""Whether the tables of a configuration fit each other: what nothing would read, or what cannot be, is refused."""

from __future__ import annotations

from training.configs.values import TrainingConfig


def check_choices(config: TrainingConfig) -> None:
    """Raises ``ValueError`` that says in words, without a full stop, what does not fit."""
    for problem in (_loss_problem, _teaching_problem, _unread_problem, _films_problem, _picture_problem):
        if words := problem(config):
            raise ValueError(words)


def _loss_problem(config: TrainingConfig) -> str:
    loss = config.loss
    is_distribution = loss.kind == "distribution"
    if (config.network.head == "distribution") != is_distribution:
        return f"a {config.network.head} head cannot be trained with the loss {loss.kind}"
    if is_distribution and loss.sigma == 0:
        return "loss.sigma should be more than 0: the width of the bell about a reading, in months"
    if not is_distribution and (loss.sigma or loss.l1):
        return f"loss.sigma and loss.l1 should be 0: the loss {loss.kind} has neither"
    return ""


def _teaching_problem(config: TrainingConfig) -> str:
    """A second label is a distribution, and should count for something."""
    is_distribution = config.loss.kind == "distribution"
    if config.lessons is not None and not is_distribution:
        return "lessons are distributions, which this loss does not compare"
    if config.distillation is None:
        return ""
    if not is_distribution:
        return "a teacher gives distributions, which this loss does not compare"
    if config.distillation.share == 0 and not any(phase.hint for phase in config.phases):
        return "the teacher teaches nothing: distillation.share and every hint are 0"
    return ""


def _unread_problem(config: TrainingConfig) -> str:
    """Values that are there and that nothing would read."""
    network, settings = config.network, config.optimisation
    if config.sampling.unknown_sex > 0 and not network.use_sex:
        return "sampling.unknown_sex should be 0: the network does not see the sex (network.use_sex)"
    if settings.schedule == "plateau" and settings.warm_up > 0:
        return "optimisation.warm_up should be 0: the schedule plateau has none"
    return ""


def _films_problem(config: TrainingConfig) -> str:
    """What is done to films by the written-down split alone."""
    tables = ("finer", "lessons", "changed", "joint_crops")
    if config.split is not None and (named := [name for name in tables if getattr(config, name) is not None]):
        return f"{' and '.join(named)} go by the written-down split: leave [split] out"
    return ""


def _picture_problem(config: TrainingConfig) -> str:
    spec = config.preprocessing
    if spec.cleaning is not None and spec.cleaning.tightest > spec.cleaning.widest:
        return "preprocessing.cleaning.tightest should not be more than widest"
    for place, phase in enumerate(config.phases):
        if phase.size > spec.network_height:
            return f"phases[{place}].size should be at most preprocessing.network_height, {spec.network_height}"
    return ""
