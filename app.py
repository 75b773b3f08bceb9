"""The web app's entry: `streamlit run app.py`.

Streamlit imports this file once as an ASGI application, which adds the routes that serve the
checkpoints' files, and runs it again as `__main__` for every rerun of a page.
"""

from pathlib import Path

import streamlit as st

if __name__ == "__main__":
    from explorer.ui.pages import map as map_page

    st.set_page_config(
        page_title="Latent Space Explorer",
        page_icon=str(Path(__file__).with_name("explorer") / "ui" / "icon.svg"),
        layout="wide",
        initial_sidebar_state=240,  # pixels; hidden at first on a narrow screen
    )
    st.html("<style>.stMainBlockContainer { padding-inline: clamp(1rem, 2.5vw, 4rem); }</style>")
    st.sidebar.title("Latent Space Explorer", anchor=False)
    page = st.navigation([st.Page(map_page.show, title="Map")])
    page.run()
else:
    from explorer.ui.server import checkpoint_routes

    app = st.App(__file__, routes=checkpoint_routes())
