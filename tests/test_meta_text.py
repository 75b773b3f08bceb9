"""meta.json as text: the same JSON again, readable, and no longer than it needs to be."""

import json
from pathlib import Path

import pytest

from explorer.meta_text import WIDTH, meta_text

CHECKPOINTS = Path(__file__).resolve().parent.parent / "checkpoints"
META = {
    "name": "vae-2d",
    "train": {"lr": 0.0015000000001, "seed": 0, "note": '\u00e4 "quoted"'},
    "members": [
        {
            "beta": 0.1234567890123,
            "metrics": {"kl": 7.123456789, "active_units": 2, "kl_per_dimension": [1.23456789e-9]},
            "measures": {"continuity": {"change": 0.0}, "completeness": {}},
            "history": [{"epoch": n, "test_kl": 100 / (n + 3)} for n in range(12)],
        }
    ],
    "empty": [],
    "none": None,
}


def test_measured_figures_keep_seven_digits_and_settings_all_of_theirs():
    read = json.loads(meta_text(META))
    (member,) = read["members"]
    assert list(read) == list(META)
    assert read["train"] == META["train"]
    assert member["beta"] == 0.1234567890123
    assert member["metrics"] == {
        "kl": 7.123457,
        "active_units": 2,
        "kl_per_dimension": [1.234568e-9],
    }
    assert member["measures"] == META["members"][0]["measures"]
    assert member["history"][4] == {"epoch": 4, "test_kl": 14.28571}
    assert read["empty"] == []
    assert read["none"] is None


def test_an_epoch_is_a_line():
    lines = meta_text(META).decode().splitlines()
    assert sum("test_kl" in line for line in lines) == 12
    assert max(map(len, lines)) <= WIDTH + 1  # and a comma


@pytest.mark.parametrize(
    "path",
    sorted(CHECKPOINTS.glob("*/*/meta.json")),
    ids=lambda path: str(path.parent.relative_to(CHECKPOINTS)),
)
def test_writing_a_shipped_file_again_changes_nothing(path: Path):
    assert meta_text(json.loads(path.read_bytes())) == path.read_bytes()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_say_is_refused(value: float):
    with pytest.raises(ValueError, match="JSON compliant"):
        meta_text({"metrics": {"kl": value}})
