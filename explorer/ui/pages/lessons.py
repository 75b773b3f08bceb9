"""The page 'Lessons': what there is to be presented, and what is wrong with a lesson's file."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from explorer.errors import LessonLacks
from explorer.lesson_format import Lesson
from explorer.ui import presenter
from explorer.ui.notices import plain
from explorer.ui.terms import marked


def show(dataset: str) -> None:
    """Draw the page; the lessons name their data sets themselves."""
    st.header("Lessons: where do I begin?", anchor=False)
    st.markdown(
        "Press **Present**: a lesson’s scenes are shown on the live pages, with questions to the "
        "class. **PageDown** and **PageUp** turn them, as a clicker does; **R** reveals the "
        "answer, **F** fills the screen, **Escape** leads back here. Where a picture is hidden, "
        "the keys **0** to **9** count raised hands."
    )
    lessons, broken = presenter.all_lessons()
    lacking = [one for one in broken if one[1][0].startswith(LessonLacks.BEGIN)]
    for path, problems in broken:
        if (path, problems) not in lacking:
            _tell_broken(path, problems)
    shelf = list(lessons.values())
    for n in range(0, len(shelf), 2):
        for column, lesson in zip(st.columns(2), shelf[n : n + 2], strict=False):
            with column:
                _card(lesson)
    for path, (sentence,) in lacking:
        st.caption(f"**{path.stem}** {sentence}")
    st.caption(
        "A lesson is a plain text file; lessons/README.md says how to write one. The folder that "
        "EXPLORER_LESSONS names is listed here as well."
    )


def _card(lesson: Lesson) -> None:
    with st.container(border=True, key=f"lesson-{lesson.name}"):
        st.subheader(plain(lesson.title), anchor=False)
        st.markdown(marked(plain(lesson.summary)))
        questions = sum(bool(scene.question) for scene in lesson.scenes)
        ask = f"{questions} question{'s' if questions != 1 else ''}"
        st.caption(f"{lesson.minutes} minutes · {len(lesson.scenes)} scenes · {ask}")
        if st.button("Present", key=f"present-{lesson.name}"):
            presenter.start(lesson)
            st.rerun()
        with st.expander("Scenes"):
            for n, scene in enumerate(lesson.scenes):
                key = f"scene-{lesson.name}-{n}"
                if st.button(f"{n + 1}. {plain(scene.title)}", key=key, type="tertiary"):
                    presenter.start(lesson, n)
                    st.rerun()


def _tell_broken(path: Path, problems: tuple[str, ...]) -> None:
    st.error(f"The lesson in {plain(path.name)} is left out. What to correct:")
    st.code("\n".join(problems), language=None, wrap_lines=True)
