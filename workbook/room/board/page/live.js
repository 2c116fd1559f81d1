// What both pages share: the stream of pictures from the server, and building elements from text.

/** Call `show` with each picture that the server sends, and say in #state whether it still does. */
export function follow(show) {
  const state = document.getElementById("state");
  const source = new EventSource("events");
  source.onmessage = (event) => {
    show(JSON.parse(event.data));
    say(state, "Live", false);
  };
  source.onerror = () => {
    const clock = new Date().toLocaleTimeString();
    if (!state.classList.contains("lost")) say(state, `The room has not answered since ${clock}; this page goes on by itself when it does.`, true);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => follow(show), 2000);
  };
}

function say(state, text, lost) {
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("lost", lost);
}

/** An element with this text, which is never read as HTML. */
export function element(tag, text = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** Put these children in place of the old ones, if they differ: what is selected stays selected. */
export function replace(parent, children) {
  const fresh = document.createElement(parent.tagName);
  fresh.append(...children);
  if (fresh.innerHTML !== parent.innerHTML) parent.replaceChildren(...fresh.childNodes);
}
