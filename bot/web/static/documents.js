// Makes the page of documents livelier; without it the form, the links and the buttons work as they stand.
"use strict";

const found = (id) => document.getElementById(id);

// Files: dropped or chosen, counted before they are sent, and sent with their progress shown.
const form = found("upload");
if (form) {
  const area = found("drop");
  const input = found("files");
  const problem = found("upload-problem");
  const sending = found("sending");
  const bar = found("sending-bar");
  const words = found("sending-words");
  const button = form.querySelector("button:not([type])");

  const complain = (text) => {
    sending.hidden = true;
    button.disabled = false;
    problem.textContent = text;
    problem.hidden = !text;
  };

  const tooMuch = (files) => {
    const say = form.dataset;
    if (files.length > Number(say.files)) return say.sayFiles;
    let all = 0;
    for (const file of files) {
      all += file.size;
      const most = file.name.toLowerCase().endsWith(".zip") ? Number(say.archive) : Number(say.file);
      if (file.size > most) return say.sayFile.replace("{name}", () => file.name);
    }
    return all > Number(say.job) ? say.sayJob : "";
  };

  const send = () => {
    const request = new XMLHttpRequest();
    const percent = (value) => {
      bar.value = value;
      words.textContent = form.dataset.saySending.replace("{percent}", () => String(value));
    };
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) percent(Math.floor((100 * event.loaded) / event.total));
    });
    request.addEventListener("load", () => {
      if (request.status < 400) {
        window.location.assign(request.responseURL);
        return;
      }
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      const told = answer.querySelector("main [role=alert]:not([hidden])") || answer.querySelector("main p");
      complain(told ? told.textContent : form.dataset.sayFailed);
    });
    request.addEventListener("error", () => complain(form.dataset.sayFailed));
    request.addEventListener("abort", () => complain(form.dataset.sayStopped));
    found("sending-stop").onclick = () => request.abort();
    complain("");
    button.disabled = true;
    sending.hidden = false;
    percent(0);
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.send(new FormData(form));
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = tooMuch(input.files);
    if (wrong) complain(wrong);
    else send();
  });

  found("drop-hint").hidden = false;
  const over = (is) => (event) => {
    event.preventDefault();
    area.classList.toggle("over", is);
  };
  area.addEventListener("dragenter", over(true));
  area.addEventListener("dragover", over(true));
  area.addEventListener("dragleave", over(false));
  area.addEventListener("drop", (event) => {
    over(false)(event);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  // A file that is dropped beside the area would otherwise take the place of the page.
  const keep = (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  };
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, keep);
}

// Jobs: their progress as the service tells it. The browser reconnects by itself and says what it heard last.
const following = document.querySelector("[data-follow]");
if (following) {
  const lost = found("lost");
  const source = new EventSource(following.dataset.follow);
  let losing = 0;
  source.addEventListener("open", () => {
    window.clearTimeout(losing);
    losing = 0;
    lost.hidden = true;
  });
  // The service ends a connection now and then, so that whoever watches is still signed in: no word of a short break.
  source.addEventListener("error", () => (losing ||= window.setTimeout(() => (lost.hidden = false), 6000)));
  source.addEventListener("message", (event) => {
    const told = JSON.parse(event.data);
    const place = document.querySelector(`[data-job="${CSS.escape(told.job)}"]`);
    if (!place) return;
    const underWay = told.state === "queued" || told.state === "reading";
    if ("reload" in place.dataset && !underWay) {
      source.close();
      window.location.replace(window.location.pathname);
      return;
    }
    place.dataset.state = told.state;
    const words = place.querySelector("[data-words]");
    if (words.textContent !== told.words) words.textContent = told.words;
    const bar = place.querySelector("progress");
    if (!bar) return;
    bar.hidden = !underWay;
    if (told.total) {
      bar.max = told.total;
      bar.value = told.done;
    } else {
      bar.removeAttribute("value");
    }
  });
  window.addEventListener("pagehide", () => source.close());
}
