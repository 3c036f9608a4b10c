"""The configurations in the box can be read and built, and hold what the two published systems print."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.core.values.errors import BoneAgeError

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.configs.read import make_config, make_network_spec, merged, read_config, thawed  # noqa: E402
from training.network.bone_age import build_network  # noqa: E402

FOLDER = Path(__file__).parents[3] / "training" / "configs"
CONFIGS = sorted(path for path in FOLDER.glob("*.toml") if path.stem != "table2")


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_configuration_builds_a_network_that_estimates(path: Path) -> None:
    config = read_config(path)
    network = build_network(config.network).eval()
    with torch.inference_mode():
        outputs = network(torch.zeros(2, 1, 128, 128), torch.tensor([[1.0, 0.0], [0.0, 0.0]]))
    assert outputs["bone_age_months"].shape == (2,)
    assert torch.isfinite(outputs["bone_age_months"]).all()


def test_a_frozen_backbone_learns_nothing_and_keeps_its_statistics() -> None:
    config = read_config(next(path for path in CONFIGS if path.stem == "sirati_amsheh_2023"))
    network = build_network(config.network).train()
    assert not any(weight.requires_grad for weight in network.backbone.parameters())
    assert all(weight.requires_grad for weight in network.head.parameters())
    before = {name: value.clone() for name, value in network.backbone.state_dict().items()}
    network.raw(torch.rand(4, 1, 96, 96), torch.zeros(4, 2))
    assert all(torch.equal(value, before[name]) for name, value in network.backbone.state_dict().items())


def test_the_heat_map_adds_up_to_the_slope_of_the_estimate() -> None:
    """Exactness: for a small change of the feature maps the median moves by what the map says."""
    from training.network.bone_age import DistributionHead

    torch.manual_seed(1)
    head = DistributionHead(8, 0.0).eval()
    for layer in (head.female, head.male):
        torch.nn.init.normal_(layer.weight, std=0.1)
    maps, sex = torch.rand(1, 8, 3, 3), torch.tensor([[1.0, 0.0]])
    maps.requires_grad_(True)
    outputs = head.outputs(maps, maps.mean(dim=(2, 3)), sex)
    outputs["bone_age_months"].sum().backward()
    assert maps.grad is not None
    assert torch.allclose((maps.grad * maps).sum(dim=1), outputs["heat_map"], atol=1e-3)


def test_the_sex_moves_the_distribution_and_unknown_lies_at_the_shared_scores() -> None:
    from training.network.bone_age import DistributionHead

    head = DistributionHead(4, 0.0).eval()
    torch.nn.init.normal_(head.male.weight, std=0.5)
    pooled = torch.rand(1, 4)
    unknown = head(pooled, torch.zeros(1, 2))
    assert torch.equal(unknown, head.shared(pooled))
    assert not torch.equal(unknown, head(pooled, torch.tensor([[0.0, 1.0]])))


def test_the_mirrored_average_is_blind_to_left_and_right() -> None:
    from training.network.bone_age import MirroredAverage, median

    raw = dict(read_config(next(path for path in CONFIGS if path.stem == "shipped")).raw)
    raw["network"] = {**raw["network"], "backbone": "resnet10t"}
    torch.manual_seed(3)
    network = MirroredAverage(build_network(make_network_spec(raw["network"]))).eval()
    film, sex = torch.rand(1, 1, 96, 96), torch.tensor([[0.0, 1.0]])
    with torch.inference_mode():
        plain, turned, single = network(film, sex), network(film.flip(3), sex), network.network(film, sex)
    assert torch.allclose(plain["bone_age_months"], turned["bone_age_months"], atol=1e-3)
    assert torch.allclose(plain["heat_map"], turned["heat_map"].flip(2), atol=1e-6)
    assert not torch.allclose(plain["heat_map"], single["heat_map"], atol=1e-5)
    assert torch.allclose(median(plain["distribution"]), plain["bone_age_months"])
    films, sexes = torch.cat([film, torch.rand(2, 1, 96, 96)]), torch.tensor([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]])
    with torch.inference_mode():
        together = network(films, sexes)
        alone = [network(films[i : i + 1], sexes[i : i + 1]) for i in range(3)]
    for name, value in together.items():  # no film's looks are taken for another's
        assert torch.allclose(value, torch.cat([each[name] for each in alone]), atol=1e-3), name


def test_the_estimate_is_the_median_of_the_distribution() -> None:
    from training.network.bone_age import median

    one_month = torch.eye(241)[[0, 100, 240]]
    assert torch.allclose(median(one_month), torch.tensor([0.0, 100.0, 240.0]))
    skewed = torch.zeros(1, 241)
    skewed[0, 60], skewed[0, 61], skewed[0, 120] = 0.4, 0.2, 0.4  # its mean is 84 months
    assert torch.allclose(median(skewed), torch.tensor([61.0]))
    level = torch.full((1, 241), 1 / 241)
    assert torch.allclose(median(level), torch.tensor([120.0]), atol=1e-3)


PHASES = [{"size": 288, "epochs": 1, "share": 1.0}]
DENSE: dict[str, Any] = {
    "network": {"head": "dense", "hidden": [8], "use_sex": False},
    "loss": {"kind": "mse", "sigma": 0.0, "l1": 0.0},
    "distillation": None,
    "phases": PHASES,
}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"network": {"dropuot": 0.5}}, "dropuot"),
        ({"network": {"hidden": [8]}}, "hidden"),
        ({"network": {"head": "denze"}}, "network.head"),
        ({"network": {"frozen": "all"}}, "network.frozen"),
        ({"network": {"dropout": "0.2"}}, "network.dropout"),
        ({"loss": {"kind": "mse"}}, "loss mse"),
        ({"loss": {"kind": "mad"}}, "loss.kind"),
        ({"optimisation": {"kind": "sgd"}}, "optimisation.kind"),
        ({"optimisation": {"schedule": "cosinus"}}, "optimisation.schedule"),
        ({"preprocessing": {"gama": 2.5}}, "gama"),
        ({"augmnet": {}}, "augmnet"),
        ({"seed": "2017"}, "seed"),
        ({"phases": []}, "phases"),
        ({"loss": {"sigma": 0.0}}, "loss.sigma"),
        ({"optimisation": {"rate": 0.0}}, "optimisation.rate"),
        ({"optimisation": {"plateau_factor": 1.0}}, "optimisation.plateau_factor"),
        ({"network": {"dropout": 1.0}}, "network.dropout"),
        ({"phases": [{"size": 289, "epochs": 1, "share": 1.0}]}, r"phases\[0\].size"),
        ({"preprocessing": {"cleaning": {"tightest": 1.2}}}, "tightest"),
        ({"split": {"train": 1, "validation": 1, "test": 1}, "finer": {"others": 1.0}}, r"leave \[split\] out"),
        ({"distillation": {"share": 0.0, "hint": 0.0}, "phases": PHASES}, "teaches nothing"),
        ({**DENSE, "distillation": {"share": 0.5}}, "a teacher gives distributions"),
        ({**DENSE, "loss": {"kind": "mse", "l1": 0.2}}, "loss.l1"),
        ({**DENSE, "sampling": {"unknown_sex": 0.1}}, "sampling.unknown_sex"),
        ({"optimisation": {"schedule": "plateau", "warm_up": 0.1}}, "optimisation.warm_up"),
    ],
)
def test_what_is_unknown_or_impossible_is_refused_by_name(change: dict, reason: str) -> None:
    raw = merged(read_config(next(path for path in CONFIGS if path.stem == "shipped")).raw, change)
    with pytest.raises(BoneAgeError, match=rf"changed.toml: .*{reason}") as caught:
        make_config(raw, "changed.toml")
    assert caught.value.code == "bad_config"


def places(values: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every table, list and value of a configuration with the keys that lead to it."""
    yield place, values
    if isinstance(values, (dict, list)):
        for key, item in values.items() if isinstance(values, dict) else enumerate(values):
            yield from places(item, (*place, key))


