// The wall: for each exercise how many have it right and how many are trying. It never gets a name.
import { element, follow, replace } from "./live.js";

const LAST = 10; // as many as fit a projector

function show(view) {
  document.getElementById("people").textContent = String(view.people);
  const most = Math.max(view.people, ...view.exercises.map((each) => each.right + each.trying));
  replace(document.querySelector("#wall tbody"), view.exercises.slice(-LAST).map((each) => row(each, most)));
  document.getElementById("nobody").hidden = view.exercises.length > 0;
}

function row(exercise, most) {
  const made = element("tr");
  const title = element("th", exercise.id);
  title.scope = "row";
  title.append(element("small", exercise.title));
  const bar = element("td", "", "bar");
  bar.append(part(exercise.right, most, "right"), part(exercise.trying, most, "trying"));
  made.append(title, bar, element("td", `${exercise.right} right`), element("td", `${exercise.trying} trying`));
  return made;
}

function part(count, most, className) {
  const made = document.createElement("meter");
  made.className = className;
  made.max = Math.max(most, 1);
  made.value = count;
  return made;
}

follow(show);
