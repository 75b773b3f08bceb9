"""Presents a lesson upon the real pages: turns to them, and puts each into its scene's state.

`?lesson=<name>&scene=<number>` opens a scene. The browser draws the panel with the scene's text and
hears keys and buttons; Python keeps which scene is shown, in the session and in the URL.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import streamlit as st

from explorer.checkpoints import Checkpoint, Family, list_checkpoints
from explorer.checks import META, TENSOR_FILES
from explorer.errors import ExplorerError
from explorer.figures import filled
from explorer.files import version_of
from explorer.lesson_format import Lesson, Scene, lesson_name
from explorer.lessons import Shelf, find_lessons, lesson_files
from explorer.places import LESSONS, checkpoint_root
from explorer.ui import state
from explorer.ui.cache import cached_checkpoint
from explorer.ui.canvas.live import live_panel
from explorer.ui.scene_pages import (
    SceneRules,
    page_path,
    restore,
    scene_state,
    set_scene,
    stage,
)
from explorer.ui.screen import STAGE_CSS

VIEW = "presenter"
LESSON, SCENE = "lesson", "scene"  # keys of the URL
SHELF = "lessons"  # the page to which a lesson returns
_RUN = "presenter.run"  # of the session: the lesson that is presented
_RETURNING = "presenter.returning"  # of the session: the lesson was left, and its page not yet

# What is Streamlit's own gives way; of a page only its picture remains.
_FRAME_CSS = """
:root { --presenter-width: clamp(23.25rem, 30vw, 38.75rem); --presenter-height: 46vh; }
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stExpandSidebarButton"],
[data-testid="stMain"] [data-testid="stElementContainer"]:not(:has(.stBidiComponent)),
[data-testid="stMain"] [data-testid="stLayoutWrapper"]:not(:has(.stBidiComponent)) {
  display: none !important;
}
.stMainBlockContainer > [data-testid="stVerticalBlock"] { gap: 0; }
.stMainBlockContainer {
  padding: 0.875rem calc(var(--presenter-width) + 1.375rem) 0.625rem 1.25rem !important;
  max-width: none !important;
}
@media (max-width: 900px) {
  .stMainBlockContainer {
    padding: 0.75rem 0.875rem calc(var(--presenter-height) + 0.75rem) !important;
  }
  /* What is scrolled into view is not behind the panel. */
  [data-testid="stMain"] { scroll-padding-block: 0.75rem calc(var(--presenter-height) + 0.75rem); }
}
"""


@dataclass
class Run:
    """A lesson that is presented."""

    lesson: Lesson
    number: int  # of the scene, from 0
    turn: int = 1  # scenes that were turned to: tells the browser that one begins
    is_turning: bool = True  # the scene is not on its page yet
    is_link: bool = False  # opened by a URL, which may say more than the scene
    is_left: bool = False  # to be ended before the next widget is drawn
    notice: str = ""  # of what the URL said wrongly, to be told once the page is there
    before: dict[str, object] = field(default_factory=scene_state)  # what it puts back when it ends

    @property
    def scene(self) -> Scene:
        """The scene that is shown."""
        return self.lesson.scenes[self.number]

    @property
    def address(self) -> dict[str, str]:
        """What the URL says of it."""
        return {LESSON: self.lesson.name, SCENE: str(self.number + 1)}


def all_lessons() -> Shelf:
    """The shipped lessons, then those of the folder that EXPLORER_LESSONS names; see
    `explorer.lessons.find_lessons`."""
    own = os.environ.get("EXPLORER_LESSONS")
    folders = (LESSONS, *([Path(own)] if own else []))
    root = checkpoint_root()
    models = (root / name for name in list_checkpoints(root))
    files = [path for folder in folders for path in lesson_files(folder)]
    files += [model / file for model in models for file in (META, TENSOR_FILES[1])]
    return _parsed(folders, root, tuple((path, version_of(path)) for path in files))


# The versions are an argument only so that lessons are parsed again where they, or what they can
# say of the models, have changed.
@lru_cache(maxsize=2)
def _parsed(folders: tuple[Path, ...], root: Path, versions: tuple) -> Shelf:
    return find_lessons(folders, SceneRules())


def start(lesson: Lesson, number: int = 0) -> None:
    """Present a lesson from a scene on, numbered from 0; takes effect with the next run."""
    st.session_state[_RUN] = Run(lesson, number)


def prepare() -> None:
    """Take the scene that the URL asks for, and set its page's state; comes before any widget."""
    run = st.session_state.get(_RUN)
    if run is not None and run.is_left:
        _leave()
        run = None
    wanted = {key: st.query_params[key] for key in (LESSON, SCENE) if key in st.query_params}
    if LESSON in wanted and (run is None or (not run.is_turning and wanted != run.address)):
        run = st.session_state[_RUN] = _open(wanted, run)
    if run is not None and run.is_turning:
        set_scene(run.lesson, run.scene)
        st.session_state[state.STAGE] = {
            "turn": run.turn,
            "scene": f"{run.lesson.name}/{run.number}",
            **stage(run.scene),
        }


