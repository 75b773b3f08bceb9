"""Answers that take long: one at a time, equal ones once, too many and too late ones put off."""

import asyncio
import threading

import pytest

from explorer.ui.answers import Answers, Busy


class Held:
    """A computation that waits until it is let go, and counts."""

    def __init__(self) -> None:
        self.begun, self.release = threading.Event(), threading.Event()
        self.threads: list[str] = []

    def __call__(self) -> str:
        self.threads.append(threading.current_thread().name)
        self.begun.set()
        assert self.release.wait(30)
        return "answer"


async def begun(held: Held) -> None:
    assert await asyncio.to_thread(held.begun.wait, 30)


def test_equal_questions_are_computed_once_and_the_answer_is_kept():
    answers, held = Answers(kept=2, places=2, patience=60), Held()

    async def ask() -> list[str]:
        asked = [asyncio.create_task(answers.to("a", held)) for _ in range(50)]
        await begun(held)
        held.release.set()
        return await asyncio.gather(*asked, answers.to("a", held))

    assert asyncio.run(ask()) == ["answer"] * 51
    assert asyncio.run(answers.to("a", held)) == "answer"
    assert len(held.threads) == 1
    answers.forget()
    assert asyncio.run(answers.to("a", held)) == "answer"
    assert len(held.threads) == 2


def test_one_is_computed_at_a_time_and_waiting_takes_no_thread():
    answers, held = Answers(kept=9, places=9, patience=60), Held()

    async def ask() -> int:
        before = threading.active_count()
        asked = [asyncio.create_task(answers.to(n, held)) for n in range(9)]
        await begun(held)
        assert answers.waiting == 9
        more = threading.active_count() - before
        held.release.set()
        await asyncio.gather(*asked)
        return more

    assert asyncio.run(ask()) <= 2  # its own, and the one in which this test waits
    assert len(set(held.threads)) == 1
    assert answers.waiting == 0


def test_more_questions_than_places_are_put_off_and_taken_later():
    answers, held = Answers(kept=9, places=2, patience=60), Held()

    async def ask() -> None:
        asked = [asyncio.create_task(answers.to(n, held)) for n in range(2)]
        await begun(held)
        with pytest.raises(Busy, match="asked again"):
            await answers.to("third", held)
        held.release.set()
        await asyncio.gather(*asked)
        assert await answers.to("third", held) == "answer"

    asyncio.run(ask())


def test_a_question_that_has_waited_too_long_is_not_computed():
    now = [0.0]
    answers, held = Answers(kept=9, places=9, patience=5, clock=lambda: now[0]), Held()
    late = Held()

    async def ask() -> None:
        first = asyncio.create_task(answers.to("first", held))
        await begun(held)
        second = asyncio.create_task(answers.to("second", late))
        while answers.waiting < 2:
            await asyncio.sleep(0)
        now[0] = 6.0
        held.release.set()
        assert await first == "answer"
        with pytest.raises(Busy, match="waited"):
            await second
        late.release.set()
        assert await answers.to("second", late) == "answer"

    asyncio.run(ask())
    assert len(late.threads) == 1


def test_who_goes_away_takes_the_answer_from_nobody():
    answers, held = Answers(kept=9, places=9, patience=60), Held()

    async def ask() -> str:
        gone, there = (asyncio.create_task(answers.to("a", held)) for _ in range(2))
        await begun(held)
        gone.cancel()
        held.release.set()
        return await there

    assert asyncio.run(ask()) == "answer"


def test_a_mistake_is_told_to_each_and_not_kept():
    answers = Answers(kept=9, places=9, patience=60)

    def fail() -> None:
        raise ValueError("no such seed")

    for _ in range(2):
        with pytest.raises(ValueError, match="no such seed"):
            asyncio.run(answers.to("a", fail))
    assert asyncio.run(answers.to("a", lambda: 7)) == 7


def test_the_oldest_answers_are_forgotten():
    answers, computed = Answers(kept=2, places=9, patience=60), []
    for question in (1, 2, 1, 3, 1, 2):
        asyncio.run(answers.to(question, lambda question=question: computed.append(question)))
    assert computed == [1, 2, 3, 2]
