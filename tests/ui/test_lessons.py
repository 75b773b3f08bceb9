"""The shipped lessons and their documentation; the page 'Lessons'; links to scenes."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from explorer.lesson_format import parse_lesson
from explorer.lessons import load_lesson
from explorer.places import LESSONS as SHIPPED
from explorer.ui import state
from explorer.ui.presenter import all_lessons
from explorer.ui.scene_pages import PAGES, SceneRules
from tests.ui import app_test
from tests.ui.app_test import AppTest, run_page
from tests.ui.random_zoo import save_random

APP = Path(__file__).resolve().parents[2] / "app.py"
NAMES = ["latent-space", "continuity", "completeness", "two-terms", "collapse"]
NAMES += ["twenty-dimensions"]
DOCUMENTATION = (SHIPPED / "README.md").read_text(encoding="utf-8")

GOOD = (
    "---\ntitle: Mine\nsummary: Own.\nminutes: 3\n---\n\n## One\npage: beta\nstate: beta=4\n\nHi.\n"
)


def run(**query: str) -> AppTest:
    return app_test.run(AppTest.from_file(str(APP)), **query)


@pytest.fixture
def own(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("EXPLORER_LESSONS", str(tmp_path))
    return tmp_path


def test_all_shipped_lessons_are_whole():
    lessons, broken = all_lessons()
    assert broken == []
    assert list(lessons) == NAMES
    for lesson in lessons.values():
        assert 6 <= len(lesson.scenes) <= 9
        questions = [scene for scene in lesson.scenes if scene.question]
        assert 1 <= len(questions) <= 4
        assert all(scene.text for scene in lesson.scenes)
    predicting = [any(scene.predict for scene in one.scenes) for one in lessons.values()]
    assert sum(predicting) > len(predicting) / 2


def test_the_documentation_names_every_page_control_and_picture():
    for name, page in PAGES.items():
        (row,) = [line for line in DOCUMENTATION.splitlines() if line.startswith(f"| `{name}` |")]
        _, hide, predict = row.strip("| ").split(" | ")
        assert hide == ", ".join(f"`{control}`" for control in (*[name], *page.controls)[1:])
        assert predict == ", ".join(f"`{picture}`" for picture in page.pictures)


def test_the_documentation_s_lesson_is_one(tmp_path):
    block = DOCUMENTATION.split("## A whole lesson\n\n")[1].split("\n## The lesson's facts")[0]
    text = "\n".join(line[4:] for line in block.splitlines())
    lesson = parse_lesson(text, tmp_path / "example.md", SceneRules())
    assert [scene.title for scene in lesson.scenes] == [
        "Where the sevens are",
        "What is drawn here?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("beta=4", "beta=61", ["beta is “61”", "0 to 60"]),
        ("beta=4", "family=vae-2d", ["family is “vae-2d”", "beta-2d or beta-20d"]),
        ("beta=4", "dataset=cats", ["dataset is “cats”", "mnist or digits"]),
        ("page: beta", "page: map", ["has no “beta”", "model"]),
        ("page: beta\nstate: beta=4", "page: map\nstate: model=beta-2d&beta=5", ["beta is “5”"]),
        ("page: beta\nstate: beta=4", "page: map\nstate: digit=10000", ["0 to 9999"]),
    ],
)
def test_a_scene_is_held_to_the_pages_and_models_that_are_here(tmp_path, old, new, words):
    path = tmp_path / "mine.md"
    path.write_text(GOOD)
    load_lesson(path, SceneRules())
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(ValueError, match=r"mine\.md:") as caught:
        load_lesson(path, SceneRules())
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_the_page_lists_shipped_and_own_lessons_and_what_is_wrong_with_one(own):
    (own / "mine.md").write_text(GOOD)
    (own / "broken.md").write_text(GOOD.replace("beta=4", "beta=many"))
    app = run_page("lessons", "mnist")
    titles = [lesson.title for lesson in all_lessons()[0].values()]
    assert [heading.value for heading in app.subheader] == titles
    assert titles[-1] == "Mine"
    assert "broken.md" in app.error[0].value
    assert "broken.md:9: beta is “many”" in app.code[0].value
    assert {f"present-{name}" for name in NAMES} <= {button.key for button in app.button}


def test_a_link_opens_the_scene_s_page_in_its_state():
    app = run(lesson="latent-space", scene="4", model="kl-2d", dataset="digits", z="9,9")
    assert [box.value for box in app.selectbox] == ["mnist", "vae-2d"]
    assert app.session_state[state.POINT.session_key] == "-1.3,-1.2"
    assert app.session_state[state.STAGE]["scene"] == "latent-space/3"
    assert not app.toast


@pytest.mark.parametrize("shapes", [None, "on"])
def test_a_scene_leaves_the_shapes_of_the_classes_as_they_are(shapes: str | None):
    query = {} if shapes is None else {"shapes": shapes}
    app = run(lesson="latent-space", scene="4", classes="3", **query)
    assert app.session_state[state.SHAPES.session_key] == shapes
    assert app.session_state[state.CLASSES.session_key] is None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (dict(lesson="cats", scene="1"), "lesson is not here"),
        (dict(lesson="../x"), "lesson is not here"),
        (dict(lesson="latent-space", scene="99"), "scenes 1 to 9"),
        (dict(lesson="latent-space", scene="-1"), "scenes 1 to 9"),
        (dict(lesson="latent-space", scene="٣"), "scenes 1 to 9"),
    ],
)
def test_nonsense_in_a_link_is_noticed(query, words):
    app = run(**query)
    assert words in app.toast[0].value
    assert len(app.toast) == 1


def test_a_lesson_whose_models_are_not_here_is_one_line(tmp_path, monkeypatch):
    save_random(tmp_path, "mnist/vae-2d")
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    app = run_page("lessons", "mnist")
    lines = [note.value for note in app.caption if " needs " in note.value]
    lessons, broken = all_lessons()
    assert len(lines) == len(broken)
    assert len(lessons) + len(broken) == len(NAMES)
    assert any("needs mnist/reconstruction-2d, mnist/kl-2d: not here yet" in x for x in lines)
    assert not app.error
    assert not app.code


def damage_header(folder: Path) -> None:
    path = folder / "codes.safetensors"
    path.write_bytes((2**63 - 1).to_bytes(8, "little") + path.read_bytes()[8:])


def damage_labels(folder: Path) -> None:
    path = folder / "codes.safetensors"
    save_file({**load_file(path), "labels": np.array(3, dtype=np.uint8)}, path)


DAMAGE = {
    "header without end": damage_header,
    "labels that are a number": damage_labels,
    "meta that is a list": lambda folder: (folder / "meta.json").write_text("[1]"),
    "meta that is nested without end": lambda folder: (folder / "meta.json").write_text(
        99999 * "["
    ),
    "no codes": lambda folder: (folder / "codes.safetensors").unlink(),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_model_takes_down_its_own_lessons_alone(kind, own, tmp_path, monkeypatch):
    root = tmp_path / "checkpoints"
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(root))
    for name in ("digits/vae-2d", "digits/kl-2d"):
        save_random(root, name)
    text = GOOD.replace("page: beta\nstate: beta=4", "page: map\nstate: model=MODEL&digit=3")
    for name in ("vae-2d", "kl-2d"):
        (own / f"of-{name}.md").write_text(text.replace("MODEL", name))
    assert {"of-vae-2d", "of-kl-2d"} <= set(all_lessons()[0])
    DAMAGE[kind](root / "digits" / "vae-2d")
    lessons, broken = all_lessons()
    assert "of-vae-2d" not in lessons
    assert "of-kl-2d" in lessons
    (said,) = [problems for path, problems in broken if path.name == "of-vae-2d.md"]
    (problem,) = said
    (error,) = run_page("map", "digits", model="vae-2d").error
    if kind == "labels that are a number":  # the page reads the whole file, whose hash is another
        assert "codes.safetensors has labels that are not one class a test digit" in problem
    else:
        assert problem.split(": ", 1)[1] in error.value.replace("\\[", "[")
    assert ["of-vae-2d" in error.value for error in run_page("lessons", "digits").error] == [True]
    app = run(lesson="of-vae-2d", scene="1", dataset="digits")
    assert app.toast[0].value.startswith("The link's lesson cannot be shown")
    assert not run(lesson="of-kl-2d", scene="1").toast


def test_lessons_are_parsed_once_until_something_changes(own):
    (own / "mine.md").write_text(GOOD)
    first = all_lessons()
    assert all_lessons() is first
    (own / "mine.md").write_text(GOOD + "\nMore.\n")
    assert all_lessons()[0]["mine"].scenes[0].text == "Hi.\n\nMore."