def _open(wanted: Mapping[str, str], run: Run | None) -> Run | None:
    """The lesson and the scene that a URL names; None, with a notice, where there is no such."""
    before = run.before if run else scene_state()
    lessons, broken = all_lessons()
    lesson = lessons.get(wanted[LESSON])
    if lesson is None:
        is_broken = wanted[LESSON] in (lesson_name(path) for path, _ in broken)
        if is_broken:
            st.toast("The link's lesson cannot be shown. The page “Lessons” says why.")
        else:
            st.toast("The link's lesson is not here. The page “Lessons” lists what there is.")
        _leave()
        return None
    text = wanted.get(SCENE, "1")
    is_number = text.isascii() and text.isdigit() and len(text) < 4
    number = int(text) - 1 if is_number else -1
    notice = ""
    if not 0 <= number < len(lesson.scenes):
        notice = f"The lesson has scenes 1 to {len(lesson.scenes)}. It begins with the first."
        number = 0
    turn = run.turn + 1 if run else 1
    return Run(lesson, number, turn, is_link=True, notice=notice, before=before)


def show(pages: Mapping[str, object], page: object) -> bool:
    """Mount the panel where a lesson is presented, and turn to its scene's page.

    `pages` are Streamlit's, by url_path; `page` is the one that is about to be drawn. Returns
    whether a lesson is presented.
    """
    if st.session_state.pop(_RETURNING, False):
        st.switch_page(pages[SHELF], query_params={})
    run = st.session_state.get(_RUN)
    if run is None:
        return False
    target = pages[page_path(run.scene)]
    is_there = page.url_path == target.url_path
    if run.is_turning and (run.is_link or not is_there):
        run.is_link = False
        st.switch_page(target, query_params=run.address)
    if not is_there:  # by the browser's back button
        run.is_left = True
        st.rerun()
    run.is_turning = False
    if run.notice:
        st.toast(run.notice)
        run.notice = ""
    for key, text in run.address.items():
        if st.query_params.get(key) != text:
            st.query_params[key] = text
    st.html(f"<style>{STAGE_CSS}{_FRAME_CSS}</style>")
    live_panel(
        VIEW,
        on_report=_hear,
        lesson=run.lesson.name,
        title=run.lesson.title,
        scene=run.number,
        turn=run.turn,
        scenes=_texts(run.lesson),
    )
    return True


def _texts(lesson: Lesson) -> list[dict[str, object]]:
    """What is read of each scene, with the figures of the models that are here now."""

    def find(name: str) -> Checkpoint | Family | None:
        try:
            return cached_checkpoint(f"{lesson.dataset}/{name}", checkpoint_root())
        except ExplorerError:
            return None

    return [
        {
            "title": scene.title,
            **{part: filled(getattr(scene, part), find) for part in ("text", "question", "reveal")},
            "guesses": scene.guesses,
        }
        for scene in lesson.scenes
    ]


def _hear() -> None:
    """The browser asks for another scene, or for none."""
    run, report = st.session_state.get(_RUN), st.session_state[VIEW].report
    if run is None or not isinstance(report, Mapping) or SCENE not in report:
        return
    number = report[SCENE]
    if number is None:
        _leave()
        st.session_state[_RETURNING] = True
    elif isinstance(number, int) and 0 <= number < len(run.lesson.scenes):
        run.number = number
        run.turn += 1
        run.is_turning = True


def _leave() -> None:
    """End the lesson: all pages are again as they were before it."""
    run = st.session_state.pop(_RUN, None)
    st.session_state.pop(state.STAGE, None)
    if run is not None:
        restore(run.before)
    for key in (LESSON, SCENE):
        if key in st.query_params:
            del st.query_params[key]
