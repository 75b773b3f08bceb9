"""Fields over HTTP: the library's numbers, clear refusals, kept answers, one at a time."""

import asyncio
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from starlette.applications import Starlette

from explorer.checkpoints import load_checkpoint
from explorer.fields import Region, change_field, class_field, code_bandwidth, density_field
from explorer.judge import load_judge
from explorer.ui import fields
from explorer.ui.answers import Answers
from explorer.ui.fields import field_routes, field_url

SHIPPED = Path(__file__).resolve().parents[2] / "checkpoints"
REGION = Region(-2.0, 2.0, -1.0, 3.0)
VIEW = {"x": "-2,2", "y": "-1,3"}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def grid(self, kind: str = "<f4", start: int = 0) -> np.ndarray:
        facts = json.loads(self.headers["x-field"])
        shape = facts["rows"], facts["columns"]
        return np.frombuffer(self.body, kind, shape[0] * shape[1], start).reshape(shape)


def ask(path: str, **query: str) -> Answer:
    """Ask the routes for a path below /fields/."""
    scope = {
        "type": "http",
        "asgi": {"spec_version": "2.4"},
        "method": "GET",
        "path": f"/fields/{path}",
        "root_path": "",
        "query_string": urlencode(query).encode(),
        "headers": [],
    }
    messages = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        messages.append(message)

    asyncio.run(Starlette(routes=field_routes())(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in messages[1:])
    return Answer(messages[0]["status"], headers, body)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(SHIPPED))
    fields._ANSWERS.forget()


def test_amounts_are_the_library_s():
    model = load_checkpoint("digits/vae-2d", SHIPPED)
    change = ask("digits/vae-2d/change", **VIEW)
    assert change.status == 200
    np.testing.assert_allclose(change.grid(), change_field(model, REGION), rtol=1e-5)
    density = ask("digits/vae-2d/density", **VIEW)
    np.testing.assert_allclose(density.grid(), density_field(model, REGION), rtol=1e-6)
    facts = json.loads(density.headers["x-field"])
    assert (facts["x"], facts["y"]) == ([-2, 2], [-1, 3])
    assert facts["bandwidth"] == code_bandwidth(model.codes.mu)


def test_classes_are_the_library_s_with_a_byte_a_cell_for_class_and_off():
    member = load_checkpoint("digits/beta-2d", SHIPPED).at(1)
    expected = class_field(member, load_judge("digits", SHIPPED), REGION)
    answer = ask("digits/beta-2d/class", beta="1", **VIEW)
    count = expected.labels.size
    assert len(answer.body) == 6 * count
    np.testing.assert_allclose(answer.grid(), expected.confidence, atol=1e-4)
    np.testing.assert_array_equal(answer.grid("u1", 4 * count), expected.labels)
    assert (answer.grid("u1", 5 * count) == expected.is_off).mean() > 0.99


def test_a_member_is_the_nearest_of_its_beta():
    family = load_checkpoint("digits/beta-2d", SHIPPED)
    for beta in (0, 4):
        answer = ask("digits/beta-2d/density", beta=str(beta), **VIEW)
        expected = density_field(family.at(beta), REGION)
        np.testing.assert_allclose(answer.grid(), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("path", "query", "status", "said"),
    [
        ("digits/vae-2d/colour", VIEW, 404, "change, class, density"),
        ("digits/none/change", VIEW, 404, "No such model"),
        ("../digits/change", VIEW, 404, ""),
        ("digits/vae-2d/change", {}, 400, "two numbers each"),
        ("digits/vae-2d/change", {"x": "0,1"}, 400, "two numbers each"),
        ("digits/vae-2d/change", {"x": "0,1,2", "y": "0,1"}, 400, "two numbers each"),
        ("digits/vae-2d/change", {"x": "nan,1", "y": "0,1"}, 400, "two numbers each"),
        ("digits/vae-2d/change", {"x": "0,1e9", "y": "0,1"}, 400, "within ±10000"),
        ("digits/vae-2d/change", {"x": "1,0", "y": "0,1"}, 400, "low to high"),
        ("digits/vae-2d/change", {"x": "0,100", "y": "0,1"}, 400, "too narrow"),
        ("digits/vae-20d/change", VIEW, 400, "2-D models"),
        ("digits/beta-2d/change", VIEW, 400, "no such beta"),
        ("digits/beta-2d/change", {"beta": "x", **VIEW}, 400, "no such beta"),
        ("digits/beta-20d/density", {"beta": "1", **VIEW}, 400, "2-D models"),
        ("digits/judge/density", VIEW, 404, ""),
    ],
)
def test_nonsense_is_refused_in_words(path, query, status, said):
    answer = ask(path, **query)
    assert answer.status == status
    assert said in answer.body.decode()
    assert str(SHIPPED) not in answer.body.decode()


def test_without_a_judge_the_command_that_trains_it_is_named(tmp_path, monkeypatch):
    (tmp_path / "digits").mkdir()
    (tmp_path / "digits" / "vae-2d").symlink_to(SHIPPED / "digits" / "vae-2d")
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    answer = ask("digits/vae-2d/class", **VIEW)
    assert answer.status == 404
    assert "python train.py --dataset digits --models judge" in answer.body.decode()
    assert ask("digits/vae-2d/density", **VIEW).status == 200


def test_an_answer_is_kept_and_the_oldest_forgotten(monkeypatch):
    computed = []

    def counted(model, region):
        computed.append(region)
        return density_field(model, region)

    monkeypatch.setattr(fields, "density_field", counted)
    monkeypatch.setattr(fields, "_ANSWERS", Answers(kept=2, places=24, patience=60))
    for x in ("-2,2", "-2,2", "-2,3", "-2,4", "-2,4", "-2,2"):
        assert ask("digits/vae-2d/density", x=x, y="-1,3").status == 200
    assert [region.right for region in computed] == [2, 3, 4, 2]


def test_one_is_computed_at_a_time_and_equal_ones_once_and_too_many_are_put_off(monkeypatch):
    running, most, begun = [], [], threading.Event()
    release = threading.Event()

    def slow(model, region):
        running.append(region)
        most.append(len(running))
        begun.set()
        release.wait(30)
        running.pop()
        return density_field(model, region)

    monkeypatch.setattr(fields, "density_field", slow)
    answers_of_two = Answers(kept=8, places=2, patience=60)
    monkeypatch.setattr(fields, "_ANSWERS", answers_of_two)
    answers = []
    threads = [
        threading.Thread(
            target=lambda x=x: answers.append(ask("digits/vae-2d/density", x=x, y="-1,3"))
        )
        for x in ("-2,2", "-2,2", "-2,3", "-2,2")
    ]
    for thread in threads:
        thread.start()
    assert begun.wait(30)
    while answers_of_two.waiting < 2:  # until both questions have come; they cannot leave
        threading.Event().wait(0.01)
    refused = ask("digits/vae-2d/density", x="-2,5", y="-1,3")
    assert refused.status == 503
    release.set()
    for thread in threads:
        thread.join(30)
    assert [answer.status for answer in answers] == [200] * 4
    assert most == [1, 1]


def test_url():
    assert field_url(load_checkpoint("digits/vae-2d", SHIPPED)) == "fields/digits/vae-2d"
