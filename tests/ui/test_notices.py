"""What is shown of a file from elsewhere, or of our own mistake: no image, no link, no path."""

import json

from explorer.ui import notices
from tests.ui.app_test import AppTest, run_page
from tests.ui.random_zoo import save_random

IMAGE = "![x](https://elsewhere.example/x.png)"


def test_plain_text_has_neither_image_nor_link():
    assert notices.plain(f"a {IMAGE} b") == "a !\\[x](https://elsewhere.example/x.png) b"
    assert notices.plain("<img src=//x>") == "\\<img src=//x>"


def test_a_damaged_model_s_words_are_shown_as_they_are(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    save_random(tmp_path, "digits/vae-2d")
    meta = tmp_path / "digits" / "vae-2d" / "meta.json"
    meta.write_text(json.dumps({**json.loads(meta.read_text()), "format_version": IMAGE}))
    (error,) = run_page("map", "digits").error
    assert "has format version '!\\[x](https://elsewhere" in error.value


def test_a_mistake_of_the_program_is_one_calm_sentence():
    def script() -> None:
        from explorer.ui.notices import tell_script_error

        assert tell_script_error(RuntimeError("/home/someone/secret.py"))

    app = AppTest.from_function(script).run()
    (error,) = app.error
    assert "mistake of the program itself" in error.value
    assert "secret" not in error.value


def test_an_error_is_one_sentence_with_what_else_is_to_be_said():
    def script() -> None:
        from explorer.errors import CheckpointBad
        from explorer.ui.notices import tell

        tell(CheckpointBad("a [b]"), " More.")

    assert [error.value for error in AppTest.from_function(script).run().error] == ["a \\[b] More."]
