"""Make data files of packages smaller than they come."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

PACKAGE = "highdicom"
TABLE = "_standard/module_attribute_map.json"


def highdicom_table(work: Path) -> tuple[str, str]:
    """highdicom's table of the attributes of each DICOM module, 22 MB, without the nested ones: 1 MB.

    Reports copy attributes of patient and study, and those lie at the root of a data set; nested ones are
    asked for by multi-frame images only, which this program does not write. Gives file and folder for PyInstaller.
    """
    specification = importlib.util.find_spec(PACKAGE)
    if specification is None or specification.origin is None:
        raise SystemExit(f"{PACKAGE} is not installed.")
    table = json.loads((Path(specification.origin).parent / TABLE).read_text(encoding="utf-8"))
    flat = {module: [item for item in items if not item["path"]] for module, items in table.items()}
    target = work / "slim" / Path(TABLE).name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(flat, separators=(",", ":")), encoding="utf-8")
    return str(target), f"{PACKAGE}/{Path(TABLE).parent.as_posix()}"
