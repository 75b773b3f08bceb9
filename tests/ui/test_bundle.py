"""The bundler: what it joins, and what it refuses."""

from pathlib import Path

import pytest

from explorer.ui.canvas.bundle import bundle

JS = Path(__file__).resolve().parents[2] / "explorer" / "ui" / "canvas" / "js"


def write(folder: Path, **sources: str) -> Path:
    for name, source in sources.items():
        (folder / f"{name}.js").write_text(source)
    return folder / "main.js"


def test_dependencies_come_first_and_once(tmp_path):
    entry = write(
        tmp_path,
        main='import { b } from "./b.js";\nimport { a } from "./a.js";\n'
        "export default function () { return a + b; }\n",
        b='import { a } from "./a.js";\nexport const b = a + 1;\n',
        a="/** One. */\nexport const a = 1;\n",
    )
    joined = bundle(entry)
    assert joined.count("const a = 1;") == 1
    assert joined.index("const a") < joined.index("const b") < joined.index("export default")
    assert "import" not in joined
    assert joined.count("export") == 1


def test_modules_are_found_from_the_folder_of_the_one_that_imports_them(tmp_path):
    (tmp_path / "maths").mkdir()
    (tmp_path / "views").mkdir()
    (tmp_path / "maths" / "a.js").write_text("export const a = 1;\n")
    (tmp_path / "views" / "b.js").write_text(
        'import { a } from "../maths/a.js";\nexport const b = a;\n'
    )
    joined = bundle(write(tmp_path, main='import { b } from "./views/b.js";\nconst m = b;\n'))
    assert [line for line in joined.splitlines() if line.startswith("//")] == [
        "// maths/a.js",
        "// views/b.js",
        "// main.js",
    ]


@pytest.mark.parametrize(
    ("sources", "complaint"),
    [
        (dict(main='import { a } from "./a.js";\n'), "main.js: no module"),
        (
            dict(main='import { b } from "./a.js";\n', a="const b = 1;\n"),
            "a.js does not export b",
        ),
        (
            dict(
                main='import { a } from "./a.js";\nfunction draw() {}\n',
                a="export const a = 1;\nclass draw {}\n",
            ),
            "draw is declared in both a.js and main.js",
        ),
        (
            dict(
                main='import { a } from "./a.js";\nexport const m = 1;\n',
                a='import { m } from "./main.js";\nexport const a = 1;\n',
            ),
            "circle: main.js -> a.js -> main.js",
        ),
        (
            dict(main='import { a } from "../outside/a.js";\n'),
            "no module",
        ),
        (dict(main='import * as a from "./a.js";\n', a=""), "does not understand"),
        (dict(main="export { a };\n"), "does not understand"),
        (
            dict(
                main='import { a } from "./a.js";\n',
                a="export const a = 1;\nexport default a;\n",
            ),
            "only main.js may have a default export",
        ),
    ],
)
def test_what_cannot_be_joined_is_an_error(tmp_path, sources, complaint):
    with pytest.raises(ValueError, match=complaint):
        bundle(write(tmp_path, **sources))


def test_the_component_is_one_module_without_imports():
    joined = bundle(JS / "main.js")
    assert "\nimport " not in joined
    assert joined.count("\nexport ") == 1
    assert joined.index("class SafetensorsFile") < joined.index("class LatentModel")


@pytest.mark.parametrize("path", sorted((JS / "maths").glob("*.js")), ids=lambda path: path.name)
def test_pure_modules_know_nothing_of_the_page(path):
    source = path.read_text()
    for word in ("document.", "window.", "getContext", "setTriggerValue", "--st-", "../"):
        assert word not in source, word


@pytest.mark.parametrize("path", sorted((JS / "parts").glob("*.js")), ids=lambda path: path.name)
def test_parts_know_nothing_of_pages(path):
    assert "../views/" not in path.read_text()


def test_the_worker_is_a_script_of_its_own():
    joined = bundle(JS / "worker.js")
    assert "\nimport " not in joined
    assert "\nexport " not in joined
    assert "document" not in joined
