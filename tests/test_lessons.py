"""Lessons' files: what is read, and that every mistake is told with its line and its fix."""

import os
from pathlib import Path

import pytest

from explorer.errors import LessonBad
from explorer.lesson_format import DIGITS, PageRules, parse_lesson
from explorer.lessons import find_lessons, load_lesson
from explorer.ui import state

FILE = Path("lessons/07-short.md")
HEAD = "---\ntitle: Short\nsummary: One sentence.\nminutes: 5\n---\n\n"  # 6 lines
FIRST_LINE = 7


class TwoPages:
    """What a small interface can show: a map, and a film whose keys depend on its model."""

    datasets = ("mnist", "digits")
    pages = ("map", "film")

    def page(self, page, dataset, texts):
        if texts.get("model") == "damaged":
            return PageRules({}, (), (), problem="The model is damaged. Train it again.")
        if page == "map":
            keys = (state.POINT, state.whole("digit", 360 if dataset == "digits" else 10_000))
            return PageRules({one.key: one for one in keys}, ("legend", "tools"), ("digit",))
        family = state.choice("family", ("small", "large"))
        dims = 20 if texts.get("family") == "large" else 2
        keys = (family, state.two_dimensions("axes", dims))
        return PageRules({one.key: one for one in keys}, ("slider",), ())


def parse(body: str, head: str = HEAD):
    return parse_lesson(head + body, FILE, TwoPages())


def problems(body: str, head: str = HEAD) -> list[str]:
    with pytest.raises(LessonBad) as caught:
        parse(body, head)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return list(caught.value.problems)


def test_a_whole_lesson_is_read():
    lesson = parse(
        "## Look\npage: map\nstate: z=0.50,%201&digit=7\nhide: all\n"
        "\nText with **bold**.\n\n- one\n"
        "\n## Guess\npage: film\npredict:\nguesses: a 4 | a 9\n\nWords.\n\n"
        "Question: Which?\nReveal: The 9,\nas ever.\n",
        HEAD.replace("minutes: 5", "minutes: 5\ndataset: digits"),
    )
    assert (lesson.name, lesson.title, lesson.minutes) == ("short", "Short", 5)
    assert lesson.dataset == "digits"
    look, guess = lesson.scenes
    assert look.state == {"z": "0.5,1", "digit": "7"}
    assert look.hide == ("legend", "tools")
    assert look.text == "Text with **bold**.\n\n- one"
    assert (look.question, look.reveal, look.guesses) == ("", "", ())
    assert (guess.text, guess.question) == ("Words.", "Which?")
    assert guess.reveal == "The 9,\nas ever."
    assert guess.guesses == ("a 4", "a 9")


def test_who_predicts_guesses_digits_unless_told_otherwise():
    body = "## A\npage: map\npredict: digit\n\nQuestion: Which?\nReveal: This.\n"
    (scene,) = parse(body).scenes
    assert scene.predict == ("digit",)
    assert scene.guesses == DIGITS


def test_keys_depend_on_the_model_that_the_scene_chooses():
    assert parse("## A\npage: film\nstate: family=large&axes=3,20\n").scenes[0].state == {
        "family": "large",
        "axes": "3,20",
    }
    (problem,) = problems("## A\npage: film\nstate: axes=3,20\n")
    assert "axes is “3,20”" in problem
    assert "two different dimensions from 1 to 2" in problem


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("## A\n\nText\n", 7, ["“A” names no page", "Allowed: map, film"]),
        ("## A\npage: mapp\n", 8, ["unknown page “mapp”", "Did you mean “map”"]),
        ("## A\npage: map\nstate: x=1\n", 9, ["has no “x”", "Allowed: digit, z"]),
        ("## A\npage: map\nstate: z=1\n", 9, ["z is “1”", "2 numbers within"]),
        ("## A\npage: map\nstate: digit=10000\n", 9, ["digit is “10000”", "0 to 9999"]),
        ("## A\npage: map\nstate: z\n", 9, ["“z” in the state is no key=value"]),
        ("## A\npage: map\nstate: z=1,1&z=2,2\n", 9, ["says z twice"]),
        ("## A\npage: map\nhide: legend, tolls\n", 9, ["“tolls”", "Did you mean “tools”"]),
        ("## A\npage: map\npredict: map\n\nQuestion: Q\nReveal: R\n", 9, ["“map”", "digit, all"]),
        ("##\npage: map\n", 7, ["a scene has no title"]),
        ("## A\npage: map\npage: film\n", 9, ["page stands in line 8 already"]),
        ("## A\npage: map\nshow: all\n", 9, ["unknown key “show”", "hide, predict"]),
        ("## A\npage: map\nText at once\n", 9, ["no line “key: value”"]),
        ("## A\npage: map\npredict: digit\n\nText\n", 9, ["predict needs a question"]),
        ("## A\npage: map\n\nQuestion: Q\n", 7, ["no “Reveal: …”"]),
        ("## A\npage: map\n\nReveal: R\n", 10, ["a reveal without a question"]),
        ("## A\npage: map\n\nQuestion: Q\nReveal: R\nReveal: R\n", 12, ["a second “Reveal:”"]),
        (
            "## A\npage: map\nguesses: one\n\nQuestion: Q\nReveal: R\n",
            9,
            ["guesses is “one”", "2 to 10"],
        ),
        ("Text\n## A\npage: map\n", 7, ["text before the first scene"]),
        ("", 6, ["there is no scene"]),
    ],
)
def test_a_mistake_in_a_scene_names_file_line_value_and_what_is_allowed(body, line, words):
    said = problems(body)
    here = [problem for problem in said if problem.startswith(f"{FILE}:{line}: ")]
    assert here, said
    assert any(all(word in problem for word in words) for problem in here), said


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("title: Short\n", "", 1, ["no title"]),
        ("title: Short", "title:", 2, ["no title"]),
        ("minutes: 5", "minutes: ten", 4, ["minutes is “ten”", "1 to 120"]),
        ("minutes: 5", "minutes: 0", 4, ["minutes is “0”"]),
        ("minutes: 5", "minutes: 5\ndataset: cats", 5, ["“cats”", "mnist, digits"]),
        ("minutes: 5", "minutes: 5\nauthor: I", 5, ["unknown key “author”"]),
        ("5\n---", "5\n", 1, ["do not end"]),
        ("---\ntitle", "title", 1, ["does not begin with a line “---”"]),
    ],
)
def test_a_mistake_in_the_facts_is_told(old, new, line, words):
    said = problems("## A\npage: map\n", HEAD.replace(old, new, 1))
    assert any(p.startswith(f"{FILE}:{line}: ") and all(w in p for w in words) for p in said), said


