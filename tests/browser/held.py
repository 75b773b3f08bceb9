"""Requests that are held back, for what a page shows meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route


class Held:
    """The requests of a page for such addresses: held back from now on, until they are let go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.is_holding = True
        self.routes: list[Route] = []
        page.route(pattern, self._take)

    def _take(self, route: Route) -> None:
        if self.is_holding:
            self.routes.append(route)
        else:
            route.continue_()

    def let_go(self) -> None:
        """Let them through, those to come as well."""
        self.is_holding = False
        self._end(lambda route: route.continue_())

    def answer_empty(self) -> None:
        """Answer those so far with nothing, and let those to come through."""
        self.is_holding = False
        self._end(lambda route: route.fulfill(status=204, body=""))

    def hold(self) -> None:
        """Hold back again."""
        self.is_holding = True

    def _end(self, answer: Callable[[Route], None]) -> None:
        routes, self.routes = self.routes, []
        for route in routes:
            answer(route)
