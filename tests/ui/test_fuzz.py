"""A thousand random links and a thousand random reports of a browser: no page raises."""

import random

import pytest

from explorer.ui import state
from explorer.ui.pages import beta, continuity, dimensions, machine, map, objectives, theory
from tests.ui.app_test import run_page

PAGES = {
    "map": map,
    "machine": machine,
    "objectives": objectives,
    "continuity": continuity,
    "beta": beta,
    "dimensions": dimensions,
    "theory": theory,
}
RUNS = 170  # a page: a thousand in all

KEYS = (
    *("dataset", "model", "family", "network", "beta", "z", "digit", "classes", "show", "seed"),
    *("scales", "tool", "tiles", "grid", "a", "b", "draws", "from", "speed", "axes", "tab"),
    *("field", "charts"),
    *("code", "start", "layout", "unknown", "é"),
    *("view", "to", "path", "at", "per", "fallen", "radius", "section", "input", "q", "eps"),
    *("vae", "stage"),
    *("gf", "gmu", "gseed", "kof", "hump1", "width1", "weight", "lsigma"),
)
SENSIBLE = (
    *("mnist", "vae-2d", "beta-2d", "beta-20d", "0", "1", "4", "60", "7", "359", "2,9", "1.5,-2"),
    *(
        "prior,samples",
        "ellipses,manifold",
        "equal",
        "path",
        "draw",
        "linear",
        "raw",
        "umap",
        "pca",
        "change",
        "class",
        "density",
        "measures",
        "roulette",
        "symbols",
        "modes",
        "sine",
    ),
    *(
        ",".join(["0.25"] * 20),
        "posterior",
        "fast",
        "drawn",
        "posterior",
        "decoder",
        "0.5,-1,-3,-4",
    ),
)
PIECES = (
    *("1", "-2.5", "nan", "inf", "1e999", ",", ",,", "own", "<script>", "%00", "\u0000", "\n", " "),
    *("\U0001f600", "../../etc", "[x](y)", "$x^2$", ":red[x]", "9" * 400, "0x1f", "٣", "1_000"),
)


def junk(rng: random.Random) -> str:
    """A text that a URL or a browser might hold: near misses, markup, control characters."""
    return "".join(rng.choice(PIECES) for _ in range(rng.randrange(6)))


def text(rng: random.Random) -> str:
    return rng.choice(SENSIBLE) if rng.random() < 0.5 else junk(rng)


def anything(rng: random.Random, depth: int = 0) -> object:
    """What JSON can say, nested or not."""
    if depth < 3 and rng.random() < 0.3:
        return [anything(rng, depth + 1) for _ in range(3)]
    if depth < 3 and rng.random() < 0.3:
        return {rng.choice(KEYS): anything(rng, depth + 1) for _ in range(4)}
    return rng.choice([None, True, 0, -1, 1e308, 1.5, [], {}, text(rng)])


@pytest.mark.parametrize("name", PAGES)
def test_no_link_and_no_report_makes_a_page_raise(name, monkeypatch):
    rng = random.Random(name)
    reports: list[object] = []

    def canvas(
        view: str, values: object, fields: object, /, *hears: object, **data: object
    ) -> None:
        reports.append(
            {key: text(rng) for key in rng.sample(KEYS, 8)} if rng.random() < 0.5 else anything(rng)
        )
        state.receive(fields, reports[-1])

    monkeypatch.setattr(PAGES[name], "live_canvas", canvas)
    states = set()
    for _ in range(RUNS):
        query = {key: text(rng) for key in rng.sample(KEYS, 8)}
        app = run_page(name, "digits", **query)
        said = [element.value for element in app.error]
        assert not said, (query, reports[-1], said)
        states.add(str(sorted(app.query_params.items())))
    assert len(reports) >= RUNS
    assert len(states) > RUNS / 10, "hardly a link or report meant anything: the test is blunt"
