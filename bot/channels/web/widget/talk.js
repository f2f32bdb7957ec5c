// The wire: session, messages with retries, and the event stream that resumes where it was cut.
class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || String(status));
    this.status = status;
    this.kind = (problem.type || '').split('#')[1];
  }
}
const TRIES = 4;
const SETTLE = 150; // milliseconds
// Who is signed in at the shop, as its page signed it: read anew for each session.
const signedIn = () => document.querySelector('shopclerk-chat')?.dataset.customer || SCRIPT?.dataset.customer || undefined;

class Talk {
  constructor(base, hear) {
    this.base = base;
    this.hear = hear; // {line, state, attention, back}: called with what the stream tells, and when it is open
    this.last = 0;
    this.token = keep('localStorage', SESSION);
    window.addEventListener('online', () => this.wake && this.wake());
  }

  headers() {
    return { ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}), 'X-Request-ID': newId() }; // names it in every log on its way
  }

  async call(path, body) {
    const answer = await fetch(this.base + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...this.headers() },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (answer.ok) return answer;
    throw new Refused(answer.status, await answer.json().catch(() => ({})));
  }

  // One tab at a time: two that begin together would be two shoppers. What the first one stored
  // reaches another's process a moment after its lock does. `wish`: which dialogue, or a new one.
  async begin(wish = {}) {
    const work = () => {
      this.token = keep('localStorage', SESSION) || this.token;
      return this.beginAlone(wish);
    };
    if (!navigator.locks) return work();
    const alone = (options, then) => navigator.locks.request('shopclerk_begin', options, then);
    return (await alone({ ifAvailable: true }, (lock) => lock && work())) || alone({}, () => sleep(SETTLE).then(work));
  }

  async beginAlone(wish) {
    const resuming = Boolean(this.token) && !wish.new_dialogue;
    const body = { locale: document.documentElement.lang || LANG, page: location.href.slice(0, 2000), referrer: document.referrer.slice(0, 2000), visitor: Visit?.name(), customer: signedIn(), ...wish };
    const session = await (await this.call('/api/chat/sessions', body)).json();
    this.token = session.token;
    keep('localStorage', SESSION, session.token);
    Checkout.keepToken(session.shopper_token);
    Checkout.tellCart(this.base);
    const history = resuming ? await (await this.call('/api/chat/history')).json() : { lines: [] };
    this.last = history.lines.reduce((last, line) => Math.max(last, line.message_id), 0);
    this.listen();
    return { ...session, lines: history.lines };
  }

  // The same client_id each time: whatever arrived twice is answered once.
  async send(path, body) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.call(path, body);
        return answer.status === 204 ? null : await answer.json();
      } catch (error) {
        if (attempt >= TRIES) throw error;
        if (error.status === 401 || error.status === 404) await this.anew();
        else if (error.status && error.status < 500) throw error;
        else if (!navigator.onLine) await new Promise((back) => window.addEventListener('online', back, { once: true }));
        else await sleep(500 * 2 ** attempt);
      }
    }
  }

  // fetch tells nothing of how far an upload is.
  upload(file, progress) {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.open('POST', `${this.base}/api/chat/files?name=${encodeURIComponent(file.name.slice(-200))}`);
      for (const [name, value] of Object.entries(this.headers())) request.setRequestHeader(name, value);
      request.responseType = 'json';
      request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
      request.onload = () => (request.status === 200 ? done(request.response) : failed(new Refused(request.status, request.response || {})));
      request.onerror = () => failed(new Error('offline'));
      request.send(file);
    });
  }

  async anew() {
    await this.begin();
  }

  async listen() {
    if (this.cut) this.cut.abort();
    const cut = this.cut = new AbortController();
    for (let pause = 1000; !cut.signal.aborted; pause = Math.min(pause * 2, 30000)) {
      try {
        const answer = await fetch(`${this.base}/api/chat/events`, {
          headers: { Authorization: `Bearer ${this.token}`, 'Last-Event-ID': String(this.last) },
          signal: cut.signal,
        });
        if (answer.status === 401 || answer.status === 403 || answer.status === 404) return;
        if (answer.ok) {
          pause = 500;
          this.hear.back();
          await this.read(answer.body.getReader(), cut.signal);
        }
      } catch { /* cut off: once more after a pause */ }
      await Promise.race([sleep(pause), new Promise((wake) => { this.wake = wake; })]);
    }
  }

  async read(reader, cut) {
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done || cut.aborted) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = blocks.pop();
      blocks.forEach((block) => this.take(block));
    }
  }

  take(block) {
    const field = (name) => (block.match(new RegExp(`^${name}: (.*)$`, 'm')) || [])[1];
    const data = field('data');
    if (!data) return;
    const told = JSON.parse(data);
    if (field('event') === 'state') this.hear.state(told.state);
    if (field('event') === 'attention') this.hear.attention(told);
    if (field('event') === 'turn') {
      this.last = Math.max(this.last, told.message_id);
      this.hear.line(told);
    }
  }
}
