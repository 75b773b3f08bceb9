"""The JavaScript modules alone, as ES modules in a blank page of an origin that serves them."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, Route

JS = Path(__file__).resolve().parents[2] / "explorer" / "ui" / "canvas" / "js"
ORIGIN = "http://modules.localhost"  # browsers trust it as they trust localhost


def serve_modules(page: Page) -> Page:
    """Open the blank page; files of the dict `page.served` are served as well, with ranges."""
    page.served = {}

    def serve(route: Route) -> None:
        name = route.request.url.removeprefix(f"{ORIGIN}/")
        if name.endswith(".js"):
            source = (JS / name).read_text(encoding="utf-8")
            route.fulfill(body=source, content_type="text/javascript")
        elif name in page.served:
            first, last = route.request.headers["range"].removeprefix("bytes=").split("-")
            part = page.served[name][int(first) : int(last) + 1]
            route.fulfill(status=206, body=part, content_type="application/octet-stream")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    page.route(f"{ORIGIN}/**", serve)
    page.goto(ORIGIN)
    return page
