"""Films in memory are the app's own pixels; labels are read strictly; the split keeps near-duplicates together."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.stages.preprocess import run_stages
from bone_age_gui.core.values.errors import BoneAgeError
from bundles import SPEC
from films import hand_like, write_picture
from rsna import write_rsna, write_table
from training.__main__ import main
from training.films.data import Label, film_paths, limited, load_films, read_ids, read_labels
from training.films.geometry import undo_stretch
from training.films.split import near_duplicate_groups, perceptual_hash, split_films

SPLITS = Path(__file__).parents[3] / "training" / "splits"


def test_training_sees_the_apps_pixels_bit_for_bit(tmp_path: Path) -> None:
    rsna = write_rsna(tmp_path, 3, stretch_to=150)
    films = load_films(rsna.images, rsna.labels, rsna.sizes, SPEC, tmp_path / "cache")
    again = load_films(rsna.images, rsna.labels, rsna.sizes, SPEC, tmp_path / "cache")
    assert np.array_equal(films.pixels, again.pixels)
    for number, film_id in enumerate(films.ids):
        film = undo_stretch(read_radiograph(rsna.images / f"{film_id}.png").pixels, 240, 300)
        assert np.array_equal(films.pixels[number], run_stages(film, SPEC)[-1].pixels)


def test_a_cache_never_gives_the_pictures_of_other_films_or_sizes(tmp_path: Path) -> None:
    rsna = write_rsna(tmp_path, 4, stretch_to=150)
    tables = {}
    for name, chosen in (("first", ("1", "2")), ("others", ("4", "3"))):
        rows = [[film_id, 100.0, True] for film_id in chosen]
        tables[name] = write_table(tmp_path / f"{name}.csv", ["id", "boneage", "male"], rows)
    wider = write_table(tmp_path / "wider.csv", ["id", "orig_width", "orig_height"], [["1", 290, 300], ["2", 290, 300]])
    cache = tmp_path / "cache"
    for labels, sizes in ((tables["first"], rsna.sizes), (tables["others"], rsna.sizes), (tables["first"], wider)):
        cached, fresh = (
            load_films(rsna.images, labels, sizes, SPEC, cache),
            load_films(rsna.images, labels, sizes, SPEC),
        )
        assert np.array_equal(cached.pixels, fresh.pixels)
    for file in cache.iterdir():
        file.write_bytes(file.read_bytes()[:50])
    assert np.array_equal(load_films(rsna.images, labels, sizes, SPEC, cache).pixels, fresh.pixels)


def test_films_without_a_label_and_labels_without_a_film_are_left_out(tmp_path: Path) -> None:
    rsna = write_rsna(tmp_path, 3)
    write_picture(rsna.images / "999.png", hand_like(300, 240))
    rows = [["1", 100.0, True], ["2", 120.0, False], ["77", 60.0, False]]
    labels = write_table(tmp_path / "labels.csv", ["id", "boneage", "male"], rows)
    films = load_films(rsna.images, labels, None, SPEC)
    assert films.ids == ("1", "2")
    assert films.months.tolist() == [100.0, 120.0]
    assert films.male.tolist() == [True, False]
    assert len(limited(films, 1)) == 1
    assert limited(films, None) is films


def test_an_id_may_hold_spaces_and_signs(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("hand 1\n\nMüller\r\n", encoding="utf-8-sig")
    assert read_ids(tmp_path / "ids.txt") == ["hand 1", "Müller"]


def test_no_film_at_all_is_refused(tmp_path: Path) -> None:
    rsna = write_rsna(tmp_path, 1)
    labels = write_table(tmp_path / "labels.csv", ["id", "boneage", "male"], [["5", 1.0, True]])
    with pytest.raises(BoneAgeError, match="--images"):
        load_films(rsna.images, labels, None, SPEC)


@pytest.mark.parametrize(
    "header, row",
    [
        (["id", "boneage"], ["1", "100"]),
        (["id", "boneage", "male"], ["1", "old", "True"]),
        (["id", "boneage", "male"], ["1", "100", "perhaps"]),
    ],
)
def test_a_broken_table_of_labels_is_refused(tmp_path: Path, header: list[str], row: list[str]) -> None:
    with pytest.raises(BoneAgeError) as caught:
        read_labels(write_table(tmp_path / "labels.csv", header, [row]))
    assert caught.value.code == "bad_labels"


def test_the_hash_knows_a_copy_and_tells_another_hand() -> None:
    film = hand_like(600, 480, seed=1)
    copy = cv2.resize(film, (240, 300), interpolation=cv2.INTER_AREA)
    other = np.ascontiguousarray(hand_like(600, 480, seed=2)[:, ::-1])
    hashes = np.stack([perceptual_hash(picture) for picture in (film, copy, other)])
    group = near_duplicate_groups(hashes)
    assert group[0] == group[1]
    assert group[0] != group[2]


def test_linked_pairs_make_one_group() -> None:
    zero = np.zeros(4, np.uint64)
    chain = np.stack([zero, zero, zero])
    chain[1, 0], chain[2, 0] = 2**15 - 1, 2**30 - 1  # 15 bits from one to the next, 30 from first to last
    assert len(set(near_duplicate_groups(chain).tolist())) == 1


def test_the_split_keeps_groups_whole_and_reserved_films_in_report() -> None:
    labels = [Label(str(number), 100.0, True) for number in range(60)]
    group = np.array([number // 2 for number in range(60)])
    parts = split_films(labels, group, {"7", "30"}, seed=1, n_report=20, n_tune=10)
    assert {name: len(ids) for name, ids in parts.items()} == {"report": 20, "tune": 10, "train": 30}
    assert {"6", "7", "30", "31"} <= set(parts["report"])
    for ids in parts.values():
        assert all(str(int(film_id) ^ 1) in ids for film_id in ids)
    assert parts == split_films(labels, group, {"7", "30"}, seed=1, n_report=20, n_tune=10)
    assert parts != split_films(labels, group, {"7", "30"}, seed=2, n_report=20, n_tune=10)


def test_the_split_is_written_down_by_one_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rsna = write_rsna(tmp_path, 8)
    random = np.random.default_rng(4)
    for film_id in rsna.ids[1:]:  # drawn hands look too much alike: seven films of something else
        cloud = cv2.resize(random.integers(0, 65536, (12, 10)).astype(np.uint16), (240, 300))
        write_picture(rsna.images / f"{film_id}.png", cloud)
    words = [*rsna.words(sizes=False), "--out", str(tmp_path / "out")]
    assert main(["split", *words, "--report", "3", "--tune", "2"]) == 0
    report, tune = (read_ids(tmp_path / "out" / f"{name}.txt") for name in ("report", "tune"))
    assert (len(report), len(tune)) == (3, 2)
    assert not set(report) & set(tune)
    assert "8 films" in capsys.readouterr().out


def test_the_written_split_is_what_it_claims() -> None:
    report, tune = (read_ids(SPLITS / f"{name}.txt") for name in ("report", "tune"))
    assert (len(set(report)), len(set(tune))) == (1000, 500)
    assert not set(report) & set(tune)


def test_the_written_split_holds_all_films_that_exist_at_native_size() -> None:
    folder = Path(__file__).parents[4] / "shared" / "data" / "rsna-half" / "boneage-training-dataset"
    if not folder.is_dir():
        pytest.skip("the development data (../shared/data) are not here")
    native = film_paths(folder)
    assert set(native) <= set(read_ids(SPLITS / "report.txt"))
