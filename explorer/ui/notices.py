"""Sentences that hold words of a file from elsewhere, shown without what Markdown would act on."""

from __future__ import annotations

import streamlit as st


def plain(text: str) -> str:
    """Text in which Markdown finds neither an image nor a link, so that nothing is fetched."""
    return text.replace("[", "\\[").replace("<", "\\<")


def tell(error: Exception, more: str = "") -> None:
    """Show an error's sentence, and what else is to be said."""
    st.error(f"{plain(str(error))}{more}")


def tell_script_error(error: Exception) -> bool:
    """What a page says where the program itself has a mistake; its traceback is in the terminal.

    True: Streamlit shows nothing more.
    """
    st.error(
        "This page has met a mistake of the program itself, and stops here. The terminal in which "
        "the app runs has the details. The other pages go on working."
    )
    return True
