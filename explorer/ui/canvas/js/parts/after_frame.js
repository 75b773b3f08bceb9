/** Words change with the pictures, but the eye waits for the pictures: words wait for the frame. */

/** A task that runs once after the next frame, however often it is asked for until then. */
export class AfterFrame {
  /** @param {function()} task */
  constructor(task) {
    this.task = task;
    this.request = 0;
    this.timer = 0;
  }

  /** Asks for the task. */
  ask() {
    this.request ||= requestAnimationFrame(() => {
      this.timer = setTimeout(() => {
        this.request = 0;
        this.task();
      });
    });
  }

  /** Forgets what was asked for. */
  stop() {
    cancelAnimationFrame(this.request);
    clearTimeout(this.timer);
    this.request = 0;
  }
}
