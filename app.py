"""The entry, `streamlit run app.py`: imported once as an ASGI app, run anew for every rerun."""

from functools import partial
from pathlib import Path

import streamlit as st

# Imported by both runs: what the server has at its start, a first visit need not wait for.
from explorer.ui import presenter, term_note, terms, tour
from explorer.ui.canvas.live import keep_state
from explorer.ui.canvas.worker import worker_routes
from explorer.ui.fields import field_routes
from explorer.ui.judged import judged_routes
from explorer.ui.notices import tell_script_error
from explorer.ui.pages import beta, continuity, dimensions, lessons, machine, objectives, theory
from explorer.ui.pages import glossary as glossary_page
from explorer.ui.pages import map as map_page
from explorer.ui.screen import LOADING_CSS, PAGES_CSS
from explorer.ui.server import app_routes, below, raise_open_files
from explorer.ui.sidebar import choose_dataset

if __name__ == "__main__":
    st.set_page_config(
        page_title="Latent Space Explorer",
        page_icon=str(Path(presenter.__file__).with_name("icon.svg")),
        layout="wide",
        initial_sidebar_state=240,  # pixels; hidden at first on a narrow screen
    )
    st.html(f"<style>{PAGES_CSS}{LOADING_CSS}</style>")
    presenter.prepare()  # a scene sets the widgets that are drawn from here on
    dataset = choose_dataset()
    pages = {
        path: st.Page(partial(page.show, dataset), title=title, url_path=path, default=not path)
        for page, title, path in (
            (map_page, "Map", ""),
            (machine, "Machine", "machine"),
            (objectives, "Objectives", "objectives"),
            (continuity, "Continuity", "continuity"),
            (beta, "Beta", "beta"),
            (dimensions, "Dimensions", "dimensions"),
            (theory, "Theory", "theory"),
            (lessons, "Lessons", "lessons"),
            (glossary_page, "Glossary", terms.PAGE),
        )
    }
    page = st.navigation(list(pages.values()))
    if dataset is not None:
        is_presenting = presenter.show(pages, page)
        tour.turn(pages, dataset)
        page.run()
        keep_state()
        term_note.show()
        if not is_presenting:
            tour.show(dataset)
else:
    raise_open_files()
    routes = [*app_routes(), *worker_routes(), *field_routes(), *judged_routes()]
    routes = below(st.get_option("server.baseUrlPath"), routes)
    app = st.App(__file__, routes=routes, on_script_error=tell_script_error)
