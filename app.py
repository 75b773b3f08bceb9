"""The web app's entry: `streamlit run app.py`.

Streamlit imports this file once as an ASGI application, which adds the routes that serve weights,
originals and the worker, and runs it again as `__main__` for every rerun of a page.
"""

from functools import partial
from pathlib import Path

import streamlit as st

if __name__ == "__main__":
    from explorer.ui import tour
    from explorer.ui.pages import beta, dimensions, objectives
    from explorer.ui.pages import map as map_page
    from explorer.ui.sidebar import choose_dataset

    st.set_page_config(
        page_title="Latent Space Explorer",
        page_icon=str(Path(__file__).with_name("explorer") / "ui" / "icon.svg"),
        layout="wide",
        initial_sidebar_state=240,  # pixels; hidden at first on a narrow screen
    )
    st.html("<style>.stMainBlockContainer { padding-inline: clamp(1rem, 2.5vw, 4rem); }</style>")
    dataset = choose_dataset()
    pages = {
        path: st.Page(partial(page.show, dataset), title=title, url_path=path, default=not path)
        for page, title, path in (
            (map_page, "Map", ""),
            (objectives, "Objectives", "objectives"),
            (beta, "Beta", "beta"),
            (dimensions, "Dimensions", "dimensions"),
        )
    }
    page = st.navigation(list(pages.values()))
    if dataset is not None:
        page.run()
        tour.show(pages)
else:
    from explorer.ui.canvas.worker import worker_routes
    from explorer.ui.server import app_routes

    app = st.App(__file__, routes=[*app_routes(), *worker_routes()])
