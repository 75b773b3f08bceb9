/** Moves a position with the clock; in whole steps where motion is unwelcome. */

/** Plays from one position to another, through the members of a family or the stages of a pass. */
export class PositionPlayer {
  /** @param {{onPosition: function(number), onStop: function()}} listeners onStop hears of both
   *   the end and a pause */
  constructor(listeners) {
    this.listeners = listeners;
    this.request = 0;
    this.goal = null; // where it is going; null while it stands
    this.stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** Goes from a position to a goal, so many seconds from whole number to whole number. */
  play(from, goal, seconds) {
    cancelAnimationFrame(this.request);
    this.goal = goal;
    const direction = Math.sign(goal - from);
    let start = null;
    const step = (now) => {
      start ??= now;
      const way = (now - start) / (1000 * seconds);
      const isThere = way >= Math.abs(goal - from);
      let position = isThere ? goal : from + direction * way;
      if (this.stillness.matches && !isThere) {
        position = direction > 0 ? Math.floor(position) : Math.ceil(position);
        if (direction * (position - from) < 0) position = from;
      }
      this.request = isThere ? 0 : requestAnimationFrame(step);
      this.listeners.onPosition(position);
      if (isThere) this.end();
    };
    this.request = requestAnimationFrame(step);
  }

  /** Stands still; where it already does, nothing happens. */
  pause() {
    if (this.goal === null) return;
    cancelAnimationFrame(this.request);
    this.end();
  }

  /** Stands still without a word: something else says where to be. */
  halt() {
    cancelAnimationFrame(this.request);
    this.goal = null;
  }

  end() {
    this.goal = null;
    this.listeners.onStop();
  }
}
