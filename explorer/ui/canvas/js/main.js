/** Streamlit's entry: keeps one page for each place in the document, across reruns. */
import { BetaPage } from "./views/beta/beta.js";
import { ContinuityPage } from "./views/continuity/continuity.js";
import { DimensionsPage } from "./views/dimensions/dimensions.js";
import { StateKeeper } from "./views/keeper.js";
import { MachinePage } from "./views/machine/machine.js";
import { MapPage } from "./views/map/map.js";
import { ObjectivesPage } from "./views/objectives.js";
import { Presenter } from "./views/presenter/presenter.js";
import { TermNote } from "./views/terms.js";
import { Page, reportAll } from "./views/page.js";
import { TheoryPage } from "./views/theory/theory.js";
import { TourCard } from "./views/tour.js";

const VIEWS = {
  beta: BetaPage,
  continuity: ContinuityPage,
  dimensions: DimensionsPage,
  keeper: StateKeeper,
  machine: MachinePage,
  map: MapPage,
  objectives: ObjectivesPage,
  presenter: Presenter,
  terms: TermNote,
  theory: TheoryPage,
  tour: TourCard,
};
const pages = new WeakMap(); // parent element -> page

/**
 * Streamlit calls this when the component appears and when its data or the theme change.
 * Python hears `report`: a page's whole state as text by key, or what a card or panel asks for.
 */
export default function ({ data: { json }, parentElement, setTriggerValue, setStateValue }) {
  const data = JSON.parse(json);
  if (!pages.has(parentElement)) pages.set(parentElement, new VIEWS[data.view](parentElement));
  const page = pages.get(parentElement);
  const send = (report) => {
    const tell = () => setTriggerValue("report", report);
    // In another task: what is sent in one, Streamlit takes for the first one's fragment.
    if (!(page instanceof Page) && reportAll()) setTimeout(tell);
    else tell();
  };
  page.update(data, send, setStateValue);
  return () => {
    page.destroy();
    pages.delete(parentElement);
  };
}