def test_all_mistakes_are_told_at_once():
    said = problems("## A\npage: map\nstate: z=1&q=2\nhide: x\n\n## B\npage: no\n")
    assert [problem.split(": ")[0] for problem in said] == [
        f"{FILE}:{line}" for line in (9, 9, 10, 13)
    ]


def test_a_broken_file_does_not_take_the_others_down(tmp_path):
    good = HEAD + "## A\npage: map\n"
    (tmp_path / "b-second.md").write_text(good)
    (tmp_path / "1-first.md").write_text("\ufeff" + good.replace("\n", "\r\n"), encoding="utf-8")
    (tmp_path / "c-latin.md").write_bytes(b"---\ntitle: \xfc\n")
    (tmp_path / "d-bad.md").write_text("nothing")
    (tmp_path / "2-first.md").write_text(good)
    (tmp_path / "Big Name.md").write_text(good)
    (tmp_path / "README.md").write_text("no lesson")
    (tmp_path / "notes.txt").write_text("no lesson")
    lessons, broken = find_lessons([tmp_path, tmp_path / "none"], TwoPages())
    assert list(lessons) == ["first", "b-second"]
    said = {path.name: " ".join(problems) for path, problems in broken}
    assert set(said) == {"2-first.md", "c-latin.md", "d-bad.md", "Big Name.md", "none"}
    assert "1-first.md's. Rename" in said["2-first.md"]
    assert "UTF-8" in said["c-latin.md"]
    assert "small letters" in said["Big Name.md"]
    assert "not a folder" in said["none"]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(LessonBad, match="cannot be read"):
        load_lesson(tmp_path / "no.md", TwoPages())


def test_a_damaged_model_is_told_once_a_file():
    scene = "## A\npage: map\nstate: model=damaged&z=1\n\n"
    assert problems(scene * 3) == [f"{FILE}:8: The model is damaged. Train it again."]


@pytest.mark.parametrize("image", ["![x](https://a.example/x.png)", "![x](//a/x)", "![x][1]"])
@pytest.mark.parametrize("place", ["title", "summary", "scene", "text", "question"])
def test_images_are_refused_wherever_they_stand(image: str, place: str):
    head = HEAD.replace("Short", f"Short {image}") if place == "title" else HEAD
    head = head.replace("sentence.", image) if place == "summary" else head
    body = "## A\npage: map\n\nText.\n\nQuestion: Which?\nReveal: This.\n"
    old = {"scene": "## A", "text": "Text.", "question": "Which?"}.get(place, "")
    said = problems(body.replace(old, f"{old} {image}") if old else body, head)
    assert ["lessons have no images" in problem for problem in said] == [True]


def test_a_lesson_has_so_many_scenes_and_tells_so_many_mistakes():
    (problem,) = problems("## A\npage: map\n\n" * 61)
    assert "there are 61 scenes. Allowed: at most 60" in problem
    said = problems("## A\npage: map\n" + "nonsense\n" * 50_000)
    assert len(said) == 41
    assert said[-1] == f"{FILE}: and 49960 more."
    assert max(map(len, problems("## A\npage: map\n" + "x" * 100_000))) < 500


def test_what_is_no_plain_file_of_a_lesson_s_size_is_not_read(tmp_path):
    huge, folder = tmp_path / "huge.md", tmp_path / "folder.md"
    huge.write_text(HEAD + "## A\npage: map\n")
    os.truncate(huge, 2**40)  # a hole: it takes no disk
    folder.mkdir()
    os.mkfifo(tmp_path / "pipe.md")
    lessons, broken = find_lessons([tmp_path], TwoPages())
    assert not lessons
    assert [path.name for path, _ in broken] == ["folder.md", "huge.md", "pipe.md"]
    assert all("allowed: a plain file of at most 131,072" in told for _, (told,) in broken)


def test_a_folder_of_too_many_lessons(tmp_path):
    for n in range(203):
        (tmp_path / f"n{n:03d}.md").write_text("nothing")
    _, broken = find_lessons([tmp_path], TwoPages())
    assert "has 203 lessons. The first 200 are read" in broken[0][1][0]
    assert len(broken) == 201
