"""Drawn hands of joints, the maps that a perfect finder would give for them, and a finder file that always says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from bone_age_gui.core.model.finder.card import FinderCard, FinderParity, FinderSpec, FinderTraining
from bone_age_gui.core.model.finder.maps import KINDS, OFFSET_PARTS
from bone_age_gui.core.model.graph import ModelFile, Tensor
from bone_age_gui.core.values.digest import file_sha256
from bone_age_gui.core.values.joints import JointKind

SIDE = 192
MAP = SIDE // 2
SPEC = FinderSpec(
    side=SIDE,
    least_score=0.25,
    peak_reach=2,
    near=0.6,
    near_pixels=1.5,
    reach=0.9,
    close_length=0.56,
    close_middle=0.5,
    worth_a_look=0.1,
    most_looks=2,
    most_hands=3,
)
# A left hand in lengths from wrist to farthest DIP, x to the thumb, y to the fingers: name -> (kind, place, before).
_RAYS = {"1": (0.52, 0.28), "2": (0.2, 0.53), "3": (0.02, 0.55), "4": (-0.13, 0.5), "5": (-0.26, 0.44)}


def hand_points() -> dict[str, tuple[JointKind, np.ndarray, str]]:
    """Name -> (kind, place, name of the joint before it); the wrist's is ``"knuckles"``."""
    points = {
        "wrist": (JointKind.WRIST, np.zeros(2), "knuckles"),
        "radius": (JointKind.RADIUS, np.array([0.07, -0.14]), "wrist"),
        "ulna": (JointKind.ULNA, np.array([-0.11, -0.15]), "wrist"),
    }
    for ray, place in _RAYS.items():
        mcp = np.array(place)
        outwards = mcp / np.linalg.norm(mcp)
        points[f"mcp{ray}"] = (JointKind.MCP, mcp, "wrist")
        points[f"pip{ray}"] = (JointKind.PIP, mcp + 0.26 * outwards, f"mcp{ray}")
        if ray != "1":
            points[f"dip{ray}"] = (JointKind.DIP, mcp + 0.42 * outwards, f"pip{ray}")
    return points


def placed_hand(
    centre: tuple[float, float], length: float, degrees: float = 0.0, mirrored: bool = False
) -> dict[str, tuple[JointKind, np.ndarray, str]]:
    """The hand with its wrist at ``centre`` (x, y; y down), turned clockwise by ``degrees`` from upright."""
    turn = np.deg2rad(degrees)
    flip = -1.0 if mirrored else 1.0
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.diag([flip, -1.0]) * length
    return {name: (kind, matrix @ place + centre, before) for name, (kind, place, before) in hand_points().items()}


def maps_of(*hands: dict[str, tuple[JointKind, np.ndarray, str]], without: tuple[str, ...] = ()) -> np.ndarray:
    """Logits float32 (8, 96, 96) for hands in map pixels, without the joints of some names."""
    heat = np.full((len(KINDS), MAP, MAP), 1e-4)
    offsets = np.zeros((2, MAP, MAP))
    rows, columns = np.mgrid[:MAP, :MAP]
    for hand in hands:
        knuckles = np.mean([hand[f"mcp{ray}"][1] for ray in "2345"], axis=0)
        for name, (kind, place, before) in hand.items():
            if name in without:
                continue
            target = knuckles if before == "knuckles" else hand[before][1]
            square = (columns - place[0]) ** 2 + (rows - place[1]) ** 2
            layer = heat[KINDS.index(kind)]
            np.maximum(layer, 0.95 * np.exp(-square / (2 * 1.5**2)), out=layer)
            near = square < 2.0**2
            offsets[:, near] = ((target - place) * OFFSET_PARTS / MAP)[:, None]
    return np.concatenate([np.log(heat / (1 - heat)), offsets]).astype(np.float32)


def finder_file(path: Path, maps: np.ndarray, hands: tuple[float, float] = (4.0, -4.0)) -> FinderCard:
    """Write a finder that gives these maps for every film, and its card."""
    shape = {"film": ["N", 1, SIDE, SIDE], "maps": ["N", 8, MAP, MAP], "hands": ["N", 2]}
    constants = {
        "fixed_maps": maps[None],
        "fixed_hands": np.array([hands], np.float32),
        "zero": np.array(0, np.float32),
        "squeezed": np.array([2, 3], np.int64),
    }
    nodes = [
        helper.make_node("ReduceMean", ["film"], ["mean"], axes=[1, 2, 3], keepdims=1),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
        helper.make_node("Add", ["fixed_maps", "nothing"], ["maps"]),
        helper.make_node("Squeeze", ["nothing", "squeezed"], ["flat"]),
        helper.make_node("Add", ["fixed_hands", "flat"], ["hands"]),
    ]
    graph = helper.make_graph(
        nodes,
        "finder",
        [helper.make_tensor_value_info("film", TensorProto.FLOAT, shape["film"])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape[name]) for name in ("maps", "hands")],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)
    tensors = {name: Tensor(name, "float32", tuple(lengths)) for name, lengths in shape.items()}
    return FinderCard(
        model=ModelFile(path.name, file_sha256(path), "fixed", "float32"),
        inputs=(tensors["film"],),
        outputs=(tensors["maps"], tensors["hands"]),
        spec=SPEC,
        training=FinderTraining("drawn", 0, 0, (), 0, 0, "none"),
        parity=FinderParity(0.0, 0.0, 0, 17, "none", "none"),
        metrics={},
    )
