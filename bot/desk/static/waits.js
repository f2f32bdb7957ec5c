// How many shoppers wait, on every page of the desk; on wish a sound and a notification for a new one.
(() => {
  'use strict';
  const SECONDS = 5;
  const LATE = 1000; // milliseconds after which a tone would puzzle more than tell
  const ALERTS = 'shopclerk_desk_alerts';
  const KNOWN = 'shopclerk_desk_newest'; // the newest wait that this browser has told of
  const badge = document.querySelector('#waits');
  const button = document.querySelector('#alerts');
  const title = document.title;

  function draw() {
    const on = localStorage.getItem(ALERTS) !== null;
    button.textContent = on ? 'Alerts on' : 'Alerts off';
    button.title = 'A sound and a notification when a shopper begins to wait';
    button.setAttribute('aria-pressed', String(on));
    button.hidden = false;
  }

  button.addEventListener('click', async () => {
    if (localStorage.getItem(ALERTS) === null) {
      localStorage.setItem(ALERTS, 'on');
      ring();
      if ('Notification' in window) await Notification.requestPermission();
    } else {
      localStorage.removeItem(ALERTS);
    }
    draw();
  });

  let audio = null; // one for the page, suspended between alerts: browsers allow only a few

  async function ring() {
    audio ??= new AudioContext();
    const asked = Date.now();
    await audio.resume(); // on a page nobody has touched yet it waits for the first touch
    if (Date.now() - asked < LATE) play();
  }

  function play() {
    [880, 660].forEach((pitch, index) => {
      const tone = audio.createOscillator();
      const loud = audio.createGain();
      loud.gain.value = 0.06;
      tone.frequency.value = pitch;
      tone.connect(loud).connect(audio.destination);
      tone.start(audio.currentTime + index * 0.16);
      tone.stop(audio.currentTime + index * 0.16 + 0.14);
      if (index) tone.onended = () => audio.suspend();
    });
  }

  function tell() {
    ring();
    if (window.Notification?.permission !== 'granted') return;
    const note = new Notification('A shopper waits for a person', { tag: 'shopclerk-wait' });
    note.onclick = () => { window.focus(); location.assign('/desk?list=for_staff'); };
  }

  // One tab tells; what waited before this browser first looked is nothing new.
  function heard({ count, newest }) {
    badge.hidden = count === 0;
    badge.textContent = count;
    badge.title = `${count} wait for us`;
    document.title = count ? `(${count}) ${title}` : title;
    const known = localStorage.getItem(KNOWN);
    if (known === null) localStorage.setItem(KNOWN, newest ?? '');
    if (known === null || newest === null || newest <= known) return;
    localStorage.setItem(KNOWN, newest);
    if (localStorage.getItem(ALERTS) !== null) tell();
  }

  const alone = (work) => (navigator.locks ? navigator.locks.request('shopclerk_desk_waits', work) : work());

  async function look() {
    try {
      const answer = await fetch('/desk/waits', { redirect: 'error' });
      if (answer.ok) await alone(() => answer.json().then(heard));
    } catch {
      // Offline or logged out: the next round will tell.
    }
  }

  draw();
  look();
  setInterval(look, SECONDS * 1000);
})();
