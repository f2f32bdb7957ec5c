// Nobody misses an answer: a badge and a teaser on the page, the title, and on wish sound and
// notifications. What was read is remembered in the browser, for every page and tab.
const SEEN = 'shopclerk_seen';
const ALERTS = 'shopclerk_alerts';
const COUNTED = /^\(\d+\) /;
class Alerts {
  constructor(open, read) {
    this.open = open;
    this.read = read; // (message_id): the shopper has read up to here
    this.unread = [];
    this.badge = h('b', { class: 'badge', hidden: true });
    this.teaser = h('div', { class: 'teaser', hidden: true });
    this.live = h('div', { class: 'unseen', role: 'status' });
  }

  get on() {
    return Boolean(keep('localStorage', ALERTS));
  }

  async set(on) {
    keep('localStorage', ALERTS, on || null);
    if (on) this.ring();
    return !on || !('Notification' in window) || (await Notification.requestPermission()) === 'granted';
  }

  // A line of the staff's; `looking`: it is being read already.
  arrived(line, looking) {
    if (line.message_id <= (keep('localStorage', SEEN) || 0)) return;
    this.unread.push(line);
    if (looking) this.clear();
    else this.show(line);
  }

  ringFor(line) {
    if (!this.on) return;
    this.ring();
    if (document.hidden && window.Notification?.permission === 'granted') {
      try {
        const note = new Notification(line.author || SAY.staff, { body: line.text.slice(0, 120), tag: `shopclerk-${line.message_id}` });
        note.onclick = () => { window.focus(); this.open(); };
      } catch { /* some phones allow them to service workers alone */ }
    }
  }

  // Two short tones, of one tab alone.
  ring() {
    const play = async () => {
      const audio = new (window.AudioContext || window.webkitAudioContext)();
      [660, 880].forEach((pitch, index) => {
        const tone = audio.createOscillator();
        const loud = audio.createGain();
        loud.gain.value = 0.06;
        tone.frequency.value = pitch;
        tone.connect(loud).connect(audio.destination);
        tone.start(audio.currentTime + index * 0.14);
        tone.stop(audio.currentTime + index * 0.14 + 0.12);
      });
      await sleep(600);
      audio.close();
    };
    if (navigator.locks) navigator.locks.request('shopclerk_ring', { ifAvailable: true }, (lock) => lock && play()).catch(() => {});
    else play().catch(() => {});
  }

  show(line) {
    const count = this.unread.length;
    const who = line.author || SAY.staff;
    this.badge.hidden = false;
    this.badge.textContent = count;
    this.badge.setAttribute('aria-label', `${count} ${SAY.unread}`);
    document.title = `(${count}) ${document.title.replace(COUNTED, '')}`;
    this.live.textContent = `${SAY.from} ${who}`;
    this.teaser.hidden = false;
    this.teaser.replaceChildren(
      h('button', { class: 'peek', type: 'button', onclick: () => this.open() }, h('b', {}, who), h('span', { dir: 'auto' }, line.text.replace(/\*\*/g, ''))),
      h('button', { class: 'icon', type: 'button', 'aria-label': SAY.dismiss, onclick: () => { this.teaser.hidden = true; } }, icon(ICONS.close)));
  }

  clear() {
    const newest = this.unread.pop();
    if (!newest) return;
    this.unread = [];
    keep('localStorage', SEEN, Math.max(newest.message_id, keep('localStorage', SEEN) || 0));
    this.badge.hidden = this.teaser.hidden = true;
    this.live.textContent = '';
    document.title = document.title.replace(COUNTED, '');
    this.read(newest.message_id);
  }
}
