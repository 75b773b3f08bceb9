"""One scale for all text: rem in style sheets, units on canvases, nothing below the smallest."""

import re
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[2] / "explorer" / "ui"
SHEETS = sorted([*UI.rglob("*.css"), *UI.rglob("*.py")])
SCRIPTS = sorted((UI / "canvas" / "js").rglob("*.js"))
SMALLEST_REM = 0.84375  # 13.5 pixels at 1280 x 720, 20 on a stage of 1920 x 1080

_SIZE = re.compile(r"\bfont(?:-size)?:\s*([^;}]*)")
_LENGTH = re.compile(r"(?<![\w.])([\d.]+)(px|rem|em|vw|vh|pt)\b")
SIZES_MODULE, SAVED_PICTURES = "sizes.js", "export.js"  # the latter copies what the page computed


def identifier(path: Path) -> str:
    return str(path.relative_to(UI))


@pytest.mark.parametrize("path", SHEETS, ids=identifier)
def test_style_sheets_set_text_in_rem_of_the_smallest_size_or_more(path):
    if path.name == "screen.py":
        return  # the root's own size
    for declared in _SIZE.findall(path.read_text(encoding="utf-8")):
        for number, unit in _LENGTH.findall(re.sub(r"/[\d.]+\w*", "", declared)):
            assert unit in ("rem", "em", "vw"), f"{declared!r} does not grow with the stage"
            if unit == "rem":
                assert float(number) >= SMALLEST_REM, declared


@pytest.mark.parametrize("path", SCRIPTS, ids=identifier)
def test_canvases_take_their_fonts_from_one_function(path):
    source = path.read_text(encoding="utf-8")
    if path.name == SIZES_MODULE:
        assert f"SMALL_TEXT = {SMALLEST_REM * 16:g};" in source
    elif path.name != SAVED_PICTURES:
        for assigned in re.findall(r"\.font = (.*)", source):
            assert "px" not in assigned, assigned


def test_the_patterns_find_what_they_are_to_find():
    found = [_SIZE.findall("a { font: 500 13px/1.4 x; } b { font-size: 0.8rem }")]
    assert found == [["500 13px/1.4 x", "0.8rem "]]
    assert _LENGTH.findall("clamp(1.375rem, 1.72vw, 2rem)") == [
        ("1.375", "rem"),
        ("1.72", "vw"),
        ("2", "rem"),
    ]