def changed(raw: dict[str, Any], place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    copy = thawed(raw)
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return copy


MAY_BE_NEGATIVE = {"mean", "middle"}
WRONG: dict[type, tuple[Any, ...]] = {
    dict: (1, "x", [1]),
    list: (1, "x", {"a": 1}),
    bool: (1, "true"),
    int: (-1, True, "5", 1.5, 10**30),
    float: (-1.0, True, "5", math.nan, math.inf, 1e30),
    str: (1, True, ["x"]),
}
"""What no value of this type may be: another type, or out of any range."""


EVERY_TABLE = [path for path in CONFIGS if path.stem in ("shipped", "sirati_amsheh_2023", "steady_fine")]
"""Together they have every table."""


@pytest.mark.parametrize("path", EVERY_TABLE, ids=lambda path: path.stem)
def test_no_value_of_any_table_may_be_of_another_type_or_out_of_range(path: Path) -> None:
    raw = thawed(read_config(path).raw)
    accepted, unnamed = [], []
    for place, value in places(raw):
        wrong = {(*place, "dropuot"): 1} if isinstance(value, dict) else {}
        trials = [*wrong.items(), *((place, other) for other in WRONG[type(value)] if place)]
        for where, other in trials:
            name = next(key for key in reversed(where) if isinstance(key, str))
            if other == -1 and name in MAY_BE_NEGATIVE:
                continue
            try:
                make_config(changed(raw, where, other))
                accepted.append((where, other))
            except BoneAgeError as error:
                if error.code != "bad_config" or name not in str(error):
                    unnamed.append((where, other, str(error)))
    assert not accepted
    assert not unnamed


def test_a_configuration_cannot_be_changed_afterwards() -> None:
    source = merged(read_config(CONFIGS[0]).raw, {})
    config = make_config(source)
    source["network"]["backbone"] = "another"
    assert config.raw["network"]["backbone"] == config.network.backbone != "another"
    for inner in (config.raw, config.raw["network"], config.raw["phases"][0]):
        with pytest.raises(TypeError):
            inner["name"] = "another"
    with pytest.raises(AttributeError):
        config.network.weights = "none"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        config.raw["phases"].append({})


@pytest.mark.parametrize("change", [{"seed": None}, {"loss": {"kind": "mse"}}, {"optimisation": {}}])
def test_a_wrong_configuration_is_refused_in_words(change: dict) -> None:
    raw = dict(read_config(CONFIGS[0]).raw)
    raw.update(change)
    if change.get("seed", 0) is None:
        del raw["seed"]
    with pytest.raises(BoneAgeError) as caught:
        make_config(raw)
    assert caught.value.code == "bad_config"
    assert "shipped.toml" in caught.value.message


def test_missing_starting_weights_are_refused(tmp_path: Path) -> None:
    raw = dict(read_config(CONFIGS[0]).raw)
    raw["network"] = {**raw["network"], "weights": str(tmp_path / "none.pt")}
    with pytest.raises(BoneAgeError) as caught:
        build_network(make_network_spec(raw["network"]), load_weights=True)
    assert caught.value.code == "no_weights"


def test_starting_weights_come_from_a_checkpoint_or_a_colour_network(tmp_path: Path) -> None:
    raw = dict(read_config(next(path for path in CONFIGS if path.stem == "shipped")).raw)
    source = build_network(make_network_spec(raw["network"]))
    state = dict(source.state_dict())
    first = "backbone.features.conv0.weight"
    state[first] = state[first].repeat(1, 3, 1, 1)
    torch.save({"model": state}, tmp_path / "colour.pt")
    raw["network"] = {**raw["network"], "weights": str(tmp_path / "colour.pt")}
    network = build_network(make_network_spec(raw["network"]), load_weights=True)
    loaded = network.state_dict()
    assert torch.allclose(loaded[first], 3 * source.state_dict()[first], atol=1e-6)
    name = "backbone.features.denseblock4.denselayer16.conv2.weight"
    assert torch.equal(loaded[name], source.state_dict()[name])
