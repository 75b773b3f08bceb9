"""The web app: the only place that imports Streamlit. Pages are thin, maths is the library's."""
